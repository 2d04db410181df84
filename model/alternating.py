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
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from model.configuration import Configuration
from model.errors import TrainingError
from model.factors import Floats, Watch
from model.grouping import Group, Side, sides
from model.objective import Known, Problem, curve_point, gramian
from model.spectral_start import spectral_start

Each = Callable[
    [Callable[[Group], tuple[tf.Tensor, tf.Tensor]], Iterable[Group]],
    Iterable[tuple[tf.Tensor, tf.Tensor]],
]


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
        watch: told the loss at the start and after each sweep.

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

    # The groups are too small for TensorFlow to divide one among the processor's cores.
    with ThreadPoolExecutor() as threads:
        # Traced now, or all the threads would trace it at the same time.
        ways = (_solve_single, _solve_short, _solve_long)
        traced = [threads.submit(_traced, way) for way in ways]
        rows, artists = sides(of, configuration.dimension)
        start = spectral_start(
            of, configuration.dimension, sd=configuration.initial_sd, seed=configuration.seed
        )
        v = tf.constant(start)
        wait(traced)
        u, v, known = solve(v, rows)
        watch(curve_point(0, u, v, of, known))
        for sweep in range(1, configuration.steps + 1):
            v, u, _ = solve(u, artists)
            u, v, known = solve(v, rows)
            watch(curve_point(sweep, u, v, of, known))
    return u.numpy(), v.numpy()


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

    def solve(group: Group) -> tuple[tf.Tensor, tf.Tensor]:
        by = _traced(_way(group.width, dimension))
        return by(rotated, shared, group.columns, group.root, group.wanted, group.l2, group.gravity)

    solved, errors = zip(*each(solve, side.groups), strict=True)
    without_pairs = tf.zeros((1, dimension))
    answers = tf.gather(tf.concat((*solved, without_pairs), axis=0), side.places)
    known = Known(tf.add_n(list(errors)), tf.linalg.diag(tf.cast(values, tf.float32)))
    return HalfStep(answers, rotated, known)


def _way(width: int, dimension: int) -> Any:
    if width == 1:
        return _solve_single
    return _solve_short if width <= dimension else _solve_long


@cache
def _traced(way: Any) -> Any:
    """The graph itself: to choose one by the arguments takes as long as to run a small one."""
    return way.get_concrete_function()


# By position and flat: with a structure of tensors a call takes several times as long.
_SIGNATURE = [
    tf.TensorSpec([None, None], tf.float32, "rotated"),
    tf.TensorSpec([None], tf.float32, "shared"),
    tf.TensorSpec([None, None], tf.int32, "columns"),
    tf.TensorSpec([None, None], tf.float32, "root"),
    tf.TensorSpec([None, None], tf.float32, "wanted"),
    tf.TensorSpec([None, 1], tf.float32, "l2"),
    tf.TensorSpec([None, 1], tf.float32, "gravity"),
]


@tf.function(input_signature=_SIGNATURE)
def _solve_single(  # noqa: PLR0917
    rotated: tf.Tensor,
    shared: tf.Tensor,
    columns: tf.Tensor,
    root: tf.Tensor,
    wanted: tf.Tensor,
    l2: tf.Tensor,
    gravity: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows with n = 1, where Woodbury's system is a number: [b, d], and their squared error."""
    scale = tf.math.rsqrt(gravity * shared + l2)
    halved = tf.gather(rotated, columns[:, 0]) * scale
    system = 1 + tf.square(root) * tf.reduce_sum(tf.square(halved), axis=1, keepdims=True)
    residual = wanted / system
    return halved * scale * (root * residual), tf.reduce_sum(tf.square(residual))


@tf.function(input_signature=_SIGNATURE)
def _solve_short(  # noqa: PLR0917
    rotated: tf.Tensor,
    shared: tf.Tensor,
    columns: tf.Tensor,
    root: tf.Tensor,
    wanted: tf.Tensor,
    l2: tf.Tensor,
    gravity: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows with n <= d by Woodbury: [b, d] from an n x n system each, and their squared error."""
    # The weights go to the n x n system I + sqrt(C) W D^-1 W' sqrt(C), which is smaller than W.
    scale = tf.math.rsqrt(gravity * shared + l2)
    halved = tf.gather(rotated, columns) * scale[:, None, :]
    system = tf.matmul(halved, halved, transpose_b=True)
    system *= root[:, :, None] * root[:, None, :]
    system += tf.eye(tf.shape(columns)[1])
    residual = tf.linalg.cholesky_solve(tf.linalg.cholesky(system), wanted[:, :, None])
    # A row vector times a matrix; a matrix times a column vector takes twice as long.
    dual = tf.transpose(residual, (0, 2, 1)) * root[:, None, :]
    return tf.matmul(dual, halved)[:, 0, :] * scale, tf.reduce_sum(tf.square(residual))


@tf.function(input_signature=_SIGNATURE)
def _solve_long(  # noqa: PLR0917
    rotated: tf.Tensor,
    shared: tf.Tensor,
    columns: tf.Tensor,
    root: tf.Tensor,
    wanted: tf.Tensor,
    l2: tf.Tensor,
    gravity: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows with n > d directly: [b, d] from a d x d system each, and their squared error."""
    weighted = tf.gather(rotated, columns) * root[:, :, None]
    wanted = wanted[:, :, None]
    system = tf.matmul(weighted, weighted, transpose_a=True)
    diagonal = tf.linalg.diag_part(system) + gravity * shared + l2
    system = tf.linalg.set_diag(system, diagonal)
    solved = tf.linalg.cholesky_solve(
        tf.linalg.cholesky(system), tf.matmul(weighted, wanted, transpose_a=True)
    )
    residual = wanted - tf.matmul(weighted, solved)
    return solved[:, :, 0], tf.reduce_sum(tf.square(residual))
