"""Draws a neighbourhood as a PNG, at about twice the size at which Discord shows it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.map.fonts import font
from bot.map.labels import HALO, Label, labelled
from bot.map.layout import WIDTH, Dot, Style, on_picture
from bot.map.legend import LEGEND_GAP, LEGEND_LINE, LEGEND_SIZE, legend_of
from bot.map.records import Neighbourhood

# Pillow is imported late: a bot that is never asked for a map does without its memory.
if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

# Opaque and dark, with light text: the picture brings its own contrast to a dark and a light theme.
_BACKGROUND = "#16181d"
_TEXT = "#f4f5f7"
_FAINT = "#aeb4bf"
_DUST = "#3d424c"
_LINE = "#4a505c"

# Drawn finer and then reduced, because Pillow does not smooth what it draws; in bands of so many
# pixels, because all of it at once would take 13 MB for a moment.
_FINE = 2
_BAND = 200
_BELOW = 6
_LINE_WIDTH = 3
_DUST_RADIUS = 2.0
_LEGEND_RADIUS = 9.0
# A diamond of this reach looks as large as a disc of radius 1.
_AS_LARGE = 1.2


def draw_neighbourhood(here: Neighbourhood) -> bytes:
    """The picture as an opaque PNG, ``WIDTH`` pixels wide and a little lower."""
    from PIL import Image, ImageDraw

    dots, labels = labelled(here)
    legend = legend_of(here)
    height = max(entry.y for entry in legend) + LEGEND_LINE // 2 + _BELOW
    picture = Image.new("RGB", (WIDTH, height), _BACKGROUND)
    for top in range(0, height, _BAND):
        fine = Image.new("RGB", (WIDTH * _FINE, min(_BAND, height - top) * _FINE), _BACKGROUND)
        pen = _FinePen(ImageDraw.Draw(fine), top)
        _draw_map(pen, here, dots)
        for entry in legend:
            _draw_marker(pen, entry.x, entry.y, _LEGEND_RADIUS, entry.style, ring=entry.ring)
        picture.paste(fine.reduce(_FINE), (0, top))
    pen = ImageDraw.Draw(picture)
    _write_names(pen, labels)
    for entry in legend:
        where = (entry.x + LEGEND_GAP, entry.y)
        pen.text(where, entry.text, font=font(LEGEND_SIZE), fill=_FAINT, anchor="lm")
    file = io.BytesIO()
    # Few colours are enough for so few, and make the file less than half as large.
    picture.quantize(128).save(file, "PNG")
    return file.getvalue()


class _FinePen:
    """Draws a band of the picture, in the picture's own pixels, on one ``_FINE`` times as large.

    Args:
        pen: of the band.
        top: how many pixels of the picture are above the band.
    """

    def __init__(self, pen: ImageDraw, top: int) -> None:
        self._pen = pen
        self._top = top

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        corners = ((x - radius, y - radius), (x + radius, y + radius))
        self._pen.ellipse(self._fine(corners), fill=colour)

    def diamond(self, x: float, y: float, reach: float, colour: str) -> None:
        corners = ((x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach))
        self._pen.polygon(self._fine(corners), fill=colour)

    def line(self, begin: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        self._pen.line(self._fine((begin, end)), fill=colour, width=_LINE_WIDTH)

    def _fine(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * _FINE, (y - self._top) * _FINE) for x, y in points]


def _draw_map(pen: _FinePen, here: Neighbourhood, dots: Sequence[Dot]) -> None:
    """Everything but the names; what matters most is drawn last."""
    for x, y in on_picture(here.dust).tolist():
        pen.disc(x, y, _DUST_RADIUS, _DUST)
    for dot in dots:
        if not dot.marked:
            _draw_marker(pen, dot.x, dot.y, dot.radius, dot.style)
    marked = [dot for dot in dots if dot.marked]
    for dot in marked[1:]:
        pen.line((dots[0].x, dots[0].y), (dot.x, dot.y), _LINE)
    for dot in reversed(marked):
        _draw_marker(pen, dot.x, dot.y, dot.radius, dot.style, ring=dot.ring)


def _draw_marker(
    pen: _FinePen, x: float, y: float, radius: float, style: Style, *, ring: float = 0
) -> None:
    """A disc or diamond with a gap around it, and around that a ring where one is wanted."""
    layers = [(radius + 1.5, _BACKGROUND), (radius, style.colour)]
    if ring:
        layers = [(radius + ring + 1, _BACKGROUND), (radius + ring, _TEXT)]
        layers += [(radius + ring / 2, _BACKGROUND), (radius, style.colour)]
    for size, colour in layers:
        if style.diamond:
            pen.diamond(x, y, size * _AS_LARGE, colour)
        else:
            pen.disc(x, y, size, colour)


def _write_names(pen: ImageDraw, labels: Sequence[Label]) -> None:
    for label in labels:
        pen.text(
            (label.box.left, -(label.box.bottom + label.box.top) / 2),
            label.text,
            font=font(label.dot.size),
            fill=_TEXT if label.dot.marked else _FAINT,
            anchor="lm",
            stroke_width=HALO,
            stroke_fill=_BACKGROUND,
        )
