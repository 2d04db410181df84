"""Work that several members ask for at the same moment, done once for all of them."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

_V = TypeVar("_V")


class SingleFlight(Generic[_V]):
    """Does what is asked for under one key once at a time; who asks meanwhile shares the outcome.

    Args:
        name: for the tasks' names.
    """

    def __init__(self, *, name: str) -> None:
        self._name = name
        self._under_way: dict[Hashable, asyncio.Task[_V]] = {}

    async def run(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, _V]]) -> _V:
        """What ``work()`` comes to, or the same work for ``key`` that is under way."""
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(work(), name=self._name)
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        # One member who gives up must not take the answer from the others who wait for it.
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Drop what is under way."""
        under_way = list(self._under_way.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _forget(self, key: Hashable, task: asyncio.Task[_V]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # seen here, so an answer nobody waits for is not reported as lost
