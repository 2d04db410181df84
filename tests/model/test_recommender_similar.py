"""Similar artists: their order under each measure, what is left out, reasons and confidence."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.artifact import load_artifact
from model.confidence import Calibration
from model.errors import ConfigurationError
from model.recommender import Measure, Recommendation, Recommender
from model.store import version_folder
from tests.artifact_by_hand import EMBEDDINGS, NO_ARTIST, M, artifact_by_hand

MEASURES: tuple[Measure, ...] = ("blend", "fold-in", "cosine", "dot")
small = Recommender(artifact_by_hand())


@pytest.fixture(scope="module")
def demo(store: Path) -> Recommender:
    return Recommender.load(store)


def rows_of(found: Sequence[Recommendation]) -> list[int]:
    return [item.artist.row for item in found]


def ranked(scores: NDArray[Any], *, without: set[int]) -> list[int]:
    return [int(row) for row in np.argsort(-scores, kind="stable") if row not in without]


def test_similar_artists_are_those_that_score_artists_ranks_highest() -> None:
    for row in range(M):
        (scores,) = small.score_artists([row])
        found = small.similar([row], 5)
        assert rows_of(found) == ranked(scores, without=NO_ARTIST | {row})[:5]
        assert [item.score for item in found] == [float(scores[each]) for each in rows_of(found)]


def test_several_artists_are_asked_about_as_one_listener() -> None:
    unpulled = replace(artifact_by_hand().manifest.fold_in, question_ridge=1.0)
    plain = Recommender(artifact_by_hand(fold_in=unpulled))
    (scores,) = plain.score_listeners([[12, 0, 7]])
    found = plain.similar([12, 0, 7], 4, measure="fold-in")
    assert rows_of(found) == ranked(scores, without=NO_ARTIST | {12, 0, 7})[:4]


@pytest.mark.parametrize("measure", MEASURES)
def test_an_artist_asked_about_twice_counts_once(measure: Measure) -> None:
    once = small.similar([12, 0, 7], M, measure=measure)
    assert small.similar([0, 12, 0, 7, 0], M, measure=measure) == once


@pytest.mark.parametrize("asked", [[6], [6, 0, 11]])
@pytest.mark.parametrize("measure", ["dot", "cosine"])
def test_the_measures_of_the_notebook_can_be_chosen(measure: Measure, asked: list[int]) -> None:
    v = EMBEDDINGS.astype(np.float64)
    if measure == "cosine":
        v = v / np.sqrt((v**2).sum(axis=1))[:, None]
    scores = np.array(
        [sum(float(v[row] @ v[one]) for one in asked) / len(asked) for row in range(M)]
    )
    found = small.similar(asked, 6, measure=measure)
    assert rows_of(found) == ranked(scores, without=NO_ARTIST | set(asked))[:6]
    np.testing.assert_allclose(
        [item.score for item in found], scores[rows_of(found)], rtol=1e-5, atol=1e-6
    )


def test_the_measures_are_different_answers(demo: Recommender) -> None:
    answers = [tuple(rows_of(demo.similar([12], measure=measure))) for measure in MEASURES]
    assert len(set(answers)) == len(MEASURES)
    assert answers[0] == tuple(rows_of(demo.similar([12])))


@pytest.mark.parametrize("k", [13, 1000, 2**40])
def test_more_than_there_are_is_everybody_else_once(k: int) -> None:
    found = rows_of(small.similar([2], k, exclude=[0, 3]))
    assert sorted(found) == sorted(set(range(M)) - NO_ARTIST - {2, 0})


@pytest.mark.parametrize("k", [0, -1])
def test_none_wanted_is_none(k: int) -> None:
    assert small.similar([2], k) == []


def test_nobody_left_is_none() -> None:
    assert small.similar([2], exclude=range(M)) == []
    assert small.similar(list(range(M))) == []


def test_what_is_excluded_makes_way_for_the_next() -> None:
    first, second, third, fourth = rows_of(small.similar([2], 4))
    assert rows_of(small.similar([2], 2, exclude={first, third})) == [second, fourth]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_longer_answer_begins_like_a_shorter_one_even_among_equals(
    store: Path, measure: Measure
) -> None:
    artifact = load_artifact(version_folder(store))
    chance = np.random.default_rng(6)
    five = chance.normal(0, 0.5, (5, 7)).astype(np.float32)
    embeddings = five[chance.integers(0, 5, len(artifact.catalogue))]
    equals = Recommender(replace(artifact, artist_embeddings=embeddings))
    longest = rows_of(equals.similar([12], 400, measure=measure))
    for k in (1, 2, 9, 50, 173, 399):
        assert rows_of(equals.similar([12], k, measure=measure)) == longest[:k]


@pytest.mark.parametrize("measure", MEASURES)
def test_rows_that_are_no_artists_are_never_recommended(measure: Measure) -> None:
    for row in range(M):
        assert not NO_ARTIST & set(rows_of(small.similar([row], M, measure=measure)))


def test_a_question_without_an_artist_or_with_another_measure_is_one_line() -> None:
    with pytest.raises(ConfigurationError, match="similar: at least one artist is needed"):
        small.similar([])
    measure: Any = "euclid"
    with pytest.raises(ConfigurationError, match=r"no measure 'euclid'; give one of .*cosine"):
        small.similar([2], measure=measure)


@pytest.mark.parametrize(
    ("asked", "name", "alone"),
    [
        ([0], "Little Known", True),
        ([0], "Ferry", False),
        ([10], "Paper Kite", True),
        ([7], "Paper Kite", False),
        ([4], "Long Road", True),
    ],
)
def test_few_listeners_on_either_side_are_a_long_shot(
    asked: list[int], name: str, alone: bool
) -> None:
    sure = Calibration(intercept=9.0, likely=0.5, unlikely=0.1)
    artifact = artifact_by_hand()
    certain = Recommender(replace(artifact, manifest=replace(artifact.manifest, calibration=sure)))
    words = {item.artist.name: item.in_words for item in certain.similar(asked, M)}
    assert words[name] == ("a long shot" if alone else "a safe bet")


def test_an_artist_without_an_embedding_is_like_nobody() -> None:
    embeddings = np.array(EMBEDDINGS)
    embeddings[6] = 0
    bare = Recommender(artifact_by_hand(embeddings=embeddings))
    for measure in MEASURES:
        scores = [item.score for item in bare.similar([6], 3, measure=measure)]
        assert np.isfinite(scores).all()
        assert (scores == [0.0] * 3) is (measure != "blend"), "tags know it all the same"
