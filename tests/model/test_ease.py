from collections.abc import Callable, Mapping

import numpy as np
import pytest

from model import ease as module
from model.baselines import listening
from model.dataset import Interactions
from model.ease import ease

Pairs = Mapping[int, Mapping[int, int]]


def primal(matrix: np.ndarray, l2: float) -> np.ndarray:
    """x B for every row, with B as Steck (2019) writes it: an M x M inverse, zero diagonal."""
    inverse = np.linalg.inv(matrix.T @ matrix + l2 * np.eye(matrix.shape[1]))
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return matrix @ weights


@pytest.fixture
def training(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    """Five listeners, eight artists; plays differ so that counting them would show."""
    return interactions_of(
        {
            2: {10: 5, 11: 1, 14: 900},
            3: {10: 1, 11: 7},
            7: {11: 2, 12: 3, 13: 1, 17: 4},
            8: {10: 1, 11: 1, 13: 60, 15: 2, 16: 1},
            9: {16: 8},
        }
    )


@pytest.mark.parametrize("l2", [0.5, 3.0, 100.0])
def test_the_dual_gives_the_scores_of_the_primal(training: Interactions, l2: float) -> None:
    expected = primal(listening(training).toarray().astype(float), l2)
    rows = np.array([4, 0, 2, 1, 3])
    scores = ease(training, l2=l2)(rows)
    assert scores.dtype == np.float32
    assert scores.shape == (5, 8)
    np.testing.assert_allclose(scores, expected[rows], atol=1e-6)
    assert np.abs(expected).max() > 1e-3


def test_an_artist_without_training_pairs_scores_nothing(training: Interactions) -> None:
    scores = ease(training.select(training.artists != 3), l2=2.0)(np.array([0, 2]))
    assert scores[:, 3].tolist() == [0, 0]
    assert np.abs(np.delete(scores, 3, axis=1)).min(axis=1).max() > 0


def test_many_artists_are_gone_through_in_parts(
    training: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ease(training, l2=1.5)(np.arange(5))
    monkeypatch.setattr(module, "_BATCH", 3)
    np.testing.assert_allclose(ease(training, l2=1.5)(np.arange(5)), whole, atol=1e-7)
