"""The highest rate that is held, by doubling and then halving the gap."""

from collections.abc import Awaitable, Callable

CLOSE_ENOUGH = 1.1
LEAST, MOST = 1.0, 6400.0


async def highest(held: Callable[[float], Awaitable[bool]], start: float) -> float:
    """The highest rate known to be held when the next one known not to be is within a tenth.

    Args:
        held: tries a rate.
        start: the first one to try.

    Returns:
        0 when not even one a second is held; whatever holds at ``MOST``, it is not exceeded.
    """
    rate, fine, too_much = start, 0.0, float("inf")
    while LEAST <= rate <= MOST and (fine == 0.0 or too_much / fine > CLOSE_ENOUGH):
        if await held(rate):
            fine = rate
            rate = 2 * rate if too_much == float("inf") else (fine + too_much) / 2
        else:
            too_much = rate
            rate = rate / 2 if fine == 0.0 else (fine + too_much) / 2
    return fine
