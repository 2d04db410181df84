"""Where alternating least squares starts: at the strongest common patterns of the pairs.

The first sweeps from a random start do nothing but find the leading singular vectors of the pairs,
which sparse products find far cheaper (randomised subspace iteration, Halko, Martinsson & Tropp
2011, algorithm 4.4). The matrix of the weights c_ij is first divided by (row sum)^1/4 and
(column sum)^1/4, half of the way to the symmetric normalisation of a graph, so that neither
eager rows nor famous artists fill the leading directions.

A training that starts here and stops after few sweeps ranks better than one that goes on to the
minimum: what the sweeps add first is what many pairs agree on.
"""

# SciPy's published stubs leave the kind of a sparse product open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.factors import Floats
from model.objective import Problem

ITERATIONS = 3
_NORMALISATION = -0.25
# What is drawn at random beside what was found must not drown it.
_FAINT = 0.01
# A squared length this much below the largest is rounding.
_NOTHING = 1e-6


def spectral_start(of: Problem, dimension: int, sd: float, seed: int) -> Floats:
    """The artists' embeddings to start from, float32 [M, d].

    Directions beyond the rank of the pairs are drawn at random, or no sweep could ever use them.

    Args:
        of: whose pairs they are.
        dimension: d.
        sd: the standard deviation of the embeddings about zero.
        seed: of the random draws.
    """
    shape = of.row_scale.size, of.artist_scale.size
    draw = np.random.default_rng(seed)
    by_row = _normalising(np.bincount(of.rows, of.weights, shape[0]))
    by_artist = _normalising(np.bincount(of.artists, of.weights, shape[1]))
    ends = np.concatenate(([0], np.cumsum(np.bincount(of.rows, minlength=shape[0]))))
    normalised = of.weights * by_row[of.rows] * by_artist[of.artists]
    pairs = sparse.csr_array((normalised, of.artists, ends), shape=shape)
    v = np.asarray(pairs.T @ draw.standard_normal((shape[0], dimension), np.float32), np.float32)
    for _ in range(ITERATIONS):
        v = np.asarray(pairs.T @ _orthonormal(np.asarray(pairs @ v, np.float32)), np.float32)
    return _filled(v, dimension, sd, draw)


def _normalising(sums: NDArray[np.number]) -> Floats:
    """sums^-1/4, 0 for a row or artist without pairs: float32 [rows]."""
    powers = np.zeros(sums.size)
    np.power(sums, _NORMALISATION, out=powers, where=sums > 0)
    return powers.astype(np.float32)


def _orthonormal(u: Floats) -> Floats:
    """Orthonormal columns that span those of ``u`` [R, d], as many as its rank: [R, at most d].

    From the eigenvectors of U'U, which is far faster than a QR decomposition of U and precise
    enough for an iteration that corrects itself.
    """
    values, vectors = np.linalg.eigh((u.T @ u).astype(np.float64))
    kept = values > _NOTHING * values[-1]
    return u @ (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)


def _filled(found: Floats, dimension: int, sd: float, draw: np.random.Generator) -> Floats:
    """``found`` [M, at most d] with the wanted deviation, and faint random columns up to [M, d]."""
    shape = found.shape[0], dimension - found.shape[1]
    start = _FAINT * sd * draw.standard_normal(shape, np.float32)
    size = np.sqrt(np.mean(np.square(found))) if found.size else 1.0
    return np.concatenate((found * np.float32(sd / size), start), axis=1)
