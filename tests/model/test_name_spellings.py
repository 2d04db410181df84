import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from model.name_spellings import HashedTexts, Spellings

KEYS = ["johnny cash", "kino", "†††", "jonny cash trio", "dschinghis khan", "acdc", "1000 robota"]

key = st.text(st.sampled_from("aabbceno 01†é"), min_size=1, max_size=16)


def spellings(keys: list[str]) -> Spellings:
    return Spellings(keys, np.arange(len(keys), dtype=np.int32))


def compared(typed: str, texts: list[str], least: float, limit: int) -> list[tuple[int, float]]:
    scores = [(-fuzz.ratio(typed, text), place) for place, text in enumerate(texts)]
    return [(place, -score) for score, place in sorted(scores) if -score >= least][:limit]


def test_spellings_are_given_back_as_they_were() -> None:
    made = spellings(KEYS)
    assert [made[place] for place in range(len(made))] == KEYS
    assert made.texts(np.array([5, 2, 2])) == ["acdc", "†††", "†††"]


def test_the_nearest_come_first_with_their_edit_ratio() -> None:
    found = spellings(KEYS).near("jonny cash", 70, len(KEYS), 5)
    assert found == [
        (0, pytest.approx(fuzz.ratio("jonny cash", "johnny cash"))),
        (3, pytest.approx(fuzz.ratio("jonny cash", "jonny cash trio"))),
    ]
    assert spellings(KEYS).near("jonny cash", 70, len(KEYS), 1) == found[:1]


def test_places_from_a_limit_on_are_not_compared() -> None:
    assert spellings(KEYS).near("acdc", 90, 5, 9) == []
    assert spellings(KEYS).near_beginnings("acdc", 90, 5, 9) == []
    assert [place for place, _ in spellings(KEYS).near("acdc", 90, 6, 9)] == [5]


def test_a_beginning_is_near_whatever_follows_it() -> None:
    found = spellings(KEYS).near_beginnings("dshing", 80, len(KEYS), 5)
    assert [place for place, _ in found] == [4]


@given(st.lists(key, max_size=20), key, st.sampled_from([50.0, 75.0, 80.0, 92.0]))
def test_no_near_spelling_is_overlooked(keys: list[str], typed: str, least: float) -> None:
    found = spellings(keys).near(typed, least, len(keys), 7)
    assert found == compared(typed, keys, least, 7)


ascii_key = st.text(st.sampled_from("aabbceno 01"), min_size=1, max_size=16)


@given(st.lists(ascii_key, max_size=20), ascii_key, st.sampled_from([50.0, 80.0, 92.0]))
def test_no_near_beginning_is_overlooked(keys: list[str], typed: str, least: float) -> None:
    found = spellings(keys).near_beginnings(typed, least, len(keys), 7)
    assert found == compared(typed, [one[: len(typed) + 1] for one in keys], least, 7)


@pytest.mark.parametrize("long", ["a" * 200, "†" * 200, "é" * 128])
def test_hundreds_of_the_same_character_are_still_that_character(long: str) -> None:
    ratio = 100 * (2 * len(long) - 2) / (2 * len(long) - 1)
    assert spellings([long]).near(long[:-1], 90, 1, 1) == [(0, pytest.approx(ratio))]
    assert spellings([long]).near(long, 100, 1, 1) == [(0, 100)]


def test_hashed_texts_tell_all_places_in_order() -> None:
    hashed = HashedTexts(["kino", "acdc", *["kino"] * 60, "muse"], 63)
    assert hashed.places("kino") == [0, *range(2, 62)]
    assert hashed.places("acdc") == [1]
    assert hashed.places("beck") == []
