"""What the processes of one bot share: limits and claims, in the database if there are several."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.claims import Claims, MemoryClaims
from bot.errors import StorageError
from bot.limits import Limits, MemoryLimits, Rate
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.limits import DatabaseClaims, DatabaseLimits

# Seconds for the database before this process counts alone: a member is asked after twice, once
# for the member and once for the server, and shall not wait for more than 0.2 s in all.
_PATIENCE = 0.1
# Seconds for which a database that was too slow or gone is left alone.
_REST = 5.0
_SWEEP_EVERY = 60.0

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shared:
    """Limits and claims of the whole bot; of this process alone when nothing is given."""

    limits: Limits = field(default_factory=MemoryLimits)
    claims: Claims = field(default_factory=MemoryClaims)


@asynccontextmanager
async def open_shared(settings: Settings) -> AsyncGenerator[Shared]:
    """Limits and claims in memory, or in the database when other processes serve other shards.

    Raises:
        SettingsError: DATABASE_URL cannot be understood.
        StorageError: the database cannot be used.
    """
    if not settings.has_other_processes:
        yield Shared()
        return
    async with open_database(settings.database_url.get_secret_value()) as database:
        limits, claims = DatabaseLimits(database=database), DatabaseClaims(database=database)
        sweeping = asyncio.create_task(_sweep(limits, claims), name="sweeping of limits")
        soon = Soon()
        try:
            yield Shared(SafeLimits(shared=limits, soon=soon), SafeClaims(shared=claims, soon=soon))
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping


async def _sweep(*swept: DatabaseLimits | DatabaseClaims) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY)
        try:
            for one in swept:
                await one.sweep()
        except StorageError as error:
            _log.info("what is over stays in the database for now: %s", error)


class Soon:
    """Asks the database, and after a failure leaves it alone for a while.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._down = False
        self._ask_again_at = 0.0
        # asyncio itself keeps no task alive.
        self._asking: set[asyncio.Task[Any]] = set()

    async def ask(self, question: Coroutine[Any, Any, _T]) -> _T:
        """The answer, if it comes soon.

        Raises:
            StorageError: it does not, or the database did not answer a moment ago.
        """
        if self._down:
            if self._clock() < self._ask_again_at:
                question.close()
                raise StorageError("the database is left alone for a moment")
            # Nobody else finds out at the same time, at the cost of another wait.
            self._ask_again_at = self._clock() + _REST
        try:
            answer = await self._within_patience(question)
        except StorageError as error:
            self._ask_again_at = self._clock() + _REST
            if not self._down:
                _log.warning("limits hold in this process alone for now: %s", error)
            self._down = True
            raise
        if self._down:
            _log.info("limits hold across processes again")
        self._down = False
        return answer

    async def _within_patience(self, question: Coroutine[Any, Any, _T]) -> _T:
        asking = asyncio.create_task(question, name="question about limits")
        self._asking.add(asking)
        asking.add_done_callback(self._asked_at_last)
        # Waited for rather than timed out: a driver lets itself be cancelled only when its disk or
        # its server answers, and the member would wait for that.
        done, _ = await asyncio.wait({asking}, timeout=_PATIENCE)
        if not done:
            raise StorageError("the database is too slow")
        return asking.result()

    def _asked_at_last(self, asking: asyncio.Task[Any]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # seen here, for nobody may wait for it any more


class SafeLimits:
    """Limits of all processes, and of this one alone while the database does not answer.

    Args:
        shared: what is asked first.
        soon: for how long.
    """

    def __init__(self, *, shared: Limits, soon: Soon) -> None:
        self._shared = shared
        self._soon = soon
        self._own = MemoryLimits()

    async def take(self, key: str, rate: Rate, /) -> float:
        """As ``Limits`` says."""
        try:
            wait = await self._soon.ask(self._shared.take(key, rate))
        except StorageError:
            return await self._own.take(key, rate)
        if not wait:
            # So that an outage finds counted what was done before it.
            await self._own.take(key, rate)
        return wait


class SafeClaims:
    """Claims of all processes, and of this one alone while the database does not answer.

    Args:
        shared: what is asked first.
        soon: for how long.
    """

    def __init__(self, *, shared: Claims, soon: Soon) -> None:
        self._shared = shared
        self._soon = soon
        self._own = MemoryClaims()

    async def claim(self, key: str, holder: str, seconds: float, /) -> bool:
        """As ``Claims`` says."""
        try:
            held = await self._soon.ask(self._shared.claim(key, holder, seconds))
        except StorageError:
            return await self._own.claim(key, holder, seconds)
        if held:
            await self._own.claim(key, holder, seconds)
        return held

    async def release(self, key: str, holder: str, /) -> None:
        """As ``Claims`` says; what cannot be released in the database ends there by itself."""
        await self._own.release(key, holder)
        with suppress(StorageError):
            await self._soon.ask(self._shared.release(key, holder))
