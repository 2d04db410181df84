import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.confidence import FEW_LISTENERS, Calibration, features, sigmoid
from model.recommender import Recommender
from tests.artifact_by_hand import LISTENERS, TOGETHER, M, artifact_by_hand

CALIBRATION = Calibration(
    intercept=-4.0, asked=-0.1, recommended=0.5, score=0.7, together=1.5, likely=0.2, unlikely=0.08
)
WORDS = ("a long shot", "worth a try", "a safe bet")
COEFFICIENTS = st.floats(-1e10, 1e10)
COUNTS = st.integers(0, 10**9)
SHARES = st.floats(0, 1)


def test_the_chance_is_the_logistic_function_of_the_features() -> None:
    expected = [
        1 / (1 + math.exp(4.0 + 0.1 * math.log(1 + a) - 0.5 * math.log(1 + r) - 0.7 * s - 1.5 * t))
        for a, r, s, t in ((9, 70, 1.0, 0.5), (120, 3, 0.25, 0.0))
    ]
    found = CALIBRATION.chances(
        np.array([9, 120]), np.array([70, 3]), np.array([1.0, 0.25]), np.array([0.5, 0.0])
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_features_are_in_the_order_of_the_coefficients() -> None:
    found = features(np.array([3, 0]), np.array([8, 1]), np.array([0.5, 1.0]), np.array([0.1, 0.0]))
    expected = [[1, math.log(4), math.log(9), 0.5, 0.1], [1, 0, math.log(2), 1, 0]]
    np.testing.assert_allclose(found, expected)


@given(
    coefficients=st.tuples(*[COEFFICIENTS] * 5),
    counts=st.tuples(COUNTS, COUNTS),
    shares=st.tuples(SHARES, SHARES),
)
def test_whatever_the_calibration_the_chance_is_between_0_and_1(
    coefficients: tuple[float, float, float, float, float],
    counts: tuple[int, int],
    shares: tuple[float, float],
) -> None:
    calibration = Calibration(*coefficients)
    one, other = (np.array([count]) for count in counts)
    (chance,) = calibration.chances(one, other, *(np.array([share]) for share in shares))
    assert 0 < chance < 1


def test_the_sigmoid_never_overflows() -> None:
    with np.errstate(all="raise"):
        low, half, high = sigmoid(np.array([-1e300, 0.0, 1e300]))
    assert 0 < low < 1e-12
    assert half == 0.5
    assert 1 - 1e-12 < high < 1


@given(st.floats(0, 1), st.floats(0, 1), st.integers(5, 10**6), st.integers(5, 10**6))
def test_a_higher_chance_is_never_put_in_weaker_words(
    one: float, other: float, asked: int, recommended: int
) -> None:
    lower, higher = (
        WORDS.index(CALIBRATION.words(chance, asked, recommended))
        for chance in sorted((one, other))
    )
    assert lower <= higher


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "a long shot"),
        (0.0799, "a long shot"),
        (0.08, "worth a try"),
        (0.1999, "worth a try"),
        (0.2, "a safe bet"),
        (1.0, "a safe bet"),
    ],
)
def test_the_words_change_where_the_calibration_says(chance: float, words: str) -> None:
    assert CALIBRATION.words(chance, 5, 5) == words


@pytest.mark.parametrize(("asked", "recommended"), [(4, 900), (900, 4), (0, 0), (1, 4)])
def test_few_listeners_are_a_long_shot_whatever_the_chance(asked: int, recommended: int) -> None:
    assert FEW_LISTENERS == 5
    assert CALIBRATION.words(0.99, asked, recommended) == "a long shot"


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    artifact = artifact_by_hand()
    manifest = replace(artifact.manifest, calibration=CALIBRATION)
    return Recommender(replace(artifact, manifest=manifest))


def test_an_answer_carries_the_chance_of_its_own_features(recommender: Recommender) -> None:
    for row in range(M):
        found = recommender.similar([row], M)
        for item in found:
            share = min(max(item.score / found[0].score, 0.0), 1.0)
            known = (TOGETHER.together(row, item.artist.row) or 0) / LISTENERS[row]
            (chance,) = CALIBRATION.chances(
                np.array([LISTENERS[row]]),
                np.array([item.artist.listeners]),
                np.array([share]),
                np.array([known]),
            )
            assert item.confidence == pytest.approx(float(chance), rel=1e-6)
            words = CALIBRATION.words(item.confidence, LISTENERS[row], item.artist.listeners)
            assert item.in_words == words


def test_among_several_artists_the_nearest_one_stands_behind_an_answer(
    recommender: Recommender,
) -> None:
    asked = np.array([0, 10])
    own = recommender.score_artists(asked)
    words = set()
    for item in recommender.similar(asked, M):
        nearest = int(asked[own[:, item.artist.row].argmax()])
        expected = CALIBRATION.words(item.confidence, LISTENERS[nearest], item.artist.listeners)
        assert item.in_words == expected
        words.add((nearest, item.in_words))
    assert {nearest for nearest, _ in words} == {0, 10}
    assert {word for nearest, word in words if nearest == 10} == {"a long shot"}
