import re
from urllib.parse import unquote_plus

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lyrics.present import (
    PAGE_LENGTH,
    lyrics_pages,
    lyrics_text,
    missing_embed,
    suggestions_note,
)
from bot.lyrics.records import Lyrics, LyricsFound, LyricsMissing, LyricsQuery
from bot.text import EMBED_DESCRIPTION, EMBED_FOOTER, EMBED_TITLE, EMBED_TOTAL, utf16_length

QUERY = LyricsQuery("Ada Brook", "Two *Clocks*")


def song(text: str, **changes) -> Lyrics:
    fields = {
        "artist": "Ada Brook",
        "title": "Two Clocks",
        "source": "LRCLIB",
        "url": "https://lrclib.net/search/Ada%20Brook",
    }
    return Lyrics(**{**fields, **changes}, text=text)


def assert_within_limits(embed: discord.Embed) -> None:
    title, description = embed.title or "", embed.description or ""
    footer = embed.footer.text or ""
    assert 0 < utf16_length(title) <= EMBED_TITLE
    assert 0 < utf16_length(description) <= EMBED_DESCRIPTION
    assert utf16_length(footer) <= EMBED_FOOTER
    assert utf16_length(title + description + footer) <= EMBED_TOTAL


def test_a_short_song_is_one_page_with_its_source_and_link():
    (page,) = lyrics_pages(song("[Chorus]\nTick *says* the left\n\nTock says @everyone"))
    assert page.title == "Ada Brook – Two Clocks"
    assert page.description == (
        "**\\[Chorus\\]**\nTick \\*says\\* the left\n\nTock says @\u200beveryone\n\n"
        "[Open on LRCLIB](https://lrclib.net/search/Ada%20Brook)"
    )
    assert page.footer.text == "Source: LRCLIB"


def test_only_suggestions_of_a_demo_are_noted():
    assert "DEMO CATALOGUE" in suggestions_note(demo=True)
    assert suggestions_note(demo=False) == ""


def test_every_form_of_an_answer_ends_with_the_note():
    long, missing = song("row me home\n" * 400), LyricsMissing(QUERY, ("LRCLIB",))
    pages = lyrics_pages(long, "Take note")
    assert len(pages) > 1
    for shown in (*pages, missing_embed(missing, "Take note")):
        assert (shown.footer.text or "").endswith("Take note")
    for answer in (LyricsFound(QUERY, long), missing):
        assert lyrics_text(answer, "Take note").endswith("\n(Take note)")
        assert "(" not in lyrics_text(answer).splitlines()[-1]
    assert missing_embed(missing).footer.text is None


def test_pages_break_between_stanzas_and_are_numbered():
    stanzas = [f"stanza {number}\n" + "row me home\n" * 50 for number in range(6)]
    pages = lyrics_pages(song("\n\n".join(stanza.strip() for stanza in stanzas)))
    assert [page.footer.text for page in pages] == [
        f"Source: LRCLIB · Page {number} of 3" for number in (1, 2, 3)
    ]
    assert all((page.description or "").startswith("stanza") for page in pages)
    assert all("https://lrclib.net" in (page.description or "") for page in pages)


def test_a_stanza_longer_than_a_page_breaks_between_lines():
    lines = [f"line {number} row me home under the lamps" for number in range(120)]
    pages = lyrics_pages(song("\n".join(lines)))
    shown = [(page.description or "").rpartition("\n\n")[0] for page in pages]
    assert "\n".join(shown).split("\n") == lines


def test_an_instrumental_has_its_own_answer():
    (page,) = lyrics_pages(song("", instrumental=True))
    assert "no words" in (page.description or "")
    assert "no words" in lyrics_text(LyricsFound(QUERY, song("", instrumental=True)))


def test_a_link_too_long_to_fit_is_left_out():
    (page,) = lyrics_pages(song("la", url=f"https://x.test/{'x' * 5000}"))
    assert page.description == "la"


def test_a_link_that_is_no_web_address_is_not_made_one():
    (page,) = lyrics_pages(song("la", url="javascript:alert(1)"))
    assert page.description == "la"


@given(
    st.text(max_size=400),
    st.integers(1, 30),
    st.text(min_size=1, max_size=400),
    st.text(max_size=200).map(lambda tail: f"https://x.test/{tail}" * 3),
)
def test_any_text_stays_within_the_limits(text, times, name, url):
    for repeated in (text * times, "\n".join([text] * times), "\n\n".join([text] * times)):
        pages = lyrics_pages(song(repeated, artist=name, title=name, url=url))
        assert pages
        for page in pages:
            assert_within_limits(page)
            body = (page.description or "").removesuffix("\n\n[Open on LRCLIB]")
            assert utf16_length(body.split("\n\n[Open on LRCLIB](")[0]) <= PAGE_LENGTH


@given(st.text(alphabet="ab*_@\U0001f3b5\n \\`[]", max_size=3000))
def test_no_word_is_lost_between_pages(text):
    bodies = [
        (page.description or "").rpartition("\n\n[Open on LRCLIB]")[0]
        for page in lyrics_pages(song(text, title="x"))
    ]
    shown = re.sub(r"\*\*(\\\[.*?\\\])\*\*", r"\1", "\n".join(bodies)).replace("\u200b", "")
    unescaped = re.sub(r"\\(.)", r"\1", shown)
    if text.strip():
        assert re.sub(r"\s", "", unescaped) == re.sub(r"\s", "", text)


def test_missing_says_who_was_asked_and_where_else_to_look():
    embed = missing_embed(LyricsMissing(QUERY, ("Genius", "LRCLIB")))
    text = embed.description or ""
    assert "Genius and LRCLIB have no song “Two \\*Clocks\\*” by Ada Brook" in text
    assert "https://genius.com/search?q=Ada+Brook+Two+%2AClocks%2A" in text
    assert "youtube.com/results?search_query=Ada+Brook" in text
    assert "could not be asked" not in text


def test_missing_says_when_a_provider_could_not_be_asked():
    result = LyricsMissing(QUERY, ("LRCLIB",), ("Genius",))
    assert "LRCLIB has no song" in (missing_embed(result).description or "")
    assert "Genius could not be asked just now" in (missing_embed(result).description or "")
    assert "Genius could not be asked just now" in lyrics_text(result)


@given(st.text(max_size=200), st.text(max_size=200))
def test_missing_stays_within_the_limits(artist, title):
    assert_within_limits(missing_embed(LyricsMissing(LyricsQuery(artist, title), ("A",), ("B",))))


def test_the_terminal_gets_plain_text():
    text = lyrics_text(LyricsFound(QUERY, song("Tick *says*\n\nTock \x1b[31mred")))
    assert text == (
        "Ada Brook – Two Clocks\n\nTick *says*\n\nTock [31mred\n\n"
        "Source: LRCLIB, https://lrclib.net/search/Ada%20Brook"
    )


@pytest.mark.parametrize("word", ["x" * 5000, "\U0001f3b5" * 3000, "*" * 4000, "@" * 4000])
def test_a_line_without_a_space_is_cut_into_pages(word):
    pages = lyrics_pages(song(word))
    assert len(pages) > 1
    for page in pages:
        assert_within_limits(page)


@pytest.mark.parametrize("letters", ["x", "\u0436", "\u96e8", "\U0001f3b8", "*_"])
def test_long_names_of_any_script_are_searched_for_elsewhere(letters: str) -> None:
    query = LyricsQuery(letters * 100, letters * 100)
    description = missing_embed(LyricsMissing(query, ("LRCLIB",))).description or ""
    for start in ("[Genius](https://genius.com/search?q=", "[YouTube](https://www.youtube.com/"):
        _, _, rest = description.partition(start)
        address = unquote_plus(rest.partition(")")[0])
        assert address.endswith(letters * 20)
