"""Looking many keys up at once, without guessing."""

import numpy as np
import pytest

from model.name_keys import name_key
from model.names import ArtistNames, Exact

NAMES = ("The Beatles", "Beatles", "AC/DC", "P!nk", "Various Artists", "", "Sigur Rós")
LISTENERS = np.array([90, 3, 40, 20, 300, 7, 55])


@pytest.fixture
def names() -> ArtistNames:
    return ArtistNames(NAMES, LISTENERS)


@pytest.mark.parametrize("typed", ["beatles", "The Beatles", "acdc", "AC/DC", "sigur ros", "pink"])
def test_a_key_answers_as_resolution_does(names: ArtistNames, typed: str) -> None:
    row = names.of_key(name_key(typed))
    assert row is not None
    assert names.resolve(typed) == Exact(row)


@pytest.mark.parametrize("key", ["", "beatle", "sigur", "the beatles", "Beatles"])
def test_nothing_is_guessed(names: ArtistNames, key: str) -> None:
    assert names.of_key(key) is None


def test_rows_that_are_no_artist_answer_to_their_own_key(names: ArtistNames) -> None:
    row = names.of_key("various artists")
    assert row == 4
    assert not names.is_artist(row)
