"""LRCLIB: a free lyrics database that needs no key (https://lrclib.net/docs)."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from bot.claims import Claims, MemoryClaims, OneAtATime
from bot.language import lazy_gettext
from bot.lyrics.matching import first_artist
from bot.lyrics.provider import (
    MAX_BODY_BYTES,
    MOST_OFFERED,
    NAME_LIMIT,
    NoWordsError,
    outage,
    too_slow,
    unavailable,
    unreachable,
    unreadable,
)
from bot.lyrics.records import Candidate, Lyrics, LyricsQuery
from bot.lyrics.titles import plain_title
from bot.lyrics.words import tidy_words, without_stamps
from bot.text import clean

_NAME = "LRCLIB"
_T = TypeVar("_T")


class _Track(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    id: int
    track_name: str | None = None
    name: str | None = None
    artist_name: str | None = None
    instrumental: bool | None = None
    plain_lyrics: str | None = None
    synced_lyrics: str | None = None


class _Problem(BaseModel):
    name: str


_TRACK = TypeAdapter(_Track)
_RECORDS = TypeAdapter(list[Any])


class LrclibProvider:
    """Asks an LRCLIB server, one request at a time.

    Args:
        session: the shared HTTP session; the caller closes it.
        base_url: the server's address without a trailing slash.
        user_agent: how Crossfade introduces itself, as LRCLIB asks of its clients.
        claims: keep the requests of other processes apart as well; left out, only those of this
            provider are.
        deadline: seconds that a search or a fetch may take, waiting for its turn included.
    """

    name: str = _NAME

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        base_url: str,
        user_agent: str,
        claims: Claims | None = None,
        deadline: float = 6.0,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._deadline = deadline
        self._turn = OneAtATime(
            claims=MemoryClaims() if claims is None else claims,
            key=f"service:{_NAME}",
            seconds=deadline,
        )

    async def search(self, query: LyricsQuery) -> Sequence[Candidate]:
        """The song under exactly this name, else what LRCLIB's own search offers.

        Raises:
            LyricsError: LRCLIB cannot be asked.
        """
        try:
            async with asyncio.timeout(self._deadline):
                exact = await self._exact(query)
                return exact or await self._similar(query)
        except TimeoutError:
            raise too_slow(_NAME) from None

    async def fetch(self, candidate: Candidate) -> Lyrics:
        """The words that the search gave along, or those of the record with this id.

        Raises:
            LyricsError: LRCLIB cannot be asked.
            NoWordsError: the record is gone or has no words.
        """
        if not candidate.words and not candidate.instrumental:
            candidate = await self._by_id(candidate.key)
        text = "" if candidate.instrumental else tidy_words(candidate.words)
        if not text and not candidate.instrumental:
            raise NoWordsError("the words show nothing", where=_NAME)
        return candidate.with_text(text)

    async def aclose(self) -> None:
        """Nothing to let go of: the session is the caller's."""

    async def _exact(self, query: LyricsQuery) -> list[Candidate]:
        names = {"artist_name": query.artist, "track_name": query.title}
        body = await self._get("/api/get", names)
        return [] if body is None else self._candidates([_read(_TRACK, body)])

    async def _similar(self, query: LyricsQuery) -> list[Candidate]:
        names = {
            "artist_name": first_artist(query.artist),
            "track_name": plain_title(query.title),
        }
        body = await self._get("/api/search", names)
        records = [] if body is None else _read(_RECORDS, body)
        offered = records[:MOST_OFFERED]
        return self._candidates([track for record in offered if (track := _track(record))])

    async def _by_id(self, key: str) -> Candidate:
        try:
            async with asyncio.timeout(self._deadline):
                body = await self._get(f"/api/get/{quote(key, safe='')}", {})
        except TimeoutError:
            raise too_slow(_NAME) from None
        found = [] if body is None else self._candidates([_read(_TRACK, body)])
        if not found:
            raise NoWordsError("no words under this number", where=_NAME)
        return found[0]

    def _candidates(self, tracks: Sequence[_Track]) -> list[Candidate]:
        found = (self._candidate(track) for track in tracks)
        return [candidate for candidate in found if candidate is not None]

    def _candidate(self, track: _Track) -> Candidate | None:
        artist = clean((track.artist_name or "")[:NAME_LIMIT])
        title = clean((track.track_name or track.name or "")[:NAME_LIMIT])
        words = track.plain_lyrics or without_stamps(track.synced_lyrics or "")
        if not artist or not title or not (words.strip() or track.instrumental):
            return None
        # The site has a page for a search but none for a single record.
        page = f"{self._base_url}/search/{quote(f'{artist} {title}', safe='')}"
        return Candidate(
            artist=artist,
            title=title,
            source=_NAME,
            url=page,
            key=str(track.id),
            words=words if words.strip() else "",
            instrumental=not words.strip(),
        )

    async def _get(self, path: str, parameters: Mapping[str, str]) -> bytes | None:
        """The body of a successful answer; None when LRCLIB says "no such track"."""
        try:
            async with (
                self._turn.alone(),
                self._session.get(
                    f"{self._base_url}{path}",
                    params=parameters,
                    headers=self._headers,
                    max_redirects=3,
                ) as response,
            ):
                if response.status not in {200, 404}:
                    raise outage(_NAME, response.status, response.headers.get("Retry-After"))
                body = await _read_bounded(response)
        except (aiohttp.ClientError, UnicodeError) as error:  # the second from an impossible host
            raise unreachable(_NAME, error) from error
        if response.status == 200:
            return body
        if _says_not_found(body):
            return None
        raise outage(_NAME, 404, None)


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise unavailable(_NAME, lazy_gettext("sends more than a song can hold"))
    return bytes(body)


def _says_not_found(body: bytes) -> bool:
    """Whether this 404 is LRCLIB's own, not that of some other server at the address."""
    try:
        return _Problem.model_validate_json(body).name == "TrackNotFound"
    except ValidationError:
        return False


def _read(adapter: TypeAdapter[_T], body: bytes) -> _T:
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise unreadable(_NAME, error) from None


def _track(record: object) -> _Track | None:
    """One record of a list; None for a broken one, which must not take the others with it."""
    try:
        return _TRACK.validate_python(record)
    except ValidationError:
        return None
