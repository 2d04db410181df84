"""The loss that both solvers minimise, written once.

For N listeners with embeddings U [N, d], M artists with embeddings V [M, d] and observed pairs
Omega with targets a_ij and weights c_ij::

    loss = 1/|Omega| sum_Omega c_ij (a_ij - u_i.v_j)^2                       observed error
         + r (sum_i s_i |u_i|^2 / N + sum_j s_j |v_j|^2 / M)                 regularisation
         + g/(NM) sum_i sum_j h_j (u_i.v_j)^2                                gravity

The regularisation and gravity terms are those of Google's recommendation systems course; with
binary targets the whole is the implicit-feedback objective of Hu, Koren & Volinsky (2008) in the
parametrisation of Rendle et al. (2021, "Revisiting the Performance of iALS"), whose frequency
scaling s is adopted too. c, s and h are all 1 in the plain objective.

Tags take part as further rows below the listeners: row N + k is tag k, its pairs are the artists
it is put on, with target 1. Every sum then runs over these rows too, while |Omega| and N go on
counting listeners and their pairs, so that the coefficients keep their meaning.
"""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.configuration import Configuration
from model.dataset import Interactions, Ints
from model.factors import CurvePoint
from model.weighting import Target, gravity_scale, play_weights, tag_rows, targets


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
        rows: int64 [P], the listener or tag of each pair, below R = N + K.
        artists: int64 [P].
        targets: float32 [P], a_ij.
        weights: float32 [P], c_ij.
        row_scale: float32 [R], s_i.
        artist_scale: float32 [M], s_j.
        gravity_scale: float32 [M], h_j.
        regularisation: r.
        gravity: g.
        target: what the plays were turned into.
        held_out: pairs whose error is reported but never learnt from.
    """

    interactions: Interactions
    rows: Ints
    artists: Ints
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    row_scale: NDArray[np.float32]
    artist_scale: NDArray[np.float32]
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
    tags = tag_rows(interactions, configuration.tag_weight)
    rows = np.concatenate((interactions.listeners, n + tags.rows))
    artists = np.concatenate((interactions.artists, tags.artists))
    weights = np.concatenate(
        (play_weights(interactions, configuration.plays_exponent), tags.weights)
    )
    alpha = configuration.gravity * interactions.plays.size / (n * m)
    scale = partial(frequency_scale, exponent=configuration.frequency_exponent)
    # A tag's pair counts in a frequency as much as it weighs; a listener's counts 1 whatever its
    # weight, so that folding in needs no play counts.
    presence = np.concatenate((np.ones(interactions.plays.size, np.float32), tags.weights))
    return Problem(
        interactions=interactions,
        rows=rows,
        artists=artists,
        targets=np.concatenate(
            (targets(interactions, configuration.target), np.ones(tags.rows.size, np.float32))
        ),
        weights=weights,
        row_scale=scale(np.bincount(rows, presence, minlength=n + tags.count), alpha * m),
        artist_scale=scale(np.bincount(artists, presence, minlength=m), alpha * (n + tags.count)),
        gravity_scale=gravity_scale(interactions, configuration.gravity_exponent),
        regularisation=configuration.regularisation,
        gravity=configuration.gravity,
        target=configuration.target,
        held_out=held_out,
    )


def frequency_scale(
    counts: NDArray[np.floating | np.integer], unobserved: float, exponent: float
) -> NDArray[np.float32]:
    """s = (n + unobserved)^exponent, float32 [rows] (Rendle et al. 2021, eq. 5).

    Args:
        counts: float [rows], observed pairs of each row, or their summed weight.
        unobserved: summed weight of a row's pairs under gravity, alpha M or alpha N.
        exponent: nu; 0 gives plain regularisation.
    """
    return np.power(counts + unobserved, exponent).astype(np.float32)


def pair_products(
    u: tf.Tensor, v: tf.Tensor, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> tf.Tensor:
    """u_i.v_j for each pair: U [N, d], V [M, d], rows and columns int64 [P] -> float [P]."""
    return tf.reduce_sum(tf.gather(u, rows) * tf.gather(v, columns), axis=1)


def losses(u: tf.Tensor, v: tf.Tensor, of: Problem) -> Losses:
    """The three terms for U [R, d] and V [M, d], as scalars.

    The gravity term costs O((R + M) d^2): sum_ij h_j (u_i.v_j)^2 = <U'U, V'HV>.
    """
    n, m = of.interactions.shape
    products = pair_products(u, v, of.rows, of.artists)
    squares = tf.square(tf.constant(of.targets, u.dtype) - products)
    observed = tf.reduce_sum(tf.constant(of.weights, u.dtype) * squares)
    u_norms = tf.reduce_sum(tf.constant(of.row_scale, u.dtype) * tf.reduce_sum(u * u, axis=1))
    v_norms = tf.reduce_sum(tf.constant(of.artist_scale, u.dtype) * tf.reduce_sum(v * v, axis=1))
    pulled = v * tf.constant(of.gravity_scale, u.dtype)[:, None]
    gramians = tf.matmul(u, u, transpose_a=True) * tf.matmul(v, pulled, transpose_a=True)
    return Losses(
        observed=observed / of.interactions.plays.size,
        regularisation=of.regularisation * (u_norms / n + v_norms / m),
        gravity=of.gravity / (n * m) * tf.reduce_sum(gramians),
    )


def curve_point(step: int, u: tf.Tensor, v: tf.Tensor, of: Problem) -> CurvePoint:
    """The loss after ``step`` steps, with the mean squared error on the held-out pairs."""
    terms = losses(u, v, of)
    test = None
    if of.held_out is not None and of.held_out.plays.size:
        products = pair_products(u, v, of.held_out.listeners, of.held_out.artists)
        wanted = tf.constant(targets(of.held_out, of.target), u.dtype)
        test = float(tf.reduce_mean(tf.square(wanted - products)))
    return CurvePoint(
        step, float(terms.observed), float(terms.regularisation), float(terms.gravity), test
    )
