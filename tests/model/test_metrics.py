import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.metrics import hits, ndcg, recall, top_k

THIRD = 1 / math.log2(3)
"""The discount of the second rank."""


def hit(*ranks: int, of: int) -> np.ndarray:
    """bool [of], true at the given ranks (from 1)."""
    found = np.zeros(of, bool)
    found[[rank - 1 for rank in ranks]] = True
    return found


# --- the best k ---


def test_the_best_columns_come_first() -> None:
    scores = np.array([[0.1, 0.9, -2.0, 0.4, 0.5], [3, 1, 2, 5, 4]], np.float32)
    best = top_k(scores, 3)
    assert best.dtype == np.int64
    assert best.tolist() == [[1, 4, 3], [3, 4, 0]]


def test_equal_scores_go_to_the_lower_column() -> None:
    scores = np.array([[1, 2, 1, 2, 1, 2]], np.float32)
    assert top_k(scores, 5).tolist() == [[1, 3, 5, 0, 2]]


@pytest.mark.parametrize("columns", [21, 100, 1_000, 17_632])
def test_a_tie_for_the_last_place_goes_to_the_lower_column(columns: int) -> None:
    scores = np.zeros((2, columns), np.float32)
    scores[1, columns - 1] = 1
    best = top_k(scores, 20)
    assert best[0].tolist() == list(range(20))
    assert best[1].tolist() == [columns - 1, *range(19)]


def test_minus_infinity_ranks_last() -> None:
    scores = np.array([[-np.inf, -5, -np.inf, 7]], np.float32)
    assert top_k(scores, 2).tolist() == [[3, 1]]
    assert top_k(scores, 4).tolist() == [[3, 1, 0, 2]]


def test_k_beyond_the_columns_ranks_them_all() -> None:
    scores = np.array([[1, 3, 2], [3, 2, 1]], np.float32)
    assert top_k(scores, 10).tolist() == [[1, 2, 0], [0, 1, 2]]


def test_ranking_leaves_the_scores_as_they_were() -> None:
    scores = np.array([[1, 3, 2]], np.float32)
    top_k(scores, 2)
    assert scores.tolist() == [[1, 3, 2]]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    columns=st.integers(1, 60),
    k=st.integers(1, 70),
    levels=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_best_k_are_the_start_of_a_full_stable_sort(
    columns: int, k: int, levels: int, seed: int
) -> None:
    values = np.array([-np.inf, -1.5, 0, 0.25, 1, 8], np.float32)[:levels]
    scores = np.random.default_rng(seed).choice(values, (3, columns))
    assert np.array_equal(top_k(scores, k), np.argsort(-scores, axis=1, kind="stable")[:, :k])


# --- what a ranking is worth ---


def test_hits_mark_the_relevant_ranks() -> None:
    ranked, relevant = np.array([7, 2, 9, 4]), np.array([4, 7, 30])
    assert hits(ranked, relevant).tolist() == [True, False, False, True]
    assert hits(ranked, np.array([], np.int64)).tolist() == [False] * 4


@pytest.mark.parametrize(
    ("found", "relevant", "k", "expected"),
    [
        pytest.param(hit(1, of=5), 1, 5, 1.0, id="the only one first"),
        pytest.param(hit(2, of=5), 1, 5, THIRD, id="the only one second"),
        pytest.param(hit(1, 3, of=5), 2, 3, 1.5 / (1 + THIRD), id="first and third of two"),
        pytest.param(hit(1, 3, of=5), 3, 3, 1.5 / (1.5 + THIRD), id="one of three is missing"),
        pytest.param(hit(2, 4, of=5), 4, 3, THIRD / (1.5 + THIRD), id="beyond k does not count"),
        pytest.param(hit(1, 2, of=5), 9, 2, 1.0, id="more relevant than k can hold"),
        pytest.param(hit(of=5), 4, 5, 0.0, id="none found"),
        pytest.param(hit(2, of=3), 1, 10, THIRD, id="fewer artists than k"),
    ],
)
def test_ndcg_by_hand(found: np.ndarray, relevant: int, k: int, expected: float) -> None:
    assert ndcg(found, relevant, k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("found", "relevant", "k", "expected"),
    [
        pytest.param(hit(1, 3, of=5), 2, 3, 1.0, id="all found"),
        pytest.param(hit(1, 3, of=5), 2, 2, 0.5, id="one within k"),
        pytest.param(hit(1, 3, of=5), 8, 3, 2 / 3, id="of the most that k can hold"),
        pytest.param(hit(1, 3, of=5), 4, 5, 0.5, id="of the relevant"),
        pytest.param(hit(of=5), 1, 5, 0.0, id="none found"),
    ],
)
def test_recall_by_hand(found: np.ndarray, relevant: int, k: int, expected: float) -> None:
    assert recall(found, relevant, k) == pytest.approx(expected, abs=1e-12)
