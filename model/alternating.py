"""Alternating least squares: each half-step minimises the objective exactly for one side.

Multiply the loss by |Omega| and fix V. The row u of a listener with the n observed artists
W [n, d], targets a [n] and weights C = diag(c) solves

    (alpha V'HV + lambda I + W'CW) u = W'C a

(Hu, Koren & Volinsky 2008). Two exact rearrangements make this cheap:

- V is rotated into the eigenbasis of alpha V'HV, where the part that all rows share is diagonal:
  D = eigenvalues + lambda, and lambda may differ by row for free. (On the artists' side h belongs
  to the row: D = h eigenvalues + lambda with the eigenvalues of alpha U'U.)
- Where n <= d the Woodbury identity solves an n x n system instead of a d x d one:
  u = D^-1 W' (C^-1 + W D^-1 W')^-1 a.

Rows are grouped by n, padded within a group, and a padded entry has W = 0, which changes nothing.
"""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUntypedFunctionDecorator=false

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.configuration import Configuration
from model.errors import TrainingError
from model.factors import Floats, Watch
from model.objective import Problem, curve_point

# Floats gathered at once by one group; bounds the memory of a half-step (here 64 MiB).
_GROUP_FLOATS = 2**24
# Rows share a group when padding lengthens them by no more than this factor.
_PADDING = 1.15


@dataclass(frozen=True)
class _Group:
    """Rows of similar length, padded to the longest.

    Attributes:
        rows: int64 [b], which rows they are.
        width: n, the length of the longest.
        columns: int64 [b, n], the other side's rows, 0 where padded.
        targets: float32 [b, n], 0 where padded.
        weights: float32 [b, n], 0 where padded.
    """

    rows: NDArray[np.int64]
    width: int
    columns: tf.Tensor
    targets: tf.Tensor
    weights: tf.Tensor


@dataclass(frozen=True)
class Side:
    """One side's rows in groups.

    Attributes:
        groups: together all rows that have observed pairs.
        l2: float32 [rows], lambda.
        gravity: float32 [rows], h of each row.
        fixed_gravity: float32 [other side's rows], h of the rows that stay fixed.
    """

    groups: tuple[_Group, ...]
    l2: NDArray[np.float32]
    gravity: NDArray[np.float32]
    fixed_gravity: NDArray[np.float32]


def alternate(of: Problem, configuration: Configuration, watch: Watch) -> tuple[Floats, Floats]:
    """Minimise the objective by exact half-steps.

    The last half-step is the listeners', so that a stored listener is what folding in the same
    history gives.

    Args:
        of: the objective; its regularisation must be above 0.
        configuration: dimension, sweeps, initial standard deviation and seed.
        watch: told the loss after each sweep.

    Returns:
        U float32 [R, d], tags below the listeners, and V float32 [M, d].

    Raises:
        TrainingError: a row's equations cannot be solved in single precision.
    """

    def solve(fixed: tf.Tensor, side: Side) -> tf.Tensor:
        solved = half_step(fixed, side, of.unobserved_weight)
        if not bool(tf.reduce_all(tf.math.is_finite(solved))):
            raise TrainingError(
                "a row's equations are singular in single precision",
                where=configuration.preset,
                mend=f"raise the regularisation, it is {configuration.regularisation:g}",
            )
        return solved

    rows, artists = sides(of, configuration.dimension)
    draw = np.random.default_rng(configuration.seed)
    shape = (of.artist_scale.size, configuration.dimension)
    v = tf.constant(draw.normal(0, configuration.initial_sd, shape), tf.float32)
    u = solve(v, rows)
    watch(curve_point(0, u, v, of))
    for sweep in range(1, configuration.steps + 1):
        v = solve(u, artists)
        u = solve(v, rows)
        watch(curve_point(sweep, u, v, of))
    return u.numpy(), v.numpy()


def sides(of: Problem, dimension: int) -> tuple[Side, Side]:
    """The listeners' side (tags below) and the artists', for embeddings of length d."""
    ones = np.ones(of.row_scale.size, np.float32)
    rows = Side(
        _groups(of, of.rows, of.artists, dimension),
        of.listener_l2 * of.row_scale,
        gravity=ones,
        fixed_gravity=of.gravity_scale,
    )
    artists = Side(
        _groups(of, of.artists, of.rows, dimension),
        of.artist_l2 * of.artist_scale,
        gravity=of.gravity_scale,
        fixed_gravity=ones,
    )
    return rows, artists


def half_step(fixed: tf.Tensor, side: Side, unobserved_weight: float) -> tf.Tensor:
    """The exact minimiser of one side, [rows, d], while the other, ``fixed``, stays.

    A row whose equations are singular in single precision comes out as NaN.
    """
    pulled = fixed * tf.constant(side.fixed_gravity)[:, None]
    gramian = tf.matmul(fixed, pulled, transpose_a=True)
    eigenvalues, basis = tf.linalg.eigh(tf.cast(gramian, tf.float64) * unobserved_weight)
    # Rounding can leave an eigenvalue of a rank-deficient Gramian just below zero.
    shared = tf.cast(tf.maximum(eigenvalues, 0.0), tf.float32)
    basis = tf.cast(basis, tf.float32)
    rotated = tf.matmul(fixed, basis)
    dimension = basis.numpy().shape[1]
    solved: list[tf.Tensor] = []
    for group in side.groups:
        own_gravity = tf.constant(side.gravity[group.rows])[:, None]
        diagonal = own_gravity * shared[None, :] + tf.constant(side.l2[group.rows])[:, None]
        solve = _solve_short if group.width <= dimension else _solve_long
        solved.append(solve(rotated, diagonal, group.columns, group.targets, group.weights))
    # A row without pairs has the answer zero, which is what a scatter leaves it.
    order = tf.constant(np.concatenate([group.rows for group in side.groups])[:, None])
    unordered = tf.matmul(tf.concat(solved, axis=0), basis, transpose_b=True)
    return tf.scatter_nd(order, unordered, (side.l2.size, dimension))


_SIGNATURE = [
    tf.TensorSpec([None, None], tf.float32),
    tf.TensorSpec([None, None], tf.float32),
    tf.TensorSpec([None, None], tf.int64),
    tf.TensorSpec([None, None], tf.float32),
    tf.TensorSpec([None, None], tf.float32),
]


@tf.function(input_signature=_SIGNATURE)
def _solve_short(
    rotated: tf.Tensor,
    diagonal: tf.Tensor,
    columns: tf.Tensor,
    targets: tf.Tensor,
    weights: tf.Tensor,
) -> tf.Tensor:
    """Rows with n <= d by Woodbury: [b, d] from an n x n system each."""
    # With R = sqrt(C) W the system is I + R D^-1 R', and a padded row of R is zero.
    root = tf.sqrt(weights)
    scaled = tf.gather(rotated, columns) * root[:, :, None]
    halved = scaled * tf.math.rsqrt(diagonal)[:, None, :]
    system = tf.matmul(halved, halved, transpose_b=True)
    system = tf.linalg.set_diag(system, tf.linalg.diag_part(system) + 1.0)
    factor = tf.linalg.cholesky(system)
    dual = tf.linalg.cholesky_solve(factor, (root * targets)[:, :, None])
    return tf.matmul(scaled, dual, transpose_a=True)[:, :, 0] / diagonal


@tf.function(input_signature=_SIGNATURE)
def _solve_long(
    rotated: tf.Tensor,
    diagonal: tf.Tensor,
    columns: tf.Tensor,
    targets: tf.Tensor,
    weights: tf.Tensor,
) -> tf.Tensor:
    """Rows with n > d directly: [b, d] from a d x d system each."""
    gathered = tf.gather(rotated, columns)
    weighted = gathered * weights[:, :, None]
    system = tf.matmul(gathered, weighted, transpose_a=True)
    system = tf.linalg.set_diag(system, tf.linalg.diag_part(system) + diagonal)
    wanted = tf.matmul(weighted, targets[:, :, None], transpose_a=True)
    return tf.linalg.cholesky_solve(tf.linalg.cholesky(system), wanted)[:, :, 0]


def _groups(
    of: Problem, rows: NDArray[np.int64], columns: NDArray[np.int64], dimension: int
) -> tuple[_Group, ...]:
    """One side's rows that have pairs, grouped by their number of pairs."""
    by_row = np.argsort(rows, kind="stable")
    counts = np.bincount(rows)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    by_length = np.argsort(counts, kind="stable")
    by_length = by_length[counts[by_length] > 0]
    lengths = counts[by_length]
    groups: list[_Group] = []
    first = 0
    while first < by_length.size:
        last = _group_end(lengths, first, dimension)
        members = by_length[first:last]
        width = int(lengths[last - 1])
        inside = np.arange(width) < counts[members][:, None]
        pairs = by_row[np.where(inside, starts[members][:, None] + np.arange(width), 0)]
        groups.append(
            _Group(
                rows=members,
                width=width,
                columns=tf.constant(np.where(inside, columns[pairs], 0)),
                targets=tf.constant(np.where(inside, of.targets[pairs], 0), tf.float32),
                weights=tf.constant(np.where(inside, of.weights[pairs], 0), tf.float32),
            )
        )
        first = last
    return tuple(groups)


def _group_end(lengths: NDArray[np.int64], first: int, dimension: int) -> int:
    """Where the group that begins at ``first`` ends, in lengths sorted ascending."""
    widest = int(lengths[first] * _PADDING)
    if lengths[first] <= dimension:
        widest = min(widest, dimension)
    end = int(np.searchsorted(lengths, widest, side="right"))
    room = max(1, _GROUP_FLOATS // (widest * dimension))
    return min(end, first + room)
