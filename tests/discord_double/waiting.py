"""Waiting for something to become true, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.discord_double.errors import NoAnswerError


class Signal:
    """Wakes whoever waits for a condition whenever something happened in the local Discord."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Let every waiter look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, true: Callable[[], bool], *, timeout: float, what: str) -> None:
        """Return as soon as ``true()``; after ``timeout`` s raise, naming ``what``."""
        try:
            async with asyncio.timeout(timeout):
                while not true():
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiting.add(waiter)
                    await waiter
        except TimeoutError:
            raise NoAnswerError(f"waited {timeout:g} s in vain for {what}") from None
