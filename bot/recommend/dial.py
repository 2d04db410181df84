"""The steps of the dial between familiar and adventurous, as members and admins see them."""

from bot.errors import MemberError
from bot.language import lazy_gettext

DIAL = (
    (lazy_gettext("very familiar"), -1.0),
    (lazy_gettext("familiar"), -0.5),
    (lazy_gettext("balanced"), 0.0),
    (lazy_gettext("adventurous"), 0.5),
    (lazy_gettext("very adventurous"), 1.0),
)
"""(what it is called, ``Recommender.similar``'s ``dial``), from one end to the other."""

BALANCED = 0.0
BALANCED_STEP = 2
"""The position of ``BALANCED`` in ``DIAL``."""


def step_named(name: str) -> int:
    """The position in ``DIAL`` of the step that a member names, in English or as it is shown.

    Raises:
        MemberError: no step is called so.
    """
    wanted = " ".join(name.casefold().split())
    for step, (called, _) in enumerate(DIAL):
        if wanted in {str(called), called.spoken().casefold()}:
            return step
    steps = ", ".join(called.spoken() for called, _ in DIAL)
    raise MemberError(
        lazy_gettext("The dial has no such step"),
        mend=lazy_gettext("give one of: {steps}", steps=steps),
    )


def step_at(dial: float) -> int:
    """The position in ``DIAL`` of the step nearest to a number from -1 to 1."""
    return min(range(len(DIAL)), key=lambda step: abs(DIAL[step][1] - dial))
