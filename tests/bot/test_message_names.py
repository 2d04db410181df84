"""Which artists a message speaks of; the names are real, the listeners invented."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recommend.message_names import MOST_FOUND, names_in_message
from model.catalogue import TextColumn
from model.recommender import Recommender
from tests.artifact_by_hand import M
from tests.artifact_by_hand import artifact_by_hand as by_hand

NAMES = (
    *("Yes", "Air", "The The", "Can", "Radiohead", "Sigur Rós", "The Who", "My Bloody Valentine"),
    *("AC/DC", "Green Day", "Hideg Roncs", "No Doubt", "Love"),
)
LISTENERS = (60, 300, 40, 8, 390, 150, 170, 90, 220, 250, 1, 120, 4)
MORE = ("Bloody", "Lanterns", "!!!", "Crosby, Stills, Nash & Young", "The The The", "Guns N' Roses")

Find = Callable[[str], list[str]]


def recommender_of(names: tuple[str, ...], listeners: tuple[int, ...]) -> Recommender:
    assert len(names) == len(listeners) == M
    artifact = by_hand()
    catalogue = replace(
        artifact.catalogue, names=TextColumn.of(names), listeners=np.array(listeners, np.int64)
    )
    return Recommender(replace(artifact, catalogue=catalogue))


_SHARED = recommender_of(NAMES, LISTENERS)


def shown(text: str, recommender: Recommender) -> list[str]:
    return [recommender.catalogue.names[row] for row in names_in_message(text, recommender)]


@pytest.fixture(scope="module")
def find() -> Find:
    recommender = recommender_of(NAMES, LISTENERS)
    return lambda text: [
        recommender.catalogue.names[row] for row in names_in_message(text, recommender)
    ]


@pytest.fixture(scope="module")
def find_more() -> Find:
    names = (*MORE, *NAMES[:3], *NAMES[4:8])
    recommender = recommender_of(names, (9, 2, 30, 50, 6, 700, *LISTENERS[:3], *LISTENERS[4:8]))
    return lambda text: [
        recommender.catalogue.names[row] for row in names_in_message(text, recommender)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i love radiohead and sigur ros", ["Radiohead", "Sigur Rós"]),
        ("SIGUR ROS!!! <3", ["Sigur Rós"]),
        ("my bloody valentine's new one", ["My Bloody Valentine"]),
        ("Radiohead/AC/DC,Sigur Rós—what else?", ["Radiohead", "AC/DC", "Sigur Rós"]),
        ("*Radiohead*: **my** favourite", ["Radiohead"]),
        ("first Hideg Roncs,\nthen Radiohead", ["Radiohead", "Hideg Roncs"]),
        ("nothing to see here, move on", []),
        ("", []),
    ],
)
def test_names_are_found_however_they_are_written(find: Find, text: str, found: list[str]) -> None:
    assert find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("can you hear it? yes, radiohead has air and love", ["Radiohead"]),
        ("Can you hear it? Yes, radiohead has love", ["Radiohead"]),
        ("I love Air, Can and The The", ["Air", "The The", "Can"]),
        ("Air, Can, radiohead", ["Radiohead", "Air", "Can"]),
        ("Yes, radiohead are good", ["Radiohead"]),
        ('"yes" beside radiohead', ["Radiohead", "Yes"]),
        ("“Yes” beside radiohead", ["Radiohead", "Yes"]),
        ("**can** beside radiohead", ["Radiohead", "Can"]),
        ("RADIOHEAD CAN PLAY, YES", ["Radiohead"]),
        ("who plays radiohead? Who does?", ["Radiohead"]),
        ("I saw The Who with radiohead", ["Radiohead", "The Who"]),
        ("The radiohead album", ["Radiohead"]),
        ("no doubt that radiohead won", ["Radiohead"]),
        ("No Doubt and radiohead", ["Radiohead", "No Doubt"]),
        ("green day and radiohead", ["Radiohead", "Green Day"]),
    ],
)
def test_common_words_are_names_only_when_written_like_names(
    find: Find, text: str, found: list[str]
) -> None:
    assert find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("yes", ["Yes"]),
        ("air or can", ["Air", "Can"]),
        ("the who", ["The Who"]),
        ("no doubt, can be", ["No Doubt"]),
        ("love", []),
        ("the", []),
    ],
)
def test_where_nothing_else_is_found_common_words_are_names_after_all(
    find: Find, text: str, found: list[str]
) -> None:
    assert find(text) == found


def test_longer_names_go_before_shorter_ones_within_them(find_more: Find) -> None:
    assert find_more("that Bloody one by My Bloody Valentine") == [
        "My Bloody Valentine",
        "Bloody",
    ]
    assert find_more("bloody my bloody valentine") == ["My Bloody Valentine", "Bloody"]
    assert find_more("I like The The The") == ["The The The"]


def test_an_unheard_of_word_in_lower_case_is_a_word(find_more: Find) -> None:
    assert find_more("lanterns and radiohead") == ["Radiohead"]
    assert find_more("buy Lanterns with radiohead") == ["Radiohead", "Lanterns"]


def test_names_of_marks_commas_and_apostrophes(find_more: Find) -> None:
    text = "!!! with guns n roses, Crosby, Stills, Nash & Young"
    assert find_more(text) == ["Guns N' Roses", "Crosby, Stills, Nash & Young", "!!!"]


def test_at_most_five_the_best_known_first(find: Find) -> None:
    text = "Hideg Roncs, AC/DC, Sigur Rós, Radiohead, My Bloody Valentine, Green Day"
    assert find(text) == ["Radiohead", "Green Day", "AC/DC", "Sigur Rós", "My Bloody Valentine"]


@pytest.mark.parametrize(
    "text",
    [
        "https://open.spotify.com/Radiohead?x=Air",
        "<@17> <#18> <:Radiohead:123> <a:Air:12>",
        "Sigur\nRós",
        "My Bloody\nValentine",
    ],
)
def test_links_mentions_emoji_and_names_across_lines_are_none(find: Find, text: str) -> None:
    assert find(text) == []


def test_rows_that_are_no_artist_are_not_found(find: Find) -> None:
    recommender = Recommender(by_hand())
    text = "Various Artists, [unknown], www.pines.example and Two Clocks feat. Ada Brook"
    assert shown(text, recommender) == ["Ada Brook", "Two Clocks"]


@given(st.text(max_size=300))
def test_any_text_gives_at_most_five_different_artists(text: str) -> None:
    rows = names_in_message(text, _SHARED)
    assert len(rows) == len(set(rows)) <= MOST_FOUND
    assert all(_SHARED.names.is_artist(row) for row in rows)
    assert names_in_message(text, _SHARED) == rows


@given(
    name=st.sampled_from([name for name in NAMES if name not in {"Love"}]),
    before=st.sampled_from(["", "I think that ", "lately: ", "so — ", "ich mag ", "🎸 "]),
    after=st.sampled_from(["", " are great", "!", ", really", "\nor so", " 🎸", "?"]),
    marks=st.sampled_from([("“", "”"), ('"', '"'), ("*", "*"), ("`", "`")]),
)
@settings(max_examples=200)
def test_a_quoted_name_is_found_in_any_sentence(
    name: str, before: str, after: str, marks: tuple[str, str]
) -> None:
    text = f"{before}{marks[0]}{name}{marks[1]}{after}"
    assert shown(text, _SHARED) == [name]


@pytest.mark.parametrize(
    "text",
    ["a " * 1_000, "The " * 500, "Yes, " * 400, "é'" * 1_000, "x" * 2_000, "любовь " * 285],
)
def test_a_long_message_is_read_in_a_moment(text: str) -> None:
    seconds = []
    for _ in range(3):
        began = time.thread_time()
        names_in_message(text, _SHARED)
        seconds.append(time.thread_time() - began)
    assert min(seconds) < 0.1
