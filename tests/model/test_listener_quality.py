import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from model.dataset import Interactions
from model.errors import TrainingError
from model.evaluation import MEASURES, evaluate, listener_quality, ranking_quality
from model.factors import Factors

Pairs = Mapping[int, Mapping[int, int]]

# Listener 4 has nothing hidden; of 2 the artists 10 and 13 are, of 7 the artist 11.
PLAYS: Pairs = {2: {10: 1, 11: 9, 13: 2}, 4: {12: 5, 14: 1}, 7: {10: 2, 11: 1, 15: 1}}
HIDDEN = {(0, 0), (0, 3), (2, 1)}


@pytest.fixture
def parts(interactions_of: Callable[[Pairs], Interactions]) -> tuple[Interactions, Interactions]:
    """Training and held-out pairs of 3 listeners and 6 artists."""
    whole = interactions_of(PLAYS)
    pairs = zip(whole.listeners.tolist(), whole.artists.tolist(), strict=True)
    held = np.array([pair in HIDDEN for pair in pairs])
    return whole.select(~held), whole.select(held)


def test_each_listener_with_hidden_artists_is_measured_alone(
    parts: tuple[Interactions, Interactions],
) -> None:
    scores = np.zeros((3, 6), np.float32)
    scores[0] = (1, 99, 5, 4, 3, 2)  # hidden are ranked second and fifth; 11 is masked
    scores[2] = (9, 8, 7, 6, 5, 9)  # the hidden one comes first behind the masked two
    rows, values = listener_quality(lambda rows: scores[rows], *parts)
    assert rows.tolist() == [0, 2]
    gain = (1 / math.log2(3) + 1 / math.log2(6)) / (1 + 1 / math.log2(3))
    expected = {"ndcg@10": gain, "ndcg@20": gain}
    assert dict(zip(MEASURES, values[0].tolist(), strict=True)) == pytest.approx(
        {**dict.fromkeys(MEASURES, 1.0), **expected}
    )
    assert values[1].tolist() == [1.0] * 6
    assert ranking_quality(lambda rows: scores[rows], *parts) == pytest.approx(
        dict(zip(MEASURES, values.mean(axis=0).tolist(), strict=True))
    )


def test_an_artist_the_scorer_does_not_know_is_never_recommended(
    parts: tuple[Interactions, Interactions],
) -> None:
    scores = np.full((3, 6), -np.inf, np.float32)
    scores[:, 3] = 1
    _, values = listener_quality(lambda rows: scores[rows], *parts)
    first = dict(zip(MEASURES, values[0].tolist(), strict=True))
    # Six artists fit into every list, yet only the known one of the two hidden ones is found.
    assert first["recall@20"] == 0.5
    assert first["ndcg@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert values[1].tolist() == [0.0] * 6


def test_a_score_that_is_no_number_ends_the_evaluation(
    parts: tuple[Interactions, Interactions],
) -> None:
    scores = np.ones((3, 6), np.float32)
    scores[2, 4] = np.nan
    with pytest.raises(TrainingError, match="evaluation: a score is not a number"):
        listener_quality(lambda rows: scores[rows], *parts)


def test_beside_each_measure_of_a_training_stands_its_interval(
    parts: tuple[Interactions, Interactions],
) -> None:
    rng = np.random.default_rng(0)
    factors = Factors(
        listener_embeddings=rng.normal(size=(3, 2)).astype(np.float32),
        artist_embeddings=rng.normal(size=(6, 2)).astype(np.float32),
        unobserved_weight=0.1,
        listener_l2=0.1,
        frequency_exponent=1.0,
        gravity_scale=np.ones(6, np.float32),
        curve=(),
    )
    from model.configuration import preset

    quality = evaluate(factors, preset("plain-64"), *parts)
    assert list(quality) == ["plain-64", "popularity", "item-knn"]
    for measured in quality.values():
        for name in MEASURES:
            low, high = measured[f"{name}_low"], measured[f"{name}_high"]
            assert 0 <= low <= measured[name] <= high <= 1
    assert quality["plain-64"]["ndcg@20_low"] < quality["plain-64"]["ndcg@20_high"]
