"""The loss that both solvers minimise, written once.

For N listeners with embeddings U [N, d], M artists with embeddings V [M, d] and observed pairs
Omega with targets a_ij and weights c_ij::

    loss = 1/|Omega| sum_Omega c_ij (a_ij - u_i.v_j)^2                       observed error
         + r (sum_i s_i |u_i|^2 / N + sum_j s_j |v_j|^2 / M)                 regularisation
         + g/(NM) sum_i sum_j h_i h_j (u_i.v_j)^2                            gravity

The regularisation and gravity terms are those of Google's recommendation systems course; with
binary targets the whole is the implicit-feedback objective of Hu, Koren & Volinsky (2008) in the
parametrisation of Rendle et al. (2021, "Revisiting the Performance of iALS"), whose frequency
scaling s is adopted too. c, s and h are all 1 in the plain objective.

Tags take part as further rows below the listeners: row N + k is tag k, its pairs are the artists
it is put on, with target 1; below the tags stands, for each listener who tagged, what they put tags
on. Every sum then runs over these rows too, while |Omega| and N go on counting listeners and their
pairs, so that the coefficients keep their meaning. h_i is 1 for a listener.
"""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.configuration import Configuration
from model.dataset import Interactions
from model.factors import CurvePoint
from model.weighting import (
    SideRows,
    Target,
    gravity_scale,
    play_weights,
    tag_rows,
    tagger_rows,
    targets,
)

Indices = NDArray[np.int32] | NDArray[np.int64]
_Number = TypeVar("_Number", np.int32, np.float32)


class Losses(NamedTuple):
    """The three terms of the loss, each already multiplied by its coefficient."""

    observed: tf.Tensor
    regularisation: tf.Tensor
    gravity: tf.Tensor


@dataclass(frozen=True)
class Problem:
    """Everything in the objective that does not change while it is minimised.

    Attributes:
        interactions: the listeners' observed pairs, |Omega| of them.
        rows: int32 [P], the listener or side row of each pair, below R = N + K; ascending.
        artists: int32 [P].
        targets: float32 [P], a_ij.
        weights: float32 [P], c_ij.
        row_scale: float32 [R], s_i.
        artist_scale: float32 [M], s_j.
        row_gravity: float32 [R], h_i.
        gravity_scale: float32 [M], h_j.
        regularisation: r.
        gravity: g.
        target: what the plays were turned into.
        held_out: pairs whose error is reported but never learnt from.
    """

    interactions: Interactions
    rows: NDArray[np.int32]
    artists: NDArray[np.int32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    row_scale: NDArray[np.float32]
    artist_scale: NDArray[np.float32]
    row_gravity: NDArray[np.float32]
    gravity_scale: NDArray[np.float32]
    regularisation: float
    gravity: float
    target: Target
    held_out: Interactions | None = None

    @property
    def unobserved_weight(self) -> float:
        """alpha = g|Omega|/(NM): what gravity weighs against one observed pair."""
        n, m = self.interactions.shape
        return self.gravity * self.interactions.plays.size / (n * m)

    @property
    def listener_l2(self) -> float:
        """The L2 weight of a listener with s = 1 once the loss is multiplied by |Omega|."""
        return self.regularisation * self.interactions.plays.size / self.interactions.shape[0]

    @property
    def artist_l2(self) -> float:
        """The L2 weight of an artist with s = 1 once the loss is multiplied by |Omega|."""
        return self.regularisation * self.interactions.plays.size / self.interactions.shape[1]


def problem(
    interactions: Interactions, configuration: Configuration, held_out: Interactions | None = None
) -> Problem:
    """The objective for these interactions and this configuration."""
    n, m = interactions.shape
    regularisation, gravity = coefficients(interactions, configuration)
    side = side_rows(interactions, configuration)
    alpha = gravity * interactions.plays.size / (n * m)
    row_gravity = np.concatenate((np.ones(n, np.float32), side.gravity(configuration.side_gravity)))
    pull = alpha * float(row_gravity.sum(dtype=np.float64))
    # A side row's pair counts in a frequency as much as it weighs; a listener's counts 1 whatever
    # its weight, so that folding in needs no play counts.
    by_row = (interactions.artists_per_listener(), side.summed_by_row())
    by_artist = interactions.listeners_per_artist() + side.summed_by_artist(m)
    scale = partial(frequency_scale, exponent=configuration.frequency_exponent)
    return Problem(
        interactions=interactions,
        rows=_above(interactions.listeners.astype(np.int32), n + side.rows),
        artists=_above(interactions.artists.astype(np.int32), side.artists),
        targets=_above(targets(interactions, configuration.target), np.ones_like(side.weights)),
        weights=_above(play_weights(interactions, configuration.plays_exponent), side.weights),
        row_scale=scale(np.concatenate(by_row), alpha * m * row_gravity),
        artist_scale=scale(by_artist, pull),
        row_gravity=row_gravity,
        gravity_scale=gravity_scale(interactions, configuration.gravity_exponent),
        regularisation=regularisation,
        gravity=gravity,
        target=configuration.target,
        held_out=held_out,
    )


def _above(of_pairs: NDArray[_Number], of_side: NDArray[Any]) -> NDArray[_Number]:
    """The pairs' numbers with those of the side rows behind them; no copy when there are none."""
    if not of_side.size:
        return of_pairs
    return np.concatenate((of_pairs, of_side.astype(of_pairs.dtype)))


def coefficients(interactions: Interactions, configuration: Configuration) -> tuple[float, float]:
    """r and g of the loss; ``Configuration.per_pair`` gives lambda and alpha instead.

    alpha = g|Omega|/(NM) and lambda = r|Omega|/sqrt(NM), for the loss only depends on the product
    of the two sides' L2 weights.
    """
    r, g = configuration.regularisation, configuration.gravity
    if not configuration.per_pair:
        return r, g
    pairs, size = max(interactions.plays.size, 1), math.prod(interactions.shape)
    return r * math.sqrt(size) / pairs, g * size / pairs


def side_rows(interactions: Interactions, configuration: Configuration) -> SideRows:
    """The rows that take part beside the listeners: tags, then taggers."""
    tags = tag_rows(interactions, configuration.tag_weight)
    return tags.above(tagger_rows(interactions, configuration.tagger_weight))


def frequency_scale(
    counts: NDArray[np.floating | np.integer],
    unobserved: float | NDArray[np.floating],
    exponent: float,
) -> NDArray[np.float32]:
    """s = (n + unobserved)^exponent, float32 [rows] (Rendle et al. 2021, eq. 5).

    Args:
        counts: float [rows], observed pairs of each row, or their summed weight.
        unobserved: summed weight of a row's pairs under gravity, alpha h M or alpha sum h.
        exponent: nu; 0 gives plain regularisation.
    """
    return np.power(counts + unobserved, exponent).astype(np.float32)


def pair_products(u: tf.Tensor, v: tf.Tensor, rows: Indices, columns: Indices) -> tf.Tensor:
    """u_i.v_j for each pair: U [N, d], V [M, d], rows and columns int [P] -> float [P]."""
    return tf.reduce_sum(tf.gather(u, rows) * tf.gather(v, columns), axis=1)


def gramian(side: tf.Tensor, gravity: NDArray[np.float32]) -> tf.Tensor:
    """E'HE, [d, d], for embeddings E [rows, d] and H = diag(gravity)."""
    # Most often every row pulls alike, and then this is a quarter faster.
    pulled = side if (gravity == 1).all() else side * tf.constant(gravity, side.dtype)[:, None]
    return tf.matmul(side, pulled, transpose_a=True)


def squared_error(u: tf.Tensor, v: tf.Tensor, of: Problem) -> tf.Tensor:
    """sum_Omega c_ij (a_ij - u_i.v_j)^2, a scalar."""
    products = pair_products(u, v, of.rows, of.artists)
    squares = tf.square(tf.constant(of.targets, u.dtype) - products)
    return tf.reduce_sum(tf.constant(of.weights, u.dtype) * squares)


class Known(NamedTuple):
    """What an exact half-step for the rows knows of the loss already.

    Attributes:
        error: the ``squared_error``, a scalar.
        artist_gramian: V'HV, [d, d].
    """

    error: tf.Tensor
    artist_gramian: tf.Tensor


def losses(u: tf.Tensor, v: tf.Tensor, of: Problem, known: Known | None = None) -> Losses:
    """The three terms for U [R, d] and V [M, d], as scalars.

    The gravity term costs O((R + M) d^2): sum_ij h_i h_j (u_i.v_j)^2 = <U'HU, V'HV>.

    Args:
        u: the listeners, side rows below them.
        v: the artists.
        of: the objective.
        known: from a caller who has it already.
    """
    n, m = of.interactions.shape
    if known is None:
        known = Known(squared_error(u, v, of), gramian(v, of.gravity_scale))
    u_norms = tf.reduce_sum(tf.constant(of.row_scale, u.dtype) * tf.reduce_sum(u * u, axis=1))
    v_norms = tf.reduce_sum(tf.constant(of.artist_scale, u.dtype) * tf.reduce_sum(v * v, axis=1))
    gramians = gramian(u, of.row_gravity) * known.artist_gramian
    return Losses(
        observed=known.error / of.interactions.plays.size,
        regularisation=of.regularisation * (u_norms / n + v_norms / m),
        gravity=of.gravity / (n * m) * tf.reduce_sum(gramians),
    )


def curve_point(
    step: int, u: tf.Tensor, v: tf.Tensor, of: Problem, known: Known | None = None
) -> CurvePoint:
    """The loss after ``step`` steps, with the mean squared error on the held-out pairs.

    Args are those of ``losses``.
    """
    terms = losses(u, v, of, known)
    test = None
    if of.held_out is not None and of.held_out.plays.size:
        products = pair_products(u, v, of.held_out.listeners, of.held_out.artists)
        wanted = tf.constant(targets(of.held_out, of.target), u.dtype)
        test = float(tf.reduce_mean(tf.square(wanted - products)))
    return CurvePoint(
        step, float(terms.observed), float(terms.regularisation), float(terms.gravity), test
    )
