"""The picture itself: what is where, and that nothing covers what must be read."""

import io
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from bot.map import fonts
from bot.map.draw import draw_neighbourhood
from bot.map.labels import labelled
from bot.map.layout import HEIGHT, WIDTH, dots_of, styles_of
from bot.map.legend import legend_of
from bot.map.neighbourhood import neighbourhood
from bot.map.records import Neighbourhood, Place
from model.catalogue import Artist
from model.map_labels import Box
from model.recommender import Recommender

BACKGROUND = (0x16, 0x18, 0x1D)


@pytest.fixture
def own_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine without any other font."""
    fonts.font.cache_clear()
    fonts.drawable.cache_clear()
    monkeypatch.setattr(fonts, "_INSTALLED", ())
    monkeypatch.setattr(fonts, "_beside_training", lambda: ())
    yield
    fonts.font.cache_clear()
    fonts.drawable.cache_clear()


def place(number: int, x: float, y: float, *, name: str = "", tag: str = "rock") -> Place:
    called = name or f"Artist {number}"
    return Place(Artist(number, number, "1", called, 9 + 7 * number, (), ""), x, y, tag)


def scene(recommended: list[tuple[float, float]], **asked: str) -> Neighbourhood:
    return Neighbourhood(
        asked=place(0, 0, 0, **asked),
        recommended=tuple(place(1 + n, x, y) for n, (x, y) in enumerate(recommended)),
        others=(place(50, -0.7, 0.6, tag="folk"), place(40, 0.9, -0.2, tag="")),
        dust=np.array([[0.4, 0.8]], np.float32),
        tags=("rock", "folk"),
    )


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def drawn(recommender: Recommender, name: str) -> Neighbourhood:
    here = neighbourhood(recommender, recommender.catalogue.names.texts().index(name))
    assert here is not None
    return here


def test_the_picture_is_opaque_dark_and_twice_as_large_as_it_is_shown() -> None:
    png = draw_neighbourhood(scene([(0.3, 0.4), (-0.5, -0.2)]))
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.size[0] == WIDTH == 1120
    assert HEIGHT < picture.size[1] < HEIGHT + 100
    assert "transparency" not in picture.info
    assert picture.convert("RGB").getpixel((3, 3)) == BACKGROUND


def test_artists_are_where_they_belong_in_the_colour_of_their_tag() -> None:
    here = scene([(0.3, 0.4)])
    picture, styles = opened(draw_neighbourhood(here)), styles_of(here)
    for dot in dots_of(here, spread=1.0):
        expected = tuple(bytes.fromhex(styles[dot.place.tag].colour[1:]))
        assert picture.getpixel((round(dot.x), round(dot.y))) == expected
    asked, right_and_up, left, _ = dots_of(here, spread=1.0)
    assert (asked.x, asked.y) == (WIDTH / 2, HEIGHT / 2)
    assert right_and_up.x > asked.x
    assert right_and_up.y < asked.y
    assert left.x < asked.x


def test_only_the_asked_and_the_recommended_are_marked_with_a_ring() -> None:
    here = scene([(0.3, 0.4)])
    picture = opened(draw_neighbourhood(here))
    for dot in dots_of(here, spread=1.0):
        # Just inside of the outer edge of where a ring would be, below the marker.
        reach = (dot.radius + dot.ring) * (1.2 if dot.style.diamond else 1)
        red = np.asarray(picture)[round(dot.y + reach - 1.5), round(dot.x), 0]
        assert (red > 200) == dot.marked, dot.place.artist.name


def test_who_is_recommended_from_far_away_stands_at_the_edge() -> None:
    here = scene([(9.0, 0.5), (0.0, -30.0), (-4.0, 4.0)])
    _, *recommended, _, _ = dots_of(here, spread=1.0)
    for dot in recommended:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
    assert recommended[0].x > WIDTH - 60
    assert recommended[1].y > HEIGHT - 60


@pytest.mark.parametrize("recommended", [[(0.0, 0.0)] * 10, [(2.0, 2.0)] * 10, [(0.1, 0.0)] * 10])
def test_recommended_artists_in_one_point_are_moved_apart(
    recommended: list[tuple[float, float]],
) -> None:
    dots = [dot for dot in dots_of(scene(recommended), spread=1.0) if dot.marked]
    for one, other in combinations(dots, 2):
        room = max(abs(one.x - other.x), abs(one.y - other.y))
        assert room >= 0.9 * (one.radius + one.ring + other.radius + other.ring)


@pytest.mark.parametrize("name", ["Johnny Cash", "Björk", "Metallica", "Radiohead", "ABBA"])
def test_no_name_covers_another_or_a_marked_artist(recommender: Recommender, name: str) -> None:
    dots, labels = labelled(drawn(recommender, name))
    for one, other in combinations(labels, 2):
        assert not one.box.overlaps(other.box)
    frame = Box(0, -HEIGHT, WIDTH, 0)
    assert all(label.box.within(frame) for label in labels)
    for dot in dots:
        middle = Box(dot.x - 1, -dot.y - 1, dot.x + 1, -dot.y + 1)
        for label in labels:
            covered = label.box.overlaps(middle)
            assert not (covered and dot.marked)
            assert not (covered and not label.dot.marked), "others cover no dot at all"


@pytest.mark.parametrize("name", ["Johnny Cash", "Björk", "Metallica", "Radiohead", "ABBA"])
def test_the_asked_and_the_recommended_are_named_first(recommender: Recommender, name: str) -> None:
    dots, labels = labelled(drawn(recommender, name))
    named = [label.dot.place.artist.name for label in labels]
    marked = [dot.place.artist.name for dot in dots if dot.marked]
    assert named[0] == name
    assert len(marked) == 11
    assert len(set(marked) & set(named)) >= 10
    assert [label.dot.marked for label in labels] == sorted(
        (label.dot.marked for label in labels), reverse=True
    )


def test_ten_in_one_far_corner_are_all_named() -> None:
    _, labels = labelled(scene([(5.0, 5.0 + n / 9) for n in range(10)]))
    assert sum(label.dot.marked for label in labels) >= 10


def test_the_legend_says_what_is_seen() -> None:
    texts = [entry.text for entry in legend_of(scene([(0.3, 0.4)]))]
    assert texts == ["rock", "folk", "other", "recommended"]
    lonely = Neighbourhood(place(0, 0, 0), (), (), np.zeros((0, 2), np.float32), ("rock",))
    assert [entry.text for entry in legend_of(lonely)] == ["rock"]
    assert draw_neighbourhood(lonely)


def test_a_legend_of_long_tags_stays_inside(own_font: None) -> None:
    tags = tuple(f"a very long tag indeed {n}" for n in range(6))
    here = Neighbourhood(place(0, 0, 0, tag=tags[0]), (), (), np.zeros((0, 2), np.float32), tags)
    entries = legend_of(here)
    assert all(
        entry.x > 0 and entry.x + 22 + fonts.font(24).getlength(entry.text) <= WIDTH
        for entry in entries
    )
    assert len({entry.y for entry in entries}) <= 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sigur Rós", "Sigur Ros"),
        ("東京事変", "DongJingShiBian"),
        ("فيروز", "fyrwz"),
        ("Кино", "Kino"),
        ("AC/DC", "AC/DC"),
    ],
)
def test_what_the_font_lacks_is_transliterated_and_never_a_box(
    own_font: None, name: str, shown: str
) -> None:
    _, labels = labelled(scene([], name=name))
    assert labels[0].text == shown


def test_a_name_that_shows_nothing_is_drawn_without_a_label() -> None:
    here = scene([], name="\u202e\u200b")
    _, labels = labelled(here)
    assert not any(label.dot.marked for label in labels)
    assert draw_neighbourhood(here)


def test_letters_of_many_languages_can_be_drawn_where_there_is_a_better_font() -> None:
    have = fonts.drawable()
    assert set(map(ord, "Aa09&!?'\" ")) <= have
    assert not {0x6771, 0x1F3B8, 0x0628} & have


def test_equal_neighbourhoods_are_equal_pictures() -> None:
    here = scene([(0.3, 0.4), (0.3, 0.4)])
    assert draw_neighbourhood(here) == draw_neighbourhood(here)
