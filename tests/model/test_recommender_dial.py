"""The dial from familiar to adventurous."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.artifact import load_artifact
from model.errors import ConfigurationError
from model.recommender import BOLD_REACH, FAMILIAR_REACH, Measure, Recommendation, Recommender
from model.store import version_folder
from tests.artifact_by_hand import EMBEDDINGS, LISTENERS, M, artifact_by_hand
from tests.small_trainings import learnt_without_holdout, needs_lastfm

DIALS = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
small = Recommender(artifact_by_hand())


@pytest.fixture(scope="module")
def demo(store: Path) -> Recommender:
    return Recommender(load_artifact(version_folder(store)))


def medians(recommender: Recommender, questions: Sequence[Sequence[int]]) -> list[float]:
    """Listeners of the answers to all questions, the median along ``DIALS``."""
    return [
        float(
            np.median(
                [
                    item.artist.listeners
                    for asked in questions
                    for item in recommender.similar(asked, dial=dial)
                ]
            )
        )
        for dial in DIALS
    ]


def test_answers_grow_less_popular_all_along_the_dial(demo: Recommender) -> None:
    chance = np.random.default_rng(3)
    size = len(demo.catalogue)
    questions = [chance.choice(size, 1 + n % 3, replace=False).tolist() for n in range(90)]
    found = medians(demo, questions)
    assert found == sorted(found, reverse=True)
    assert found[0] > found[4] > found[-1]


@pytest.mark.parametrize("measure", ["blend", "fold-in", "cosine", "dot"])
@pytest.mark.parametrize("dial", [-1.0, -0.3, 0.6, 1.0])
def test_positive_scores_are_corrected_by_a_power_of_the_listeners(
    measure: Measure, dial: float
) -> None:
    plain = {item.artist.row: item.score for item in small.similar([2], M, measure=measure)}
    power = -FAMILIAR_REACH * dial if dial < 0 else BOLD_REACH * dial
    for item in small.similar([2], M, measure=measure, dial=dial):
        before = plain[item.artist.row]
        corrected = before * (LISTENERS[item.artist.row] + 1) ** power if before > 0 else before
        assert item.score == pytest.approx(corrected, rel=1e-5)


def test_the_answer_is_in_the_order_of_the_corrected_scores() -> None:
    for dial in DIALS:
        scores = [item.score for item in small.similar([4], M, dial=dial)]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("measure", ["blend", "dot"])
def test_an_artist_that_scores_below_nothing_is_never_lifted_above_one_that_scores(
    measure: Measure,
) -> None:
    for dial in DIALS:
        found = small.similar([6], M, measure=measure, dial=dial)
        signs = [item.score > 0 for item in found]
        assert signs == sorted(signs, reverse=True)
        assert not all(signs)


@pytest.mark.parametrize("dial", [0, 0.0, -0.0])
def test_in_the_middle_the_dial_changes_nothing(demo: Recommender, dial: float) -> None:
    for asked in ([5], [40, 7, 23]):
        assert demo.similar(asked, 50, dial=dial) == demo.similar(asked, 50)


def test_the_dial_changes_no_reason_and_no_question(demo: Recommender) -> None:
    plain = {item.artist.row: item.reasons for item in demo.similar([30], 300)}
    for dial in (-1, 1):
        for item in demo.similar([30], 20, dial=dial):
            assert item.artist.row != 30
            assert item.reasons == plain[item.artist.row]


@pytest.mark.parametrize("dial", [-1.001, 1.001, 7, float("nan"), float("inf"), float("-inf")])
def test_a_dial_out_of_range_is_one_line(dial: float) -> None:
    pattern = r"^dial: \S+ is out of range; give a number from -1 to 1$"
    with pytest.raises(ConfigurationError, match=pattern):
        small.similar([2], dial=dial)


def test_an_artist_without_an_embedding_stays_unlike_anybody_all_along_the_dial() -> None:
    embeddings = np.array(EMBEDDINGS)
    embeddings[6] = 0
    bare = Recommender(artifact_by_hand(embeddings=embeddings))
    for dial in DIALS:
        found = bare.similar([6], 3, measure="dot", dial=dial)
        assert [item.score for item in found] == [0.0] * 3


# --- on the real data ---


@pytest.fixture(scope="module")
def real() -> Recommender:
    return Recommender(learnt_without_holdout()[0].artifact())


@pytest.fixture(scope="module")
def asked() -> list[tuple[int, int]]:
    """A training artist and a held-out one of each of 900 listeners."""
    _, training, held_out = learnt_without_holdout()
    pairs = zip(training.histories(), held_out.histories(), strict=True)
    able = [(known, hidden) for known, hidden in pairs if known.size and hidden.size]
    rng = np.random.default_rng(9)
    chosen = rng.permutation(len(able))[:900]
    return [(int(rng.choice(able[at][0])), int(rng.choice(able[at][1]))) for at in chosen]


def hit_rate(recommender: Recommender, asked: list[tuple[int, int]], **options: Any) -> float:
    def answered(row: int) -> set[int]:
        found: list[Recommendation] = recommender.similar([row], **options)
        return {item.artist.row for item in found}

    return float(np.mean([target in answered(row) for row, target in asked]))


@pytest.mark.slow
@needs_lastfm
def test_the_ends_of_the_dial_keep_enough_hits(
    real: Recommender, asked: list[tuple[int, int]]
) -> None:
    middle = hit_rate(real, asked)
    assert middle > 0.045
    assert middle > hit_rate(real, asked, dial=1) >= middle / 2
    assert hit_rate(real, asked, dial=-1) > middle


@pytest.mark.slow
@needs_lastfm
def test_real_answers_grow_less_popular_all_along_the_dial(
    real: Recommender, asked: list[tuple[int, int]]
) -> None:
    found = medians(real, [[row] for row, _ in asked[:300]])
    assert found == sorted(found, reverse=True)
    assert found[0] > 2 * found[4] > 2 * found[-1]
