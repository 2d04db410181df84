import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from model.dataset import Interactions, Taggings
from model.weighting import (
    SideRows,
    Target,
    gravity_scale,
    play_weights,
    tag_rows,
    tagger_rows,
    targets,
)

Pairs = Mapping[int, Mapping[int, int]]


@pytest.fixture
def played(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    """Three listeners with 4, 1 and 2 of 5 artists; listeners of the artists: 1, 2, 2, 1, 1."""
    return interactions_of({2: {1: 3, 5: 900, 6: 40, 9: 40}, 3: {6: 11}, 8: {5: 7, 12: 120}})


@pytest.fixture
def alike(interactions_of: Callable[[Pairs], Interactions]) -> Interactions:
    """Everybody played everything 17 times."""
    return interactions_of({2: {1: 17, 5: 17, 6: 17}, 3: {6: 17}})


# --- targets ---


def test_a_binary_target_is_one_for_every_pair(played: Interactions) -> None:
    assert targets(played, "binary").tolist() == [1] * 7


def test_min_max_spreads_all_plays_between_zero_and_one(played: Interactions) -> None:
    wanted = [(plays - 3) / 897 for plays in (3, 900, 40, 40, 11, 7, 120)]
    assert targets(played, "min-max") == pytest.approx(wanted, abs=1e-7)


def test_z_scores_have_mean_zero_and_spread_one(played: Interactions) -> None:
    plays = [3, 900, 40, 40, 11, 7, 120]
    mean, sd = statistics.fmean(plays), statistics.pstdev(plays)
    found = targets(played, "z-score")
    assert found == pytest.approx([(count - mean) / sd for count in plays], abs=1e-6)
    assert float(found.mean()) == pytest.approx(0, abs=1e-6)
    assert float(found.std()) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("kind", ["min-max", "z-score"])
def test_a_part_of_the_pairs_stays_on_the_scale_of_all(played: Interactions, kind: Target) -> None:
    chosen = np.array([True, False, True, False, True, True, False])
    part = targets(played.select(chosen), kind)
    assert part.tolist() == targets(played, kind)[chosen].tolist()


@pytest.mark.parametrize("kind", ["binary", "min-max", "z-score"])
def test_equal_plays_are_all_worth_one(alike: Interactions, kind: Target) -> None:
    assert targets(alike, kind).tolist() == [1] * 4


@pytest.mark.parametrize("kind", ["binary", "min-max", "z-score"])
def test_targets_are_float32_one_a_pair_even_for_none(played: Interactions, kind: Target) -> None:
    assert targets(played, kind).dtype == np.float32
    assert targets(played.select(np.zeros(7, bool)), kind).shape == (0,)


# --- weights of pairs ---


def test_a_pair_weighs_by_its_place_among_the_listeners_own_plays(played: Interactions) -> None:
    wanted: list[float] = []
    for plays in ([3, 900, 40, 40], [11], [7, 120]):
        logs = [math.log1p(count) for count in plays]
        mean, sd = statistics.fmean(logs), statistics.pstdev(logs)
        wanted += [math.exp(0.7 * (log - mean) / (sd + 0.3)) for log in logs]
    found = play_weights(played, 0.7)
    assert found.dtype == np.float32
    assert found == pytest.approx(wanted, rel=1e-6)
    assert found[1] > 1 > found[0]
    assert found[4] == 1, "a listener's only artist is their usual one"


def test_without_exponent_all_pairs_weigh_alike(played: Interactions) -> None:
    assert play_weights(played, 0.0).tolist() == [1] * 7


def test_equal_plays_weigh_alike_whatever_the_exponent(alike: Interactions) -> None:
    assert play_weights(alike, 1.5) == pytest.approx([1] * 4)


def test_a_listener_without_pairs_disturbs_nobody(played: Interactions) -> None:
    chosen = played.listeners != 1
    with np.errstate(all="raise"):
        part = play_weights(played.select(chosen), 0.7)
    assert part.tolist() == play_weights(played, 0.7)[chosen].tolist()


# --- gravity ---


def test_gravity_grows_with_an_artists_listeners_and_has_mean_one(played: Interactions) -> None:
    found = gravity_scale(played, 0.4)
    assert found.dtype == np.float32
    assert float(found.mean()) == pytest.approx(1, abs=1e-6)
    assert found[1] / found[0] == pytest.approx((2.5 / 1.5) ** 0.4, rel=1e-6)
    assert found.argsort(kind="stable").tolist() == [0, 3, 4, 1, 2]


def test_without_exponent_gravity_pulls_alike(played: Interactions) -> None:
    assert gravity_scale(played, 0.0).tolist() == [1] * 5


def test_an_artist_without_listeners_is_pulled_least(played: Interactions) -> None:
    found = gravity_scale(played.select(played.artists != 3), 0.4)
    assert found.shape == (5,)
    assert 0 < found[3] == found.min() < found[0]


# --- rows beside the listeners ---


@pytest.fixture
def tagged(played: Interactions) -> Interactions:
    """Tag 30 on two artists, 50 on one (four times), 70 on three."""
    assignments = [
        *((0, artist, 0) for artist in (1, 4)),
        *((listener, 2, 1) for listener in (-1, 0, 1, 2)),
        *((listener, artist, 2) for listener, artist in ((0, 4), (1, 4), (2, 4), (2, 0), (0, 3))),
    ]
    listeners, artists, tags = np.array(assignments).T
    return replace(played, taggings=Taggings(np.array([30, 50, 70]), listeners, artists, tags))


def pairs(of: SideRows) -> list[tuple[int, int, float]]:
    """(row, artist, weight) of each pair, in order."""
    found = zip(of.rows.tolist(), of.artists.tolist(), of.weights.tolist(), strict=True)
    return sorted(found)


def test_a_tag_plays_the_artists_it_is_put_on(tagged: Interactions) -> None:
    made = tag_rows(tagged, 0.6, min_artists=2)
    assert made.count == 2, "tag 50 is on one artist only"
    assert pairs(made) == [
        (0, 1, pytest.approx(0.6)),
        (0, 4, pytest.approx(0.6)),
        (1, 0, pytest.approx(0.6)),
        (1, 3, pytest.approx(0.6)),
        (1, 4, pytest.approx(0.6 * math.log2(4))),
    ]
    assert made.weights.dtype == np.float32


@pytest.mark.parametrize(("least", "count"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_a_tag_on_too_few_artists_has_no_row(tagged: Interactions, least: int, count: int) -> None:
    made = tag_rows(tagged, 1.0, min_artists=least)
    assert made.count == count
    assert sorted(set(made.rows.tolist())) == list(range(count))


def test_a_tag_needs_five_artists_unless_told_otherwise(lastfm_interactions: Interactions) -> None:
    taggings = lastfm_interactions.taggings
    pairs = set(zip(taggings.tags.tolist(), taggings.artists.tolist(), strict=True))
    spread = [sum(tag == wanted for tag, _ in pairs) for wanted in range(taggings.tag_ids.size)]
    enough = sorted(artists for artists in spread if artists >= 5)
    assert 0 < len(enough) < len(spread)
    assert sorted(np.bincount(tag_rows(lastfm_interactions, 0.6).rows).tolist()) == enough


def test_a_tagger_has_a_row_of_everything_they_tagged(tagged: Interactions) -> None:
    made = tagger_rows(tagged, 0.5)
    assert made.count == 3
    assert [pair[:2] for pair in pairs(made)] == [
        *((0, 1), (0, 2), (0, 3), (0, 4)),
        *((1, 2), (1, 4)),
        *((2, 0), (2, 2), (2, 4)),
    ]
    assert made.weights.tolist() == [0.5] * 9, "however many tags a pair has"
    assert made.weights.dtype == np.float32


def test_a_listener_without_tags_or_without_plays_has_no_tagger_row(tagged: Interactions) -> None:
    few = replace(tagged, taggings=tagged.taggings.select(tagged.taggings.listeners != 1))
    made = tagger_rows(few, 0.5)
    assert made.count == 2
    assert [row for row, _, _ in pairs(made)] == [0, 0, 0, 0, 1, 1, 1]


def test_side_gravity_grows_with_a_rows_artists(tagged: Interactions) -> None:
    found = tagger_rows(tagged, 0.5).gravity(0.1)
    assert found == pytest.approx([0.4, 0.2, 0.3])
    assert found.dtype == np.float32
    assert tagger_rows(tagged, 0.5).gravity(0.0).tolist() == [0, 0, 0]


def test_rows_stand_above_others_without_mixing(tagged: Interactions) -> None:
    tags, taggers = tag_rows(tagged, 0.6, min_artists=2), tagger_rows(tagged, 0.5)
    both = tags.above(taggers)
    assert both.count == 5
    assert pairs(both) == [
        *pairs(tags),
        *((2 + row, artist, weight) for row, artist, weight in pairs(taggers)),
    ]


def test_without_weight_or_tags_there_are_no_rows(
    tagged: Interactions, played: Interactions
) -> None:
    tags = (tag_rows(tagged, 0.0, min_artists=1), tag_rows(played, 0.6, min_artists=1))
    taggers = (tagger_rows(tagged, 0.0), tagger_rows(played, 0.5))
    for made in (*tags, *taggers, tags[0].above(taggers[0])):
        assert made.count == 0
        assert made.rows.size == made.artists.size == made.weights.size == 0
        assert made.gravity(0.1).shape == (0,)
