"""Tag profiles and co-listening, built from interactions and read back, against plain loops."""

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from model.co_listening import CoListening
from model.dataset import Interactions
from model.profiling import co_listening, tag_profiles
from model.tag_profiles import TagProfiles

Pairs = Mapping[int, Mapping[int, int]]

LISTENED: Pairs = {
    1: {10: 5, 11: 1, 12: 2, 14: 1},
    2: {10: 1, 11: 3},
    5: {10: 2, 12: 9, 13: 1},
    6: {15: 4, 10: 1},
}


def counts_by_artist(of: Interactions) -> list[dict[int, int]]:
    """For each artist row how many listeners put each tag on it, counted one by one."""
    counts: list[dict[int, int]] = [{} for _ in of.artist_ids]
    for artist, tag in zip(of.taggings.artists.tolist(), of.taggings.tags.tolist(), strict=True):
        counts[artist][tag] = counts[artist].get(tag, 0) + 1
    return counts


def profiles_by_hand(of: Interactions) -> list[dict[int, float]]:
    counts = counts_by_artist(of)
    spread = {tag: sum(tag in count for count in counts) for tag in range(of.taggings.tag_ids.size)}
    profiles: list[dict[int, float]] = []
    for count in counts:
        raw = {
            tag: math.log1p(number) * math.log(len(counts) / spread[tag])
            for tag, number in count.items()
            if spread[tag] >= 2
        }
        length = math.sqrt(sum(weight**2 for weight in raw.values()))
        profiles.append({tag: weight / length for tag, weight in raw.items()} if length else {})
    return profiles


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    lengths = math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))
    inner = sum(weight * other.get(tag, 0) for tag, weight in one.items())
    return inner / lengths if lengths else 0.0


@pytest.fixture(scope="module")
def profiles(lastfm_interactions: Interactions) -> TagProfiles:
    return tag_profiles(lastfm_interactions, dimension=4)


@pytest.fixture(scope="module")
def together(interactions_of: Callable[[Pairs], Interactions]) -> CoListening:
    return co_listening(interactions_of(LISTENED))


def test_a_profile_is_the_tags_by_frequency_and_rarity(
    lastfm_interactions: Interactions, profiles: TagProfiles
) -> None:
    wanted = profiles_by_hand(lastfm_interactions)
    assert sum(map(len, wanted)) > 20
    for row, profile in enumerate(wanted):
        tags, weights = profiles.of(row)
        assert dict(zip(tags.tolist(), weights.tolist(), strict=True)) == pytest.approx(profile)
        assert tags.tolist() == sorted(tags.tolist())


def test_the_cosine_is_that_of_the_profiles(
    lastfm_interactions: Interactions, profiles: TagProfiles
) -> None:
    by_hand = profiles_by_hand(lastfm_interactions)
    for asked in range(len(by_hand)):
        wanted = [cosine(by_hand[asked], other) for other in by_hand]
        assert profiles.cosines(np.array([asked])).tolist() == pytest.approx(wanted, abs=1e-6)


def test_several_artists_are_asked_about_as_the_sum_of_their_profiles(
    lastfm_interactions: Interactions, profiles: TagProfiles
) -> None:
    by_hand = profiles_by_hand(lastfm_interactions)
    first, second = [row for row, profile in enumerate(by_hand) if len(profile) > 1][:2]
    tags = by_hand[first].keys() | by_hand[second].keys()
    both = {tag: by_hand[first].get(tag, 0) + by_hand[second].get(tag, 0) for tag in tags}
    wanted = [cosine(both, other) for other in by_hand]
    assert profiles.cosines(np.array([first, second])).tolist() == pytest.approx(wanted, abs=1e-6)


def test_latent_profiles_have_length_one_or_zero_and_are_stored_by_rows(
    lastfm_interactions: Interactions, profiles: TagProfiles
) -> None:
    lengths = np.linalg.norm(profiles.latent, axis=1)
    assert profiles.latent.shape == (lastfm_interactions.artist_ids.size, 4)
    assert profiles.latent.flags["C_CONTIGUOUS"]
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))
    assert {0, 1} <= set(lengths.round().astype(int).tolist())


def test_the_latent_cosine_in_all_dimensions_is_the_cosine_itself(
    lastfm_interactions: Interactions,
) -> None:
    whole = tag_profiles(lastfm_interactions, dimension=8)
    tagged = np.flatnonzero(np.diff(whole.offsets))
    rank = np.linalg.matrix_rank(whole.latent)
    assert rank == whole.latent.shape[1]
    plain, latent = whole.cosines(tagged[:1]), whole.latent_cosines(tagged[:1])
    assert np.corrcoef(plain[tagged], latent[tagged])[0, 1] > 0.95


def test_without_tags_nothing_is_close_and_nothing_is_nan(
    interactions_of: Callable[[Pairs], Interactions],
) -> None:
    untagged = tag_profiles(interactions_of(LISTENED))
    for answer in (untagged.cosines(np.array([0, 2])), untagged.latent_cosines(np.array([1]))):
        assert answer.tolist() == [0.0] * 6


def test_the_same_data_give_the_same_profiles(
    lastfm_interactions: Interactions, profiles: TagProfiles
) -> None:
    again = tag_profiles(lastfm_interactions, dimension=4)
    assert again.latent.tobytes() == profiles.latent.tobytes()


def test_shared_listeners_are_counted_exactly(together: CoListening) -> None:
    ids = [10, 11, 12, 13, 14, 15]
    for one, other in itertools.permutations(range(6), 2):
        shared = sum(ids[one] in played and ids[other] in played for played in LISTENED.values())
        assert together.together(one, other) == (shared or None)
    assert together.listeners.tolist() == [4, 2, 2, 1, 1, 1]


def test_the_cosine_of_co_listening_is_shrunk(together: CoListening) -> None:
    answer = together.cosines(np.array([0]), shrinkage=3.0)
    wanted = [0, 2 / (8**0.5 + 3), 2 / (8**0.5 + 3), 1 / 5, 1 / 5, 1 / 5]
    assert answer.tolist() == pytest.approx(wanted)
    mean = (together.cosines(np.array([0])) + together.cosines(np.array([3]))) / 2
    assert together.cosines(np.array([0, 3])).tolist() == pytest.approx(mean.tolist())


def test_only_the_nearest_neighbours_are_kept_rare_ones_first_among_equals(
    interactions_of: Callable[[Pairs], Interactions],
) -> None:
    few = co_listening(interactions_of(LISTENED), neighbours=3)
    kept = few.neighbours[few.offsets[0] : few.offsets[1]].tolist()
    assert kept == [1, 2, 3], "two pairs share two listeners, then the lowest of three equals"
    assert np.diff(few.offsets).max() == 3
    assert few.together(5, 0) == 1
    assert few.together(0, 5) == 1, "known from the other side"
    assert few.together(4, 3) is None


def test_what_is_stored_is_read_again(profiles: TagProfiles, together: CoListening) -> None:
    rows = profiles.offsets.size - 1
    again = TagProfiles.from_columns(profiles.columns(), rows, int(profiles.tags.max()) + 1)
    for name, column in profiles.columns().items():
        np.testing.assert_array_equal(again.columns()[name], column)
    back = CoListening.from_columns(together.columns(), together.listeners)
    for name, column in together.columns().items():
        np.testing.assert_array_equal(back.columns()[name], column)


def test_tags_and_neighbours_that_do_not_exist_are_refused(
    profiles: TagProfiles, together: CoListening
) -> None:
    rows = profiles.offsets.size - 1
    with pytest.raises(ValueError, match="point outside"):
        TagProfiles.from_columns(profiles.columns(), rows, int(profiles.tags.max()))
    with pytest.raises(ValueError, match="does not belong"):
        CoListening.from_columns(together.columns(), together.listeners[1:])
