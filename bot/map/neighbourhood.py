"""Which artists are drawn around an artist, and where; no drawing here."""

import numpy as np
from numpy.typing import NDArray

from bot.map.records import Neighbourhood, Place
from bot.map.tags import neighbourhood_tags
from model.artist_map import PLACED_FROM
from model.recommender import Recommender

ASPECT = 1.25
"""How much wider than high a neighbourhood is."""

RECOMMENDED = 10

# A neighbourhood reaches as far as this many known artists, and further for most of the recommended
# ones, but never to so many that a crowd would hide them.
_NEAREST, _CROWD = 60, 150
_RECOMMENDED_INSIDE = 0.9
_MOST_DUST = 3000
# Dust goes on into the picture's margin.
_MARGIN = 1.15
# Distances to this power, as through a lens: the nearest artists, who matter most, lie so close
# together on the map of all that their names would have no room.
_LENS = 0.6

_Rows = NDArray[np.int64]
_Floats = NDArray[np.float32]


def neighbourhood(recommender: Recommender, row: int) -> Neighbourhood | None:
    """The artists around ``row`` of a model's map, or None when the model has no map.

    Args:
        recommender: whose map it is.
        row: a row of the catalogue.
    """
    catalogue = recommender.catalogue
    if not len(catalogue.positions):
        return None
    offsets = catalogue.positions - catalogue.positions[row]
    away = _away(offsets)
    best = [one.artist.row for one in recommender.similar([row], RECOMMENDED)]
    rest = ~recommender.names.no_artist
    rest[[row, *best]] = False
    known = catalogue.listeners >= PLACED_FROM
    reach = _reach(away[rest & known], away[best])
    others = np.flatnonzero(rest & known & (away <= reach))
    others = others[np.argsort(-catalogue.listeners[others], kind="stable")]
    dust = np.flatnonzero(rest & ~known & (away <= reach * _MARGIN))[:_MOST_DUST]
    near = np.array([row, *best], np.int64)
    tags = neighbourhood_tags(catalogue, near, others)
    places = [
        Place(catalogue.artist(place), x, y, tag)
        for place, (x, y), tag in zip(
            [*near.tolist(), *others.tolist()],
            _through_lens(offsets[np.concatenate([near, others])], reach).tolist(),
            tags,
            strict=True,
        )
    ]
    return Neighbourhood(
        asked=places[0],
        recommended=tuple(places[1 : near.size]),
        others=tuple(places[near.size :]),
        dust=_through_lens(offsets[dust], reach),
        tags=tuple(sorted({*tags} - {""}, key=lambda tag: (-tags.count(tag), tag))),
    )


def _away(offsets: _Floats) -> _Floats:
    """How far from the middle in half-heights of a picture that just reaches there, [R]."""
    return np.maximum(np.abs(offsets[:, 0]) / ASPECT, np.abs(offsets[:, 1]))


def _reach(known: _Floats, recommended: _Floats) -> float:
    """Half the height of the neighbourhood, in units of the map."""
    wanted = float(np.quantile(recommended, _RECOMMENDED_INSIDE)) if recommended.size else 0.0
    if known.size:
        nearest, crowd = np.sort(known)[np.minimum([_NEAREST, _CROWD], known.size) - 1].tolist()
        wanted = min(max(nearest, wanted), crowd)
    # Rounding must not leave who is farthest outside; all in one point need some room as well.
    return max(wanted * 1.02, 1e-6)


def _through_lens(offsets: _Floats, reach: float) -> _Floats:
    """Places [R, 2] in half-heights of the picture."""
    away = _away(offsets)[:, None] / np.float32(reach)
    return offsets / np.float32(reach) * np.maximum(away, 1e-6) ** np.float32(_LENS - 1)
