"""Where everything goes on the picture of a neighbourhood, in pixels; nothing is drawn here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.map.neighbourhood import ASPECT
from bot.map.records import Neighbourhood, Place

WIDTH = 1120
HEIGHT = int(WIDTH / ASPECT)
_MARGIN = 34
_MIDDLE = np.array([WIDTH / 2, HEIGHT / 2])
_ROOM = _MIDDLE - _MARGIN

_STYLES = (
    *(("#56b4e9", False), ("#ffb000", True), ("#00b386", False)),
    *(("#ff6a5c", True), ("#c98bff", False), ("#fff59d", True)),
)
_UNTAGGED = ("#6d7480", False)
_ASKED_SIZE, _RECOMMENDED_SIZE, _OTHER_SIZE = 36, 28, 22
_ASKED_RING, _RECOMMENDED_RING, _NO_RING = 10.0, 5.0, 1.5

# Recommended artists are moved apart until each can be seen: pixels from middle to middle.
_APART = 40.0
_STEPS = 80
# Rather upwards and downwards than to the sides, because names are wide.
_PUSH = np.array([0.3, 0.7])

_Points = NDArray[np.float64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Style:
    """How a tag looks.

    Attributes:
        colour: as Pillow takes it.
        diamond: its shape, else it is round: colours that a colour-blind eye takes for each other
            have different shapes.
    """

    colour: str
    diamond: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """An artist on the picture.

    Attributes:
        place: who.
        x: pixels from the left.
        y: pixels from the top.
        radius: of the marker in pixels, without what surrounds it.
        ring: pixels that surround it.
        style: of its tag.
        size: of its name, in pixels.
        marked: whether it is the artist asked about or a recommended one.
    """

    place: Place
    x: float
    y: float
    radius: float
    ring: float
    style: Style
    size: int
    marked: bool


def styles_of(here: Neighbourhood) -> dict[str, Style]:
    """The style of each tag, and under "" that of artists without one."""
    styles = (Style(*style) for style in _STYLES)
    return dict(zip(here.tags, styles, strict=False)) | {"": Style(*_UNTAGGED)}


def dots_of(here: Neighbourhood, *, spread: float) -> list[Dot]:
    """The artist asked about, the recommended ones and the others, each the most important first.

    Recommended artists outside of the picture are moved to its edge, straight towards the middle.

    Args:
        here: the artists.
        spread: how far recommended artists are kept apart and away from the edge, to make room for
            their names; at 1 so far that none covers another.
    """
    near = 1 + len(here.recommended)
    places = [here.asked, *here.recommended, *here.others]
    points = on_picture(np.array([(place.x, place.y) for place in places]))
    most = max(50, *(place.artist.listeners for place in places))
    radii = [5 + 13 * (place.artist.listeners / most) ** 0.5 for place in places]
    styles = styles_of(here)
    sizes = [_ASKED_SIZE, *[_RECOMMENDED_SIZE] * (near - 1), *[_OTHER_SIZE] * len(here.others)]
    rings = [_ASKED_RING, *[_RECOMMENDED_RING] * (near - 1), *[_NO_RING] * len(here.others)]
    reaches = np.array(radii[:near]) + rings[:near]
    points[:near] = _apart(points[:near], reaches, spread)
    return [
        Dot(
            place=place,
            x=float(points[number, 0]),
            y=float(points[number, 1]),
            radius=radii[number],
            ring=rings[number],
            style=styles.get(place.tag, styles[""]),
            size=sizes[number],
            marked=number < near,
        )
        for number, place in enumerate(places)
    ]


def on_picture(places: NDArray[np.floating]) -> _Points:
    """Places [R, 2] of a neighbourhood in pixels [R, 2], y growing downwards."""
    return _MIDDLE + places.reshape(-1, 2) * np.array([1.0, -1.0]) * _ROOM[1]


def _apart(points: _Points, reaches: _Floats, spread: float) -> _Points:
    """Points [R, 2] moved until none covers another; the first one stays where it is.

    Each step takes half of what is missing between every two away, along the line between them.
    """
    # A little off in directions that differ, so that there is a line between equal points too.
    turns = np.arange(len(points)) * 2.4
    offsets = points - _MIDDLE + 5 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    room = _MIDDLE - _MARGIN * spread**2
    beyond = (np.abs(offsets) / room).max(axis=1, keepdims=True)
    moved = _MIDDLE + offsets / np.maximum(beyond, 1)
    wanted = np.maximum(_APART, reaches[:, None] + reaches[None, :] + 4) * spread
    wide = np.array([spread**2, 1.0])
    for _ in range(_STEPS):
        moved[0] = points[0]
        between = moved[:, None] - moved[None, :]
        # The larger of the two sides, because labels are kept off upright boxes around the points.
        distance = (np.abs(between) / wide).max(axis=2)
        np.fill_diagonal(distance, np.inf)
        missing = np.maximum(wanted - distance, 0) / np.maximum(distance, 1e-6)
        moved += (between * missing[:, :, None]).sum(axis=1) * _PUSH
        moved = np.clip(moved, _MIDDLE - room, _MIDDLE + room)
    moved[0] = points[0]
    return moved
