"""What a model must beat to be worth its training: popularity and item-kNN.

EASE, the third, has its own module, ``model.ease``.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.dataset import Interactions

Scorer = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""Listener rows int64 [B] -> a score for every artist, float32 [B, M]; higher is better."""


def popularity(training: Interactions) -> Scorer:
    """Every listener gets the artists that most listeners have."""
    listeners = training.listeners_per_artist().astype(np.float32)
    return lambda rows: np.tile(listeners, (rows.size, 1))


def item_knn(training: Interactions, *, neighbours: int = 1000, shrinkage: float = 2.0) -> Scorer:
    """Artists close to those the listener has: the sum of shrunk cosines of co-listening.

    sim(i, j) = |listeners of both| / (sqrt(|of i| |of j|) + shrinkage), each artist keeping its
    nearest ``neighbours`` (Deshpande & Karypis 2004; shrinkage as in Bell & Koren 2007).
    """
    matrix = listening(training)
    similar = shrunk_cosines(training, neighbours=neighbours, shrinkage=shrinkage)
    return lambda rows: (matrix[rows] @ similar).toarray()


def shrunk_cosines(
    training: Interactions, *, neighbours: int = 1000, shrinkage: float = 2.0
) -> sparse.csr_array:
    """What item-kNN knows: each artist's nearest ``neighbours``, float32 [M, M], 0 for itself."""
    matrix = listening(training)
    together = sparse.csr_array(matrix.T @ matrix)
    together.setdiag(0)
    together.eliminate_zeros()
    count = training.listeners_per_artist().astype(np.float32)
    row = np.repeat(np.arange(count.size), np.diff(together.indptr))
    together.data /= np.sqrt(count[row] * count[together.indices]) + shrinkage
    return _keep_nearest(together, row, neighbours)


def listening(training: Interactions) -> sparse.csr_array:
    """Who plays whom: float32 [N, M], 1 for each pair."""
    pairs = (np.ones(training.plays.size, np.float32), (training.listeners, training.artists))
    return sparse.csr_array(pairs, shape=training.shape)


def _keep_nearest(
    similar: sparse.csr_array, row: NDArray[np.int64], neighbours: int
) -> sparse.csr_array:
    """The same matrix with only the largest ``neighbours`` entries of each row."""
    order = np.lexsort((-similar.data, row))
    rank = np.arange(row.size) - similar.indptr[row]
    kept = order[rank < neighbours]
    entries = (similar.data[kept], (row[kept], similar.indices[kept]))
    return sparse.csr_array(entries, shape=similar.shape)
