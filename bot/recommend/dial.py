"""The steps of the dial between familiar and adventurous, as members and admins see them."""

from bot.errors import MemberError

DIAL = (
    ("very familiar", -1.0),
    ("familiar", -0.5),
    ("balanced", 0.0),
    ("adventurous", 0.5),
    ("very adventurous", 1.0),
)
"""(what it is called, ``Recommender.similar``'s ``dial``), from one end to the other."""

BALANCED = 0.0
BALANCED_STEP = 2
"""The position of ``BALANCED`` in ``DIAL``."""


def step_named(name: str) -> int:
    """The position in ``DIAL`` of the step that a member names.

    Raises:
        MemberError: no step is called so.
    """
    wanted = " ".join(name.casefold().split())
    names = [called for called, _ in DIAL]
    if wanted not in names:
        raise MemberError("The dial has no such step", mend=f"give one of: {', '.join(names)}")
    return names.index(wanted)


def step_at(dial: float) -> int:
    """The position in ``DIAL`` of the step nearest to a number from -1 to 1."""
    return min(range(len(DIAL)), key=lambda step: abs(DIAL[step][1] - dial))
