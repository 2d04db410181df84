"""Faults drawn at random, the same ones for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.discord_double.fates import FAIR, MOMENTS, Fate, Fault

ROUGH: Mapping[Fault, float] = {
    Fault.BUCKET_LIMIT: 0.05,
    Fault.GLOBAL_LIMIT: 0.02,
    Fault.CLOUDFLARE_LIMIT: 0.02,
    Fault.INTERNAL: 0.03,
    Fault.BAD_GATEWAY: 0.03,
    Fault.UNAVAILABLE: 0.05,
    Fault.GATEWAY_TIMEOUT: 0.02,
    Fault.RESET: 0.05,
    Fault.LOST_ANSWER: 0.04,
    Fault.RESET_AFTER: 0.04,
    Fault.SLOW: 0.04,
    Fault.SLOW_ANSWER: 0.04,
    Fault.DROP: 0.01,
    Fault.RECONNECT: 0.01,
    Fault.INVALID_RESUMABLE: 0.005,
    Fault.INVALID: 0.002,
    Fault.UNACKNOWLEDGED: 0.1,
    Fault.REFUSED_HANDSHAKE: 0.1,
}
"""A bad day: two of five requests of a bot goes wrong in one way or another."""

WAITS: Mapping[Fault, tuple[float, float]] = {
    Fault.BUCKET_LIMIT: (0.1, 1.0),
    Fault.GLOBAL_LIMIT: (0.2, 1.5),
    Fault.CLOUDFLARE_LIMIT: (1.0, 3.0),
    Fault.SLOW: (0.2, 4.0),
    Fault.SLOW_ANSWER: (0.2, 4.0),
}


class Storm:
    """Draws what goes wrong, with a probability for each fault at its moment.

    What befalls the n-th attempt at one thing depends on the seed, that thing's name and n alone.
    So the order in which a busy client sends its requests changes nothing, and one can ask
    afterwards what would have befallen an attempt that was never made.

    Attributes:
        counts: how often each fault happened.

    Args:
        seed: the same seed and rates give the same faults.
        rates: the probability of each fault; those left out never happen.
        waits: seconds (from, to), evenly distributed, for what makes a client wait.

    Raises:
        ValueError: probabilities that are negative or that sum to more than 1 at one moment.
    """

    def __init__(
        self,
        seed: int,
        rates: Mapping[Fault, float] = ROUGH,
        *,
        waits: Mapping[Fault, tuple[float, float]] = WAITS,
    ) -> None:
        sums = [sum(rates.get(one, 0.0) for one in faults) for faults in MOMENTS]
        if min(rates.values(), default=0.0) < 0 or max(sums) > 1:
            raise ValueError(f"no probabilities: {dict(rates)}")
        self.seed = seed
        self.rates = dict(rates)
        self.counts: Counter[Fault] = Counter()
        self._waits = dict(WAITS) | dict(waits)
        self._met: Counter[str] = Counter()
        self._over = False

    @property
    def over(self) -> bool:
        """Whether nothing goes wrong any more."""
        return self._over

    def end(self) -> Counter[Fault]:
        """Let nothing go wrong any more; return how often each fault happened."""
        self._over = True
        return self.counts

    def fate(self, scope: str, number: int, faults: Sequence[Fault]) -> Fate:
        """Return what befalls attempt ``number`` (from 0) at ``scope``, ended or not."""
        draw = random.Random(f"{self.seed}/{scope}/{number}")
        left = draw.random()
        for fault in faults:
            left -= self.rates.get(fault, 0.0)
            if left < 0:
                return Fate(fault, draw.uniform(*self._waits.get(fault, (0.0, 0.0))))
        return FAIR

    def meet(self, scope: str, faults: Sequence[Fault]) -> Fate:
        """Return what befalls the next attempt at ``scope``, and count it."""
        if self._over:
            return FAIR
        fate = self.fate(scope, self._met[scope], faults)
        self._met[scope] += 1
        if fate.fault is not None:
            self.counts[fate.fault] += 1
        return fate
