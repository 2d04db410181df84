"""EASE, a linear autoencoder (Steck 2019), solved over listeners instead of artists.

With X (N x M, 1 where a listener has an artist) and P = (X'X + lambda I)^-1, EASE scores a row x by
x B, where B = I - P diag(1 / P_jj). By Woodbury's identity P needs only an N x N system::

    K = (X X' + lambda I)^-1,    P = (I - X'K X) / lambda,
    score_j = x_j - (x_j - (x X'K X)_j) / (1 - h_j),    h_j = (X'K X)_jj

so N^2 numbers are held instead of M^2.
"""

# scipy's published stubs are partial here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.baselines import Scorer, listening
from model.dataset import Interactions

Rows = NDArray[np.int64]

# Artists whose h is computed at once; bounds memory to so many numbers a listener.
_BATCH = 1024


def ease(training: Interactions, *, l2: float = 100.0) -> Scorer:
    """Scores of EASE for listeners of the training.

    Args:
        training: what is learnt from, N listeners and M artists.
        l2: lambda, above 0.
    """
    matrix = listening(training).astype(np.float64)
    gramian = np.asarray((matrix @ matrix.T).toarray(), np.float64)
    gramian[np.diag_indices_from(gramian)] += l2
    kernel = np.asarray(np.linalg.inv(gramian), np.float64)
    leverage = _leverage(matrix, kernel)

    def score(rows: Rows) -> NDArray[np.float32]:
        own = np.asarray(matrix[rows].toarray(), np.float64)
        seen = (matrix[rows] @ matrix.T) @ kernel
        smoothed = np.asarray(seen @ matrix, np.float64)
        return (own - (own - smoothed) / (1 - leverage)).astype(np.float32)

    return score


def _leverage(matrix: sparse.csr_array, kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """h, the diagonal of X'K X, float64 [M]; below 1 as long as lambda is above 0."""
    columns = sparse.csr_array(matrix.T)
    parts = [
        np.asarray(part.multiply(part @ kernel).sum(axis=1), np.float64).ravel()
        for start in range(0, columns.shape[0], _BATCH)
        for part in (columns[start : start + _BATCH],)
    ]
    return np.concatenate(parts)
