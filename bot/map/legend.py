"""What the colours of the picture mean, in lines below it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language import pgettext
from bot.map.fonts import drawable, font
from bot.map.layout import HEIGHT, WIDTH, Style, styles_of
from bot.map.records import Neighbourhood
from model.map_labels import label_text

LEGEND_SIZE = 24
LEGEND_LINE = 42
LEGEND_GAP = 22
"""Pixels from the middle of a marker to its text."""

_LONGEST_TAG = 20
_BETWEEN = 54
_HOLLOW = Style("#16181d", diamond=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A marker and what it means.

    Attributes:
        text: the meaning.
        style: of the marker.
        ring: pixels around it.
        x: the marker's middle, pixels from the left.
        y: the same from the top.
    """

    text: str
    style: Style
    ring: float
    x: int = 0
    y: int = 0


def legend_of(here: Neighbourhood) -> list[Entry]:
    """The tags, and how recommended artists are marked, in as few lines as they need."""
    styles = styles_of(here)
    entries = [
        Entry(text, styles[tag], 0)
        for tag in here.tags
        if (text := label_text(tag, drawable(), longest=_LONGEST_TAG))
    ]
    if any(not place.tag for place in (here.asked, *here.recommended, *here.others)):
        entries.append(Entry(pgettext("on a map", "other"), styles[""], 0))
    if here.recommended:
        entries.append(Entry(pgettext("on a map", "recommended"), _HOLLOW, 5))
    return _in_lines(entries)


def _in_lines(entries: Sequence[Entry]) -> list[Entry]:
    """The entries where they go: as few centred lines as are needed, about equally long."""
    room = WIDTH - _BETWEEN
    lines = _broken(entries, room)
    while len(narrower := _broken(entries, room - _BETWEEN)) == len(lines) and room > _BETWEEN:
        lines, room = narrower, room - _BETWEEN
    placed: list[Entry] = []
    for number, line in enumerate(lines):
        x = (WIDTH - _length(line)) // 2 + LEGEND_GAP // 2
        y = HEIGHT + LEGEND_LINE * number + LEGEND_LINE // 2
        for entry in line:
            placed.append(replace(entry, x=x, y=y))
            x += _width(entry) + _BETWEEN
    return placed


def _broken(entries: Sequence[Entry], room: int) -> list[list[Entry]]:
    """The entries in lines, each filled before the next begins."""
    lines: list[list[Entry]] = [[]]
    for entry in entries:
        if lines[-1] and _length([*lines[-1], entry]) > room:
            lines.append([])
        lines[-1].append(entry)
    return lines


def _length(line: Sequence[Entry]) -> int:
    return sum(map(_width, line)) + _BETWEEN * (len(line) - 1)


def _width(entry: Entry) -> int:
    return LEGEND_GAP + round(font(LEGEND_SIZE).getlength(entry.text))
