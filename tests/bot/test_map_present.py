"""The map in words."""

from dataclasses import replace

import numpy as np
import pytest

from bot.map.present import alt_text, map_file, map_message, not_shown
from bot.map.records import MapPicture, Neighbourhood, Place
from bot.recommend.records import Source
from bot.text import utf16_length
from model.catalogue import Artist

NOBODY = np.zeros((0, 2), np.float32)


def place(name: str, x: float = 0.0, y: float = 0.0, tag: str = "") -> Place:
    return Place(Artist(len(name), 1, "1", name, 9, (), ""), x, y, tag)


HERE = Neighbourhood(
    asked=place("Sigur Rós", tag="post-rock"),
    recommended=(place("東京事変", 0.1, 0.2, "jazz"), place("múm", 5.0)),
    others=(place("Far", 0.9), place("Near", 0.0, -0.1), place("Middle", -0.4)),
    dust=NOBODY,
    tags=("post-rock", "jazz"),
)
PICTURE = MapPicture(
    png=b"PNG",
    alt="Map of the artists around *x*.",
    artist=HERE.asked.artist,
    recommended=tuple(one.artist for one in HERE.recommended),
    source=Source("lastfm-hetrec-2011", demo=False),
)


def test_the_words_say_who_is_near_and_what_they_are_called_originally() -> None:
    assert alt_text(HERE) == (
        "Map of the artists around Sigur Rós (post-rock). "
        "Recommended, best first: 東京事変 (jazz) and múm. "
        "Close by on the map: Near, Middle and Far."
    )


def test_an_artist_alone_is_a_sentence_too() -> None:
    alone = Neighbourhood(place("Solo"), (), (), NOBODY, ())
    assert alt_text(alone) == "Map of the artists around Solo."


@pytest.mark.parametrize("name", ["x" * 500, "🎸" * 300, "\u202e", "*_~" * 90])
def test_the_words_fit_whatever_the_names(name: str) -> None:
    many = tuple(place(f"{name}{n}", n, tag="🎷" * 200) for n in range(20))
    here = replace(HERE, asked=place(name), recommended=many, others=many)
    assert 0 < utf16_length(alt_text(here)) <= 1024
    picture = replace(
        PICTURE,
        alt=alt_text(here),
        artist=here.asked.artist,
        recommended=tuple(one.artist for one in many),
    )
    assert utf16_length(map_message(picture, typed=name)) <= 2000
    assert utf16_length(not_shown(picture)) <= 2000


def test_the_message_formats_nothing_of_a_name() -> None:
    hostile = replace(PICTURE, artist=place("**Bold** @everyone").artist)
    text = map_message(hostile, typed="_me_ <@17>")
    assert "\\*\\*Bold\\*\\* @\u200beveryone" in text
    assert "“\\_me\\_ \\<@\u200b17\\>”" in text
    assert not_shown(PICTURE).startswith("Map of the artists around \\*x\\*.")


def test_the_message_says_where_the_map_comes_from() -> None:
    assert "Last.fm" in map_message(PICTURE)
    demo = replace(PICTURE, source=Source("demo", demo=True))
    assert "DEMO CATALOGUE" in map_message(demo)


def test_the_file_carries_the_words() -> None:
    file = map_file(PICTURE)
    assert file.description == PICTURE.alt
    assert file.filename == "map.png"
    assert file.fp.read() == b"PNG"
