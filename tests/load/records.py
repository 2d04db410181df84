"""What is ordered of a crowd and what comes of it, as it goes between the processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What a member of the crowd does."""

    RECOMMEND = "recommend"
    TYPE = "autocomplete"
    PRESS = "press"


class Outcome(StrEnum):
    """How it ended, as the member sees it."""

    RIGHT = "right"
    WRONG = "wrong"
    """Answered with something else: an error, or nothing to choose from."""
    LATE = "late"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Orders:
    """What the crowd shall do.

    Attributes:
        names: artists to ask for, in this order and then again.
        rate: interactions a second.
        seconds: for how long.
        seed: of who does what when.
    """

    names: tuple[str, ...]
    rate: float
    seconds: float
    seed: int


@dataclass(frozen=True)
class Interaction:
    """One interaction as the local Discord saw it.

    Attributes:
        id: its snowflake.
        doing: what the member did.
        began: seconds of this machine's monotonic clock.
        round_trip: seconds until the first response; None when none was taken.
        outcome: how it ended.
    """

    id: int
    doing: Doing
    began: float
    round_trip: float | None
    outcome: Outcome


@dataclass(frozen=True)
class HandlerTimes:
    """When the bot got interactions and sent their first responses, by the interactions' ids.

    Seconds of this machine's monotonic clock.
    """

    arrived: dict[int, float]
    left: dict[int, float]
