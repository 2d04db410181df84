"""Find the words of a song: providers in order, within a deadline, each song asked for once."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from bot.errors import (
    LyricsError,
    MemberError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
)
from bot.language import Phrase, lazy_gettext, lazy_ngettext
from bot.lyrics.matching import accepted
from bot.lyrics.provider import LyricsProvider, NoWordsError, too_slow
from bot.lyrics.records import Lyrics, LyricsFound, LyricsMissing, LyricsQuery
from bot.single_flight import SingleFlight
from bot.text import clean
from bot.timed_cache import TimedCache

INPUT_LIMIT = 200
HIT_LIFETIME = 24 * 3600.0
MISS_LIFETIME = 3600.0
CACHE_SIZE = 512
_FETCHES_PER_PROVIDER = 2
# What tells the member most comes first: when to come back, then that waiting is no use.
_TELLING: tuple[type[LyricsError], ...] = (
    ProviderRateLimitedError,
    ProviderBlockedError,
    ProviderUnavailableError,
)

_log = logging.getLogger(__name__)


class LyricsService:
    """Asks the providers in order, remembers what they said, and tells outages from absence.

    Args:
        providers: asked one after the other until one has the song.
        deadline: seconds for the whole answer.
        provider_deadline: seconds at most for one provider.
        clock: for the age of remembered answers.
        failed: told of each provider that could not be asked.
    """

    def __init__(
        self,
        *,
        providers: Sequence[LyricsProvider],
        deadline: float = 10.0,
        provider_deadline: float = 6.0,
        clock: Callable[[], float] = time.monotonic,
        failed: Callable[[LyricsError], None] = lambda _: None,
    ) -> None:
        self._providers = tuple(providers)
        self._deadline = deadline
        self._provider_deadline = provider_deadline
        self._failed = failed
        self._remembered = TimedCache[LyricsFound | LyricsMissing](size=CACHE_SIZE, clock=clock)
        self._flight = SingleFlight[LyricsFound | LyricsMissing](name="lyrics")

    @property
    def remembered(self) -> int:
        """How many answers are remembered."""
        return len(self._remembered)

    async def find(self, artist: str, title: str) -> LyricsFound | LyricsMissing:
        """The words of ``title`` by ``artist``, or which providers do not have it.

        Raises:
            MemberError: a name is empty or too long, or no provider is configured.
            LyricsError: no provider could be asked.
        """
        if not self._providers:
            raise MemberError(
                lazy_gettext("no lyrics provider is switched on"),
                mend=lazy_gettext("an admin can add lrclib to LYRICS_ORDER or set GENIUS_TOKEN"),
            )
        query = LyricsQuery(artist=_artist(artist), title=_title(title))
        key = (query.artist.casefold(), query.title.casefold())
        if remembered := self._remembered.get(key):
            return remembered
        return await self._flight.run(key, lambda: self._ask(query, key))

    async def aclose(self) -> None:
        """Drop what is under way and let the providers go."""
        await self._flight.aclose()
        for provider in self._providers:
            await provider.aclose()

    async def _ask(self, query: LyricsQuery, key: tuple[str, str]) -> LyricsFound | LyricsMissing:
        until = asyncio.get_running_loop().time() + self._deadline
        asked: list[str] = []
        outages: list[tuple[str, LyricsError]] = []
        for provider in self._providers:
            try:
                lyrics = await self._ask_one(provider, query, until)
            except LyricsError as error:
                _log.warning("lyrics provider skipped: %s", error)
                self._failed(error)
                outages.append((provider.name, error))
                continue
            if lyrics is not None:
                found = LyricsFound(query=query, lyrics=lyrics)
                self._remembered.put(key, found, lifetime=HIT_LIFETIME)
                return found
            asked.append(provider.name)
        if not asked:
            raise _most_telling([error for _, error in outages])
        missing = LyricsMissing(
            query=query, asked=tuple(asked), unreachable=tuple(name for name, _ in outages)
        )
        if not outages:
            self._remembered.put(key, missing, lifetime=MISS_LIFETIME)
        return missing

    async def _ask_one(
        self, provider: LyricsProvider, query: LyricsQuery, until: float
    ) -> Lyrics | None:
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(until, now + self._provider_deadline)):
                return await _best(provider, query)
        except TimeoutError:
            raise too_slow(provider.name) from None


async def _best(provider: LyricsProvider, query: LyricsQuery) -> Lyrics | None:
    candidates = accepted(query, await provider.search(query))
    for candidate in candidates[:_FETCHES_PER_PROVIDER]:
        try:
            return await provider.fetch(candidate)
        except NoWordsError as error:
            _log.info("lyrics candidate %s skipped: %s", candidate.key, error)
    return None


def _most_telling(errors: Sequence[LyricsError]) -> LyricsError:
    for kind in _TELLING:
        for error in errors:
            if isinstance(error, kind):
                return error
    return errors[0]


def _name(text: str, *, too_long: Phrase, empty: Phrase, mend: Phrase) -> str:
    if len(text) > INPUT_LIMIT:
        raise MemberError(too_long, mend=lazy_gettext("shorten it"))
    cleaned = clean(text)
    if not cleaned:
        raise MemberError(empty, mend=mend)
    return cleaned


def _artist(text: str) -> str:
    return _name(
        text,
        too_long=lazy_ngettext(
            "the artist is longer than {count} character",
            "the artist is longer than {count} characters",
            INPUT_LIMIT,
        ),
        empty=lazy_gettext("the artist is empty"),
        mend=lazy_gettext("give the name of the artist"),
    )


def _title(text: str) -> str:
    return _name(
        text,
        too_long=lazy_ngettext(
            "the song is longer than {count} character",
            "the song is longer than {count} characters",
            INPUT_LIMIT,
        ),
        empty=lazy_gettext("the song is empty"),
        mend=lazy_gettext("give the name of the song"),
    )
