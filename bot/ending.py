"""Ends the bot when the system asks to, after what is under way."""

import asyncio
import logging
import signal
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bot.under_way import UnderWay

GRACE_S = 9.0
"""How long what is under way may take; with the closing behind it ten seconds, after which Docker
ends a process by force."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_log = logging.getLogger(__name__)


async def until_asked_to_end(
    serving: Coroutine[Any, Any, None], under_way: UnderWay, *, grace: float = GRACE_S
) -> None:
    """Serve until SIGTERM or Ctrl-C, finish what is under way, then cancel the serving.

    A second one cancels at once.

    Args:
        serving: what ends by itself only when something is wrong.
        under_way: what is brought to its end before.
        grace: seconds that it may take.

    Raises:
        KeyboardInterrupt: it was Ctrl-C.
    """
    task = asyncio.create_task(serving)
    with _signals() as asked:
        ending = asyncio.create_task(_finished_when_asked(asked, under_way, grace))
        try:
            await asyncio.wait({task, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            # Cancelled, because discord.py goes on trying for its first connection even when it
            # is closed; again and again, because asyncio.wait_for, in which it waits, can lose one.
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=0.1)
    if not task.cancelled():
        task.result()
    if ending.done() and ending.result() == signal.SIGINT:
        raise KeyboardInterrupt


async def _finished_when_asked(asked: asyncio.Queue[int], under_way: UnderWay, grace: float) -> int:
    """Wait for a signal, and then until all is done, time is up or another one comes."""
    number = await asked.get()
    _log.info("asked to end, %d interactions are under way", len(under_way))
    finishing = asyncio.create_task(under_way.finish(grace))
    again = asyncio.create_task(asked.get())
    try:
        await asyncio.wait({finishing, again}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        finishing.cancel()
        again.cancel()
    if under_way:
        _log.warning("%d interactions are not finished", len(under_way))
    return number


@contextmanager
def _signals() -> Generator[asyncio.Queue[int]]:
    """The numbers of the signals that come until the end of the block."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Queue[int]()

    def hear(number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(asked.put_nowait, number)

    # Not the loop's own way to hear signals, which Windows lacks.
    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
