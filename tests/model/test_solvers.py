"""What both solvers promise, each test run for both."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from model import factorisation
from model.configuration import Configuration, Solver
from model.dataset import Interactions
from model.errors import TrainingError
from model.evaluation import split
from model.factorisation import fit
from model.factors import CurvePoint, Factors
from model.weighting import gravity_scale
from tests.dense_objective import dense_objective

Pairs = Mapping[int, Mapping[int, int]]

ALS = Configuration(
    preset="small",
    dimension=3,
    target="binary",
    solver="als",
    steps=4,
    regularisation=0.03,
    gravity=2.0,
    frequency_exponent=1.0,
    plays_exponent=0.2,
    gravity_exponent=0.2,
    tag_weight=0.6,
    tagger_weight=0.4,
    side_gravity=0.03,
    initial_sd=0.1,
)
DESCENT = replace(ALS, solver="gradient-descent", learning_rate=3.0, steps=50)
CONVERGED = {"als": 25, "gradient-descent": 600}
LOOKS = {"als": [0, 1, 2, 3, 4], "gradient-descent": [0, 20, 40, 50]}


@pytest.fixture(params=[ALS, DESCENT], ids=["als", "gradient-descent"])
def configuration(request: pytest.FixtureRequest) -> Configuration:
    return request.param


@pytest.fixture(scope="module")
def told() -> list[CurvePoint]:
    """What a watcher of ``fitted`` was told."""
    return []


@pytest.fixture(scope="module")
def fitted(lastfm_interactions: Interactions, told: list[CurvePoint]) -> Mapping[Solver, Factors]:
    """Factors of either solver, to be read only."""
    return {
        solver.solver: fit(lastfm_interactions, solver, watch=told.append)
        for solver in (ALS, DESCENT)
    }


def products(of: Factors) -> NDArray[np.float32]:
    return of.listener_embeddings @ of.artist_embeddings.T


def same(one: Factors, other: Factors) -> bool:
    return (
        one.listener_embeddings.tobytes() == other.listener_embeddings.tobytes()
        and one.artist_embeddings.tobytes() == other.artist_embeddings.tobytes()
        and one.curve == other.curve
    )


# --- what is delivered ---


def test_both_sides_are_finite_float32_and_side_rows_stay_out(
    lastfm_interactions: Interactions,
    fitted: Mapping[Solver, Factors],
    configuration: Configuration,
) -> None:
    factors = fitted[configuration.solver]
    n, m = lastfm_interactions.shape
    assert factors.listener_embeddings.shape == (n, 3)
    assert factors.artist_embeddings.shape == (m, 3)
    for side in (factors.listener_embeddings, factors.artist_embeddings):
        assert side.dtype == np.float32
        assert np.isfinite(side).all()


def test_the_constants_of_folding_in_are_those_of_the_objective(
    lastfm_interactions: Interactions,
    fitted: Mapping[Solver, Factors],
    configuration: Configuration,
) -> None:
    factors = fitted[configuration.solver]
    n, m = lastfm_interactions.shape
    pairs = lastfm_interactions.plays.size
    assert factors.unobserved_weight == pytest.approx(2.0 * pairs / (n * m))
    assert factors.listener_l2 == pytest.approx(0.03 * pairs / n)
    assert factors.frequency_exponent == 1
    assert factors.gravity_scale.tolist() == gravity_scale(lastfm_interactions, 0.2).tolist()


# --- seeds ---


def test_the_same_seed_gives_the_same_factors_bit_for_bit(
    lastfm_interactions: Interactions,
    fitted: Mapping[Solver, Factors],
    configuration: Configuration,
) -> None:
    assert same(fit(lastfm_interactions, configuration), fitted[configuration.solver])


def test_another_seed_gives_other_factors(
    lastfm_interactions: Interactions,
    fitted: Mapping[Solver, Factors],
    configuration: Configuration,
) -> None:
    other = fit(lastfm_interactions, replace(configuration, seed=1, steps=1))
    first = fitted[configuration.solver]
    assert [point.step for point in other.curve] == [0, 1], "a single step has two points"
    assert np.abs(other.artist_embeddings - first.artist_embeddings).max() > 0.05
    assert other.curve[0] != first.curve[0]


# --- the curve ---


def test_the_curve_has_its_first_and_last_point_and_those_between(
    fitted: Mapping[Solver, Factors], configuration: Configuration
) -> None:
    curve = fitted[configuration.solver].curve
    assert [point.step for point in curve] == LOOKS[configuration.solver]


def test_the_loss_falls_from_point_to_point(
    fitted: Mapping[Solver, Factors], configuration: Configuration
) -> None:
    totals = [point.total for point in fitted[configuration.solver].curve]
    assert all(after < before for before, after in pairwise(totals))


def test_the_last_point_is_the_loss_of_what_is_delivered(
    lastfm_interactions: Interactions, configuration: Configuration
) -> None:
    untagged = replace(configuration, tag_weight=0.0, tagger_weight=0.0)
    factors = fit(lastfm_interactions, untagged)
    terms = dense_objective(lastfm_interactions, untagged).terms(
        factors.listener_embeddings.astype(float), factors.artist_embeddings.astype(float)
    )
    last = factors.curve[-1]
    assert (last.observed, last.regularisation, last.gravity) == pytest.approx(terms, rel=1e-5)


def test_held_out_pairs_are_reported_and_never_learnt_from(
    lastfm_interactions: Interactions,
    fitted: Mapping[Solver, Factors],
    configuration: Configuration,
) -> None:
    _, held_out = split(lastfm_interactions, "per-listener", 0.3, seed=6)
    factors = fit(lastfm_interactions, configuration, held_out=held_out)
    without = fitted[configuration.solver]
    assert factors.artist_embeddings.tobytes() == without.artist_embeddings.tobytes()
    assert factors.listener_embeddings.tobytes() == without.listener_embeddings.tobytes()
    assert {point.test for point in without.curve} == {None}
    missed = 1 - products(factors)[held_out.listeners, held_out.artists]
    assert factors.curve[-1].test == pytest.approx(float((missed**2).mean()), rel=1e-5)


def test_whoever_watches_is_told_every_point(
    fitted: Mapping[Solver, Factors], told: list[CurvePoint]
) -> None:
    assert told == [point for factors in fitted.values() for point in factors.curve]


@pytest.mark.parametrize("looks", [1, 3])
def test_what_a_watcher_raises_ends_the_training(
    lastfm_interactions: Interactions, configuration: Configuration, looks: int
) -> None:
    seen: list[int] = []

    def interrupt(point: CurvePoint) -> None:
        seen.append(point.step)
        if len(seen) == looks:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(lastfm_interactions, configuration, watch=interrupt)
    assert seen == LOOKS[configuration.solver][:looks]


# --- the minimum ---


@pytest.fixture(scope="module")
def least(lastfm_interactions: Interactions) -> tuple[float, NDArray[np.float64]]:
    """The least loss and U V' there, by L-BFGS in float64."""
    return dense_objective(lastfm_interactions, ALS).minimum(ALS.dimension)


def test_the_minimum_is_that_of_a_general_minimiser(
    lastfm_interactions: Interactions,
    least: tuple[float, NDArray[np.float64]],
    configuration: Configuration,
) -> None:
    steps = CONVERGED[configuration.solver]
    factors = fit(lastfm_interactions, replace(configuration, steps=steps))
    loss, wanted = least
    assert factors.curve[-1].total == pytest.approx(loss, rel=1e-6)
    # Embeddings are free to turn, their products are not.
    listeners = lastfm_interactions.shape[0]
    assert np.abs(products(factors) - wanted[:listeners]).max() < 1e-3 < np.abs(wanted).max() / 100


# --- little or strange data ---


def test_equal_plays_are_learnt_as_if_binary(
    interactions_of: Callable[[Pairs], Interactions], configuration: Configuration
) -> None:
    equal = interactions_of({1: {1: 6, 2: 6, 3: 6}, 2: {2: 6, 5: 6}, 9: {3: 6, 7: 6}})
    careful = replace(configuration, learning_rate=0.3)
    binary = fit(equal, careful)
    assert binary.curve[-1].total < binary.curve[0].total
    assert same(fit(equal, replace(careful, target="min-max")), binary)


def test_more_dimensions_than_listeners_and_artists_are_allowed(
    interactions_of: Callable[[Pairs], Interactions], configuration: Configuration
) -> None:
    tiny = interactions_of({1: {1: 6, 2: 1}, 2: {2: 4, 5: 8, 6: 1}})
    factors = fit(tiny, replace(configuration, dimension=11, learning_rate=0.3))
    assert factors.listener_embeddings.shape == (2, 11)
    assert np.isfinite(products(factors)).all()
    assert factors.curve[-1].total < factors.curve[0].total


def test_rows_without_pairs_are_drawn_to_zero_and_never_nan(
    lastfm_interactions: Interactions, configuration: Configuration
) -> None:
    # Plain regularisation, so that gradient descent pulls at an empty row, too.
    plain = replace(configuration, frequency_exponent=0.0, tag_weight=0.0, tagger_weight=0.0)
    plain = replace(plain, regularisation=0.2)
    gone = (lastfm_interactions.listeners == 4) | (lastfm_interactions.artists == 0)
    factors = fit(lastfm_interactions.select(~gone), plain)
    rest = float(np.abs(np.delete(factors.listener_embeddings, 4, axis=0)).max())
    assert np.abs(factors.listener_embeddings[4]).max() < 0.2 * rest
    assert np.abs(factors.artist_embeddings[0]).max() < 0.2 * rest
    assert np.isfinite(products(factors)).all()


def test_nothing_to_learn_from_is_refused(
    lastfm_interactions: Interactions, configuration: Configuration
) -> None:
    nothing = lastfm_interactions.select(np.zeros(lastfm_interactions.plays.size, bool))
    with pytest.raises(TrainingError) as caught:
        fit(nothing, configuration)
    assert str(caught.value) == "training: there are no plays to learn from"


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("side", [0, 1])
def test_factors_that_are_no_numbers_never_leave_the_training(
    lastfm_interactions: Interactions,
    configuration: Configuration,
    monkeypatch: pytest.MonkeyPatch,
    side: int,
    broken: float,
) -> None:
    n, m = lastfm_interactions.shape
    sides = [np.ones((n, 2), np.float32), np.ones((m, 2), np.float32)]
    sides[side][3, 1] = broken
    solver = "alternate" if configuration.solver == "als" else "descend"
    monkeypatch.setattr(factorisation, solver, lambda *_: tuple(sides))
    with pytest.raises(TrainingError) as caught:
        fit(lastfm_interactions, configuration)
    assert str(caught.value) == (
        "training: the embeddings are no longer finite numbers; "
        "lower the learning rate or raise the regularisation"
    )
