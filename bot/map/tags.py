"""Which tags the artists of a neighbourhood are coloured by."""

import numpy as np
from numpy.typing import NDArray

from model.catalogue import Catalogue

MOST_TAGS = 6

# What Last.fm's members call artists for their own memory tells nothing about the music.
_PERSONAL = frozenset({"seen live", "favorites", "favourites", "favorite", "albums i own"})

_Rows = NDArray[np.int64]


def neighbourhood_tags(catalogue: Catalogue, near: _Rows, others: _Rows) -> list[str]:
    """The tag that colours each artist: its most applied one out of at most ``MOST_TAGS``.

    Tags are chosen greedily, each time the one that tells most about the artists that have no
    chosen one yet: a tag tells more the fewer artists of the whole catalogue have it (the inverse
    document frequency of text retrieval) and the higher it stands among an artist's tags. The most
    frequent tags, by which ``model.map_tags`` colours the map of all, would colour most
    neighbourhoods in one.

    Args:
        catalogue: whose tags.
        near: rows that the choice is to suit first; together they weigh as much as ``others``.
        others: further rows.

    Returns:
        a tag for each of ``near`` and then each of ``others``, empty where none of the chosen fits.
    """
    rows = np.concatenate([near, others])
    top_tags = catalogue.top_tags[rows]
    weights = np.ones(rows.size)
    weights[: near.size] = max(others.size / near.size, 1.0)
    fits: NDArray[np.bool_] = np.isin(top_tags, _telling(top_tags, weights, catalogue))
    first = top_tags[np.arange(rows.size), fits.argmax(axis=1)]
    mains = np.where(fits.any(axis=1), first, -1)
    return [catalogue.tag_names[int(tag)] if tag >= 0 else "" for tag in mains]


def _telling(
    top_tags: NDArray[np.int32], weights: NDArray[np.float64], catalogue: Catalogue
) -> _Rows:
    """At most ``MOST_TAGS`` positions in ``tag_names``, the most telling first."""
    everywhere = catalogue.top_tags[catalogue.top_tags >= 0]
    spread = np.bincount(everywhere, minlength=len(catalogue.tag_names))
    tells = np.log1p(everywhere.size / (1 + spread))
    # A tag that only one of the artists has is a colour that groups nothing. The last entry, where
    # -1 leads, stands for no tag.
    shared = np.bincount(top_tags[top_tags >= 0], minlength=spread.size + 1) > 1
    ranked: NDArray[np.float64] = weights[:, None] / np.arange(1.0, 1 + top_tags.shape[1])
    left = np.where((top_tags >= 0) & shared[top_tags], ranked, 0.0)
    chosen: list[int] = []
    while len(chosen) < MOST_TAGS and left.any():
        tags = np.maximum(top_tags, 0).ravel()
        told = np.bincount(tags, left.ravel(), minlength=spread.size)
        tag = int((tells * told).argmax())
        having = top_tags == tag
        if catalogue.tag_names[tag].casefold() in _PERSONAL:
            left[having] = 0
        else:
            chosen.append(tag)
            left[having.any(axis=1)] = 0
    return np.array(chosen, np.int64)
