"""Tag profiles as they are stored and asked, with cosines worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load, save

from model.tag_profiles import TagProfiles

Array = NDArray[Any]
TAGS = 7


@pytest.fixture
def profiles() -> TagProfiles:
    """Five artists: 0 and 4 alike, 1 shares tag 4 with them, 2 has none, 3 is alone with 6."""
    return TagProfiles(
        offsets=np.array([0, 2, 5, 5, 6, 8]),
        tags=np.array([1, 4, 0, 2, 4, 6, 1, 4], np.int32),
        weights=np.array([0.8, 0.6, 2 / 7, 3 / 7, 6 / 7, 1.0, 0.8, 0.6], np.float32),
        latent=np.array(
            [[0.6, 0.8, 0], [0, 1, 0], [0, 0, 0], [0, 0, -1], [0.6, 0.8, 0]], np.float32
        ),
    )


def test_each_artist_has_its_own_entries(profiles: TagProfiles) -> None:
    found = [profiles.of(row) for row in range(5)]
    assert [tags.tolist() for tags, _ in found] == [[1, 4], [0, 2, 4], [], [6], [1, 4]]
    assert found[1][1].tolist() == pytest.approx([2 / 7, 3 / 7, 6 / 7])
    assert found[2][1].size == 0


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ([0], [1, 0.6 * 6 / 7, 0, 0, 1]),
        ([1], [0.6 * 6 / 7, 1, 0, 0, 0.6 * 6 / 7]),
        ([3], [0, 0, 0, 1, 0]),
        # Profiles that share no tag have each half the square of their sum.
        ([0, 3], [0.5**0.5, 0.5**0.5 * 0.6 * 6 / 7, 0, 0.5**0.5, 0.5**0.5]),
        ([3, 0, 2], [0.5**0.5, 0.5**0.5 * 0.6 * 6 / 7, 0, 0.5**0.5, 0.5**0.5]),
        ([0, 4], [1, 0.6 * 6 / 7, 0, 0, 1]),
    ],
)
def test_cosines_are_with_the_sum_of_those_asked_about(
    profiles: TagProfiles, asked: list[int], wanted: list[float]
) -> None:
    found = profiles.cosines(np.array(asked))
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ([1], [0.8, 1, 0, 0, 0.8]),
        ([3], [0, 0, 0, 1, 0]),
        ([1, 0], [1.8 / 3.6**0.5, 1.8 / 3.6**0.5, 0, 0, 1.8 / 3.6**0.5]),
        ([1, 3], [0.8 / 2**0.5, 0.5**0.5, 0, 0.5**0.5, 0.8 / 2**0.5]),
    ],
)
def test_latent_cosines_are_with_the_sum_as_well(
    profiles: TagProfiles, asked: list[int], wanted: list[float]
) -> None:
    found = profiles.latent_cosines(np.array(asked))
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("asked", [[2], [2, 2]])
def test_an_artist_without_tags_is_close_to_nobody(profiles: TagProfiles, asked: list[int]) -> None:
    for found in (profiles.cosines(np.array(asked)), profiles.latent_cosines(np.array(asked))):
        assert found.tolist() == [0, 0, 0, 0, 0]


def test_opposite_latent_profiles_cancel_without_nan(profiles: TagProfiles) -> None:
    latent = profiles.latent.copy()
    latent[1] = [0, 0, 1]
    opposite = TagProfiles(profiles.offsets, profiles.tags, profiles.weights, latent)
    assert opposite.latent_cosines(np.array([1, 3])).tolist() == [0, 0, 0, 0, 0]


def test_where_nobody_has_tags_everybody_is_answered_zero() -> None:
    nothing = TagProfiles(
        offsets=np.zeros(4, np.int64),
        tags=np.zeros(0, np.int32),
        weights=np.zeros(0, np.float32),
        latent=np.zeros((3, 1), np.float32),
    )
    assert nothing.cosines(np.array([1])).tolist() == [0, 0, 0]
    assert nothing.latent_cosines(np.array([1])).tolist() == [0, 0, 0]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, unique=True))
def test_asking_changes_nothing_that_is_stored(asked: list[int]) -> None:
    profiles = TagProfiles(
        offsets=np.array([0, 1, 3, 3, 4, 6]),
        tags=np.array([2, 0, 2, 3, 1, 3], np.int32),
        weights=np.array([1, 0.6, 0.8, 1, 0.6, 0.8], np.float32),
        latent=np.eye(5, 2, dtype=np.float32),
    )
    before = {name: column.copy() for name, column in profiles.columns().items()}
    first = profiles.cosines(np.array(asked)), profiles.latent_cosines(np.array(asked))
    again = profiles.cosines(np.array(asked)), profiles.latent_cosines(np.array(asked))
    for one, other in zip(first, again, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_array_equal(one, other)
    for name, column in profiles.columns().items():
        np.testing.assert_array_equal(column, before[name])


# --- stored ---


def test_a_file_gives_the_same_profiles_again(profiles: TagProfiles) -> None:
    again = TagProfiles.from_columns(load(save(profiles.columns())), 5, TAGS)
    for name, column in profiles.columns().items():
        found = again.columns()[name]
        assert (found.dtype, found.shape) == (column.dtype, column.shape)
        np.testing.assert_array_equal(found, column)


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("offsets", lambda at: at[:-1], "does not belong"),
        ("offsets", lambda at: at.astype(np.int32), "does not belong"),
        ("offsets", lambda at: at + 1, "do not ascend from 0"),
        ("offsets", lambda at: at[[0, 2, 1, 3, 4, 5]], "do not ascend from 0"),
        ("tags", lambda tags: tags[:-1], "does not belong"),
        ("tags", lambda tags: tags.astype(np.int64), "does not belong"),
        ("tags", lambda tags: tags + 1, "point outside"),
        ("tags", lambda tags: tags - 1, "point outside"),
        ("weights", lambda weights: weights[1:], "does not belong"),
        ("weights", lambda weights: weights.astype(np.float64), "no finite float32"),
        ("weights", lambda weights: weights * np.float32(np.nan), "no finite float32"),
        ("latent", lambda latent: latent[:-1], "does not belong"),
        ("latent", lambda latent: latent.T, "does not belong"),
        ("latent", lambda latent: latent[:, 0], "does not belong"),
        ("latent", lambda latent: latent / np.float32(1e-30), "no finite float32"),
    ],
)
def test_a_column_that_does_not_fit_is_named(
    profiles: TagProfiles, name: str, change: Callable[[Array], Array], problem: str
) -> None:
    columns = profiles.columns()
    columns[f"tag_profiles.{name}"] = change(columns[f"tag_profiles.{name}"])
    with pytest.raises(ValueError, match=rf"holds tag_profiles\.\w+ that .*{problem}") as caught:
        TagProfiles.from_columns(columns, 5, TAGS)
    assert name == "offsets" or f"tag_profiles.{name} " in str(caught.value)


@pytest.mark.parametrize("name", ["offsets", "tags", "weights", "latent"])
def test_a_missing_column_is_named(profiles: TagProfiles, name: str) -> None:
    columns = profiles.columns()
    del columns[f"tag_profiles.{name}"]
    with pytest.raises(KeyError, match=rf"tag_profiles\.{name}"):
        TagProfiles.from_columns(columns, 5, TAGS)
