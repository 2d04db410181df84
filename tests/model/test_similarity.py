"""The blend of fold-in, tags and co-listening, against the formula written plainly."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.folding import FoldingIn
from model.shares import Shares
from model.similarity import Similarity
from tests.artifact_by_hand import PROFILES, TOGETHER, M, artifact_by_hand

FOLDING = FoldingIn(artifact_by_hand())
QUESTIONS = [np.array([4]), np.array([0, 12]), np.array([5]), np.array([2, 7, 11])]


def similarity(shares: Shares) -> Similarity:
    return Similarity(folding=FOLDING, profiles=PROFILES, together=TOGETHER, shares=shares)


def normal(part: NDArray[np.float32], asked: NDArray[np.int64]) -> NDArray[np.float64]:
    best = max(float(part[row]) for row in range(M) if row not in asked.tolist())
    return part.astype(float) / (best if best > 0 else 1.0)


@pytest.mark.parametrize(
    "shares",
    [
        Shares(),
        Shares(latent_tags=0.6),
        Shares(tags=1.4),
        Shares(co_listening=0.3),
        Shares(latent_tags=0.6, tags=0.3, co_listening=0.2),
    ],
)
def test_every_part_is_measured_by_its_best_other_artist(shares: Shares) -> None:
    scores = similarity(shares).scores(QUESTIONS)
    assert (scores.shape, scores.dtype) == ((4, M), np.float32)
    for answer, asked in zip(scores, QUESTIONS, strict=True):
        wanted = normal(FOLDING.answers([asked])[0], asked)
        wanted += shares.latent_tags * normal(PROFILES.latent_cosines(asked), asked)
        wanted += shares.tags * normal(PROFILES.cosines(asked), asked)
        wanted += shares.co_listening * normal(TOGETHER.cosines(asked), asked)
        assert answer.tolist() == pytest.approx(wanted.tolist(), rel=1e-4, abs=1e-5)


def test_a_part_that_knows_nothing_of_an_artist_changes_nothing() -> None:
    asked = [np.array([5])]
    assert PROFILES.of(5)[0].size == 0
    alone = similarity(Shares()).scores(asked)
    np.testing.assert_array_equal(similarity(Shares(tags=3, co_listening=2)).scores(asked), alone)


@settings(derandomize=True, deadline=None)
@given(
    asked=st.lists(st.integers(0, M - 1), min_size=1, max_size=M - 1, unique=True),
    share=st.floats(0, 10),
)
def test_no_question_gives_nan(asked: list[int], share: float) -> None:
    blend = similarity(Shares(share, share / 2, share / 3))
    assert np.isfinite(blend.scores([np.array(asked)])).all()


def test_what_is_only_rounding_is_not_blown_up() -> None:
    """As where those asked about are alone with their tags, and others are close by 1e-7."""
    latent = np.zeros((M, 3), np.float32)
    latent[[3, 8], 0] = 1
    latent[:3] = [3e-7, 0.6, -0.8]
    lonely = replace(PROFILES, latent=latent)
    asked = [np.array([3, 8])]
    plain, blended = (
        Similarity(folding=FOLDING, profiles=lonely, together=TOGETHER, shares=shares).scores(asked)
        for shares in (Shares(), Shares(latent_tags=0.6))
    )
    others = np.delete(np.arange(M), asked[0])
    np.testing.assert_allclose(blended[0, others], plain[0, others], atol=1e-6)
    near = Similarity(
        folding=FOLDING, profiles=lonely, together=TOGETHER, shares=Shares(latent_tags=0.6)
    ).scores([np.array([3])])
    alone = similarity(Shares()).scores([np.array([3])])
    assert near[0, 8] - alone[0, 8] == pytest.approx(0.6, abs=1e-5), "the other one is close"


def test_asking_twice_gives_the_same() -> None:
    blend = similarity(Shares(0.6, 0.3, 0.2))
    np.testing.assert_array_equal(blend.scores(QUESTIONS), blend.scores(QUESTIONS))


def test_everybody_asked_about_leaves_nobody_to_measure_by() -> None:
    scores = similarity(Shares(tags=1.0)).scores([np.arange(M)])
    assert np.isfinite(scores).all()


def test_questions_are_answered_each_for_itself() -> None:
    blend = similarity(Shares(0.6, 0.3, 0.2))
    together = blend.scores(QUESTIONS)
    for answer, asked in zip(together, QUESTIONS, strict=True):
        np.testing.assert_allclose(blend.scores([asked])[0], answer, rtol=1e-5, atol=1e-6)


def test_many_questions_are_answered_like_few() -> None:
    blend = similarity(Shares(0.6, 0.3, 0.2))
    asked = [np.array([row, (row + 5) % M]) for row in range(M)]
    for count in range(1, M + 1):
        for answer, question in zip(blend.scores(asked[:count]), asked, strict=False):
            np.testing.assert_allclose(
                answer, blend.scores([question])[0], rtol=1e-5, atol=1e-6, err_msg=str(count)
            )
