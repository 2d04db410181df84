import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lyrics.words import MAX_WORDS, tidy_words, without_genius_junk, without_stamps
from bot.text import utf16_length


def test_stamps_go_and_the_lines_stay():
    synced = "[ti:Harbour]\n[offset:+200]\n[00:01.50] Row me home\n[00:04.000]under lamps\n[00:06]"
    assert without_stamps(synced) == "Row me home\nunder lamps\n"


def test_a_line_with_several_stamps_is_sung_several_times_in_order_of_time():
    synced = "[00:01.00][00:09.00] Row me home\n[00:12.5] the end\n[00:05.00] under lamps"
    assert without_stamps(synced) == "Row me home\nunder lamps\nRow me home\nthe end"


def test_a_fraction_counts_as_a_fraction_whatever_its_length():
    assert without_stamps("[00:01.9] late\n[00:01.05] early\n[00:01.100] between") == (
        "early\nbetween\nlate"
    )


def test_stamps_on_single_words_go_too():
    assert without_stamps("[00:01.00] <00:01.00>Row <00:01.40>me") == "Row me"


def test_a_text_without_stamps_keeps_its_section_headers():
    assert without_stamps("[Chorus]\nRow me home") == "[Chorus]\nRow me home"


@given(st.lists(st.sampled_from(["row", "me", "home"]), min_size=1, max_size=9), st.randoms())
def test_shuffled_lines_come_back_in_order(words, random):
    lines = [f"[00:{second:02}.00] {word}" for second, word in enumerate(words)]
    random.shuffle(lines)
    assert without_stamps("\n".join(lines)).split("\n") == words


def test_genius_junk_goes_and_the_words_stay():
    page = (
        "27 ContributorsTranslationsDeutschNo Lyrics Needed Lyrics[Verse]\nRow me home\n"
        "See Ada Brook LiveGet tickets as low as $17You might also like[Chorus]\nUnder lamps12Embed"
    )
    assert without_genius_junk(page, "No Lyrics Needed") == (
        "[Verse]\nRow me home\n[Chorus]\nUnder lamps"
    )


def test_words_that_only_look_like_junk_stay():
    words = "3 Contributors to my sorrow\nYou might also like, my dear, to Embed"
    assert without_genius_junk(words, "Sorrow") == words


def test_a_description_in_the_header_goes_with_it():
    page = "1 ContributorHarbour Lyrics“Harbour” is about… Read More\xa0[Verse]\nRow me home"
    assert without_genius_junk(page, "Harbour") == "[Verse]\nRow me home"


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 900_000,
        "9" * 900_000 + "Embed",
        "1 Contributor" + "Lyrics" * 150_000,
        "See " * 200_000,
    ],
)
def test_hostile_pages_take_no_time(hostile):
    started = time.perf_counter()
    without_genius_junk(hostile, "Lyrics")
    assert time.perf_counter() - started < 0.5


def test_a_line_of_nothing_but_stamps_does_not_grow():
    assert len(without_stamps("[00:01.00]" * 4000 + "la" * 20_000)) < 2_000_000


def test_control_characters_and_wide_gaps_go():
    assert tidy_words("\nRow\u202e me\x07 home\r\n\n\n\n\nUnder\u200b lamps\n") == (
        "Row me home\n\nUnder lamps"
    )


@given(st.text(max_size=300))
def test_tidied_words_are_bounded_and_stay_tidy(text):
    tidy = tidy_words(text * 200)
    assert utf16_length(tidy) <= MAX_WORDS
    assert not re.search(r"\n{3}|\A\n|\n\Z|[\x00-\x09\x0b-\x1f]", tidy)
