"""How often something may be done: asked through one protocol, whoever keeps count."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Rate:
    """At most ``times`` at once, and as many again spread evenly over ``seconds``.

    Raises:
        ValueError: one of the two is not above 0.
    """

    times: int
    seconds: float

    def __post_init__(self) -> None:
        """Refuse what would never let anybody through."""
        if self.times < 1 or not 0 < self.seconds < math.inf:
            raise ValueError(f"no rate: {self.times} in {self.seconds} seconds")


MEMBER_RATE = Rate(8, 10.0)
"""Of one member: turning the pages of long lyrics quickly is no reason to be refused."""

SERVER_RATE = Rate(30, 10.0)
"""Of all the members of one server together."""


class Limits(Protocol):
    """Keeps count of what was done."""

    async def take(self, key: str, rate: Rate, /) -> float:
        """Do it once, if it may be done.

        Args:
            key: what is counted; always asked with the same rate.
            rate: how often it may be done.

        Returns:
            0 when it may be done, and it counts; else the seconds until it may, and it does not.
        """
        ...


class Turns:
    """Lets whoever waits through one after another, no faster than a rate.

    Args:
        limits: keeps count of the turns.
        key: what the turns are for.
        rate: how often somebody may be let through.
    """

    def __init__(self, *, limits: Limits, key: str, rate: Rate) -> None:
        self._limits = limits
        self._key = key
        self._rate = rate
        self._first = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait for a turn; who came first gets the first."""
        # Only the first one asks: the others would all come back at the same moment.
        async with self._first:
            while True:
                wait = await self._limits.take(self._key, self._rate)
                if not wait:
                    return
                await asyncio.sleep(wait)


class MemoryLimits:
    """Limits that hold in this process and are forgotten with it.

    The generic cell rate algorithm (ITU-T I.371): one number a key, the time at which the key will
    be as if it had never been used. Keys that have come to that time are forgotten.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rested_at: dict[str, float] = {}
        self._sweep_from = _FEW

    def __len__(self) -> int:
        return len(self._rested_at)

    async def take(self, key: str, rate: Rate, /) -> float:
        """As ``Limits`` says."""
        now = self._clock()
        each = rate.seconds / rate.times
        rested = max(self._rested_at.get(key, now), now)
        wait = rested + each - rate.seconds - now
        if wait > _ROUNDING:
            return wait
        self._rested_at[key] = rested + each
        if len(self._rested_at) > self._sweep_from:
            self._forget_the_rested(now)
        return 0.0

    def _forget_the_rested(self, now: float) -> None:
        self._rested_at = {key: at for key, at in self._rested_at.items() if at > now}
        # Twice as many as are in use, so that a sweep costs each new key no more than itself.
        self._sweep_from = max(_FEW, 2 * len(self._rested_at))


_FEW = 1024
_ROUNDING = 1e-6
