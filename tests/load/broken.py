"""The bot broken on purpose, so that it is seen that measuring notices.

python -m tests.load.broken HOW [arguments of tests.load.launch]
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Callable
from typing import Any

from discord.state import ConnectionState

from bot.recommend.service import RecommendService
from bot.tree import BoundaryTree
from bot.under_way import UnderWay
from tests.load.launch import main

_count = itertools.count(1)


def every_tenth() -> bool:
    """Whether this is the tenth call again."""
    return next(_count) % 10 == 0


def deaf() -> None:
    """Every tenth interaction is not noticed at all."""
    parse = ConnectionState.parse_interaction_create

    def parse_interaction_create(state: Any, data: Any) -> None:
        if not every_tenth():
            parse(state, data)

    ConnectionState.parse_interaction_create = parse_interaction_create  # pyright: ignore[reportAttributeAccessIssue]


def failing() -> None:
    """Every tenth answer is an error."""
    answer = RecommendService.answer

    def failing_answer(service: Any, *typed: Any, **terms: Any) -> Any:
        if every_tenth():
            raise RuntimeError("broken on purpose")
        return answer(service, *typed, **terms)

    RecommendService.answer = failing_answer  # pyright: ignore[reportAttributeAccessIssue]


def blocking() -> None:
    """Everybody waits for 120 ms whenever somebody uses a command."""
    _before_each(lambda: time.sleep(0.12))


def late() -> None:
    """Every tenth command is handled when it is too late."""
    check = BoundaryTree.interaction_check

    async def checking(tree: Any, interaction: Any, /) -> bool:
        if every_tenth():
            await asyncio.sleep(3.2)
        return await check(tree, interaction)

    BoundaryTree.interaction_check = checking


def leaking() -> None:
    """Each command leaves 20 KiB behind."""
    kept: list[bytes] = []
    _before_each(lambda: kept.append(b"x" * 20 * 1024))


def impatient() -> None:
    """What is under way is given up when the bot is asked to end."""

    async def finish(under_way: UnderWay, grace: float) -> None:
        under_way.ending = True

    UnderWay.finish = finish  # pyright: ignore[reportAttributeAccessIssue]


def _before_each(what: Callable[[], object]) -> None:
    check = BoundaryTree.interaction_check

    async def checking(tree: Any, interaction: Any, /) -> bool:
        what()
        return await check(tree, interaction)

    BoundaryTree.interaction_check = checking


WAYS = {one.__name__: one for one in (deaf, failing, blocking, late, leaking, impatient)}

if __name__ == "__main__":
    WAYS[sys.argv.pop(1)]()
    main()
