"""MusicBrainz: who an artist is (https://musicbrainz.org/doc/MusicBrainz_API/Search)."""

import re
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import NeighbourError
from bot.neighbours.identity import Candidate
from bot.neighbours.json_service import Allowance, JsonService, Reply
from bot.neighbours.source import NAME_LIMIT, asked_too_often, outage, unreadable
from bot.text import clean

SECONDS_A_REQUEST = 1.1
"""MusicBrainz asks for at most one request a second, by the clock at its own end."""

_OFFERED = 10
_MOST_ALIASES = 200
# MusicBrainz says 503 to a client that is too fast, and to everybody when it is overloaded.
_TOO_OFTEN = frozenset({429, 503})
_QUERY_MARK = re.compile(r"([-+&|!(){}\[\]^\"~*?:\\/])")


class _Found(BaseModel):
    artists: list[Any]


class _Artist(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    sort_name: str | None = Field(default=None, alias="sort-name")
    disambiguation: str | None = None
    aliases: list[Any] | None = None


class _Alias(BaseModel):
    name: str


class MusicBrainz:
    """Searches the artists of a MusicBrainz server.

    Args:
        service: the server.
    """

    def __init__(self, service: JsonService) -> None:
        self._service = service

    async def search(self, name: str, allowance: Allowance) -> list[Candidate]:
        """Artists whose names share words with ``name``, in the server's order.

        Raises:
            NeighbourError: MusicBrainz cannot be asked.
        """
        query = [("query", _query(name)), ("fmt", "json"), ("limit", str(_OFFERED))]
        reply = await self._service.get("/ws/2/artist", query, allowance)
        if reply.status != 200:
            raise self._refusal(reply)
        try:
            found = _Found.model_validate_json(reply.body)
        except ValidationError:
            raise unreadable(self._service.name) from None
        return [artist for record in found.artists if (artist := _candidate(record))]

    def _refusal(self, reply: Reply) -> NeighbourError:
        if reply.status in _TOO_OFTEN:
            return asked_too_often(self._service.name, reply.retry_after)
        return outage(self._service.name, reply.status)


def _query(name: str) -> str:
    """``name`` in the search language, in which AND, OR and NOT are words of command."""
    return _QUERY_MARK.sub(r"\\\1", name.lower())


def _candidate(record: object) -> Candidate | None:
    """One record; None for a broken one, which must not take the others with it."""
    try:
        artist = _Artist.model_validate(record)
    except ValidationError:
        return None
    name = clean(artist.name[:NAME_LIMIT])
    if not name:
        return None
    others = [artist.sort_name or "", *map(_alias, (artist.aliases or [])[:_MOST_ALIASES])]
    return Candidate(
        mbid=str(artist.id),
        name=name,
        other_names=tuple(filter(None, (clean(other[:NAME_LIMIT]) for other in others))),
        about=clean((artist.disambiguation or "")[:NAME_LIMIT]),
    )


def _alias(record: object) -> str:
    try:
        return _Alias.model_validate(record).name
    except ValidationError:
        return ""
