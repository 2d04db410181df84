import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from model import evaluation
from model.baselines import Scorer
from model.configuration import Holdout
from model.dataset import Interactions
from model.evaluation import ranking_quality, split

Pairs = Mapping[int, Mapping[int, int]]
MEASURES = {"ndcg@10", "ndcg@20", "recall@10", "recall@20", "hit_rate@10", "hit_rate@20"}


def pairs(of: Interactions) -> list[tuple[int, int, int]]:
    """(listener row, artist row, plays) of each pair."""
    return list(zip(of.listeners.tolist(), of.artists.tolist(), of.plays.tolist(), strict=True))


@pytest.fixture
def wide(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    """Four listeners with 20, 26, 9 and 1 of 60 artists."""
    spans = {3: range(1, 21), 8: range(15, 41), 11: range(52, 61), 12: range(44, 45)}
    plays = {
        listener: {5 * artist: artist + listener for artist in span}
        for listener, span in spans.items()
    }
    return interactions_of(plays | {20: {5 * artist: 1 for artist in (41, 42, 43, *range(45, 52))}})


# --- the split ---


@pytest.mark.parametrize("holdout", ["per-listener", "pairs"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_parts_are_disjoint_and_together_everything(
    lastfm_interactions: Interactions, holdout: Holdout, share: float
) -> None:
    training, held_out = split(lastfm_interactions, holdout, share, seed=4)
    assert set(pairs(training)).isdisjoint(pairs(held_out))
    assert sorted(pairs(training) + pairs(held_out)) == pairs(lastfm_interactions)
    for part in (training, held_out):
        assert part.shape == lastfm_interactions.shape
        assert part.summary == lastfm_interactions.summary
        assert pairs(part) == sorted(pairs(part))


@pytest.mark.parametrize("holdout", ["per-listener", "pairs"])
def test_the_tags_of_held_out_pairs_are_not_there_in_training(
    lastfm_interactions: Interactions, holdout: Holdout
) -> None:
    def tagged(of: Interactions) -> list[tuple[int, int, int]]:
        tags = of.taggings
        return list(
            zip(tags.listeners.tolist(), tags.artists.tolist(), tags.tags.tolist(), strict=True)
        )

    training, held_out = split(lastfm_interactions, holdout, 0.4, seed=3)
    hidden = {(listener, artist) for listener, artist, _ in pairs(held_out)}
    everything = tagged(lastfm_interactions)
    assert tagged(training) == [tag for tag in everything if tag[:2] not in hidden]
    assert 0 < len(tagged(training)) < len(everything)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.75])
def test_each_listener_gives_its_share(wide: Interactions, share: float) -> None:
    training, held_out = split(wide, "per-listener", share, seed=1)
    counts = wide.artists_per_listener()
    wanted = [min(round(count * share), count - 1) for count in counts.tolist()]
    assert held_out.artists_per_listener().tolist() == wanted
    assert training.artists_per_listener().min() >= 1


def test_one_artist_of_each_listener_always_stays_for_training(wide: Interactions) -> None:
    training, held_out = split(wide, "per-listener", 0.999, seed=1)
    assert training.artists_per_listener().tolist() == [1] * 5
    assert held_out.artists_per_listener().tolist() == [19, 25, 8, 0, 9]


@pytest.mark.parametrize("holdout", ["per-listener", "pairs"])
def test_the_split_follows_its_seed(lastfm_interactions: Interactions, holdout: Holdout) -> None:
    first, again, other = (
        pairs(split(lastfm_interactions, holdout, 0.3, seed)[1]) for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("holdout", ["per-listener", "pairs"])
def test_every_pair_has_its_turn(wide: Interactions, holdout: Holdout) -> None:
    held = np.zeros(wide.shape, int)
    for seed in range(200):
        _, held_out = split(wide, holdout, 0.5, seed)
        held[held_out.listeners, held_out.artists] += 1
    turns = held[wide.listeners, wide.artists]
    alone = wide.listeners == 3
    if holdout == "per-listener":
        assert turns[alone].tolist() == [0]
        turns = turns[~alone]
    # Six standard deviations of a fair coin around 100 of 200, wider for 4 of 9.
    assert turns.min() > 45
    assert turns.max() < 155


def test_pairs_holds_out_that_share_of_all_pairs_whoever_has_them(wide: Interactions) -> None:
    sizes = [split(wide, "pairs", 0.25, seed)[1].plays.size for seed in range(100)]
    assert np.mean(sizes) / wide.plays.size == pytest.approx(0.25, abs=0.03)
    assert len(set(sizes)) > 3, "each pair is drawn for itself"
    lonely = [split(wide, "pairs", 0.25, seed)[0].artists_per_listener()[3] for seed in range(50)]
    assert set(lonely) == {0, 1}


# --- the quality of a ranking ---


def dense(of: Interactions) -> NDArray[np.float32]:
    """float [N, M], 1 at each pair."""
    matrix = np.zeros(of.shape, np.float32)
    matrix[of.listeners, of.artists] = 1
    return matrix


def scorer(matrix: NDArray[np.float32]) -> Scorer:
    return lambda rows: matrix[rows]


def test_a_perfect_ranking_scores_one_though_training_artists_score_higher(
    wide: Interactions,
) -> None:
    training, held_out = split(wide, "per-listener", 0.3, seed=2)
    score = scorer(dense(held_out) + 2 * dense(training) - 10)
    assert ranking_quality(score, training, held_out) == dict.fromkeys(MEASURES, 1.0)


def test_the_worst_ranking_scores_nothing(wide: Interactions) -> None:
    training, held_out = split(wide, "per-listener", 0.3, seed=2)
    quality = ranking_quality(scorer(-dense(held_out)), training, held_out)
    assert quality == dict.fromkeys(MEASURES, 0.0)


def test_quality_by_hand(wide: Interactions) -> None:
    # Held out: listener row 0 artist rows 4 and 9, listener row 2 its last; nobody else counts.
    held = (wide.listeners == 0) & np.isin(wide.artists, (4, 9))
    held |= (wide.listeners == 2) & (wide.artists == wide.shape[1] - 1)
    training, held_out = wide.select(~held), wide.select(held)
    scores = np.zeros(wide.shape, np.float32)
    # Row 0: ranks 1 and 12 (ten other artists between). Row 2: rank 15.
    scores[0, 4], scores[0, 30:40], scores[0, 9] = 50, range(40, 30, -1), 20
    scores[2, :14], scores[2, -1] = 9, 8
    quality = ranking_quality(scorer(scores), training, held_out)
    ideal = 1 + 1 / math.log2(3)
    assert quality == pytest.approx(
        {
            "ndcg@10": (1 / ideal + 0) / 2,
            "ndcg@20": ((1 + 1 / math.log2(13)) / ideal + 1 / math.log2(16)) / 2,
            "recall@10": (1 / 2 + 0) / 2,
            "recall@20": 1,
            "hit_rate@10": 1 / 2,
            "hit_rate@20": 1,
        },
        abs=1e-9,
    )


def test_listeners_are_scored_in_batches_with_one_tick_each(
    wide: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, held_out = split(wide, "per-listener", 0.3, seed=2)
    matrix = np.random.default_rng(1).normal(size=wide.shape).astype(np.float32)
    whole = ranking_quality(scorer(matrix), training, held_out)
    asked: list[list[int]] = []
    ticks: list[int] = []

    def score(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        asked.append(rows.tolist())
        return matrix[rows]

    monkeypatch.setattr(evaluation, "_BATCH", 3)
    batched = ranking_quality(score, training, held_out, tick=lambda: ticks.append(len(asked)))
    assert asked == [[0, 1, 2], [4]], "row 3 has one artist, which stays for training"
    assert ticks == [1, 2]
    assert batched == pytest.approx(whole)


def test_the_scorer_keeps_its_own_array(wide: Interactions) -> None:
    training, held_out = split(wide, "per-listener", 0.3, seed=2)
    kept = np.ones(wide.shape, np.float32)
    ranking_quality(lambda rows: kept[: rows.size], training, held_out)
    assert (kept == 1).all()


def test_nothing_held_out_gives_zeros(wide: Interactions) -> None:
    nothing = wide.select(np.zeros(wide.plays.size, bool))
    assert ranking_quality(scorer(dense(wide)), wide, nothing) == dict.fromkeys(MEASURES, 0.0)
