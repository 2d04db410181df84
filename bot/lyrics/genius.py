"""Genius through lyricsgenius: the API's search with a token, the words from the song's page."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from bot.language import lazy_gettext
from bot.lyrics.provider import (
    MOST_OFFERED,
    NAME_LIMIT,
    NoWordsError,
    too_slow,
    unavailable,
    unreadable,
)
from bot.lyrics.records import Candidate, Lyrics, LyricsQuery
from bot.lyrics.titles import plain_title
from bot.lyrics.words import tidy_words, without_genius_junk
from bot.lyrics.workers import BusyError, Workers
from bot.text import clean

_NAME = "Genius"
_T = TypeVar("_T")
_PAGE_PATH = re.compile(r"/[\w.~%-]{1,300}")


class _Artist(BaseModel):
    name: str = ""


class _Song(BaseModel):
    model_config = ConfigDict(frozen=True)

    title: str = ""
    artist_names: str | None = None
    primary_artist: _Artist | None = None
    path: str = ""
    lyrics_state: str | None = None
    instrumental: bool | None = None


class _Hit(BaseModel):
    model_config = ConfigDict(frozen=True)

    type: str = "song"
    result: _Song


class _SearchAnswer(BaseModel):
    hits: list[Any]


class GeniusProvider:
    """Asks Genius in threads of its own, because lyricsgenius blocks.

    Args:
        token: a Genius client access token.
        api_url: base address of the API, without a trailing slash.
        web_url: base address of the pages, without a trailing slash.
        user_agent: how Crossfade introduces itself.
        deadline: seconds that a search or a fetch may take.
    """

    name: str = _NAME

    def __init__(
        self,
        *,
        token: SecretStr,
        api_url: str,
        web_url: str,
        user_agent: str,
        deadline: float = 6.0,
    ) -> None:
        from bot.lyrics import genius_client

        self._client = genius_client.GeniusClient(
            token=token.get_secret_value(),
            api_url=api_url.rstrip("/"),
            web_url=web_url.rstrip("/"),
            user_agent=user_agent,
            timeout=deadline,
        )
        self._not_there = genius_client.NotThereError
        self._web_url = web_url.rstrip("/")
        self._deadline = deadline
        self._workers = Workers(name="genius")

    async def search(self, query: LyricsQuery) -> Sequence[Candidate]:
        """The songs with words, or marked as instrumental, that Genius offers.

        Raises:
            LyricsError: Genius cannot be asked.
        """
        term = f"{plain_title(query.title)} {query.artist}"
        answer = await self._run(lambda: self._client.songs(term))
        try:
            hits = _SearchAnswer.model_validate(answer).hits
        except ValidationError as error:
            raise unreadable(_NAME, error) from None
        songs = [song for hit in hits[:MOST_OFFERED] if (song := _song(hit))]
        found = (self._candidate(song) for song in songs)
        return [candidate for candidate in found if candidate is not None]

    async def fetch(self, candidate: Candidate) -> Lyrics:
        """The words on the candidate's page.

        Raises:
            LyricsError: Genius cannot be asked.
            NoWordsError: the page is gone.
        """
        text = "" if candidate.instrumental else await self._words(candidate)
        return candidate.with_text(text)

    async def aclose(self) -> None:
        """Close the idle connections; a call that hangs is left to its daemon thread."""
        self._client.close()

    async def _words(self, candidate: Candidate) -> str:
        try:
            page = await self._run(lambda: self._client.words(candidate.key))
        except self._not_there:
            raise NoWordsError("the page is gone", where=_NAME) from None
        words = tidy_words(without_genius_junk(page or "", candidate.title))
        if not words:
            # The search said that the words are complete, so the page is not what it should be.
            raise unavailable(_NAME, lazy_gettext("shows a page without lyrics"))
        return words

    def _candidate(self, song: _Song) -> Candidate | None:
        primary = song.primary_artist.name if song.primary_artist else ""
        artist = clean((song.artist_names or primary)[:NAME_LIMIT])
        title = clean(song.title[:NAME_LIMIT])
        has_an_answer = song.instrumental or song.lyrics_state == "complete"
        if not (artist and title and has_an_answer and _PAGE_PATH.fullmatch(song.path)):
            return None
        return Candidate(
            artist=artist,
            title=title,
            source=_NAME,
            url=f"{self._web_url}{song.path}",
            key=song.path,
            instrumental=bool(song.instrumental),
        )

    async def _run(self, call: Callable[[], _T]) -> _T:
        try:
            return await self._workers.run(call, deadline=self._deadline)
        except TimeoutError:
            raise too_slow(_NAME) from None
        except BusyError:
            raise unavailable(_NAME, lazy_gettext("is busy with other requests")) from None


def _song(hit: object) -> _Song | None:
    """The song of one hit; None for a broken one, which must not take the others with it."""
    try:
        read = _Hit.model_validate(hit)
    except ValidationError:
        return None
    return read.result if read.type == "song" else None
