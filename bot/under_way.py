"""The interactions that are being handled, and how they are brought to an end."""

import asyncio


class UnderWay:
    """The tasks in which commands and presses are handled.

    Attributes:
        ending: whether no new ones shall begin.
    """

    def __init__(self) -> None:
        self.ending = False
        self._tasks: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: asyncio.Task[object]) -> None:
        """Count a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Let no new ones begin, and wait until all are done, or for ``grace`` seconds."""
        self.ending = True
        until = asyncio.get_running_loop().time() + grace
        while self._tasks:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return
            # Refusing those that still come takes tasks as well.
            await asyncio.wait(set(self._tasks), timeout=left)
