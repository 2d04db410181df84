"""Blocking calls kept off the event loop: few at a time, and never for longer than promised."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


class BusyError(Exception):
    """No thread is free and enough callers wait already."""


class Workers:
    """A few daemon threads for calls that block and cannot be interrupted.

    A thread pool of the standard library waits for its threads when the interpreter exits, so one
    call that hangs would keep the bot from stopping; these threads are let go instead.

    Args:
        name: for the threads' names.
        count: calls that run at the same time.
        waiting: further calls that may wait for their turn.
    """

    def __init__(self, *, name: str, count: int = 2, waiting: int = 8) -> None:
        self._name = name
        self._count = count
        self._most = count + waiting
        self._free = asyncio.Semaphore(count)
        self._callers = 0
        self._abandoned: set[asyncio.Future[Any]] = set()

    async def run(self, call: Callable[[], _T], *, deadline: float) -> _T:
        """The result of ``call()``, made in a thread.

        When the deadline passes the caller is released; the thread goes on alone and counts as
        taken until the call returns.

        Raises:
            BusyError: at once, when all threads hang, too many callers wait, or the system has no
                further thread.
            TimeoutError: the deadline, waiting for a thread included, has passed.
        """
        if len(self._abandoned) >= self._count or self._callers >= self._most:
            raise BusyError
        self._callers += 1
        try:
            async with asyncio.timeout(deadline):
                await self._free.acquire()
                return await self._result(call)
        finally:
            self._callers -= 1

    async def _result(self, call: Callable[[], _T]) -> _T:
        answer = self._start(call)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            if not answer.done():
                self._abandoned.add(answer)
            raise

    def _start(self, call: Callable[[], _T]) -> asyncio.Future[_T]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()

        def work() -> None:
            try:
                result = call()
            except BaseException as error:  # noqa: BLE001  handed to the caller, whatever it is
                settle = lambda error=error: answer.set_exception(error)  # noqa: E731
            else:
                settle = lambda: answer.set_result(result)  # noqa: E731
            # The loop is closed when the bot has stopped meanwhile: nobody waits any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._settle, answer, settle)

        try:
            threading.Thread(target=work, name=self._name, daemon=True).start()
        except RuntimeError:
            self._free.release()
            raise BusyError from None
        return answer

    def _settle(self, answer: asyncio.Future[Any], settle: Callable[[], None]) -> None:
        self._free.release()
        settle()
        if answer in self._abandoned:
            self._abandoned.discard(answer)
            answer.exception()  # nobody waits for it, so it is not reported as lost
