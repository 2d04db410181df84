"""Tag profiles and co-listening, built from interactions and read back, against plain loops."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.co_listening import CoListening
from model.dataset import Interactions, PlaysSummary, Taggings
from model.profiling import co_listening, tag_profiles
from model.tag_profiles import TagProfiles

Pairs = Mapping[int, Mapping[int, int]]

LISTENED: Pairs = {
    1: {10: 5, 11: 1, 12: 2, 14: 1},
    2: {10: 1, 11: 3},
    5: {10: 2, 12: 9, 13: 1},
    6: {15: 4, 10: 1},
}


N, M, T = 6, 9, 5
ASSIGNMENTS = st.lists(
    st.tuples(st.integers(-1, N - 1), st.integers(0, M - 1), st.integers(0, T - 1)), max_size=40
)
PLAYED = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, M - 1)))


def made_of(
    played: Iterable[tuple[int, int]] = (), tagged: Iterable[tuple[int, int, int]] = ()
) -> Interactions:
    """N listeners and M artists with these pairs and (listener, artist, tag) assignments."""
    listeners, artists = np.array(sorted(played), np.int64).reshape(-1, 2).T
    taggers, tagged_artists, tags = np.array(list(tagged), np.int64).reshape(-1, 3).T
    return Interactions(
        np.arange(N) * 2 + 1,
        np.arange(M) * 3 + 2,
        listeners,
        artists,
        np.full(artists.size, 7),
        PlaysSummary(7, 7, 7, 0),
        Taggings(np.arange(T) + 40, taggers, tagged_artists, tags),
    )


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
    assert profiles.columns()["tag_profiles.latent"].flags["C_CONTIGUOUS"]
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


@settings(derandomize=True, deadline=None)
@given(ASSIGNMENTS, st.integers(1, 12))
def test_whatever_is_tagged_profiles_have_length_one_or_zero(
    tagged: list[tuple[int, int, int]], dimension: int
) -> None:
    made = made_of(tagged=tagged)
    profiles = tag_profiles(made, dimension=dimension)
    for row, wanted in enumerate(profiles_by_hand(made)):
        tags, weights = profiles.of(row)
        # A tag on all artists weighs nothing and is left out.
        kept = {tag: weight for tag, weight in wanted.items() if weight > 0}
        assert dict(zip(tags.tolist(), weights.tolist(), strict=True)) == pytest.approx(kept)
        assert kept or not profiles.latent[row].any()
        for answer in (
            profiles.cosines(np.array([row])),
            profiles.latent_cosines(np.array([row, 0])),
        ):
            assert answer.shape == (M,)
            assert (np.abs(answer) <= 1 + 1e-5).all()
    assert profiles.latent.shape[1] <= dimension
    lengths = np.linalg.norm(profiles.latent, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


def test_a_tag_on_one_artist_or_on_all_tells_nothing() -> None:
    everywhere = [(artist % N, artist, 0) for artist in range(M)]
    alone = [(2, 5, 1), (3, 5, 1)]
    profiles = tag_profiles(made_of(tagged=[*everywhere, *alone]))
    assert profiles.tags.size == 0
    assert not profiles.latent.any()
    shared = tag_profiles(made_of(tagged=[*everywhere, *alone, (0, 8, 1), (4, 8, 3), (0, 2, 3)]))
    assert [shared.of(row)[0].tolist() for row in (2, 5, 8)] == [[3], [1], [1, 3]]
    assert shared.tags.size == 4


def test_a_tag_by_two_listeners_counts_more_than_by_one_and_a_rare_one_more() -> None:
    """Tag 0 twice on artist 4 and tag 2 once, each on two artists; tag 3 is on three."""
    tagged = [
        (0, 4, 0),
        (3, 4, 0),
        (1, 4, 2),
        (1, 7, 0),
        (2, 8, 2),
        (2, 4, 3),
        (5, 1, 3),
        (0, 2, 3),
    ]
    tags, weights = tag_profiles(made_of(tagged=tagged)).of(4)
    assert tags.tolist() == [0, 2, 3]
    ratios = weights / weights[1]
    rarity = math.log(9 / 3) / math.log(9 / 2)
    assert ratios.tolist() == pytest.approx([math.log(3) / math.log(2), 1, rarity])


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


@settings(derandomize=True, deadline=None)
@given(PLAYED, st.integers(1, 4))
def test_counts_and_cut_are_those_of_the_raw_pairs(
    played: set[tuple[int, int]], neighbours: int
) -> None:
    made = co_listening(made_of(played), neighbours=neighbours)
    who = [{listener for listener, other in played if other == artist} for artist in range(M)]
    assert made.listeners.tolist() == [len(listeners) for listeners in who]
    lists: list[list[int]] = []
    for row in range(M):
        others = [other for other in range(M) if other != row and who[row] & who[other]]
        others.sort(key=lambda other: (-len(who[row] & who[other]), len(who[other]), other))
        lists.append(others[:neighbours])
        entries = slice(made.offsets[row], made.offsets[row + 1])
        assert made.neighbours[entries].tolist() == sorted(lists[row])
        assert np.isfinite(made.cosines(np.array([row]))).all()
    for one, other in itertools.permutations(range(M), 2):
        known = other in lists[one] or one in lists[other]
        assert made.together(one, other) == (len(who[one] & who[other]) if known else None)


def test_nobody_is_their_own_neighbour_or_one_without_listeners(together: CoListening) -> None:
    assert all(together.together(row, row) is None for row in range(6))
    lonely = co_listening(made_of([(0, 2), (0, 3), (4, 7)]))
    assert np.diff(lonely.offsets).tolist() == [0, 0, 1, 1, 0, 0, 0, 0, 0]
    for row in (0, 7):
        assert not lonely.cosines(np.array([row])).any()


def test_a_hundred_neighbours_are_kept_unless_told_otherwise() -> None:
    played = [(0, artist) for artist in range(130)] + [(1, artist) for artist in range(3, 130)]
    listeners, artists = np.array(played).T
    many = Interactions(
        np.arange(2),
        np.arange(130),
        listeners,
        artists,
        artists + 1,
        PlaysSummary(1, 130, 65, 37),
        Taggings(*(np.zeros(0, np.int64) for _ in range(4))),
    )
    made = co_listening(many)
    assert set(np.diff(made.offsets).tolist()) == {100}
    assert made.neighbours[: made.offsets[1]].tolist() == [1, 2, *range(3, 101)]


def test_what_is_stored_is_read_again(profiles: TagProfiles, together: CoListening) -> None:
    rows = profiles.offsets.size - 1
    again = TagProfiles.from_columns(profiles.columns(), rows, int(profiles.tags.max()) + 1)
    for name, column in profiles.columns().items():
        np.testing.assert_array_equal(again.columns()[name], column)
    back = CoListening.from_columns(together.columns(), together.listeners)
    for name, column in together.columns().items():
        np.testing.assert_array_equal(back.columns()[name], column)
