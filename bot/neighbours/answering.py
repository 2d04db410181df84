"""From what a source said to recommendations: only neighbours that the model knows count."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.neighbours.records import (
    Answer,
    Borrowed,
    Neighbour,
    Neighbours,
    Nobody,
    NoneKnown,
    OtherName,
    Unheard,
)
from bot.recommend.records import Source
from model.catalogue import TextColumn
from model.names import Exact
from model.recommender import Recommender

RESULTS = 10
MOST_USED = 5
"""How many of the nearest neighbours in the catalogue an answer rests on."""

# A name that is not in the catalogue costs a search of all of it, so not every neighbour is tried.
_TRIED = 50
_MBID_LENGTH = 36


def fold_in(
    typed: str,
    found: Neighbours | Nobody,
    recommender: Recommender,
    *,
    results: int = RESULTS,
    dial: float = 0.0,
) -> Answer:
    """Answer for an artist that the catalogue lacks; takes tens of milliseconds, use a thread.

    Args:
        typed: what the member typed.
        found: what the sources said to it.
        recommender: taken once, so that rows and results are of one model.
        results: how many recommendations.
        dial: as ``Recommender.similar`` takes it.
    """
    source = Source.of(recommender)
    if isinstance(found, Nobody):
        return Unheard(typed, found, source)
    own = recommender.names.resolve(found.name)
    if isinstance(own, Exact) and recommender.names.is_artist(own.row):
        similar = recommender.similar([own.row], results, dial=dial)
        artist = recommender.catalogue.artist(own.row)
        return OtherName(typed, found, artist, tuple(similar), source)
    rows = known_rows(found.neighbours, recommender)
    if not rows:
        return NoneKnown(typed, found, source)
    similar = recommender.similar(rows, results, dial=dial)
    used = tuple(map(recommender.catalogue.artist, rows))
    return Borrowed(typed, found, used, tuple(similar), source)


def known_rows(
    neighbours: Sequence[Neighbour], recommender: Recommender, most: int = MOST_USED
) -> list[int]:
    """The rows of the nearest neighbours in the catalogue, nearest first, at most ``most``.

    A neighbour is in the catalogue when the catalogue holds its MusicBrainz id, or its very name
    but for case, accents and the like; a name that is merely near counts for nothing.
    """
    tried = neighbours[:_TRIED]
    of_mbid = _rows_of_mbids(tried, recommender.catalogue.source_ids)
    rows: dict[int, None] = {}
    for neighbour in tried:
        row = of_mbid.get(neighbour.mbid or "")
        if row is None:
            named = recommender.names.resolve(neighbour.name)
            row = named.row if isinstance(named, Exact) else None
        if row is not None and recommender.names.is_artist(row):
            rows[row] = None
            if len(rows) == most:
                break
    return list(rows)


def _rows_of_mbids(neighbours: Sequence[Neighbour], ids: TextColumn) -> Mapping[str, int]:
    """Rows of a catalogue whose source is MusicBrainz; none where ids are of another kind."""
    if not len(ids) or (np.diff(ids.offsets) != _MBID_LENGTH).any():
        return {}
    column = ids.data.view(f"S{_MBID_LENGTH}")
    rows = {
        mbid: np.flatnonzero(column == mbid.encode())
        for neighbour in neighbours
        if (mbid := neighbour.mbid)
    }
    return {mbid: int(row[0]) for mbid, row in rows.items() if row.size}
