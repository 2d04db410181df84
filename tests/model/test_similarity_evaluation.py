from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from model import similarity_evaluation as module
from model.dataset import Interactions, Ints
from model.evaluation import split
from model.similarity_evaluation import (
    Answers,
    Questions,
    SimilarityTally,
    agreement,
    answer,
    baseline_artist_scorers,
    draw,
)

Pairs = Mapping[int, Mapping[int, int]]


def rows(*values: int) -> Ints:
    return np.array(values, np.int64)


@pytest.fixture
def training(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    """Three listeners, 25 artists; the last listener plays most of them."""
    return interactions_of(
        {2: {1: 1, 3: 4}, 5: {3: 1, 7: 2, 9: 1}, 6: dict.fromkeys(range(4, 27), 2)}
    )


def scorer(matrix: NDArray[np.float32]) -> Callable[[Ints], NDArray[np.float32]]:
    return lambda asked: matrix[asked]


# --- the questions ---


def test_a_question_joins_a_known_and_a_hidden_artist_of_one_listener(
    lastfm_interactions: Interactions,
) -> None:
    training, held_out = split(lastfm_interactions, "per-listener", 0.3, seed=1)
    questions = draw(training, held_out, draws=20, seed=2)
    known, hidden = training.histories(), held_out.histories()
    able = {row for row in range(training.shape[0]) if known[row].size and hidden[row].size}
    counts = np.bincount(questions.listeners, minlength=training.shape[0])
    assert set(np.flatnonzero(counts)) == able
    assert set(counts) <= {0, 20}
    for listener in able:
        mine = questions.listeners == listener
        assert set(questions.asked[mine]) <= set(known[listener])
        assert set(questions.targets[mine]) <= set(hidden[listener])
        assert len(set(questions.targets[mine])) > 1 or hidden[listener].size == 1


def test_the_questions_follow_their_seed(lastfm_interactions: Interactions) -> None:
    parts = split(lastfm_interactions, "per-listener", 0.3, seed=1)
    first, again, other = (draw(*parts, draws=3, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(first.asked, again.asked)
    assert np.array_equal(first.targets, again.targets)
    assert not np.array_equal(first.asked, other.asked)


def test_where_nothing_is_hidden_nothing_is_asked(training: Interactions) -> None:
    nothing = training.select(np.zeros(training.plays.size, bool))
    assert draw(training, nothing, draws=3, seed=0).asked.size == 0


# --- the answers ---


def test_the_artist_asked_about_is_not_its_own_answer(training: Interactions) -> None:
    scores = np.tile(np.arange(25, dtype=np.float32), (25, 1))
    questions = Questions(rows(0, 0, 1), rows(24, 0, 24), rows(14, 15, 13))
    answers = answer(scorer(scores), questions, training)
    assert answers.top[0].tolist() == list(range(23, 13, -1))
    assert answers.top[1].tolist() == list(range(24, 14, -1))
    assert answers.hit.tolist() == [True, True, False]


def test_a_tie_gains_nothing_but_the_order_of_the_artists(training: Interactions) -> None:
    scores = np.zeros((25, 25), np.float32)
    scores[:, 20] = 1
    questions = Questions(rows(0, 0, 0, 0), rows(3, 3, 20, 24), rows(9, 10, 9, 9))
    # One is better than the ties; asked about 3, the ties 0, 1, 2, 4 to 9 fill the ten.
    assert answer(scorer(scores), questions, training).hit.tolist() == [True, False, True, False]


def test_what_the_listener_is_known_to_play_is_left_out_of_the_fresh_answers(
    training: Interactions,
) -> None:
    scores = np.tile(np.arange(25, 0, -1, dtype=np.float32), (25, 1))
    # Listener row 2 knows the artist rows 2 to 24: only 0 and 1 are fresh.
    questions = Questions(rows(2, 2, 0), rows(24, 24, 0), rows(1, 12, 11))
    answers = answer(scorer(scores), questions, training)
    assert answers.hit.tolist() == [True, False, False]
    assert answers.fresh_hit.tolist() == [True, False, True]


def test_unknown_artists_are_never_an_answer_and_few_artists_leave_gaps(
    training: Interactions,
) -> None:
    scores = np.full((25, 25), -np.inf, np.float32)
    scores[:, [4, 8]] = 1, 2
    answers = answer(scorer(scores), Questions(rows(0), rows(8), rows(9)), training)
    assert answers.top.tolist() == [[4, *[-1] * 9]]
    assert not answers.hit.any()
    few = answer(
        lambda asked: np.ones((asked.size, 3), np.float32),
        Questions(rows(0), rows(1), rows(2)),
        training.select(training.artists < 0),
    )
    assert few.top.tolist() == [[0, 2, *[-1] * 8]]
    assert few.hit.tolist() == [True]


def test_questions_are_asked_in_batches_each_artist_once_in_a_batch(
    lastfm_interactions: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, held_out = split(lastfm_interactions, "per-listener", 0.3, seed=1)
    questions = draw(training, held_out, draws=4, seed=2)
    size = training.shape[1]
    matrix = np.random.default_rng(3).normal(size=(size, size)).astype(np.float32)
    whole = answer(scorer(matrix), questions, training)
    asked: list[list[int]] = []

    def score(batch: Ints) -> NDArray[np.float32]:
        asked.append(batch.tolist())
        return matrix[batch]

    monkeypatch.setattr(module, "_BATCH", 7)
    parts = answer(score, questions, training)
    assert np.array_equal(parts.top, whole.top)
    assert np.array_equal(parts.fresh_hit, whole.fresh_hit)
    assert max(map(len, asked)) <= 7
    artists = np.unique(questions.asked).size
    assert sum(map(len, asked)) < artists + len(asked), (
        "only where a batch ends is one scored twice"
    )
    assert all(len(set(batch)) == len(batch) for batch in asked)


# --- what they are worth ---


def test_tag_agreement_by_hand() -> None:
    tags = np.array([[3, 1, -1], [1, 2, 3], [-1, -1, -1], [7, -1, -1]])
    # Artist 0 with 1: {1, 3} of {1, 2, 3}; with 2: nothing of {1, 3}; with 3: nothing.
    worth = agreement(tags, rows(0, 1), np.array([[1, 2, 3, -1], [0, 0, 2, 1]]))
    assert worth.tolist() == pytest.approx([2 / 3 / 4, (2 / 3 + 2 / 3 + 0 + 1) / 4])


def test_a_tally_by_hand() -> None:
    tags = np.array([[1, 2], [1, -1], [-1, -1], [2, -1], [5, -1]])
    popularity = rows(3, 4, 5, 19, 40)
    questions = Questions(rows(0, 0, 2, 2), rows(0, 1, 2, 3), rows(1, 2, 3, 4))
    first = Answers(
        top=np.array([[1, 3], [0, 3], [3, 1], [1, -1]]),
        hit=np.array([True, False, True, False]),
        fresh_hit=np.array([True, True, True, False]),
    )
    tally = SimilarityTally(3, tags)
    tally.add(questions, first, popularity)
    quality = tally.quality()
    assert quality.hit_rate.mean == 0.5
    bands = {"1-4": 0.5, "5-19": 0.5, "20+": 0.0}
    assert {band: rate.mean for band, rate in quality.by_band.items()} == bands
    assert quality.fresh_hit_rate.mean == 0.75
    assert quality.fresh_by_band["1-4"].mean == 1
    # 0 with 1 and 3: 1/2 each; 1 with 0: 1/2, with 3: 0; 2 has no tags; 3 with 1: 0.
    assert quality.tag_agreement is not None
    assert quality.tag_agreement.mean == pytest.approx((1 / 2 + 1 / 4 + 0) / 3)
    assert quality.coverage == 3 / 5
    assert quality.median_listeners == np.median([4, 19, 3, 19, 19, 4, 4])
    tally.add(
        Questions(rows(1), rows(4), rows(0)),
        Answers(np.array([[0, 1]]), np.array([True]), np.array([True])),
        popularity,
    )
    both = tally.quality()
    assert both.hit_rate.mean == 3 / 5
    assert both.by_band["20+"].mean == 1
    assert both.coverage == pytest.approx((3 / 5 + 2 / 5) / 2)
    assert both.median_listeners == pytest.approx((4 + 3.5) / 2)


def test_a_model_that_saw_tags_has_no_tag_agreement() -> None:
    tally = SimilarityTally(2, None)
    tally.add(
        Questions(rows(0), rows(1), rows(2)),
        Answers(np.array([[2, 0]]), np.array([True]), np.array([True])),
        rows(1, 2, 3),
    )
    assert tally.quality().tag_agreement is None
    assert tally.quality().hit_rate.mean == 1


def test_baselines_answer_about_artists(training: Interactions) -> None:
    scorers = baseline_artist_scorers(training)
    assert list(scorers) == ["popularity", "item-knn"]
    asked = rows(1, 0)
    counts = training.listeners_per_artist()
    assert scorers["popularity"](asked).tolist() == [counts.tolist()] * 2
    near = scorers["item-knn"](asked)
    # Artist 3 (row 1) shares listener 2 with artist 1 (row 0), who has no other.
    assert near[1, 1] == near[0, 0] == pytest.approx(1 / (np.sqrt(2) + 2))
    assert near[0, 1] == near[1, 0] == 0
