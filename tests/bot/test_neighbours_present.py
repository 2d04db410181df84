"""What members see of an answer by way of neighbours: labelled, credited, escaped, in limits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.neighbours.answering import fold_in
from bot.neighbours.present import neighbours_embed, neighbours_text
from bot.neighbours.records import (
    Answer,
    Borrowed,
    Neighbour,
    Neighbours,
    Nobody,
    NoneKnown,
    OtherName,
    Unheard,
)
from bot.recommend.records import Source
from bot.text import utf16_length
from model.catalogue import Artist
from model.reasons import NearestAsked, SharedTags
from model.recommender import Recommendation, Recommender

DEMO = Source("demo", demo=True)
LASTFM = Source("lastfm-hetrec-2011", demo=False)
MERIDIAN = Neighbours(
    "Velvet Meridian",
    "https://listenbrainz.org/artist/1/",
    "Neighbours from ListenBrainz, names from MusicBrainz",
    (Neighbour("Johnny Cash", 1.0), Neighbour("Tin Ferry", 0.5), Neighbour("Willie Nelson", 0.4)),
    about="Portuguese duo",
)
ALONE = Neighbours("Velvet Meridian", "https://x.test", "Neighbours from Map", ())
NAMES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.text("🎸*_[]()@<>|`~\\#", max_size=300),
    st.sampled_from(["discord.gg/a" * 30, "@everyone", "\u202eevil", "a\n# b"]),
)


@st.composite
def artists(draw: st.DrawFn) -> Artist:
    url = draw(st.sampled_from(["", "https://www.last.fm/music/x_(y)", "javascript:1"]))
    return Artist(1, draw(st.integers(1, 10**18)), "1", draw(NAMES), 10**12, (), url)


RESULTS = st.lists(
    st.builds(
        lambda artist, asked, tags: Recommendation(
            artist, 0.5, (NearestAsked(asked), SharedTags(tuple(tags))), 0.2, "worth a try"
        ),
        artists(),
        artists(),
        st.lists(NAMES, min_size=1, max_size=5),
    ),
    max_size=10,
).map(tuple)
USED = st.lists(artists(), min_size=1, max_size=5).map(tuple)
FOUND = st.builds(
    Neighbours, NAMES, NAMES | st.just("https://x.test"), st.just("Credit"), st.just(()), NAMES
)
SOURCES = st.sampled_from([DEMO, LASTFM])
ANSWERS = st.one_of(
    st.builds(Borrowed, NAMES, FOUND, USED, RESULTS, SOURCES),
    st.builds(OtherName, NAMES, FOUND, artists(), RESULTS, SOURCES),
    st.builds(NoneKnown, NAMES, FOUND, SOURCES),
    st.builds(Unheard, NAMES, st.just(Nobody(("ListenBrainz",), ("Last.fm",))), SOURCES),
)


@pytest.fixture(scope="module")
def borrowed(recommender: Recommender) -> Answer:
    return fold_in("velvet meridian", MERIDIAN, recommender, results=3)


def shown(answer: Answer) -> tuple[str, str]:
    embed = neighbours_embed(answer)
    return f"{embed.title}\n{embed.description}\n{embed.footer.text}", neighbours_text(answer)


@given(ANSWERS)
def test_whatever_artists_are_called_the_embed_fits_and_nothing_breaks_out(answer: Answer) -> None:
    embed = neighbours_embed(answer)
    assert embed.title
    assert utf16_length(embed.title) <= 256
    assert utf16_length(embed.description or "") <= 4096
    assert len(embed) <= 6000
    text = f"{embed.title}\n{embed.description}"
    assert "@everyone" not in text
    assert "discord.gg/a" not in text
    assert "javascript:" not in text
    assert "\u202e" not in text + neighbours_text(answer)
    assert "\n# b" not in text


def test_the_answer_says_on_whose_word_it_rests(borrowed: Answer) -> None:
    for text in shown(borrowed):
        assert "Artists near Velvet Meridian" in text
        assert "is not in my data, so this goes by neighbours that are: Johnny Cash and" in text
        assert "Willie Nelson" in text
        assert "Tin Ferry" not in text
        assert "Portuguese duo" in text
        assert MERIDIAN.credit in text
        assert MERIDIAN.link in text
        assert "DEMO CATALOGUE" in text
        assert "taken for" not in text


def test_results_are_ranked_linked_and_connected_to_a_neighbour(borrowed: Answer) -> None:
    embed, text = shown(borrowed)
    assert isinstance(borrowed, Borrowed)
    for rank, item in enumerate(borrowed.results, start=1):
        assert f"**{rank}.** [{item.artist.name}](https://" in embed
        assert f"  {rank}. {item.artist.name}  " in text
    assert len(re.findall(r"closest to (?:Johnny Cash|Willie Nelson)", embed)) == 3


def test_no_confidence_is_claimed_that_was_measured_on_other_artists(borrowed: Answer) -> None:
    assert isinstance(borrowed, Borrowed)
    for text in shown(borrowed):
        assert not [item.in_words for item in borrowed.results if item.in_words in text]


@pytest.mark.parametrize(("typed", "told"), [("velvet meridain", True), ("VELVET meridian", False)])
def test_another_spelling_is_said(typed: str, told: bool) -> None:
    for text in shown(NoneKnown(typed, MERIDIAN, LASTFM)):
        assert (f"taken for “{typed}”" in text) is told


def test_an_artist_whose_neighbours_are_unknown_is_told_from_one_without_any() -> None:
    for text in shown(NoneKnown("velvet meridian", MERIDIAN, LASTFM)):
        assert "nor are the artists nearest to them" in text
        assert MERIDIAN.credit in text
    for text in shown(NoneKnown("velvet meridian", ALONE, LASTFM)):
        assert "nobody told me who is near them" in text


def test_another_name_says_whose_it_is(recommender: Recommender) -> None:
    said = Neighbours("Johnny Cash", "https://x.test", "Neighbours from Map", ())
    answer = fold_in("the man in black", said, recommender)
    assert isinstance(answer, OtherName)
    for text in shown(answer):
        assert "“the man in black” is another name of Johnny Cash" in text
        assert "Artists like Johnny Cash" in text


def test_who_is_unheard_of_is_told_with_who_was_asked_and_who_was_not() -> None:
    for text in shown(Unheard("velvet", Nobody(("ListenBrainz",), ("Last.fm",)), LASTFM)):
        assert "“velvet” is not in my data, and ListenBrainz found no such artist." in text
        assert "Last.fm could not be asked just now." in text
    for text in shown(Unheard("velvet", Nobody(("Last.fm", "ListenBrainz")), LASTFM)):
        assert "and Last.fm and ListenBrainz found no such artist." in text
        assert "could not be asked" not in text


def test_an_answer_that_does_not_fit_loses_its_last_results_and_long_names_their_ends() -> None:
    long = Artist(1, 2, "2", "*" * 300, 5, (), f"https://www.last.fm/music/{'x' * 450}")
    item = Recommendation(long, 0.5, (NearestAsked(long),), 0.2, "worth a try")
    found = Neighbours("_" * 300, "https://x.test", "Neighbours from Map", ())
    embed = neighbours_embed(Borrowed("velvet", found, (long,), (item,) * 10, LASTFM))
    description = embed.description or ""
    assert 3000 < utf16_length(description) <= 4096
    assert "**3.**" in description
    assert "**10.**" not in description
    assert embed.title == "Artists near " + r"\_" * 79 + "…"
