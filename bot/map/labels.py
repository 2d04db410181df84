"""Which names are written on the picture, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.map.fonts import drawable, font
from bot.map.layout import HEIGHT, WIDTH, Dot, dots_of
from bot.map.records import Neighbourhood
from model.map_labels import Box, Wanted, label_text, place_labels

HALO = 3
"""Pixels of background around each letter."""

_MOST = 45
_LONGEST = 30
_EDGE = 6
# The labels' pixels grow upwards.
_FRAME = Box(_EDGE, _EDGE - HEIGHT, WIDTH - _EDGE, -_EDGE)
# Tried in turn until each marked artist can be named.
_SPREADS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the picture.

    Attributes:
        dot: whom it names.
        text: the name as the font can draw it.
        box: where, in pixels from the left and upwards from the picture's top (so below 0).
    """

    dot: Dot
    text: str
    box: Box


def labelled(here: Neighbourhood) -> tuple[list[Dot], list[Label]]:
    """The dots of the picture and the names that find room, the most important ones first.

    No name covers another or a marked artist; those of unmarked artists cover no dot at all.
    """
    dots, names = _spread_until_named(here)
    others = [dot for dot in dots if not dot.marked]
    kept_free = [*map(_around, dots), *(label.box for label in names)]
    return dots, [*names, *_placed(others, kept_free)]


def _spread_until_named(here: Neighbourhood) -> tuple[list[Dot], list[Label]]:
    """The dots, and the names of the marked ones, at the spread that lets most be named."""
    best: tuple[list[Dot], list[Label]] = ([], [])
    for spread in _SPREADS:
        dots = dots_of(here, spread=spread)
        marked = [dot for dot in dots if dot.marked]
        names = _placed(marked, [_around(dot) for dot in marked])
        if not best[0] or len(names) > len(best[1]):
            best = (dots, names)
        if len(names) == len(marked):
            break
    return best


def _placed(dots: Sequence[Dot], kept_free: Sequence[Box]) -> list[Label]:
    named = [
        (dot, text)
        for dot in dots
        if (text := label_text(dot.place.artist.name, drawable(), longest=_LONGEST))
    ]
    wanted = [_wanted(dot, text) for dot, text in named]
    places = place_labels(wanted, _FRAME, gap=HALO, most=_MOST, kept_free=kept_free)
    return [
        Label(*named[number], Box(x, y, x + wanted[number].width, y + wanted[number].height))
        for number, (x, y) in places.items()
    ]


def _wanted(dot: Dot, text: str) -> Wanted:
    return Wanted(dot.x, -dot.y, dot.radius + dot.ring, font(dot.size).getlength(text), dot.size)


def _around(dot: Dot) -> Box:
    """What no other name may cover, a little less than the dot's own distance to its name."""
    reach = dot.radius + dot.ring - 1
    return Box(dot.x - reach, -dot.y - reach, dot.x + reach, -dot.y + reach)
