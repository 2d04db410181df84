"""Alternating least squares: each half-step minimises the objective exactly for one side.

Multiply the loss by |Omega| and fix V. The row u of a listener with the n observed artists
W [n, d], targets a [n] and weights C = diag(c) solves

    (alpha V'HV + lambda I + W'CW) u = W'C a

(Hu, Koren & Volinsky 2008). Two exact rearrangements make this cheap:

- V is rotated into the eigenbasis of alpha V'HV, where the part that all rows share is diagonal:
  D = eigenvalues + lambda, and lambda may differ by row for free. (On the artists' side h belongs
  to the row: D = h eigenvalues + lambda with the eigenvalues of alpha U'HU.)
- Where n <= d the Woodbury identity solves an n x n system instead of a d x d one:
  u = D^-1 W' (C^-1 + W D^-1 W')^-1 a.

Two more save work. The dual variables of the n x n system are the residuals sqrt(c)(a - w.u), so
the observed error comes for free; and since the loss only knows products u.v, nothing is rotated
back: a half-step answers in the eigenbasis and gives the fixed side in it too.

Rows are grouped by n, padded within a group, and a padded entry has C = 0, which changes nothing.
"""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUntypedFunctionDecorator=false
# pyright: reportFunctionMemberAccess=false

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.configuration import Configuration
from model.errors import TrainingError
from model.factors import Floats, Watch
from model.objective import Known, Problem, curve_point, gramian

# Floats gathered at once by one group: 4 MiB, few enough to stay in a processor's cache.
_GROUP_FLOATS = 2**20
# Rows share a group when padding lengthens them by no more than this factor.
_PADDING = 1.15


@dataclass(frozen=True)
class _Group:
    """Rows of similar length, padded to the longest.

    Attributes:
        rows: int64 [b], which rows they are.
        width: n, the length of the longest.
        columns: int32 [b, n], the other side's rows, 0 where padded.
        targets: float32 [b, n], 0 where padded.
        weights: float32 [b, n], 0 where padded.
        l2: float32 [b, 1], lambda.
        gravity: float32 [b, 1], h of each row.
    """

    rows: NDArray[np.int64]
    width: int
    columns: tf.Tensor
    targets: tf.Tensor
    weights: tf.Tensor
    l2: tf.Tensor
    gravity: tf.Tensor


Each = Callable[
    [Callable[[_Group], tuple[tf.Tensor, tf.Tensor]], Iterable[_Group]],
    Iterable[tuple[tf.Tensor, tf.Tensor]],
]


@dataclass(frozen=True)
class Side:
    """One side's rows in groups.

    Attributes:
        groups: together all rows that have observed pairs.
        order: int64 [rows with pairs, 1], the rows in the order of the groups.
        size: how many rows there are, those without pairs included.
        fixed_gravity: float32 [other side's rows], h of the rows that stay fixed.
    """

    groups: tuple[_Group, ...]
    order: tf.Tensor
    size: int
    fixed_gravity: NDArray[np.float32]


class HalfStep(NamedTuple):
    """What minimising one side gives; both sides are in the same basis.

    Attributes:
        solved: float32 [rows, d], the minimiser.
        fixed: float32 [other side's rows, d], the side that stayed.
        known: the squared error that is left, and the Gramian E'HE of the side that stayed.
    """

    solved: tf.Tensor
    fixed: tf.Tensor
    known: Known


def alternate(of: Problem, configuration: Configuration, watch: Watch) -> tuple[Floats, Floats]:
    """Minimise the objective by exact half-steps.

    The last half-step is the listeners', so that a stored listener is what folding in the same
    history gives.

    Args:
        of: the objective; its regularisation must be above 0.
        configuration: dimension, sweeps, initial standard deviation and seed.
        watch: told the loss after each sweep.

    Returns:
        U float32 [R, d], side rows below the listeners, and V float32 [M, d].

    Raises:
        TrainingError: a row's equations cannot be solved in single precision.
    """

    def solve(fixed: tf.Tensor, side: Side) -> HalfStep:
        step = half_step(fixed, side, of.unobserved_weight, each=threads.map)
        if not np.isfinite(float(step.known.error)):
            raise TrainingError(
                "a row's equations are singular in single precision",
                where=configuration.preset,
                mend=f"raise the regularisation, it is {configuration.regularisation:g}",
            )
        return step

    rows, artists = sides(of, configuration.dimension)
    draw = np.random.default_rng(configuration.seed)
    shape = (of.artist_scale.size, configuration.dimension)
    v = tf.constant(draw.normal(0, configuration.initial_sd, shape), tf.float32)
    for traced_once in (_solve_short, _solve_long):
        traced_once.get_concrete_function()  # or the threads would all trace it at the same time
    # The groups are too small for TensorFlow to divide one among the processor's cores.
    with ThreadPoolExecutor() as threads:
        u, v, known = solve(v, rows)
        watch(curve_point(0, u, v, of, known))
        for sweep in range(1, configuration.steps + 1):
            v, u, _ = solve(u, artists)
            u, v, known = solve(v, rows)
            watch(curve_point(sweep, u, v, of, known))
    return u.numpy(), v.numpy()


def sides(of: Problem, dimension: int) -> tuple[Side, Side]:
    """The listeners' side (side rows below) and the artists', for embeddings of length d."""
    rows = _side(
        _Pairs(of.rows, of.artists, of.targets, of.weights),
        l2=of.listener_l2 * of.row_scale,
        gravity=of.row_gravity,
        fixed_gravity=of.gravity_scale,
        dimension=dimension,
    )
    artists = _side(
        _Pairs(of.artists, of.rows, of.targets, of.weights),
        l2=of.artist_l2 * of.artist_scale,
        gravity=of.gravity_scale,
        fixed_gravity=of.row_gravity,
        dimension=dimension,
    )
    return rows, artists


def half_step(
    fixed: tf.Tensor, side: Side, unobserved_weight: float, *, each: Each = map
) -> HalfStep:
    """The exact minimiser of one side while the other, ``fixed`` [other side's rows, d], stays.

    When a row's equations are singular in single precision, the error is not finite.

    Args:
        fixed: float32 [other side's rows, d].
        side: what is solved for.
        unobserved_weight: alpha.
        each: applies a function to each group and keeps their order, like ``map``.
    """
    values, basis = tf.linalg.eigh(tf.cast(gramian(fixed, side.fixed_gravity), tf.float64))
    # Rounding can leave an eigenvalue of a rank-deficient Gramian just below zero.
    values = tf.maximum(values, 0.0)
    shared = tf.cast(values * unobserved_weight, tf.float32)
    rotated = tf.matmul(fixed, tf.cast(basis, tf.float32))
    dimension = basis.numpy().shape[1]

    def solve(group: _Group) -> tuple[tf.Tensor, tf.Tensor]:
        diagonal = group.gravity * shared[None, :] + group.l2
        by = _solve_short if group.width <= dimension else _solve_long
        return by(rotated, diagonal, group.columns, group.targets, group.weights)

    solved, errors = zip(*each(solve, side.groups), strict=True)
    # A row without pairs has the answer zero, which is what a scatter leaves it.
    answers = tf.scatter_nd(side.order, tf.concat(solved, axis=0), (side.size, dimension))
    known = Known(tf.add_n(list(errors)), tf.linalg.diag(tf.cast(values, tf.float32)))
    return HalfStep(answers, rotated, known)


_SIGNATURE = [
    tf.TensorSpec([None, None], tf.float32),
    tf.TensorSpec([None, None], tf.float32),
    tf.TensorSpec([None, None], tf.int32),
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
) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows with n <= d by Woodbury: [b, d] from an n x n system each, and their squared error."""
    # The weights go to the n x n system I + sqrt(C) W D^-1 W' sqrt(C), which is smaller than W.
    root = tf.sqrt(weights)
    scale = tf.math.rsqrt(diagonal)
    halved = tf.gather(rotated, columns) * scale[:, None, :]
    system = tf.matmul(halved, halved, transpose_b=True)
    system *= root[:, :, None] * root[:, None, :]
    system = tf.linalg.set_diag(system, tf.linalg.diag_part(system) + 1.0)
    residual = tf.linalg.cholesky_solve(tf.linalg.cholesky(system), (root * targets)[:, :, None])
    solved = tf.matmul(halved, root[:, :, None] * residual, transpose_a=True)[:, :, 0] * scale
    return solved, tf.reduce_sum(tf.square(residual))


@tf.function(input_signature=_SIGNATURE)
def _solve_long(
    rotated: tf.Tensor,
    diagonal: tf.Tensor,
    columns: tf.Tensor,
    targets: tf.Tensor,
    weights: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows with n > d directly: [b, d] from a d x d system each, and their squared error."""
    root = tf.sqrt(weights)
    weighted = tf.gather(rotated, columns) * root[:, :, None]
    wanted = (root * targets)[:, :, None]
    system = tf.matmul(weighted, weighted, transpose_a=True)
    system = tf.linalg.set_diag(system, tf.linalg.diag_part(system) + diagonal)
    solved = tf.linalg.cholesky_solve(
        tf.linalg.cholesky(system), tf.matmul(weighted, wanted, transpose_a=True)
    )
    residual = wanted - tf.matmul(weighted, solved)
    return solved[:, :, 0], tf.reduce_sum(tf.square(residual))


class _Pairs(NamedTuple):
    """The observed pairs seen from one side; each array [P]."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


def _side(
    pairs: _Pairs,
    *,
    l2: NDArray[np.float32],
    gravity: NDArray[np.float32],
    fixed_gravity: NDArray[np.float32],
    dimension: int,
) -> Side:
    """One side with its rows that have pairs grouped by how many they have."""
    order = np.argsort(pairs.rows, kind="stable")
    columns = pairs.columns[order].astype(np.int32)
    targets, weights = pairs.targets[order], pairs.weights[order]
    counts = np.bincount(pairs.rows)
    starts = np.cumsum(counts) - counts
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
        at = np.where(inside, starts[members][:, None] + np.arange(width), 0)
        groups.append(
            _Group(
                rows=members,
                width=width,
                columns=tf.constant(np.where(inside, columns[at], 0)),
                targets=tf.constant(np.where(inside, targets[at], 0)),
                weights=tf.constant(np.where(inside, weights[at], 0)),
                l2=tf.constant(l2[members][:, None]),
                gravity=tf.constant(gravity[members][:, None]),
            )
        )
        first = last
    return Side(tuple(groups), tf.constant(by_length[:, None]), l2.size, fixed_gravity)


def _group_end(lengths: NDArray[np.int64], first: int, dimension: int) -> int:
    """Where the group that begins at ``first`` ends, in lengths sorted ascending."""
    widest = int(lengths[first] * _PADDING)
    if lengths[first] <= dimension:
        widest = min(widest, dimension)
    end = int(np.searchsorted(lengths, widest, side="right"))
    room = max(1, _GROUP_FLOATS // (widest * dimension))
    return min(end, first + room)
