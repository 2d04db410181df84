"""A wrong artist is worse than none: whom a typed name means among what a search offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.neighbours.identity import Candidate, who_is_meant


def offer(*names: str, aliases: dict[str, tuple[str, ...]] | None = None) -> list[Candidate]:
    known = aliases or {}
    return [Candidate(f"id-{at}", name, known.get(name, ())) for at, name in enumerate(names)]


def names_of(typed: str, candidates: list[Candidate]) -> list[str]:
    return [one.name for one in who_is_meant(typed, candidates)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Billie Eilish", "Billie Eilish"),
        ("billie  EILISH", "Billie Eilish"),
        ("beyonce", "Beyoncé"),
        ("the last dinner party", "Last Dinner Party"),
        ("mumford and sons", "Mumford & Sons"),
        ("acdc", "AC/DC"),
        ("kesha", "Ke$ha"),
        ("!!!", "!!!"),
        ("bilie eilish", "Billie Eilish"),
    ],
)
def test_the_same_name_is_meant_however_it_is_written(typed: str, name: str) -> None:
    assert names_of(typed, offer("Somebody Else", name, "Billie")) == [name]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("billie eilish", ("Billy Childish", "Billie", "Eilish", "Billie Eilish Tribute")),
        ("the beetles", ("The Beatles",)),
        ("blink-181", ("blink-182",)),
        ("unit 731", ("unit 732", "unit 7312")),
        ("sza", ("RZA", "SZ")),
        ("", ("Nobody", "")),
        ("Various Artists", ("Various Artists",)),
        ("[unknown]", ("[unknown]",)),
    ],
)
def test_a_name_that_is_merely_near_means_nobody(typed: str, offered: tuple[str, ...]) -> None:
    assert names_of(typed, offer(*offered)) == []


def test_the_score_of_the_search_decides_nothing() -> None:
    first_is_wrong = offer("Ghost Mice", "Ghostemane", "Ghost")
    assert names_of("ghost", first_is_wrong) == ["Ghost"]


def test_namesakes_are_all_meant_in_their_order() -> None:
    offered = offer("Nirvana", "Nirvana 2002", "Nirvana")
    assert [one.mbid for one in who_is_meant("nirvana", offered)] == ["id-0", "id-2"]


def test_the_very_spelling_goes_before_one_that_is_only_spelt_out_alike() -> None:
    assert names_of("Li", offer("李", "Li")) == ["Li"]
    assert names_of("李", offer("Li", "李")) == ["李"]


def test_a_name_goes_before_an_alias_and_an_alias_before_a_slip() -> None:
    aliases = {"Marshall": ("Slim Shady",)}
    assert names_of("slim shady", offer("Slim Shadys", "Marshall", aliases=aliases)) == ["Marshall"]
    offered = offer("Marshall", "Slim Shady", aliases=aliases)
    assert names_of("slim shady", offered) == ["Slim Shady"]


def test_an_alias_of_several_artists_means_none_of_them() -> None:
    aliases = {"Justin": ("JB",), "Jonas": ("JB",)}
    assert names_of("jb", offer("Justin", "Jonas", aliases=aliases)) == []
    assert names_of("jb", offer("Justin", "Other", aliases=aliases)) == ["Justin"]


def test_what_is_no_artist_means_nobody_by_whatever_name() -> None:
    placeholder = {"Various Artists": ("Diverse Bands",)}
    assert names_of("diverse bands", offer("Various Artists", aliases=placeholder)) == []
    credited_so = {"Ada Brook": ("Various Artists",)}
    assert names_of("various artists", offer("Ada Brook", aliases=credited_so)) == []


def test_a_slip_between_two_names_means_neither() -> None:
    assert names_of("sun kiil moon", offer("Sun Kil Moon", "Sun Kill Moon")) == []
    assert names_of("sun kiil moon", offer("Sun Kil Moon", "Sun Moon")) == ["Sun Kil Moon"]


@given(st.text(), st.lists(st.builds(Candidate, st.text(), st.text(), st.tuples(st.text()))))
def test_no_text_breaks_it_and_only_what_was_offered_comes_back(
    typed: str, candidates: list[Candidate]
) -> None:
    assert set(who_is_meant(typed, candidates)) <= set(candidates)
