"""What the factorisation is asked to reproduce, and how much each part of it counts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.dataset import Interactions, Ints

Target = Literal["binary", "min-max", "z-score"]


def targets(interactions: Interactions, kind: Target) -> NDArray[np.float32]:
    """The targets a_ij, float32 [P].

    - ``binary``: 1 for every observed pair (Hu, Koren & Volinsky 2008).
    - ``min-max``: (plays - min) / (max - min) over all pairs, so nearly all are close to 0.
    - ``z-score``: (plays - mean) / standard deviation over all pairs.

    When all plays are equal, ``min-max`` and ``z-score`` have no spread to divide by; every pair
    is then as good as any other and the target is 1. Where all are 1, one number stands for all.
    """
    of_all = interactions.summary
    if kind == "binary" or of_all.maximum == of_all.minimum:
        return _all_one(interactions)
    plays = interactions.plays.astype(np.float64)
    if kind == "min-max":
        scaled = (plays - of_all.minimum) / (of_all.maximum - of_all.minimum)
    else:
        scaled = (plays - of_all.mean) / of_all.sd
    return scaled.astype(np.float32)


def play_weights(interactions: Interactions, exponent: float) -> NDArray[np.float32]:
    """The weights c_ij of the observed pairs, float32 [P], 1 for a listener's usual play count.

    c = exp(exponent * z) with z = (log1p(plays) - the listener's mean) / (their sd + 0.3), so a
    listener's favourites count a little more whatever their total; 0 weighs all pairs alike.
    """
    if exponent == 0:
        return _all_one(interactions)
    logs = np.log1p(interactions.plays.astype(np.float64))
    counts = np.maximum(interactions.artists_per_listener(), 1)
    rows = interactions.listeners
    mean = np.bincount(rows, logs, minlength=counts.size) / counts
    deviation = logs - mean[rows]
    sd = np.sqrt(np.bincount(rows, deviation**2, minlength=counts.size) / counts)
    return np.exp(exponent * deviation / (sd[rows] + 0.3)).astype(np.float32)


def _all_one(interactions: Interactions) -> NDArray[np.float32]:
    """1 for each pair, read-only and in the memory of a single number."""
    return np.broadcast_to(np.float32(1), interactions.plays.shape)


def gravity_scale(interactions: Interactions, exponent: float) -> NDArray[np.float32]:
    """How strongly each artist's unobserved pairs pull to zero, float32 [M] with mean 1.

    (listeners + 0.5)^exponent: that a listener lacks a well-known artist says more than that they
    lack one they never met (popularity-based weighting of missing data, He et al. 2016).
    """
    scale = np.power(interactions.listeners_per_artist() + 0.5, exponent)
    return (scale / scale.mean()).astype(np.float32)


@dataclass(frozen=True)
class SideRows:
    """Rows beside the listeners that "play" artists too: tags, and what a listener has tagged.

    Attributes:
        count: K, how many rows there are.
        rows: int64 [C], 0 to K - 1.
        artists: int64 [C].
        weights: float32 [C].
    """

    count: int
    rows: Ints
    artists: Ints
    weights: NDArray[np.float32]

    def gravity(self, by_artist: float) -> NDArray[np.float32]:
        """How strongly a row's unobserved pairs pull to zero beside a listener's, float32 [K].

        It grows with the row's artists: that a tag on three artists is on no others says little.
        """
        return (by_artist * np.bincount(self.rows, minlength=self.count)).astype(np.float32)

    def summed_by_row(self) -> NDArray[np.float64]:
        """What a row's pairs weigh together, float64 [K]."""
        return np.bincount(self.rows, self.weights, self.count).astype(np.float64)

    def summed_by_artist(self, artists: int) -> NDArray[np.float64]:
        """What the pairs of each of M ``artists`` weigh together, float64 [M]."""
        return np.bincount(self.artists, self.weights, artists).astype(np.float64)

    def above(self, other: "SideRows") -> "SideRows":
        """These rows with the ``other`` ones below them."""
        return SideRows(
            count=self.count + other.count,
            rows=np.concatenate((self.rows, self.count + other.rows)),
            artists=np.concatenate((self.artists, other.artists)),
            weights=np.concatenate((self.weights, other.weights)),
        )


def tag_rows(interactions: Interactions, weight: float, min_artists: int = 5) -> SideRows:
    """The tags on at least ``min_artists`` artists, each pair weighing weight * log2(1 + count)."""
    tags, artists, counts = interactions.taggings.counts()
    spread = np.bincount(tags, minlength=interactions.taggings.tag_ids.size)
    kept = (spread[tags] >= min_artists) & (weight > 0)
    return _side_rows(tags[kept], artists[kept], weight * np.log2(1 + counts[kept]))


def tagger_rows(interactions: Interactions, weight: float) -> SideRows:
    """A row for each listener who tagged: the artists they put any tag on, each weighing the same.

    It is apart from the listener's own row, so that folding in needs no tags.
    """
    taggings = interactions.taggings
    known = (taggings.listeners >= 0) & (weight > 0)
    m = interactions.artist_ids.size
    pairs = np.unique(taggings.listeners[known] * m + taggings.artists[known])
    return _side_rows(pairs // m, pairs % m, np.full(pairs.size, weight))


def _side_rows(keys: Ints, artists: Ints, weights: NDArray[np.float64]) -> SideRows:
    _, rows = np.unique(keys, return_inverse=True)
    return SideRows(
        count=int(rows.max(initial=-1)) + 1,
        rows=rows.astype(np.int64),
        artists=artists,
        weights=weights.astype(np.float32),
    )
