"""A map of the artists: where each one lies, so that artists of one taste lie together.

t-SNE (van der Maaten & Hinton 2008, "Visualizing Data using t-SNE") places the artists that enough
listeners know; it takes seconds for thousands and minutes for all. Every other artist goes where
its nearest placed neighbours are.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from model.errors import TrainingError

Floats = NDArray[np.float64]

PLACED_FROM = 5
"""Artists with this many listeners are placed by t-SNE."""

# Chosen by looking at maps of the Last.fm data: perplexities from 15 to 50 show the same regions,
# and so do 1,200 iterations for twice the time.
_PERPLEXITY = 30.0
_ITERATIONS = 500
# Fewer different directions have no neighbourhoods that t-SNE could keep.
_FEWEST = 10
_NEIGHBOURS = 10
# The power of the cosine that weighs a neighbour: the mean over neighbours of several regions would
# lie between them, where none of them is.
_SHARPNESS = 4
_CHUNK = 4096


def map_positions(
    embeddings: NDArray[np.float32], listeners: NDArray[np.int64], *, seed: int
) -> NDArray[np.float32]:
    """Where each artist is on the map; equal input gives an equal map on one machine.

    Artists with ``PLACED_FROM`` listeners or more are placed by t-SNE on the cosine between their
    embeddings; the others at the mean of their nearest placed neighbours, weighted by cosine to
    the fourth power. An artist that has no neighbour with a positive cosine (a zero embedding has
    none) lies at the mean of all placed ones. Where fewer than ten different directions could be
    placed, the map is the first two principal components of all directions, and an axis along which
    they do not differ is 0.

    Args:
        embeddings: float32 [M, d].
        listeners: int64 [M], how many played each artist.
        seed: of whatever t-SNE draws. Its start comes from the data, so this release of
            scikit-learn draws nothing and the map is the same with every seed.

    Returns:
        float32 [M, 2], all within [-1, 1], both axes on one scale.

    Raises:
        TrainingError: an embedding is not finite.
    """
    if not np.isfinite(embeddings).all():
        raise TrainingError(
            "artist embeddings are not finite numbers", mend="train with more regularisation"
        )
    directions = _directions(embeddings)
    placed = (listeners >= PLACED_FROM) & directions.any(axis=1)
    # Rounded, because copies of one embedding may differ in their last digit.
    if np.unique(directions[placed].round(6), axis=0).shape[0] < _FEWEST:
        return _within_unit_square(_principal(directions))
    positions = np.empty((placed.size, 2))
    positions[placed] = _embedded(directions[placed], seed)
    positions[~placed] = _between(directions[~placed], directions[placed], positions[placed])
    return _within_unit_square(positions)


def _directions(embeddings: NDArray[np.float32]) -> Floats:
    """The embeddings at length 1; zero stays zero."""
    # The squares of float32 numbers, however large or small, are ordinary ones in float64.
    rows = embeddings.astype(np.float64)
    return rows / _or_one(np.linalg.norm(rows, axis=1, keepdims=True))


def _or_one(sizes: Floats) -> Floats:
    """Sizes to divide by: a size of 0 is the size of a zero row, which stays as it is."""
    return np.where(sizes > 0, sizes, 1.0)


def _principal(rows: Floats) -> Floats:
    """[R, 2]: the scores of the first two principal components, signs fixed; 0 where missing."""
    scores = np.zeros((rows.shape[0], 2))
    if not rows.size:
        return scores
    centred = rows - rows.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred)
    # What rounding leaves of a constant is no difference.
    kept = values[::-1][:2] > 1e-12 * rows.shape[0]
    chosen = axes[:, ::-1][:, :2][:, kept]
    # An axis is known up to its sign; the largest loading is made positive.
    signs = np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(chosen.shape[1])])
    scores[:, : chosen.shape[1]] = centred @ (chosen * signs)
    return scores


def _embedded(directions: Floats, seed: int) -> Floats:
    """t-SNE of unit rows, [R, d] to [R, 2]."""
    # Imported late: scikit-learn takes a second, and small data does without it. It requires
    # threadpoolctl, so that is there too.
    from sklearn.manifold import TSNE  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
    from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

    # Started from the principal components, so that far regions lie as they do in the data; the
    # usual size of the start, 0.0001, lets them unfold.
    start = _principal(directions)
    start *= 1e-4 / start[:, 0].std()
    tsne = TSNE(
        perplexity=min(_PERPLEXITY, (directions.shape[0] - 1) / 3),
        max_iter=_ITERATIONS,
        init=start.astype(np.float32),
        random_state=seed,
        # On unit rows the squared distance is 2 - 2 cosine, and it is far cheaper than the cosine.
        metric="euclidean",
    )
    # On one thread: threads that wait for each other at every iteration took three times the
    # processor time and no less of the clock, and sums would depend on their number.
    with threadpool_limits(1):
        found = cast(
            "NDArray[np.float32]",
            tsne.fit_transform(directions.astype(np.float32)),  # pyright: ignore[reportUnknownMemberType]
        )
    return found.astype(np.float64)


def _between(rows: Floats, placed: Floats, positions: Floats) -> Floats:
    """Where rows [R, d] belong among placed ones [A, d] at positions [A, 2]."""
    found = np.empty((rows.shape[0], 2))
    k = min(_NEIGHBOURS, placed.shape[0])
    for begin in range(0, rows.shape[0], _CHUNK):
        cosines = rows[begin : begin + _CHUNK] @ placed.T
        nearest = np.argpartition(cosines, -k, axis=1)[:, -k:]
        # Relative to the nearest one, so that a faint likeness to the fourth power does not vanish.
        likeness = np.maximum(np.take_along_axis(cosines, nearest, axis=1), 0)
        weights = (likeness / _or_one(likeness.max(axis=1, keepdims=True))) ** _SHARPNESS
        total = weights.sum(axis=1, keepdims=True)
        mean = (weights[:, :, None] * positions[nearest]).sum(axis=1) / _or_one(total)
        found[begin : begin + _CHUNK] = np.where(total > 0, mean, positions.mean(axis=0))
    return found


def _within_unit_square(positions: Floats) -> NDArray[np.float32]:
    """Moved and scaled so that the longer side of the map reaches from -1 to 1."""
    if not positions.size:
        return positions.astype(np.float32)
    low, high = positions.min(axis=0), positions.max(axis=0)
    half = float((high - low).max()) / 2
    scaled = (positions - (low + high) / 2) / (half or 1.0)
    return np.clip(scaled, -1, 1).astype(np.float32)
