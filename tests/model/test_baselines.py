from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
import pytest

from model.baselines import item_knn, popularity
from model.dataset import Interactions

Pairs = Mapping[int, Mapping[int, int]]

A, B, C, D, E = 3, 10, 11, 25, 40
# Listeners of each artist: A 1, B 3, C 4, D 1, E 1. Plays differ so that counting them shows.
PLAYS: Pairs = {
    2: {A: 900, B: 4, C: 1},
    5: {B: 7, C: 30},
    6: {C: 2, E: 5000},
    9: {B: 1, C: 6, D: 70},
}
SHRINKAGE = 2.0
# |listeners of both| / (sqrt(|of one| |of the other|) + 2), all pairs that share a listener.
AB, AC = 1 / (sqrt(3) + SHRINKAGE), 1 / (sqrt(4) + SHRINKAGE)
BC, BD = 3 / (sqrt(12) + SHRINKAGE), 1 / (sqrt(3) + SHRINKAGE)
CD, CE = 1 / (sqrt(4) + SHRINKAGE), 1 / (sqrt(4) + SHRINKAGE)


@pytest.fixture
def training(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    return interactions_of(PLAYS)


def test_popularity_counts_listeners_not_plays(training: Interactions) -> None:
    scores = popularity(training)(np.array([3, 0, 2]))
    assert scores.dtype == np.float32
    assert scores.tolist() == [[1, 3, 4, 1, 1]] * 3


def test_popularity_knows_only_the_training_pairs(training: Interactions) -> None:
    without_last = training.select(training.listeners != 3)
    assert popularity(without_last)(np.array([1])).tolist() == [[1, 2, 3, 0, 1]]


def test_item_knn_sums_the_shrunk_cosines_of_what_was_played(training: Interactions) -> None:
    scores = item_knn(training, shrinkage=SHRINKAGE)(np.array([2, 1, 0]))
    assert scores.dtype == np.float32
    assert scores == pytest.approx(
        np.array(
            [
                [AC, BC, CE, CD, CE],
                [AB + AC, BC, BC, BD + CD, CE],
                [AB + AC, AB + BC, AC + BC, BD + CD, CE],
            ]
        ),
        abs=1e-6,
    )


def test_each_artist_keeps_its_own_nearest_neighbours(training: Interactions) -> None:
    # Nearest: A to B, B to C, C to B, D to B, E to C.
    scores = item_knn(training, neighbours=1, shrinkage=SHRINKAGE)(np.array([0, 1, 2, 3]))
    assert scores == pytest.approx(
        np.array(
            [[0, AB + BC, BC, 0, 0], [0, BC, BC, 0, 0], [0, BC, CE, 0, 0], [0, BC + BD, BC, 0, 0]]
        ),
        abs=1e-6,
    )


@pytest.mark.parametrize("shrinkage", [0.0, 20.0])
def test_shrinkage_is_added_to_the_denominator(training: Interactions, shrinkage: float) -> None:
    scores = item_knn(training, shrinkage=shrinkage)(np.array([2]))
    assert scores[0, 1] == pytest.approx(3 / (sqrt(12) + shrinkage), abs=1e-6)


def test_an_artist_without_training_pairs_scores_nothing(training: Interactions) -> None:
    without_last = training.select(training.listeners != 3)
    scores = item_knn(without_last, shrinkage=SHRINKAGE)(np.array([3, 1]))
    assert scores.shape == (2, 5)
    assert scores[0].tolist() == [0] * 5
    assert scores[1, 3] == 0
    assert scores[1, 1] == pytest.approx(2 / (sqrt(6) + SHRINKAGE), abs=1e-6)
