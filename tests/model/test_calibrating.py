import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from model import calibrating
from model.calibrating import calibrate, expected_calibration_error, logistic
from model.confidence import Calibration
from model.dataset import Interactions, interactions
from model.recommender import Recommender
from model.similarity_evaluation import draw
from model.tables import Tables
from model.trained import Training
from tests.small_trainings import (
    demo_learnt_without_holdout,
    learnt_without_holdout,
    needs_lastfm,
    training_by_chance,
)

Floats = NDArray[np.float64]
Judged = tuple[Training, Interactions, Interactions]
Answered = tuple[Floats, Floats, NDArray[np.str_]]
Chance = Callable[[Floats], Floats]
"""Listeners of artists in training -> the chance of each to be among a listener's hidden ones."""


def problem(rows: int, seed: int, slope: float) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), chance.normal(2, 1.5, rows), chance.random(rows)])
    logits = -2 + slope * (design[:, 1] - 2) + design[:, 2]
    return design, (chance.random(rows) < 1 / (1 + np.exp(-logits))).astype(float)


def ridge_loss(weights: Floats, design: Floats, hit: Floats) -> float:
    """Negative log-likelihood with half the squared coefficients, the constant's next to free."""
    logits = design @ weights
    loss = float((np.logaddexp(0, logits) - hit * logits).sum())
    return loss + 0.5 * float((weights[1:] ** 2).sum()) + 0.5e-6 * float(weights[0]) ** 2


@pytest.mark.parametrize(("rows", "slope"), [(700, 0.8), (60, 0.0), (400, 40.0), (23, -1.0)])
def test_the_coefficients_minimise_the_ridge_loss(rows: int, slope: float) -> None:
    design, hit = problem(rows, rows, slope)
    found = logistic(design, hit)
    expected = minimize(ridge_loss, np.zeros(3), (design, hit), tol=1e-12)
    np.testing.assert_allclose(found, expected.x, rtol=2e-3, atol=2e-3)
    assert ridge_loss(found, design, hit) <= float(expected.fun) + 1e-7


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_nothing_but_misses_or_hits_gives_finite_coefficients(always: float) -> None:
    design, _ = problem(50, 3, 1.0)
    weights = logistic(design, np.full(50, always))
    assert np.isfinite(weights).all()
    assert np.sign(weights[0]) == 2 * always - 1


def test_the_calibration_error_of_cases_computed_by_hand() -> None:
    chances = np.array([0.1, 0.3, 0.6, 0.8])
    hit = np.array([0.0, 1.0, 1.0, 0.0])
    # Two bins: |.2 - .5| and |.7 - .5|, each half of the answers.
    assert expected_calibration_error(chances, hit, 2) == pytest.approx(0.25)
    assert expected_calibration_error(chances, hit, 1) == pytest.approx(abs(0.45 - 0.5))
    # As many bins as answers: every answer for itself.
    assert expected_calibration_error(chances, hit, 4) == pytest.approx((0.1 + 0.7 + 0.4 + 0.8) / 4)
    assert expected_calibration_error(chances, hit) == pytest.approx((0.1 + 0.7 + 0.4 + 0.8) / 4)


def test_the_calibration_error_weighs_bins_by_their_answers_in_any_order() -> None:
    chances = np.array([0.9, 0.2, 0.5, 0.1, 0.6])
    hit = np.array([1.0, 0.0, 1.0, 0.0, 0.0])
    # Bins of three and two: .1 .2 .5 with hits 0 0 1, and .6 .9 with hits 0 1.
    expected = (3 * abs(0.8 / 3 - 1 / 3) + 2 * abs(0.75 - 0.5)) / 5
    assert expected_calibration_error(chances, hit, 2) == pytest.approx(expected)
    assert expected_calibration_error(np.array([]), np.array([])) == 0
    sure = np.array([0.0, 1.0, 1.0])
    assert expected_calibration_error(sure, sure) == 0


def by_popularity(listeners: Floats) -> Floats:
    return 1 / (1 + np.exp(3.2 - 0.6 * np.log1p(listeners)))


def data(chance: Chance, *, listeners: int = 500, artists: int = 37, seed: int = 0) -> Judged:
    """Listeners who play at random, and whose hidden artists are drawn with a known chance."""
    rng = np.random.default_rng(seed)
    likes = np.geomspace(0.5, 0.01, artists)
    known = rng.random((listeners, artists)) < likes
    known[:, 0] |= ~known.any(axis=1)
    known[0] |= ~known.any(axis=0)
    hides = chance(known.sum(axis=0).astype(float))
    hidden = ~known & (rng.random(known.shape) < hides)
    everything = interactions(tables_of(np.argwhere(known | hidden), artists))
    in_training = known[everything.listeners, everything.artists]
    training = everything.select(in_training)
    judged = training_by_chance(tables_of(np.argwhere(known), artists), training)
    return judged, training, everything.select(~in_training)


def tables_of(pairs: NDArray[np.int64], artists: int) -> Tables:
    def no_rows(*columns: str) -> pd.DataFrame:
        return pd.DataFrame({column: pd.Series(dtype="int64") for column in columns})

    plays = pd.DataFrame(pairs, columns=pd.Index(["listener", "artist"])).assign(plays=3)
    names = [f"Invented Band {artist}" for artist in range(artists)]
    return Tables(
        name="by chance",
        fingerprint="",
        artists=pd.DataFrame({"id": range(artists), "name": names, "url": "", "picture_url": ""}),
        tags=pd.DataFrame({"id": [7], "name": ["rock"]}),
        plays=plays,
        taggings=no_rows("listener", "artist", "tag", "day", "month", "year"),
        tagging_times=no_rows("listener", "artist", "tag", "timestamp_ms"),
        friends=no_rows("listener", "friend"),
    )


def require_finite(calibration: Calibration, measured: Mapping[str, float]) -> None:
    numbers = [*asdict(calibration).values(), *measured.values()]
    assert all(math.isfinite(number) for number in numbers)


@pytest.fixture(scope="module")
def known_chance() -> Judged:
    return data(by_popularity)


def test_a_known_chance_is_recovered_for_listeners_who_were_not_fitted_on(
    known_chance: Judged,
) -> None:
    judged, training, held_out = known_chance
    calibration, measured = calibrate(judged, training, held_out, seed=1)
    listeners = training.listeners_per_artist()
    promised = calibration.chances(
        np.full(listeners.size, 90), listeners, np.full(listeners.size, 0.7), np.full(37, 0.2)
    )
    np.testing.assert_allclose(promised, by_popularity(listeners.astype(float)), atol=0.06)
    assert measured["calibration_error"] <= 0.05
    assert measured["answers"] > 1_000
    assert calibration.unlikely < measured["hit_rate"] < calibration.likely


def test_the_thresholds_divide_the_chances_into_thirds(known_chance: Judged) -> None:
    judged, training, held_out = known_chance
    calibration, _ = calibrate(judged, training, held_out, seed=1)
    recommender = Recommender(replace(judged, calibration=calibration).artifact())
    rng = np.random.default_rng(5)
    chances = [
        item.confidence
        for known in training.histories()
        for item in recommender.similar([int(rng.choice(known))])
        if item.artist.row not in known
    ]
    assert np.mean(np.array(chances) < calibration.unlikely) == pytest.approx(1 / 3, abs=0.05)
    assert np.mean(np.array(chances) >= calibration.likely) == pytest.approx(1 / 3, abs=0.05)


def test_nobody_is_both_fitted_on_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    judged, training, held_out = data(by_popularity, listeners=200)
    who = np.arange(600) % 200
    hit = (np.arange(600) % 7 == 0).astype(float)
    trials = calibrating._Trials(
        who, np.column_stack([np.ones(600), who.astype(float), *[hit] * 3]), hit
    )
    monkeypatch.setattr(calibrating, "_ask", lambda *_: trials)
    fitted: list[Floats] = []

    def spy(design: Floats, hit: Floats) -> Floats:
        fitted.append(design[:, 1])
        return np.array([-3.0, 1e-3, 0, 0, 0])

    monkeypatch.setattr(calibrating, "logistic", spy)
    _, measured = calibrate(judged, training, held_out, seed=1)
    once, times = np.unique(fitted[0], return_counts=True)
    assert 80 < once.size < 120
    assert set(times.tolist()) == {3}
    assert measured["answers"] == 600 - 3 * once.size
    others = ~np.isin(who, once)
    assert measured["hit_rate"] == pytest.approx(hit[others].mean())
    promised = 1 / (1 + np.exp(3 - 1e-3 * who[others]))
    expected = expected_calibration_error(promised, hit[others])
    assert measured["calibration_error"] == pytest.approx(expected)


def test_the_same_seed_gives_the_same_calibration_and_another_seed_another() -> None:
    judged, training, held_out = data(by_popularity, listeners=150)
    first = calibrate(judged, training, held_out, seed=4)
    assert calibrate(judged, training, held_out, seed=4) == first
    assert calibrate(judged, training, held_out, seed=5) != first


@pytest.mark.parametrize("hidden", [0.0, 1.0])
def test_without_hits_or_misses_the_default_stays(hidden: float) -> None:
    judged, training, held_out = data(lambda count: np.full_like(count, hidden), listeners=90)
    assert calibrate(judged, training, held_out, seed=2) == (Calibration(), {})


@pytest.mark.parametrize("seed", range(3))
def test_with_one_listener_who_has_hidden_artists_the_default_stays(
    known_chance: Judged, seed: int
) -> None:
    judged, training, held_out = known_chance
    alone = held_out.select(held_out.listeners == 17)
    assert calibrate(judged, training, alone, seed=seed) == (Calibration(), {})


def test_hidden_artists_that_are_never_answered_give_the_default() -> None:
    judged, training, held_out = data(by_popularity, listeners=60)
    texts = type(judged.catalogue.names).of(["Various Artists"] * len(judged.catalogue))
    nobody = replace(judged, catalogue=replace(judged.catalogue, names=texts))
    assert calibrate(nobody, training, held_out, seed=2) == (Calibration(), {})


@pytest.mark.parametrize("listeners", [2, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_a_handful_of_listeners_gives_finite_numbers(listeners: int, seed: int) -> None:
    judged, training, held_out = data(by_popularity, listeners=listeners, seed=seed)
    require_finite(*calibrate(judged, training, held_out, seed=seed))


# --- on what the default has learnt ---

LEARNT = [
    pytest.param(demo_learnt_without_holdout, id="demo"),
    pytest.param(learnt_without_holdout, id="lastfm", marks=needs_lastfm),
]


@pytest.mark.slow
@pytest.mark.parametrize("learnt", LEARNT)
@pytest.mark.parametrize("seed", [0, 7])
def test_what_is_learnt_has_chances_that_are_calibrated_for_other_listeners(
    learnt: Callable[[], Judged], seed: int
) -> None:
    calibration, measured = calibrate(*learnt(), seed=seed)
    assert measured["calibration_error"] <= 0.05
    assert measured["answers"] > 2_000
    assert 0 < calibration.unlikely < calibration.likely < 1


def answered(recommender: Recommender, parts: tuple[Interactions, Interactions]) -> Answered:
    """What each listener with hidden artists is promised for answers they are not known to play."""
    training, held_out = parts
    known, hidden = training.histories(), held_out.histories()
    questions = draw(training, held_out, draws=1, seed=4)
    answers = [
        (item.confidence, item.artist.row in hidden[listener], item.in_words)
        for listener, asked in zip(
            questions.listeners.tolist(), questions.asked.tolist(), strict=True
        )
        for item in recommender.similar([asked])
        if item.artist.row not in known[listener]
    ]
    chances, hit, words = zip(*answers, strict=True)
    return np.array(chances), np.array(hit, np.float64), np.array(words)


@pytest.mark.slow
@pytest.mark.parametrize("learnt", LEARNT)
def test_what_members_are_shown_holds_for_listeners_that_the_calibration_never_saw(
    learnt: Callable[[], Judged],
) -> None:
    judged, training, held_out = learnt()
    fitted_on = np.random.default_rng(6).random(training.shape[0]) < 0.5
    seen = fitted_on[held_out.listeners]
    calibration, _ = calibrate(judged, training, held_out.select(seen), seed=6)
    recommender = Recommender(replace(judged, calibration=calibration).artifact())
    chances, hit, words = answered(recommender, (training, held_out.select(~seen)))
    error = expected_calibration_error(chances, hit)
    assert error <= 0.05
    # Where few answers hit, promising everybody the same small chance would pass the line above.
    assert error <= hit.mean() / 3
    rates = [hit[words == said].mean() for said in ("a safe bet", "worth a try", "a long shot")]
    assert rates[0] > 1.5 * rates[1] > 1.5 * 1.2 * rates[2]
