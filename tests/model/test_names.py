import random
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.name_keys import name_key
from model.names import ArtistNames, Choices, Corrected, Exact, Unknown

CATALOGUE = {
    "Johnny Cash": 900,
    "Johnny Cash feat. Fiona Apple": 950,
    "Johnny Hallyday": 40,
    "Billy Childish": 31,
    "AC/DC": 800,
    "Bjork": 12,
    "Björk": 700,
    "Sigur Rós": 650,
    "!!!": 90,
    "P!nk": 610,
    "Ke$ha": 590,
    "A$AP Rocky": 210,
    "3OH!3": 220,
    "blink-182": 530,
    "The The": 60,
    "The Beatles": 1200,
    "Beck": 480,
    "Simon & Garfunkel": 410,
    "Guns N' Roses": 640,
    "Motörhead": 330,
    "Godspeed You! Black Emperor": 170,
    "Кино": 110,
    "東京事変": 75,
    "Earth, Wind & Fire": 260,
    "Metallica": 1100,
    "Muse": 1010,
    "Various Artists": 2000,
    "[unknown]": 1900,
    "www.example.net": 5,
    "Broken Social Scene": 190,
    "Taylor Hawkins and the Coattail Riders": 15,
    "Anton Bruckner": 44,
    "Anton Brückner": 3,
    "Slowdive": 70,
    "Slowfive": 50,
    "Slowlive": 50,
}
NAMES = list(CATALOGUE)
POPULARITY = np.array(list(CATALOGUE.values()), np.int64)
names = ArtistNames(NAMES, POPULARITY)


def row(name: str) -> int:
    return NAMES.index(name)


def named(rows: list[int] | tuple[int, ...]) -> list[str]:
    return [NAMES[found] for found in rows]


@pytest.mark.parametrize(
    ("typed", "artist"),
    [
        ("johnny cash", "Johnny Cash"),
        ("  JOHNNY   CASH ", "Johnny Cash"),
        ("acdc", "AC/DC"),
        ("ac dc", "AC/DC"),
        ("AC-DC", "AC/DC"),
        ("sigur ros", "Sigur Rós"),
        ("sigurros", "Sigur Rós"),
        ("!!!", "!!!"),
        ("pink", "P!nk"),
        ("kesha", "Ke$ha"),
        ("asap rocky", "A$AP Rocky"),
        ("3OH!3", "3OH!3"),
        ("3oh3", "3OH!3"),
        ("blink 182", "blink-182"),
        ("blink182", "blink-182"),
        ("Mu$e", "Muse"),
        ("the the", "The The"),
        ("beatles", "The Beatles"),
        ("thebeatles", "The Beatles"),
        ("Beatles, The", "The Beatles"),
        ("simon and garfunkel", "Simon & Garfunkel"),
        ("guns n roses", "Guns N' Roses"),
        ("motorhead", "Motörhead"),
        ("earth wind & fire", "Earth, Wind & Fire"),
        ("kino", "Кино"),
        ("東京事変", "東京事変"),
        ("johnny cash FEAT fiona apple", "Johnny Cash feat. Fiona Apple"),
    ],
)
def test_another_spelling_of_a_name_is_acted_on(typed: str, artist: str) -> None:
    assert names.resolve(typed) == Exact(row(artist))


def test_the_most_popular_variant_answers_for_all_of_them() -> None:
    assert names.resolve("Bjork") == names.resolve("björk") == Exact(row("Björk"))
    assert names.resolve("Anton Brückner") == Exact(row("Anton Bruckner"))


def test_an_artist_answers_before_a_placeholder_of_the_same_key() -> None:
    two = ArtistNames(["[traditional]", "Traditional"], np.array([50, 2]))
    assert two.resolve("traditional") == Exact(1)


@pytest.mark.parametrize(
    ("typed", "artist"),
    [
        ("metalica", "Metallica"),
        ("Jonny Cash", "Johnny Cash"),
        ("guns and roses", "Guns N' Roses"),
        ("Cash Johnny", "Johnny Cash"),
        ("rocky a$ap", "A$AP Rocky"),
        ("beatles the", "The Beatles"),
        ("garfunkel simon", "Simon & Garfunkel"),
        ("thef beatles", "The Beatles"),
        ("thi beatles", "The Beatles"),
        ("godspeed you black emporer", "Godspeed You! Black Emperor"),
    ],
)
def test_a_near_name_is_acted_on_and_says_what_was_typed(typed: str, artist: str) -> None:
    assert names.resolve(typed) == Corrected(row(artist), typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("muze", "Muse"),
        ("metalicca", "Metallica"),
        ("blink-183", "blink-182"),
        ("godspeed", "Godspeed You! Black Emperor"),
        ("johnny", "Johnny Cash"),
        ("black emp", "Godspeed You! Black Emperor"),
    ],
)
def test_an_uncertain_name_is_offered_first_and_never_acted_on(typed: str, first: str) -> None:
    found = names.resolve(typed)
    assert isinstance(found, Choices)
    assert found.typed == typed
    assert NAMES[found.rows[0]] == first


def test_other_digits_are_another_name_however_near() -> None:
    long = ArtistNames(["The Committee for Public Noise 1999"], np.array([3]))
    assert isinstance(long.resolve("The Committee for Public Noise 1998"), Choices)


def test_two_equally_near_artists_are_a_question() -> None:
    twins = ArtistNames(["Philharmonia Northe", "Philharmonia Northa"], np.array([7, 9]))
    assert twins.resolve("Philharmonia North") == Choices((1, 0), "Philharmonia North")


def test_choices_are_the_nearest_first_then_the_more_popular() -> None:
    found = names.resolve("slowdivee jr")
    assert isinstance(found, Choices)
    assert NAMES[found.rows[0]] == "Slowdive"
    tied = names.resolve("slowgive")
    assert isinstance(tied, Choices)
    assert named(tied.rows) == ["Slowdive", "Slowfive", "Slowlive"]


def test_at_most_five_are_offered_and_two_places_are_for_beginnings() -> None:
    near = [f"Radi{letter}" for letter in "abcdefg"]
    crowd = ArtistNames([*near, "Radionic", "Radiohead"], np.arange(9))
    found = crowd.resolve("radio")
    assert isinstance(found, Choices)
    assert found.rows == (6, 5, 4, 8, 7)


@pytest.mark.parametrize(
    "typed",
    [
        "billie eilish",
        "Taylor Swift",
        "Dua Lipa",
        "Kendrick Lamar",
        "xyz",
        "zz",
        "🎸",
        "???",
        "",
        " ",
    ],
)
def test_a_foreign_name_is_never_acted_on(typed: str) -> None:
    assert isinstance(names.resolve(typed), Unknown | Choices)


def test_billie_eilish_is_unknown() -> None:
    assert names.resolve("billie eilish") == Unknown("billie eilish")


def test_three_letters_are_too_few_to_compare() -> None:
    assert names.resolve("mse") == Unknown("mse")
    assert isinstance(names.resolve("mse."), Unknown)


def test_a_row_that_is_no_artist_is_found_by_its_exact_name_only() -> None:
    assert names.resolve("various artists") == Exact(row("Various Artists"))
    assert names.resolve("various artsts") == Unknown("various artsts")
    assert names.resolve("artists various") == Unknown("artists various")


def test_rows_that_are_no_artist_are_flagged_in_row_order() -> None:
    flagged = [NAMES[found] for found in np.flatnonzero(names.no_artist)]
    assert flagged == [
        "Johnny Cash feat. Fiona Apple",
        "Various Artists",
        "[unknown]",
        "www.example.net",
    ]
    assert names.is_artist(row("Johnny Cash"))
    assert not names.is_artist(row("[unknown]"))


def test_nothing_typed_completes_to_the_most_popular_artists() -> None:
    assert named(names.complete("", 4)) == ["The Beatles", "Metallica", "Muse", "Johnny Cash"]
    assert names.complete("  ", 4) == names.complete("", 4)


@pytest.mark.parametrize(
    ("prefix", "completions"),
    [
        ("joh", ["Johnny Cash", "Johnny Hallyday"]),
        ("JOHNNY H", ["Johnny Hallyday"]),
        ("ac/d", ["AC/DC"]),
        ("acd", ["AC/DC"]),
        ("pin", ["P!nk"]),
        ("p!n", ["P!nk"]),
        ("black em", ["Godspeed You! Black Emperor"]),
        ("b", ["The Beatles", "Björk", "blink-182", "Beck", "Broken Social Scene"]),
        ("the b", ["The Beatles", "Björk", "blink-182", "Beck", "Broken Social Scene"]),
        ("the", ["The Beatles", "The The"]),
        ("be", ["The Beatles", "Beck"]),
        ("ки", ["Кино"]),
        ("!", ["!!!"]),
    ],
)
def test_completions_begin_with_what_was_typed_the_most_popular_first(
    prefix: str, completions: list[str]
) -> None:
    assert named(names.complete(prefix, 5))[: len(completions)] == completions


def test_names_that_begin_so_come_before_names_with_such_a_word() -> None:
    two = ArtistNames(["Johnny Cash", "Cashmere Cat"], np.array([900, 3]))
    assert two.complete("cash") == [1, 0]


def test_the_words_of_a_name_complete_in_any_order() -> None:
    assert named(names.complete("scene brok")) == ["Broken Social Scene"]


def test_only_the_last_word_typed_may_be_unfinished() -> None:
    assert names.complete("scen broken") == []


@pytest.mark.parametrize(
    ("typed", "artist"), [("jonny ca", "Johnny Cash"), ("motrohe", "Motörhead")]
)
def test_a_slip_while_typing_still_completes(typed: str, artist: str) -> None:
    assert named(names.complete(typed))[0] == artist


def test_completions_hold_each_artist_once_and_nothing_that_is_no_artist() -> None:
    everything = names.complete("", 1000)
    assert len(everything) == len(NAMES) - 4 - 2
    for prefix in ("bjo", "unk", "var", "www", "johnny cash f", "anton"):
        found = names.complete(prefix)
        assert all(names.is_artist(each) for each in found)
        assert len({name_key(NAMES[each]) for each in found}) == len(found)


def test_at_most_the_limit_is_completed() -> None:
    assert len(names.complete("s", 3)) == 3
    assert names.complete("s", 0) == []


def test_an_empty_catalogue_knows_nobody() -> None:
    empty = ArtistNames([], np.empty(0, np.int64))
    assert empty.resolve("Muse") == Unknown("Muse")
    assert empty.complete("") == empty.complete("muse") == []


def test_names_and_popularity_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="3 names"):
        ArtistNames(["a", "b", "c"], np.array([1, 2]))


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 6000,
        "Z̸̡̢͓̳̜̪̟̳̙̤̣̩̯̼͈̱̑̓ą̵̻͎̳̣̓̍̌̇l̷̢͈̥̠̬̮̻̰̝̓g̷̱͖͈̋o̴̗̘̯̐͛" * 40,
        "\u202eمرحبا بالعالم\u202c",
        "🎸🎺🥁",
        "\ud800\udfff\ud83d",
        "\x00\x1b[31m",
        "<@123> [x](https://discord.gg/x) ||**`_~",
        "ﷺ" * 300,
    ],
)
def test_hostile_input_is_unknown_and_shown_cut(typed: str) -> None:
    found = names.resolve(typed)
    assert isinstance(found, Unknown)
    assert len(found.typed) <= 200
    found.typed.encode()
    assert isinstance(names.complete(typed), list)


@given(st.text(st.characters(), max_size=250), st.integers(0, 30))
def test_no_input_raises_and_every_row_exists(text: str, limit: int) -> None:
    found = names.resolve(text)
    rows = found.rows if isinstance(found, Choices) else ()
    for each in (*rows, *names.complete(text, limit)):
        assert 0 <= each < len(NAMES)
        assert names.is_artist(each)
    assert len(rows) <= 5


@given(st.lists(st.text(st.characters(), max_size=20), max_size=12), st.randoms())
def test_every_name_of_any_catalogue_finds_itself_or_its_variant(
    catalogue: list[str], chance: random.Random
) -> None:
    popularity = np.array([chance.randrange(5) for _ in catalogue], np.int64)
    any_names = ArtistNames(catalogue, popularity)
    for name in catalogue:
        found = any_names.resolve(name)
        if name_key(name):
            assert isinstance(found, Exact)
            assert name_key(catalogue[found.row]) == name_key(name)
        else:
            assert isinstance(found, Unknown)


def test_one_slip_in_a_long_name_is_acted_on_or_offered_first() -> None:
    chance = random.Random(11)
    for name in ("Broken Social Scene", "Metallica", "Earth, Wind & Fire", "Johnny Hallyday"):
        for _ in range(25):
            at = chance.randrange(1, len(name))
            slip = (
                name[:at] + chance.choice(string.ascii_lowercase) + name[at + chance.randrange(2) :]
            )
            found = names.resolve(slip)
            assert not isinstance(found, Unknown), slip
            first = found.rows[0] if isinstance(found, Choices) else found.row
            assert NAMES[first] == name, slip
