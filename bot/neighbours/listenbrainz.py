"""ListenBrainz: who is played beside whom (https://labs.api.listenbrainz.org), free of keys."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import NeighbourError
from bot.language import lazy_gettext
from bot.neighbours.identity import Candidate, who_is_meant
from bot.neighbours.json_service import Allowance, JsonService, Reply
from bot.neighbours.musicbrainz import MusicBrainz
from bot.neighbours.records import Neighbour, Neighbours
from bot.neighbours.source import (
    MOST_NEIGHBOURS,
    NAME_LIMIT,
    asked_too_often,
    key_refused,
    outage,
    unreadable,
)
from bot.text import clean

CREDIT = lazy_gettext("Neighbours from ListenBrainz, names from MusicBrainz")
# One of the few data sets that the server has ready; it refuses any other name.
ALGORITHM = (
    "session_based_days_7500_session_300_contribution_5_threshold_10_limit_100_filter_True_skip_30"
)
_PAGE = "https://listenbrainz.org/artist/{mbid}/"
_MOST_NAMESAKES = 5


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)

    artist_mbid: UUID
    name: str = Field(min_length=1)
    score: float = Field(gt=0, allow_inf_nan=False)
    reference_mbid: UUID | None = None


_ROWS = TypeAdapter(list[Any])


class ListenBrainzSource:
    """Finds the artist in MusicBrainz, and in ListenBrainz who is near.

    Args:
        musicbrainz: tells who is meant.
        labs: the server of similar artists.
        deadline: seconds that both may take over one look-up, waiting for turns not counted.
    """

    name: str = "ListenBrainz"

    def __init__(
        self, *, musicbrainz: MusicBrainz, labs: JsonService, deadline: float = 2.5
    ) -> None:
        self._musicbrainz = musicbrainz
        self._labs = labs
        self._deadline = deadline

    async def neighbours(self, name: str) -> Neighbours | None:
        """The artist of this name and who is near.

        Of several with the same name the one that is played most is meant: its neighbours have the
        highest scores, which count sessions.

        Raises:
            NeighbourError: one of the two servers cannot be asked.
        """
        allowance = Allowance(self._deadline)
        offered = await self._musicbrainz.search(name, allowance)
        meant = who_is_meant(name, offered)[:_MOST_NAMESAKES]
        if not meant:
            return None
        rows = await self._similar(meant, allowance)
        artist = max(meant, key=lambda one: max((row.score for row in rows[one.mbid]), default=0))
        return Neighbours(
            name=artist.name,
            link=_PAGE.format(mbid=artist.mbid),
            credit=CREDIT,
            neighbours=_neighbours(rows[artist.mbid], artist),
            about=artist.about,
        )

    async def _similar(
        self, artists: Sequence[Candidate], allowance: Allowance
    ) -> dict[str, list[_Row]]:
        """For each of the artists' ids, the rows that refer to it."""
        mbids = [artist.mbid for artist in artists]
        # Repeated, because the server takes ids joined by commas for one broken id.
        query = [*(("artist_mbids", mbid) for mbid in mbids), ("algorithm", ALGORITHM)]
        reply = await self._labs.get("/similar-artists/json", query, allowance)
        if reply.status != 200:
            raise self._refusal(reply)
        try:
            records = _ROWS.validate_json(reply.body)
        except ValidationError:
            raise unreadable(self.name) from None
        rows = [row for record in records if (row := _row(record))]
        return {mbid: [row for row in rows if _refers(row, mbid, mbids)] for mbid in mbids}

    def _refusal(self, reply: Reply) -> NeighbourError:
        if reply.status == 401:
            return key_refused(self.name, "LISTENBRAINZ_TOKEN")
        if reply.status == 429:
            return asked_too_often(self.name, reply.retry_after)
        return outage(self.name, reply.status)


def authorization(token: str | None) -> Mapping[str, str]:
    """The header that carries a ListenBrainz token; none without one."""
    return {"Authorization": f"Token {token}"} if token else {}


def _row(record: object) -> _Row | None:
    """One row; None for a broken one, or one whose artist has no name any more."""
    try:
        return _Row.model_validate(record)
    except ValidationError:
        return None


def _refers(row: _Row, mbid: str, asked: Sequence[str]) -> bool:
    if row.reference_mbid is None:
        return len(asked) == 1
    return str(row.reference_mbid) == mbid


def _neighbours(rows: Sequence[_Row], artist: Candidate) -> tuple[Neighbour, ...]:
    others = [row for row in rows if str(row.artist_mbid) != artist.mbid and clean(row.name)]
    ranked = sorted(others, key=lambda row: -row.score)[:MOST_NEIGHBOURS]
    return tuple(
        Neighbour(
            name=clean(row.name[:NAME_LIMIT]),
            strength=row.score / ranked[0].score,
            mbid=str(row.artist_mbid),
        )
        for row in ranked
    )
