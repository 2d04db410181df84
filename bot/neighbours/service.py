"""Find who is near an unknown artist: sources in order, within a deadline, each name once."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from bot.errors import (
    MemberError,
    NeighbourError,
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
)
from bot.language import lazy_gettext, lazy_ngettext
from bot.neighbours.breaker import CircuitBreaker
from bot.neighbours.records import Neighbours, Nobody
from bot.neighbours.source import NeighbourSource, too_slow
from bot.text import clean
from bot.timed_cache import TimedCache

INPUT_LIMIT = 200
HIT_LIFETIME = 7 * 24 * 3600.0
MISS_LIFETIME = 3600.0
CACHE_SIZE = 512
# What tells the member most comes first: when to come back, then that waiting is no use.
_TELLING = (SourceBusyError, SourceRateLimitedError, SourceBlockedError)

_log = logging.getLogger(__name__)

Found = Neighbours | Nobody


class NeighbourService:
    """Asks the sources in order, remembers what they said, and tells outages from absence.

    Args:
        sources: asked one after the other until one knows neighbours; none: nothing is offered.
        deadline: seconds for the whole answer, a last resort behind the sources' own deadlines.
        clock: for the age of remembered answers and outages.
        failed: told of each source that could not be asked, not of one that is left alone.
    """

    def __init__(
        self,
        *,
        sources: Sequence[NeighbourSource],
        deadline: float = 8.0,
        clock: Callable[[], float] = time.monotonic,
        failed: Callable[[NeighbourError], None] = lambda _: None,
    ) -> None:
        self._sources = tuple(sources)
        self._deadline = deadline
        self._failed = failed
        self._breaker = CircuitBreaker(clock=clock)
        self._remembered = TimedCache[Found](size=CACHE_SIZE, clock=clock)
        self._under_way: dict[str, asyncio.Task[Found]] = {}

    @property
    def remembered(self) -> int:
        """How many answers are remembered."""
        return len(self._remembered)

    @property
    def ready(self) -> bool:
        """Whether a look-up has anybody to ask at the moment."""
        return any(self._breaker.fault(source.name) is None for source in self._sources)

    async def find(self, name: str) -> Found:
        """Whom the sources know by this name and who is near, or who knows nobody.

        Raises:
            MemberError: the name is empty or too long, or no source is configured.
            NeighbourError: no source could be asked.
        """
        if not self._sources:
            raise MemberError(lazy_gettext("looking artists up elsewhere is switched off"))
        text = _name(name)
        key = text.casefold()
        if remembered := self._remembered.get(key):
            return remembered
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(text, key), name="neighbours")
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

    def _forget(self, key: str, task: asyncio.Task[Found]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # seen here, so an answer nobody waits for is not reported as lost

    async def _ask(self, name: str, key: str) -> Found:
        until = asyncio.get_running_loop().time() + self._deadline
        asked: list[str] = []
        outages: list[tuple[str, NeighbourError]] = []
        alone: Neighbours | None = None
        for source in self._sources:
            try:
                found = await self._ask_one(source, name, until)
            except NeighbourError as error:
                outages.append((source.name, error))
                continue
            if found is not None and found.neighbours:
                self._remembered.put(key, found, lifetime=HIT_LIFETIME)
                return found
            alone = alone or found
            asked.append(source.name)
        if not asked:
            raise _most_telling([error for _, error in outages])
        answer = alone or Nobody(tuple(asked), tuple(name for name, _ in outages))
        if not outages:
            self._remembered.put(key, answer, lifetime=MISS_LIFETIME)
        return answer

    async def _ask_one(self, source: NeighbourSource, name: str, until: float) -> Neighbours | None:
        if fault := self._breaker.fault(source.name):
            raise fault.with_traceback(None)
        try:
            async with asyncio.timeout_at(until):
                return await source.neighbours(name)
        except TimeoutError:
            error: NeighbourError = too_slow(source.name)
        except NeighbourError as raised:
            error = raised
        _log.warning("source of neighbours skipped: %s", error)
        self._failed(error)
        self._breaker.trip(source.name, error)
        raise error


def _most_telling(errors: Sequence[NeighbourError]) -> NeighbourError:
    telling = (error for kind in _TELLING for error in errors if isinstance(error, kind))
    return next(telling, errors[0])


def _name(text: str) -> str:
    if len(text) > INPUT_LIMIT:
        raise MemberError(
            lazy_ngettext(
                "the name is longer than {count} character",
                "the name is longer than {count} characters",
                INPUT_LIMIT,
            ),
            mend=lazy_gettext("shorten it"),
        )
    cleaned = clean(text)
    if not cleaned:
        raise MemberError(
            lazy_gettext("the name is empty"), mend=lazy_gettext("give the name of an artist")
        )
    return cleaned
