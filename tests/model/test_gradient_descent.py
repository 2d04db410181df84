from dataclasses import replace

import numpy as np
import pytest

from model import gradient_descent
from model.baselines import popularity
from model.configuration import Configuration, preset
from model.dataset import Interactions, interactions
from model.errors import TrainingError
from model.evaluation import factor_scorer, ranking_quality, split
from model.factorisation import fit
from model.factors import CurvePoint, Factors
from model.gradient_descent import descend
from model.lastfm import read_tables
from model.objective import problem
from tests.conftest import ROOT
from tests.dense_objective import Matrix, dense_objective

PLAIN = Configuration(
    preset="small",
    dimension=3,
    target="min-max",
    solver="gradient-descent",
    steps=47,
    regularisation=0.02,
    gravity=1.5,
    frequency_exponent=0.5,
    tag_weight=0.6,
    tagger_weight=0.4,
    side_gravity=0.03,
    learning_rate=2.0,
    initial_sd=0.3,
    seed=6,
)


def drawn(of: Interactions, configuration: Configuration) -> tuple[Matrix, Matrix]:
    """U [R, d] and V [M, d] as they start."""
    made = problem(of, configuration)
    draw = np.random.default_rng(configuration.seed)
    rows, artists = made.row_scale.size, made.artist_scale.size
    u = draw.normal(0, configuration.initial_sd, (rows, configuration.dimension))
    return u, draw.normal(0, configuration.initial_sd, (artists, configuration.dimension))


def descended(
    of: Interactions, configuration: Configuration
) -> tuple[Matrix, Matrix, list[CurvePoint]]:
    told: list[CurvePoint] = []
    u, v = descend(problem(of, configuration), configuration, told.append)
    return u.astype(float), v.astype(float), told


# --- the steps ---


@pytest.mark.parametrize(
    ("steps", "stretch", "looks"),
    [
        (1, gradient_descent.STRETCH, [0, 1]),
        (40, gradient_descent.STRETCH, [0, 20, 40]),
        (47, 9, [0, 9, 18, 27, 36, 45, 47]),
    ],
)
def test_every_step_goes_against_the_gradient_however_often_the_loss_is_looked_at(
    lastfm_interactions: Interactions,
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
    stretch: int,
    looks: list[int],
) -> None:
    monkeypatch.setattr(gradient_descent, "STRETCH", stretch)
    dense = dense_objective(lastfm_interactions, PLAIN)
    u, v = drawn(lastfm_interactions, PLAIN)
    losses = [dense.loss(u, v)]
    for _ in range(steps):
        by_u, by_v = dense.gradient(u, v)
        u, v = u - 2.0 * by_u, v - 2.0 * by_v
        losses.append(dense.loss(u, v))
    found_u, found_v, told = descended(lastfm_interactions, replace(PLAIN, steps=steps))
    assert found_u == pytest.approx(u, rel=1e-4, abs=1e-5)
    assert found_v == pytest.approx(v, rel=1e-4, abs=1e-5)
    assert [point.step for point in told] == looks
    assert [point.total for point in told] == pytest.approx([losses[n] for n in looks], rel=1e-4)


# --- divergence ---


def test_divergence_is_an_error_that_names_preset_and_mend(
    lastfm_interactions: Interactions,
) -> None:
    published = preset("notebook-regularised")
    wild = replace(published, target="binary", dimension=4, learning_rate=150.0)
    told: list[CurvePoint] = []
    with pytest.raises(TrainingError) as caught:
        descend(problem(lastfm_interactions, wild), wild, told.append)
    assert str(caught.value) == (
        "notebook-regularised: gradient descent diverged within 20 steps; "
        "lower the learning rate, it is 150"
    )
    assert [point.step for point in told] == [0], "nobody is shown a loss that is no number"


def test_steps_that_end_while_it_diverges_are_the_same_error(
    lastfm_interactions: Interactions,
) -> None:
    wild = replace(PLAIN, target="binary", learning_rate=90.0, steps=2)
    dense = dense_objective(lastfm_interactions, wild)
    u, v = drawn(lastfm_interactions, wild)
    before = dense.loss(u, v)
    for _ in range(2):
        by_u, by_v = dense.gradient(u, v)
        u, v = u - 90 * by_u, v - 90 * by_v
    assert before < dense.loss(u, v) < 1e38, "single precision still holds it"
    with pytest.raises(TrainingError, match=r"^small: gradient descent diverged within 2 steps"):
        descend(problem(lastfm_interactions, wild), wild, lambda _: None)


def test_a_loss_that_only_rounds_is_no_divergence(
    lastfm_interactions: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the learning rate is too small for the steps to show."""
    monkeypatch.setattr(
        gradient_descent,
        "curve_point",
        lambda step, *_: CurvePoint(step, 0.7 + 1e-6 * step, 0.0, 0.0, None),
    )
    _, _, told = descended(lastfm_interactions, replace(PLAIN, steps=3))
    assert [point.step for point in told] == [0, 3]
    assert told[-1].total > told[0].total


# --- the published notebook, on the published data ---

LASTFM = ROOT.parent / "shared" / "lastfm"
published = pytest.mark.skipif(not LASTFM.is_dir(), reason="the Last.fm data is not here")


def learnt(name: str) -> tuple[Factors, float, float]:
    """Factors of a preset, its NDCG@20 and that of popularity on the same split."""
    configuration = preset(name)
    training, held_out = split(
        interactions(read_tables(LASTFM)),
        configuration.holdout,
        configuration.holdout_share,
        configuration.seed,
    )
    factors = fit(training, configuration, held_out=held_out)
    own, popular = (
        ranking_quality(score, training, held_out)["ndcg@20"]
        for score in (factor_scorer(factors), popularity(training))
    )
    return factors, own, popular


@pytest.mark.slow
@published
def test_the_plain_notebook_learns_the_training_pairs_and_nothing_else() -> None:
    factors, own, popular = learnt("notebook-plain")
    last = factors.curve[-1]
    assert last.step == 1000
    assert last.observed == pytest.approx(0.0188, abs=0.0006)
    assert last.test == pytest.approx(0.45, abs=0.04)
    assert last.regularisation == last.gravity == 0
    assert own < 0.002, "a random ranking has 0.0004"
    assert popular > 0.07


@pytest.mark.slow
@published
def test_the_regularised_notebook_collapses_behind_a_small_loss() -> None:
    factors, own, popular = learnt("notebook-regularised")
    last = factors.curve[-1]
    assert last.step == 2000
    assert 0.00008 < last.observed < 0.00014
    assert last.regularisation == pytest.approx(0.0035, abs=0.0001)
    assert 0 < last.gravity < 1e-6
    assert float(np.abs(factors.listener_embeddings).mean()) == pytest.approx(0.0006, abs=0.0001)
    assert own < 0.002, "a random ranking has 0.0004"
    assert popular > 0.07
