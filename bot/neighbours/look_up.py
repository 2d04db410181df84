"""The whole way for an unknown artist: ask the sources, then the model that is in use."""

import asyncio

from bot.model_in_use import ModelInUse
from bot.neighbours.answering import RESULTS, fold_in
from bot.neighbours.records import Answer
from bot.neighbours.service import NeighbourService


async def look_up(
    typed: str,
    *,
    neighbours: NeighbourService,
    model: ModelInUse,
    results: int = RESULTS,
    dial: float = 0.0,
) -> Answer:
    """Artists for one that the catalogue lacks; defer first, it takes up to some seconds.

    Args:
        typed: what the member typed.
        neighbours: who is asked.
        model: the one in use when the sources have answered is the one that answers.
        results: how many recommendations.
        dial: as ``Recommender.similar`` takes it.

    Raises:
        MemberError: the name is empty or too long, or no source is configured.
        NeighbourError: no source could be asked.
    """
    found = await neighbours.find(typed)
    return await asyncio.to_thread(
        fold_in, typed, found, model.recommender, results=results, dial=dial
    )
