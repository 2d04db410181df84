"""How long the event loop keeps waiting whoever wants to run."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

EVERY_S = 1.0
_KEPT = 60


class LoopLag:
    """The delays of a task that wants to run once a second, over the last minute."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque(maxlen=_KEPT)

    @property
    def greatest(self) -> float:
        """Seconds of the greatest delay in the last minute."""
        return max(self._seen, default=0.0)

    def note(self, seconds: float) -> None:
        """Keep a delay."""
        self._seen.append(max(seconds, 0.0))


@asynccontextmanager
async def measuring_lag(every: float = EVERY_S) -> AsyncGenerator[LoopLag]:
    """Measure every so many seconds until the end of the block."""
    lag = LoopLag()

    async def measure() -> None:
        loop = asyncio.get_running_loop()
        while True:
            wanted = loop.time() + every
            await asyncio.sleep(every)
            lag.note(loop.time() - wanted)

    task = asyncio.create_task(measure(), name="loop lag")
    try:
        yield lag
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
