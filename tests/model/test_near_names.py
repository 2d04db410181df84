"""What the whole catalogue says about a near name: others as near, other words, popularity."""

import numpy as np
import pytest

from model.names import ArtistNames, Choices, Corrected, Exact, Resolution, Unknown

# 41 artists, so that the two most popular are among the best known.
NAMES = [
    "Johnny Cash",
    "Eminem",
    "Billy Bragg",
    "Jonny Greenwood",
    "Robbie Williams",
    "Robin Thicke",
    "The Killers",
    "Killer Mike",
    "Super Junior",
    "Komet",
    "The Korea",
    "Catatonia",
    "Evanescence",
    "The La's",
    "Las Vegas",
    "The Velvet Teen",
    "Velvet Tree",
    "Studio Killers",
    "A Band Called Bean",
    *(f"Filler Number {number}" for number in "ABCDEFGHIJKLMNOPQRSTUV"),
]
names = ArtistNames(NAMES, np.arange(len(NAMES), 0, -1))


def answer(found: Resolution) -> tuple[str, ...]:
    if isinstance(found, Unknown):
        return ()
    rows = found.rows if isinstance(found, Choices) else (found.row,)
    return tuple(NAMES[row] for row in rows)


@pytest.mark.parametrize(
    ("typed", "artist"),
    [
        ("evanescense", "Evanescence"),
        ("evanecsence", "Evanescence"),
        ("jhonny cash", "Johnny Cash"),
        ("jonny cash", "Johnny Cash"),
        ("eminen", "Eminem"),
        ("billy bargg", "Billy Bragg"),
    ],
)
def test_one_plain_slip_is_acted_on(typed: str, artist: str) -> None:
    assert names.resolve(typed) == Corrected(NAMES.index(artist), typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("robin williams", "Robbie Williams"),
        ("the killer", "The Killers"),
        ("killer", "The Killers"),
        ("super juniors", "Super Junior"),
        ("super junior m", "Super Junior"),
        ("katatonia", "Catatonia"),
        ("robbie william", "Robbie Williams"),
    ],
)
def test_what_may_be_another_name_is_offered_first(typed: str, first: str) -> None:
    found = names.resolve(typed)
    assert isinstance(found, Choices)
    assert answer(found)[0] == first


def test_a_swap_is_one_slip() -> None:
    found = names.resolve("billy barg")
    assert isinstance(found, Choices)
    assert answer(found)[0] == "Billy Bragg"
    assert names.resolve("evanecsence") == Corrected(NAMES.index("Evanescence"), "evanecsence")


def test_the_article_decides_between_equally_near_names() -> None:
    assert answer(names.resolve("the koret"))[:2] == ("The Korea", "Komet")
    assert answer(names.resolve("koret"))[:2] == ("Komet", "The Korea")


def test_the_only_one_with_the_fewest_slips_is_meant_whoever_else_is_near() -> None:
    assert names.resolve("the velvet teeen") == Corrected(
        NAMES.index("The Velvet Teen"), "the velvet teeen"
    )
    assert isinstance(names.resolve("velvet tren"), Choices)


def test_a_name_that_is_short_without_its_article_is_compared_with_it() -> None:
    found = names.resolve("the l's")
    assert isinstance(found, Choices)
    assert answer(found)[0] == "The La's"
    assert isinstance(names.resolve("ls"), Unknown)


def test_a_name_typed_as_one_word_with_its_article_is_exact() -> None:
    assert names.resolve("thekillers") == Exact(NAMES.index("The Killers"))
    assert names.of_key("thekillers") is not None
    assert names.of_key("the killers") is None


@pytest.mark.parametrize(
    ("typed", "artist"),
    [
        ("johnnycash", "Johnny Cash"),
        ("jayz trio", "Jay-Z Trio"),
        ("jay z trio", "Jay-Z Trio"),
        ("jayztrio", "Jay-Z Trio"),
        ("d angelo", "D'Angelo"),
        ("dangelo", "D'Angelo"),
        ("n e r d", "N.E.R.D."),
        ("u 2", "U2"),
    ],
)
def test_words_may_be_typed_as_one_and_marks_left_out(typed: str, artist: str) -> None:
    some = ["Johnny Cash", "Jay-Z Trio", "D'Angelo", "N.E.R.D.", "U2", "Jay Trio", "Angelo"]
    assert ArtistNames(some, np.arange(7)).resolve(typed) == Exact(some.index(artist))


def test_one_word_typed_as_two_may_be_another_artist() -> None:
    some = ["Muse", "BigBang", "Big Star", "Bang Gang"]
    found = ArtistNames(some, np.array([90, 5, 70, 30])).resolve("big bang")
    assert isinstance(found, Choices)
    assert found.rows[0] == 1


def test_a_key_is_looked_up_without_joining_its_words() -> None:
    assert names.of_key("e minem") is None
    assert names.resolve("e minem") == Corrected(NAMES.index("Eminem"), "e minem")
    assert names.of_key("johnnycash") == NAMES.index("Johnny Cash")
