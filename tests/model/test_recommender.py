"""How the recommender scores: shapes, the fold-in itself, listeners, groups, rows that are none."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from model.artifact import load_artifact
from model.errors import ArtifactMissingError
from model.manifest import FoldIn
from model.recommender import Recommender
from model.shares import Shares
from model.store import version_folder
from tests.artifact_by_hand import (
    LISTENER_COUNT,
    LISTENERS,
    M,
    artifact_by_hand,
    folded_in,
)

by_hand = artifact_by_hand()
small = Recommender(by_hand)


@pytest.fixture(scope="module")
def demo(store: Path) -> Recommender:
    return Recommender.load(store)


def test_a_store_and_a_version_folder_load_the_same(store: Path, demo: Recommender) -> None:
    for path in (str(store), version_folder(store), str(version_folder(store))):
        again = Recommender.load(path)
        np.testing.assert_array_equal(again.score_artists([5]), demo.score_artists([5]))
    with pytest.raises(ArtifactMissingError, match="nothing has been trained yet"):
        Recommender.load(store / "nowhere")


def test_artist_ids_are_the_order_of_the_columns(demo: Recommender) -> None:
    assert demo.artist_ids.dtype == np.int64
    assert demo.artist_ids.shape == (len(demo.catalogue),)
    for row in (0, 7, len(demo.catalogue) - 1):
        assert demo.catalogue.artist(row).id == demo.artist_ids[row]


@pytest.mark.parametrize("rows", [[5], [7, 2, 7], np.array([0, 12]), (3,), range(2, 6)])
def test_scores_of_artists_are_a_row_for_each_asked(rows: Sequence[int]) -> None:
    unblended = artifact_by_hand(shares=Shares())
    scores = Recommender(unblended).score_artists(rows)
    assert scores.shape == (len(rows), M)
    assert scores.dtype == np.float32
    for position, row in enumerate(rows):
        alone = folded_in(unblended, [row])
        np.testing.assert_allclose(
            scores[position], alone / np.delete(alone, row).max(), rtol=5e-5, atol=1e-6
        )


@pytest.mark.parametrize("share", ["latent_tags", "tags", "co_listening"])
def test_what_is_blended_beside_changes_the_scores_of_artists_only(share: str) -> None:
    alone, blended = (
        Recommender(artifact_by_hand(shares=shares))
        for shares in (Shares(), Shares(**{share: 0.5}))
    )
    assert not np.allclose(alone.score_artists([0, 12]), blended.score_artists([0, 12]))
    np.testing.assert_array_equal(alone.score_listeners([[3]]), blended.score_listeners([[3]]))


@pytest.mark.parametrize(
    "history",
    [[4], [0, 11], [12, 2, 6, 8], [0, 2, 4, 6, 8, 10, 12], list(range(13))],
    ids=len,
)
def test_a_listener_is_the_minimiser_of_the_objective_for_the_history(history: list[int]) -> None:
    (scores,) = small.score_listeners([history])
    np.testing.assert_allclose(scores, folded_in(by_hand, history), rtol=2e-5, atol=1e-6)


def test_the_demo_folds_in_by_the_same_formula(demo: Recommender, store: Path) -> None:
    history = [3, 700, 41, 512]
    (scores,) = demo.score_listeners([history])
    np.testing.assert_allclose(
        scores, folded_in(load_artifact(version_folder(store)), history), rtol=1e-4, atol=1e-5
    )


def test_scores_of_listeners_are_a_row_for_each_history() -> None:
    scores = small.score_listeners([[3, 1], np.array([7]), [], (2, 4, 5)])
    assert scores.shape == (4, M)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores[1], small.score_listeners([[7]])[0], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(scores[3], folded_in(by_hand, [2, 4, 5]), rtol=5e-5, atol=1e-6)


def test_nobody_asked_is_no_rows() -> None:
    for scores in (small.score_artists([]), small.score_listeners([])):
        assert scores.shape == (0, M)
        assert scores.dtype == np.float32
    assert small.score_artists(np.empty(0, np.int64)).shape == (0, M)


def test_an_empty_history_is_answered_with_popularity() -> None:
    empty, full, also_empty = small.score_listeners([[], [4, 2], np.empty(0, np.int64)])
    np.testing.assert_allclose(empty, np.array(LISTENERS) / LISTENER_COUNT, rtol=1e-6)
    np.testing.assert_array_equal(empty, also_empty)
    assert not np.array_equal(empty, full)


def test_duplicates_and_order_in_a_history_do_not_count() -> None:
    once, twice, reverse, without = small.score_listeners(
        [[2, 8, 11], [2, 8, 2, 11, 8], [11, 8, 2], [2, 8]]
    )
    np.testing.assert_array_equal(once, twice)
    np.testing.assert_array_equal(once, reverse)
    assert not np.allclose(once, without)


@pytest.mark.parametrize("row", [-1, M, 10**12])
@pytest.mark.parametrize(
    "ask",
    [
        lambda row: small.score_artists([2, row]),
        lambda row: small.score_listeners([[], [2, row]]),
        lambda row: small.score_group([[2], [row]]),
        lambda row: small.similar([row]),
        lambda row: small.similar([2], exclude=[row]),
    ],
    ids=["artists", "listeners", "group", "similar", "exclude"],
)
def test_a_row_that_is_no_artist_of_the_catalogue_raises(
    ask: Callable[[int], object], row: int
) -> None:
    with pytest.raises(IndexError, match=f"no row {row} among {M} artists"):
        ask(row)


HISTORIES = [[0, 2], [8], [6, 7, 12, 10]]


def test_a_group_sums_one_by_the_logarithm_of_each_members_rank() -> None:
    group = small.score_group(HISTORIES)
    assert group.shape == (M,)
    assert group.dtype == np.float32
    expected = np.zeros(M)
    for history in HISTORIES:
        scores = small.score_listeners([history])[0]
        for row in range(M):
            expected[row] += 1 / np.log2(2 + int((scores > scores[row]).sum()))
    np.testing.assert_allclose(group, expected, rtol=1e-6)


def test_no_member_of_a_group_comes_first() -> None:
    forwards, backwards = small.score_group(HISTORIES), small.score_group(HISTORIES[::-1])
    np.testing.assert_allclose(forwards, backwards, rtol=1e-6)
    shuffled = small.score_group([[12, 6, 10, 7, 6], [2, 0], [8, 8]])
    np.testing.assert_allclose(forwards, shuffled, rtol=1e-6)


def test_a_group_of_one_ranks_as_its_member() -> None:
    (alone,) = small.score_listeners([[4, 11]])
    np.testing.assert_array_equal(np.argsort(-small.score_group([[4, 11]])), np.argsort(-alone))


def test_a_member_without_a_history_votes_for_what_is_popular() -> None:
    with_empty = small.score_group([[8], []])
    assert np.isfinite(with_empty).all()
    gain = with_empty - small.score_group([[8]])
    assert gain.argmax() == LISTENERS.index(max(LISTENERS))
    np.testing.assert_allclose(gain.max(), 1.0, rtol=1e-6)
    assert np.argmax(small.score_group([[], []])) == LISTENERS.index(max(LISTENERS))


def test_a_group_without_members_is_answered_with_popularity() -> None:
    np.testing.assert_allclose(
        small.score_group([]), np.array(LISTENERS) / LISTENER_COUNT, rtol=1e-6
    )


def test_without_gravity_and_regularisation_the_scores_are_still_numbers() -> None:
    bare = Recommender(artifact_by_hand(fold_in=FoldIn(0.0, 0.0, 0.0)))
    for history in ([2], [0, 2, 4, 6, 8]):
        assert np.isfinite(bare.score_listeners([history])).all()
