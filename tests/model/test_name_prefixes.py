import numpy as np
import pytest

from model import name_spellings
from model.name_prefixes import NamePrefixes
from model.name_spellings import Spellings

# Rank 2 is spelled in two ways; rank 5 is no artist.
TEXTS = [
    "johnny cash",
    "cash cow",
    "beatles",
    "the beatles",
    "la la la la la",
    "b eat",
    "beat feat x",
]
RANKS = np.array([0, 1, 2, 2, 3, 4, 5], np.int32)
prefixes = NamePrefixes(TEXTS, Spellings(TEXTS, RANKS), artists=5)


def test_an_equal_spelling_is_found_whatever_its_spaces() -> None:
    assert prefixes.spelled("bea t") == [5]
    assert prefixes.spelled("thebeatles") == [3]
    assert prefixes.spelled("bea") == []


def test_what_is_no_artist_is_only_found_spelled_out() -> None:
    assert prefixes.spelled("beat feat x") == [6]
    assert prefixes.beginning("beat f", 9) == []
    assert prefixes.with_words("feat", 9) == []
    assert not prefixes.has_word("feat")


@pytest.mark.parametrize(
    ("typed", "ranks"),
    [("bea", [2, 4]), ("be at", [2, 4]), ("the be", [2, 4]), ("", []), ("q", [])],
)
def test_names_that_begin_so_are_found_by_popularity(typed: str, ranks: list[int]) -> None:
    assert prefixes.beginning(typed, 9) == ranks
    assert prefixes.beginning(typed, 1) == ranks[:1]


def test_with_an_article_names_that_have_it_come_first() -> None:
    texts = ["beck", "beatles", "the beatles"]
    two = NamePrefixes(texts, Spellings(texts, np.array([0, 1, 1], np.int32)), artists=2)
    assert two.beginning("the be", 9) == [1, 0]
    assert two.beginning("be", 9) == [0, 1]


@pytest.mark.parametrize(
    ("typed", "ranks"),
    [("cash", [0, 1]), ("cash joh", [0]), ("joh cash", []), ("la la", [3]), ("zz", [])],
)
def test_names_with_all_words_are_found(typed: str, ranks: list[int]) -> None:
    assert prefixes.with_words(typed, 9) == ranks


def test_a_name_that_repeats_a_word_does_not_crowd_out_others() -> None:
    texts = [" ".join(["la"] * 40), "la cage", "la strada"]
    three = NamePrefixes(texts, Spellings(texts, np.arange(3, dtype=np.int32)), artists=3)
    assert three.with_words("la", 2) == [0, 1]
    assert three.with_words("la", 3) == [0, 1, 2]


def test_a_word_is_known_when_some_name_has_that_very_word() -> None:
    assert prefixes.has_word("cow")
    assert prefixes.has_word("the")
    assert not prefixes.has_word("co")
    assert not prefixes.has_word("zzz")


def test_texts_of_an_equal_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_spellings, "hash", lambda _: 7, raising=False)
    colliding = NamePrefixes(TEXTS, Spellings(TEXTS, RANKS), artists=5)
    assert colliding.spelled("cashcow") == [1]
    assert colliding.spelled("cash") == []
