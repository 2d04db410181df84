"""Names as labels of a picture: safe to draw, and placed where they cover nothing."""

import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from anyascii import anyascii

_RIGHT_TO_LEFT = {"R", "AL", "AN"}


class Box(NamedTuple):
    """An upright rectangle in pixels, y growing upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: "Box") -> bool:
        """Whether no part of this box lies outside the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


class Wanted(NamedTuple):
    """A label to place: the point it names (x, y), the point's radius, its own size, in pixels."""

    x: float
    y: float
    radius: float
    width: float
    height: float


def label_text(name: str, drawable: Collection[int], *, longest: int = 28) -> str:
    """The name as one short line that a font can draw, or nothing when nothing is left of it.

    Control and formatting characters go. What the font lacks, and every letter written from right
    to left (a renderer may not reorder it), is transliterated.

    Args:
        name: text from outside.
        drawable: the code points that the font has.
        longest: characters that are kept, the last of them an ellipsis where more was there.
    """
    plain = "".join(_drawn(letter, drawable) for letter in unicodedata.normalize("NFC", name))
    line = " ".join(plain.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _drawn(letter: str, drawable: Collection[int]) -> str:
    category = unicodedata.category(letter)
    if letter.isspace():
        return " "
    if category.startswith("C"):
        return ""
    if ord(letter) in drawable and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT:
        return letter
    return "".join(part for part in anyascii(letter) if part.isprintable())


def place_labels(
    wanted: Sequence[Wanted], frame: Box, *, gap: float, most: int, kept_free: Sequence[Box] = ()
) -> dict[int, tuple[float, float]]:
    """Greedily find room for labels, the most important first.

    A label goes to the right of its point, else to the left, above, below or to a corner; it stays
    in the frame, ``gap`` pixels away from the labels before it and off the points they name. One
    that finds no room is left out.

    Args:
        wanted: the most important first.
        frame: where labels may be.
        gap: between a label and what is around it, in pixels.
        most: how many labels are placed.
        kept_free: where no label may be, for example further points.

    Returns:
        the left bottom corner of at most ``most`` labels, by their position in ``wanted``.
    """
    places: dict[int, tuple[float, float]] = {}
    taken: list[Box] = []
    for number, label in enumerate(wanted):
        if len(places) == most:
            break
        point = _around(label)
        for box in _candidates(label, gap):
            grown = Box(box.left - gap, box.bottom - gap, box.right + gap, box.top + gap)
            if (
                box.within(frame)
                and not any(grown.overlaps(other) or point.overlaps(other) for other in taken)
                and not any(box.overlaps(other) for other in kept_free)
            ):
                places[number] = (box.left, box.bottom)
                taken += [box, point]
                break
    return places


def _around(label: Wanted) -> Box:
    radius = label.radius
    return Box(label.x - radius, label.y - radius, label.x + radius, label.y + radius)


def _candidates(label: Wanted, gap: float) -> list[Box]:
    width, height, away = label.width, label.height, label.radius + gap
    right, left = label.x + away, label.x - away - width
    above, below = label.y + away, label.y - away - height
    across, along = label.x - width / 2, label.y - height / 2
    corners = (
        *((right, along), (left, along), (across, above), (across, below)),
        *((right, above), (right, below), (left, above), (left, below)),
    )
    return [Box(x, y, x + width, y + height) for x, y in corners]
