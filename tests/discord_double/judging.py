"""After a storm: which interactions should have been answered and were not."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.discord_double.fates import FAIR, LIMITS, REST, Fate, Fault
from tests.discord_double.ledger import Entry, Ledger, Sending
from tests.discord_double.storm import Storm

PACE_S = 0.3
"""What a client may take from an event, or from the end of a fault, to its next attempt."""


def answerable(entry: Entry, storm: Storm | None, *, pace: float = PACE_S) -> bool:
    """Whether an attempt could have answered the interaction in time.

    It could if a client that sends its first attempt ``pace`` seconds after the event and each
    further one ``pace`` seconds after the fault before is over would have had one that took effect.
    That client waits for slow requests and as long as a 429 says, so it is not the best there is.
    """
    if not entry.delivered:
        return False
    # What went out before that was not seen by the client, or it would not have been sent again.
    now = entry.delivered[-1] + pace
    attempt = 0
    while now <= entry.first.limit:
        fate = FAIR if storm is None else storm.fate(entry.first.scope, attempt, REST)
        if fate.takes_effect and fate.fault is not Fault.SLOW:
            return True
        if fate.fault is Fault.SLOW:
            return now + fate.seconds <= entry.first.limit
        now += pace + _told_to_wait(fate)
        attempt += 1
    return False


def _told_to_wait(fate: Fate) -> float:
    if fate.fault is Fault.CLOUDFLARE_LIMIT:
        # Told in a header alone, in whole seconds.
        return math.ceil(fate.seconds)
    return fate.seconds if fate.fault in LIMITS else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the interactions of a ledger.

    Attributes:
        fired: how many there were.
        answered: how many were answered in time.
        hopeless: unanswered, and no attempt could have got through in time.
        missed: unanswered although an attempt could have got through, or did.
        twice: those in which something stands twice that should stand there once.
        thinking: those in which a member still reads that the bot is thinking.
        unfulfilled: followups, edits and deletions that never took effect.
    """

    fired: int
    answered: int
    hopeless: tuple[Entry, ...]
    missed: tuple[Entry, ...]
    twice: tuple[Entry, ...]
    thinking: tuple[Entry, ...]
    unfulfilled: tuple[tuple[Entry, Sending], ...]

    def __str__(self) -> str:
        return (
            f"{self.fired} interactions: {self.answered} answered, {len(self.hopeless)} hopeless, "
            f"{len(self.missed)} missed, {len(self.twice)} twice, {len(self.thinking)} thinking, "
            f"{len(self.unfulfilled)} unfulfilled"
        )


def judge(ledger: Ledger, storm: Storm | None = None, *, pace: float = PACE_S) -> Verdict:
    """Return what became of every interaction so far; ``storm`` is the one they went through."""
    unanswered = [one for one in ledger.entries if not one.answered]
    owed = [
        one for one in unanswered if one.first.clear_in_time or answerable(one, storm, pace=pace)
    ]
    missed = {one.number for one in owed}
    return Verdict(
        fired=len(ledger.entries),
        answered=len(ledger.entries) - len(unanswered),
        hopeless=tuple(one for one in unanswered if one.number not in missed),
        missed=tuple(owed),
        twice=tuple(one for one in ledger.entries if one.answered_twice),
        thinking=tuple(one for one in ledger.entries if one.left_thinking),
        unfulfilled=tuple((one, what) for one in ledger.entries for what in one.unfulfilled),
    )
