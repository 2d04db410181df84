from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from model.configuration import Configuration, preset
from model.dataset import Interactions
from model.objective import (
    Known,
    Problem,
    curve_point,
    frequency_scale,
    gramian,
    losses,
    pair_products,
    problem,
    squared_error,
)
from tests.dense_objective import Matrix, dense_objective

PLAIN = Configuration(
    preset="plain",
    dimension=3,
    target="binary",
    solver="als",
    steps=1,
    regularisation=0.3,
    gravity=5.0,
    initial_sd=0.1,
)
VARIANTS = {
    "plain": PLAIN,
    "min-max": replace(PLAIN, target="min-max"),
    "z-score": replace(PLAIN, target="z-score"),
    "play weights": replace(PLAIN, plays_exponent=0.5),
    "frequency scaling": replace(PLAIN, frequency_exponent=0.7),
    "gravity scale": replace(PLAIN, gravity_exponent=0.6),
    "tags": replace(PLAIN, tag_weight=0.6),
    "taggers": replace(PLAIN, tagger_weight=0.4),
    "side gravity": replace(PLAIN, tag_weight=0.6, tagger_weight=0.4, side_gravity=0.03),
    "side rows and frequency scaling": replace(
        PLAIN, tag_weight=0.6, tagger_weight=0.4, side_gravity=0.03, frequency_exponent=0.8
    ),
    "per pair": replace(
        PLAIN, per_pair=True, regularisation=0.05, gravity=0.08, frequency_exponent=0.7
    ),
    "no gravity": replace(PLAIN, gravity=0.0, frequency_exponent=0.7, tag_weight=0.6),
    "no regularisation": replace(
        PLAIN, solver="gradient-descent", learning_rate=1.0, regularisation=0.0
    ),
    "default": replace(preset("default"), dimension=3),
}


@pytest.fixture(params=VARIANTS.values(), ids=list(VARIANTS))
def configuration(request: pytest.FixtureRequest) -> Configuration:
    return request.param


@pytest.fixture
def of(lastfm_interactions: Interactions, configuration: Configuration) -> Problem:
    return problem(lastfm_interactions, configuration)


def embeddings(of: Problem, dimension: int = 3, seed: int = 8) -> tuple[Matrix, Matrix]:
    """Random U [R, d] and V [M, d] in float64."""
    draw = np.random.default_rng(seed)
    rows, artists = of.row_scale.size, of.artist_scale.size
    return draw.normal(0.1, 0.6, (rows, dimension)), draw.normal(0.2, 0.7, (artists, dimension))


# --- the three terms ---


def test_each_term_is_that_of_a_loop_over_all_pairs(
    lastfm_interactions: Interactions, configuration: Configuration, of: Problem
) -> None:
    u, v = embeddings(of)
    found = losses(tf.constant(u), tf.constant(v), of)
    wanted = dense_objective(lastfm_interactions, configuration).terms(u, v)
    assert [float(term) for term in found] == pytest.approx(wanted, rel=2e-6)


def test_the_gradient_is_that_of_finite_differences(
    lastfm_interactions: Interactions, configuration: Configuration, of: Problem
) -> None:
    at = embeddings(of)
    u, v = tf.constant(at[0]), tf.constant(at[1])
    with tf.GradientTape() as tape:
        tape.watch([u, v])
        total = tf.add_n(losses(u, v, of))
    gradients = [tf.convert_to_tensor(by).numpy() for by in tape.gradient(total, [u, v])]
    dense = dense_objective(lastfm_interactions, configuration)
    for side in (0, 1):
        direction = [np.zeros_like(embedding) for embedding in at]
        direction[side] = np.random.default_rng(side).normal(size=at[side].shape)
        ahead, behind = (
            sum(dense.terms(at[0] + step * direction[0], at[1] + step * direction[1]))
            for step in (1e-5, -1e-5)
        )
        slope = float((gradients[side] * direction[side]).sum())
        assert slope == pytest.approx((ahead - behind) / 2e-5, rel=1e-5)


def test_the_dense_double_agrees_with_its_own_loop(
    lastfm_interactions: Interactions, configuration: Configuration, of: Problem
) -> None:
    dense = dense_objective(lastfm_interactions, configuration)
    u, v = embeddings(of, seed=9)
    assert dense.loss(u, v) == pytest.approx(sum(dense.terms(u, v)), rel=1e-12)
    by_u, by_v = dense.gradient(u, v)
    for side, gradient in ((0, by_u), (1, by_v)):
        at = (4, 2)
        step = [np.zeros_like(u), np.zeros_like(v)]
        step[side][at] = 1e-6
        ahead, behind = dense.loss(u + step[0], v + step[1]), dense.loss(u - step[0], v - step[1])
        assert gradient[at] == pytest.approx((ahead - behind) / 2e-6, rel=1e-5)


def test_turning_both_sides_alike_changes_no_term(of: Problem) -> None:
    u, v = embeddings(of)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    found = losses(tf.constant(u @ turn), tf.constant(v @ turn), of)
    assert [float(term) for term in found] == pytest.approx(
        [float(term) for term in losses(tf.constant(u), tf.constant(v), of)]
    )


# --- what does not change while it is minimised ---


def test_tags_and_below_them_taggers_are_rows_below_the_listeners(
    lastfm_interactions: Interactions,
) -> None:
    n, m = lastfm_interactions.shape
    plain = problem(lastfm_interactions, PLAIN)
    tags = problem(lastfm_interactions, replace(PLAIN, tag_weight=0.6))
    both = problem(lastfm_interactions, replace(VARIANTS["side gravity"], target="min-max"))
    taggers = len(set(lastfm_interactions.taggings.listeners.tolist()))
    assert plain.rows.tolist() == lastfm_interactions.listeners.tolist()
    assert plain.row_scale.size == n < tags.row_scale.size
    assert both.row_scale.size == tags.row_scale.size + taggers
    assert both.rows[: tags.rows.size].tolist() == tags.rows.tolist()
    below = both.rows >= n
    assert sorted(set(both.rows[below].tolist())) == list(range(n, both.row_scale.size))
    assert both.targets[below].tolist() == [1] * int(below.sum()), "whatever plays become"
    assert both.row_gravity[:n].tolist() == [1] * n
    assert both.artist_scale.shape == both.gravity_scale.shape == (m,)


def test_the_weights_against_one_observed_pair_count_listeners_only(
    lastfm_interactions: Interactions,
) -> None:
    n, m = lastfm_interactions.shape
    pairs = lastfm_interactions.plays.size
    for configuration in (PLAIN, VARIANTS["side gravity"]):
        of = problem(lastfm_interactions, configuration)
        assert of.unobserved_weight == pytest.approx(5.0 * pairs / (n * m))
        assert of.listener_l2 == pytest.approx(0.3 * pairs / n)
        assert of.artist_l2 == pytest.approx(0.3 * pairs / m)


def test_weights_per_pair_are_the_same_whatever_is_held_out(
    lastfm_interactions: Interactions,
) -> None:
    part = lastfm_interactions.select(np.arange(lastfm_interactions.plays.size) % 3 > 0)
    n, m = lastfm_interactions.shape
    for of in (problem(data, VARIANTS["per pair"]) for data in (lastfm_interactions, part)):
        assert of.unobserved_weight == pytest.approx(0.08)
        assert of.listener_l2 == pytest.approx(0.05 * (m / n) ** 0.5)
        assert of.artist_l2 == pytest.approx(0.05 * (n / m) ** 0.5)
    assert problem(part, PLAIN).gravity == 5.0, "otherwise it is against the mean"
    assert problem(part, PLAIN).regularisation == 0.3


def test_arrays_are_float32_for_the_solvers(lastfm_interactions: Interactions) -> None:
    of = problem(lastfm_interactions, VARIANTS["default"])
    for array in (of.targets, of.weights, of.row_scale, of.artist_scale):
        assert array.dtype == np.float32
    assert of.row_gravity.dtype == of.gravity_scale.dtype == np.float32


def test_frequency_scaling_grows_with_observed_and_unobserved_weight() -> None:
    counts = np.array([0, 1, 7])
    assert frequency_scale(counts, 2.0, 0.5) == pytest.approx([2**0.5, 3**0.5, 3.0])
    assert frequency_scale(counts, 2.0, 1.0).tolist() == [2, 3, 9]
    assert frequency_scale(counts, 2.0, 0.0).tolist() == [1, 1, 1]
    assert frequency_scale(counts, 0.0, 0.0).tolist() == [1, 1, 1]
    assert frequency_scale(counts, np.array([4.0, 0.0, 2.0]), 1.0).tolist() == [4, 1, 9]


def test_products_are_those_of_the_pairs() -> None:
    u = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    v = tf.constant([[1.0, -1.0], [10.0, 100.0]])
    found = pair_products(u, v, np.array([2, 0, 0]), np.array([1, 0, 1]))
    assert found.numpy().tolist() == [650, -1, 210]


# --- a point of the curve ---


@pytest.mark.parametrize("target", ["binary", "min-max", "z-score"])
def test_the_test_error_is_the_mean_square_over_held_out_pairs(
    lastfm_interactions: Interactions, target: str
) -> None:
    # The pair with the most plays is learnt from, so the held-out ones alone have another scale.
    held = np.arange(lastfm_interactions.plays.size) % 5 == 2
    held[lastfm_interactions.plays.argmax()] = False
    configuration = replace(VARIANTS["default"], target=target)
    training, held_out = lastfm_interactions.select(~held), lastfm_interactions.select(held)
    of = problem(training, configuration, held_out)
    u, v = embeddings(of)
    point = curve_point(17, tf.constant(u), tf.constant(v), of)
    everything = dense_objective(lastfm_interactions, configuration)
    pairs = list(zip(held_out.listeners.tolist(), held_out.artists.tolist(), strict=True))
    missed = [(everything.targets[i, j] - float(u[i] @ v[j])) ** 2 for i, j in pairs]
    assert point.test == pytest.approx(sum(missed) / len(missed), rel=1e-6)
    learnt = dense_objective(training, configuration).terms(u, v)
    assert (point.observed, point.regularisation, point.gravity) == pytest.approx(learnt, rel=2e-6)


def test_an_error_that_is_known_already_is_not_computed_again(of: Problem) -> None:
    u, v = (tf.constant(side) for side in embeddings(of))
    error, pulled = squared_error(u, v, of), gramian(v, of.gravity_scale)
    assert losses(u, v, of, Known(error, pulled)) == losses(u, v, of)
    plain, changed = (
        curve_point(3, u, v, of),
        curve_point(3, u, v, of, Known(2 * error, 3 * pulled)),
    )
    assert changed.observed == pytest.approx(2 * plain.observed)
    assert changed.gravity == pytest.approx(3 * plain.gravity)
    assert changed.regularisation == plain.regularisation


def test_a_point_tells_step_terms_and_total(of: Problem) -> None:
    u, v = embeddings(of)
    point = curve_point(17, tf.constant(u), tf.constant(v), of)
    terms = [float(term) for term in losses(tf.constant(u), tf.constant(v), of)]
    assert point == (17, *terms, None)
    assert point.total == pytest.approx(sum(terms))


def test_nothing_held_out_has_no_test_error(lastfm_interactions: Interactions) -> None:
    nothing = lastfm_interactions.select(np.zeros(lastfm_interactions.plays.size, bool))
    of = problem(lastfm_interactions, PLAIN, nothing)
    u, v = embeddings(of)
    assert curve_point(0, tf.constant(u), tf.constant(v), of).test is None
