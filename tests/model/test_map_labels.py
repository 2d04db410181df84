"""Labels of the map: safe to draw, and none on another."""

from itertools import combinations

import numpy as np
import pytest

from model.map_labels import Box, Wanted, label_text, place_labels

LATIN = range(0x20, 0x250)
WITH_HEBREW = (*LATIN, *range(0x5D0, 0x5EB))
FRAME = Box(0, 0, 400, 300)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Sigur Rós", "Sigur Rós"),
        ("Bjo\u0308rk", "Björk"),
        ("  two \t\n lines\u2028here ", "two lines here"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\u202eevil\u202c \u200bname\ufeff", "evil name"),
        ("A$AP $x$ \\frac", "A$AP $x$ \\frac"),
        ("夜", "Ye"),
        ("אבא", "'v'"),
        ("\ud800broken", "broken"),
        ("\x07\u200f", ""),
        ("x" * 40, "x" * 27 + "…"),
    ],
)
def test_a_name_becomes_one_line_that_can_be_drawn(name: str, label: str) -> None:
    shown = label_text(name, LATIN)
    assert shown == label
    assert all(ord(letter) in LATIN or letter == "…" for letter in shown)


def test_letters_from_right_to_left_are_transliterated_although_the_font_has_them() -> None:
    shown = label_text("אבג def", WITH_HEBREW)
    assert shown.endswith(" def")
    assert not any(0x5D0 <= ord(letter) <= 0x5EA for letter in shown)


def test_letters_that_only_steer_are_left_out_although_the_font_has_them() -> None:
    assert label_text("a\u202eb\u200bc\u2066", (*LATIN, 0x202E, 0x200B, 0x2066)) == "abc"


def wanted(seed: int = 2) -> list[Wanted]:
    """120 labels, many more than there is room for."""
    rng = np.random.default_rng(seed)
    return [
        Wanted(float(x), float(y), float(radius), float(width), 11.0)
        for x, y, radius, width in zip(
            *(rng.uniform(0, 400, 120), rng.uniform(0, 300, 120)),
            *(rng.uniform(1, 5, 120), rng.uniform(15, 90, 120)),
            strict=True,
        )
    ]


def boxes(labels: list[Wanted], places: dict[int, tuple[float, float]]) -> dict[int, Box]:
    return {
        number: Box(x, y, x + labels[number].width, y + labels[number].height)
        for number, (x, y) in places.items()
    }


def test_labels_neither_overlap_nor_leave_the_frame() -> None:
    labels = wanted()
    placed = boxes(labels, place_labels(labels, FRAME, gap=2, most=99))
    assert len(placed) > 20
    assert all(box.within(FRAME) for box in placed.values())
    grown = [Box(b.left - 1, b.bottom - 1, b.right + 1, b.top + 1) for b in placed.values()]
    assert not any(one.overlaps(other) for one, other in combinations(grown, 2))


def test_a_label_covers_no_point_that_another_label_names() -> None:
    labels = wanted()
    placed = boxes(labels, place_labels(labels, FRAME, gap=2, most=99))
    for number, other in ((n, o) for n in placed for o in placed):
        point = Box(labels[other].x, labels[other].y, labels[other].x, labels[other].y)
        assert not point.within(placed[number])


def test_the_most_important_label_always_has_its_place() -> None:
    crowd = [Wanted(200, 150, 3, 60, 11)] * 30
    places = place_labels(crowd, FRAME, gap=2, most=99)
    assert places[0] == (205, 144.5)
    assert len(place_labels(wanted(), FRAME, gap=2, most=4)) == 4


def test_at_the_right_edge_a_label_goes_to_the_left() -> None:
    assert place_labels([Wanted(390, 150, 3, 60, 11)], FRAME, gap=2, most=9) == {0: (325, 144.5)}
    assert place_labels([Wanted(390, 150, 3, 600, 11)], FRAME, gap=2, most=9) == {}


def test_a_label_goes_around_what_is_to_be_kept_free() -> None:
    label = [Wanted(200, 150, 3, 60, 11)]
    right = Box(230, 140, 235, 160)
    assert place_labels(label, FRAME, gap=2, most=9, kept_free=[right]) == {0: (135, 144.5)}
    everywhere = [Box(0, 0, 400, 300)]
    assert place_labels(label, FRAME, gap=2, most=9, kept_free=everywhere) == {}
