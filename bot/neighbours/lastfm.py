"""Last.fm: similar artists, for those who have an API key (https://www.last.fm/api)."""

from typing import Any, TypeVar
from urllib.parse import quote_plus
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr, ValidationError

from bot.errors import NeighbourError
from bot.language import lazy_gettext
from bot.neighbours.identity import Candidate, who_is_meant
from bot.neighbours.json_service import Allowance, JsonService, Reply
from bot.neighbours.records import Neighbour, Neighbours
from bot.neighbours.source import (
    MOST_NEIGHBOURS,
    NAME_LIMIT,
    asked_too_often,
    key_refused,
    outage,
    unavailable,
    unreadable,
)
from bot.text import clean

SECONDS_A_REQUEST = 0.21
"""A little over a fifth, so that no second ever holds more than five requests."""

CREDIT = lazy_gettext("Neighbours powered by Last.fm")
_PAGE = "https://www.last.fm/music/{name}"
# Last.fm's own numbers for what went wrong: https://www.last.fm/api/errorcodes
_NO_SUCH_ARTIST = frozenset({6, 7})
_KEY_FAULTS = frozenset({10, 26})
_TOO_OFTEN = 29

_T = TypeVar("_T", bound=BaseModel)


class _Fault(BaseModel):
    error: int


class _Named(BaseModel):
    name: str | None = None


class _Correction(BaseModel):
    artist: _Named


class _Corrected(BaseModel):
    correction: _Correction


class _Corrections(BaseModel):
    # Blank text where Last.fm has nothing to correct.
    corrections: _Corrected | Any = Field(union_mode="left_to_right")


class _Attributes(BaseModel):
    artist: str


class _Similar(BaseModel):
    # One record alone comes without a list around it.
    artist: list[Any] | dict[str, Any] = []
    attributes: _Attributes = Field(alias="@attr")


class _Answer(BaseModel):
    similarartists: _Similar


class _Record(BaseModel):
    name: str
    match: float = Field(gt=0, allow_inf_nan=False)
    # Blank text where Last.fm has none.
    mbid: UUID | Any = Field(default=None, union_mode="left_to_right")


class LastfmSource:
    """Asks Last.fm for the right spelling and for similar artists.

    Args:
        service: the Last.fm API.
        key: its API key.
        deadline: seconds that one look-up may take, waiting for turns not counted.
    """

    name: str = "Last.fm"

    def __init__(self, *, service: JsonService, key: SecretStr, deadline: float = 2.5) -> None:
        self._service = service
        self._key = key
        self._deadline = deadline

    async def neighbours(self, name: str) -> Neighbours | None:
        """The artist of this name, as Last.fm corrects it, and who is near.

        Last.fm has a page for whatever anybody ever called an artist, so an artist without
        neighbours there is taken for one that Last.fm does not know.

        Raises:
            NeighbourError: Last.fm cannot be asked.
        """
        allowance = Allowance(self._deadline)
        corrected = await self._correction(name, allowance) or name
        asked = [("artist", corrected), ("limit", str(MOST_NEIGHBOURS))]
        answer = await self._call("artist.getSimilar", asked, _Answer, allowance)
        if answer is None:
            return None
        similar = answer.similarartists
        found = Candidate("", clean(similar.attributes.artist[:NAME_LIMIT]))
        near = _neighbours(similar.artist if isinstance(similar.artist, list) else [similar.artist])
        if not near or not who_is_meant(corrected, [found]):
            return None
        link = _PAGE.format(name=quote_plus(found.name))
        return Neighbours(name=found.name, link=link, credit=CREDIT, neighbours=near)

    async def _correction(self, name: str, allowance: Allowance) -> str | None:
        asked = [("artist", name)]
        answer = await self._call("artist.getCorrection", asked, _Corrections, allowance)
        if answer is None or not isinstance(answer.corrections, _Corrected):
            return None
        return clean((answer.corrections.correction.artist.name or "")[:NAME_LIMIT]) or None

    async def _call(
        self,
        method: str,
        parameters: list[tuple[str, str]],
        kind: type[_T],
        allowance: Allowance,
    ) -> _T | None:
        """An answer; None when Last.fm says that there is no such artist."""
        key = self._key.get_secret_value()
        query = [("method", method), *parameters, ("api_key", key), ("format", "json")]
        reply = await self._service.get("/2.0/", query, allowance)
        # Before the status, because a fault may arrive as a 200 and as nearly any other.
        if fault := _read(_Fault, reply.body):
            if fault.error in _NO_SUCH_ARTIST and reply.status < 500:
                return None
            raise self._fault(fault.error, reply)
        if reply.status != 200:
            raise self._refusal(reply)
        answer = _read(kind, reply.body)
        if answer is None:
            raise unreadable(self.name)
        return answer

    def _fault(self, number: int, reply: Reply) -> NeighbourError:
        if number in _KEY_FAULTS:
            return key_refused(self.name, "LASTFM_API_KEY")
        if number == _TOO_OFTEN:
            return asked_too_often(self.name, reply.retry_after)
        return unavailable(
            self.name, lazy_gettext("is not working (error {number})", number=number)
        )

    def _refusal(self, reply: Reply) -> NeighbourError:
        if reply.status == 429:
            return asked_too_often(self.name, reply.retry_after)
        return outage(self.name, reply.status)


def _read(kind: type[_T], body: bytes) -> _T | None:
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        return None


def _neighbours(records: list[Any]) -> tuple[Neighbour, ...]:
    near = [one for record in records[:MOST_NEIGHBOURS] if (one := _neighbour(record))]
    return tuple(sorted(near, key=lambda one: -one.strength))


def _neighbour(record: object) -> Neighbour | None:
    """One record; None for a broken one, which must not take the others with it."""
    try:
        read = _Record.model_validate(record)
    except ValidationError:
        return None
    name = clean(read.name[:NAME_LIMIT])
    mbid = str(read.mbid) if isinstance(read.mbid, UUID) else None
    return Neighbour(name, min(read.match, 1.0), mbid) if name else None
