"""Deezer: artists and their best-known tracks, without a key (https://developers.deezer.com/api)."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from bot.errors import NeighbourError
from bot.language import lazy_gettext
from bot.neighbours.json_service import Allowance, JsonService, Parameters
from bot.neighbours.source import asked_too_often, outage, unavailable, unreadable
from bot.preview.records import Preview
from bot.text import clean
from model.name_keys import name_key

NAME = "Deezer"
REQUESTS, SECONDS = 50, 5.0
"""Deezer's own limit: so many requests in so many seconds from one address."""

_CANDIDATES = 10
_TRACKS = 5
_TEXT_LIMIT = 200
# Discord takes no longer address on a button.
_LONGEST_ADDRESS = 512
_ADDRESS = re.compile(r"https://[\w.-]+/[!-~]*", re.ASCII)
_EXPIRES = re.compile(r"\bexp=(\d{9,11})\b")
# Faults arrive with HTTP 200 and a number (https://developers.deezer.com/api/errors).
_TOO_OFTEN, _NO_DATA = 4, 800

_T = TypeVar("_T", bound=BaseModel)


class _Fault(BaseModel):
    code: int


class _Answer(BaseModel):
    error: _Fault | None = None
    data: list[Any] = []


class _Artist(BaseModel):
    id: int = Field(gt=0)
    name: str
    nb_fan: int = 0


class _Track(BaseModel):
    title: str
    preview: str
    link: str
    artist: "_Credited"


class _Credited(BaseModel):
    name: str


class Deezer:
    """Finds what can be heard of an artist.

    Args:
        service: the Deezer API.
    """

    def __init__(self, service: JsonService) -> None:
        self._service = service

    async def preview(self, name: str, allowance: Allowance) -> Preview | None:
        """The best-known track that has a preview, of the artist with exactly this name.

        Of several artists of the name the one with the most fans is meant.

        Args:
            name: but for case, accents, punctuation and the like, as Deezer writes it.
            allowance: seconds for both requests together.

        Raises:
            NeighbourError: Deezer cannot be asked.
        """
        query = [("q", name), ("limit", str(_CANDIDATES))]
        found = _read(_Artist, await self._data("/search/artist", query, allowance))
        namesakes = [one for one in found if name_key(one.name) == name_key(name)]
        if not namesakes:
            return None
        artist = max(namesakes, key=lambda one: one.nb_fan)
        path = f"/artist/{artist.id}/top"
        tracks = _read(_Track, await self._data(path, [("limit", str(_TRACKS))], allowance))
        return next((preview for track in tracks if (preview := _preview(track))), None)

    async def _data(self, path: str, query: Parameters, allowance: Allowance) -> list[Any]:
        reply = await self._service.get(path, query, allowance)
        if reply.status == 429:
            raise asked_too_often(NAME, reply.retry_after)
        if reply.status != 200:
            raise outage(NAME, reply.status)
        try:
            answer = _Answer.model_validate_json(reply.body)
        except ValidationError:
            raise unreadable(NAME) from None
        if answer.error is not None and answer.error.code != _NO_DATA:
            raise _fault(answer.error.code)
        return answer.data


def _fault(code: int) -> NeighbourError:
    if code == _TOO_OFTEN:
        return asked_too_often(NAME, str(round(SECONDS)))
    return unavailable(NAME, lazy_gettext("reports error {number}", number=code))


def _read(kind: type[_T], records: list[Any]) -> list[_T]:
    """The records that can be read; a broken one must not take the others with it."""
    read: list[_T] = []
    for record in records:
        try:
            read.append(kind.model_validate(record))
        except ValidationError:
            continue
    return read


def _preview(track: _Track) -> Preview | None:
    """What can be heard of a track; None without a sane address, as for most of a label's tracks
    where it allows no previews."""
    if not _is_sane(track.preview):
        return None
    expires = _EXPIRES.search(track.preview)
    return Preview(
        title=clean(track.title[:_TEXT_LIMIT]),
        artist=clean(track.artist.name[:_TEXT_LIMIT]),
        url=track.preview,
        link=track.link if _is_sane(track.link) else "",
        expires=float(expires[1]) if expires else None,
    )


def _is_sane(address: str) -> bool:
    return len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None
