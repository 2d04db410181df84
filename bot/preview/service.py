"""Finds something to hear of an artist, within a deadline."""

import asyncio
import logging
import time
from collections.abc import Callable

import aiohttp

from bot.errors import NeighbourError
from bot.limits import Limits, MemoryLimits, Rate, Turns
from bot.lyrics.providers import user_agent
from bot.neighbours.breaker import CircuitBreaker
from bot.neighbours.json_service import Allowance, JsonService
from bot.neighbours.source import too_slow
from bot.preview import deezer
from bot.preview.deezer import Deezer
from bot.preview.records import Preview
from bot.settings import Settings
from bot.text import clean
from bot.timed_cache import TimedCache
from model.name_keys import name_key

DEADLINE = 2.0
LIFETIME = 30 * 60.0
CACHE_SIZE = 256
NAME_LIMIT = 200
# Whoever gets a remembered preview shall have time to press play.
_STILL_GOOD = 5 * 60.0
_PATIENCE = 1.0

_log = logging.getLogger(__name__)


class PreviewService:
    """Asks Deezer when a member wants to hear an artist, and remembers the answer for a while.

    Args:
        deezer: what is asked.
        deadline: seconds for the whole answer, waiting for a turn included.
        clock: seconds that only ever grow, for the age of answers and outages.
        now: seconds since 1970, for addresses that say when they end.
        failed: told of each time that Deezer could not be asked.
    """

    def __init__(
        self,
        *,
        deezer: Deezer,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        failed: Callable[[NeighbourError], None] = lambda _: None,
    ) -> None:
        self._deezer = deezer
        self._deadline = deadline
        self._now = now
        self._failed = failed
        self._breaker = CircuitBreaker(clock=clock)
        self._remembered = TimedCache[tuple[Preview | None]](size=CACHE_SIZE, clock=clock)

    @property
    def remembered(self) -> int:
        """How many answers are remembered."""
        return len(self._remembered)

    @property
    def ready(self) -> bool:
        """Whether Deezer answered, or was not asked, a moment ago."""
        return self._breaker.fault(deezer.NAME) is None

    async def find(self, artist_name: str) -> Preview | None:
        """Thirty seconds of the artist of this name, or None when Deezer has none.

        Args:
            artist_name: as the catalogue writes it.

        Raises:
            NeighbourError: Deezer cannot be asked, or does not answer in time.
        """
        name = clean(artist_name)[:NAME_LIMIT]
        key = name_key(name)
        if not key:
            return None
        if remembered := self._remembered.get(key):
            return remembered[0]
        if fault := self._breaker.fault(deezer.NAME):
            raise fault.with_traceback(None)
        preview = await self._ask(name)
        lifetime = self._lifetime(preview)
        if lifetime > 0:
            self._remembered.put(key, (preview,), lifetime=lifetime)
        return preview

    async def _ask(self, name: str) -> Preview | None:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._deezer.preview(name, Allowance(self._deadline))
        except TimeoutError:
            error: NeighbourError = too_slow(deezer.NAME)
        except NeighbourError as raised:
            error = raised
        _log.warning("no preview: %s", error)
        self._failed(error)
        self._breaker.trip(deezer.NAME, error)
        raise error

    def _lifetime(self, preview: Preview | None) -> float:
        """Seconds for which an answer is remembered."""
        if preview is None or preview.expires is None:
            return LIFETIME
        return min(LIFETIME, preview.expires - self._now() - _STILL_GOOD)


def build_previews(
    settings: Settings,
    session: aiohttp.ClientSession,
    *,
    limits: Limits | None = None,
    failed: Callable[[NeighbourError], None] = lambda _: None,
) -> PreviewService:
    """The service that asks the Deezer of the settings. Built once, for the rate's sake.

    Args:
        settings: where Deezer is.
        session: the shared HTTP session; the caller closes it.
        limits: keep count of the requests; those of this service alone when left out.
        failed: told of each time that Deezer could not be asked.
    """
    service = JsonService(
        session=session,
        name=deezer.NAME,
        base_url=settings.deezer_url,
        headers={"User-Agent": user_agent()},
        turns=Turns(
            limits=MemoryLimits() if limits is None else limits,
            key=f"service:{deezer.NAME}",
            rate=Rate(deezer.REQUESTS, deezer.SECONDS),
        ),
        patience=_PATIENCE,
    )
    return PreviewService(deezer=Deezer(service), failed=failed)
