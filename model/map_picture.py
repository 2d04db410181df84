"""Draws the map of the artists."""

# matplotlib types its keyword arguments only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import io
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from model.artist_map import PLACED_FROM
from model.map_labels import Box, Wanted, label_text, place_labels

# Opaque and dark, with light text: the picture brings its own contrast to a dark and a light theme.
BACKGROUND = "#16181d"
_TEXT = "#f4f5f7"
_FAINT = "#9aa0ab"
_OTHER = "#6d7480"

STYLES = (
    *(("#56b4e9", "o"), ("#ff5c4d", "D"), ("#ffb000", "o"), ("#4f6dff", "D"), ("#00a878", "o")),
    *(("#f2f2f2", "D"), ("#fff59d", "o"), ("#c98bff", "D"), ("#d9569b", "o"), ("#a3d93a", "D")),
)
"""Colour and marker of the most frequent main tags. Colours that a colour-blind eye takes for each
other have different markers."""

_SIZE = (10.0, 8.4)
_DPI = 150
_MOST_LABELS = 90
_ASKED_FOR = 1200
_FONT = FontProperties(family="DejaVu Sans")
"""It comes with matplotlib, so the picture is the same everywhere."""


class _Group(NamedTuple):
    """What one line of the legend stands for."""

    name: str
    colour: str
    marker: str
    rows: NDArray[np.int64]


def draw_map(
    positions: NDArray[np.float32],
    names: Sequence[str],
    listeners: NDArray[np.int64],
    main_tags: Sequence[str],
    *,
    title: str = "",
) -> bytes:
    """The map as a PNG of 1500 x 1260 pixels.

    Artists are coloured by main tag, larger the more listeners they have; those with fewer than
    ``PLACED_FROM`` listeners are dust. The best-known artists that find room are named.

    Args:
        positions: float32 [M, 2], within [-1, 1].
        names: M names, text from outside.
        listeners: int64 [M].
        main_tags: M tags, the one most applied to each artist, empty where there is none.
        title: above the map.
    """
    figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor=BACKGROUND)
    axes = figure.add_axes((0.012, 0.08, 0.976, 0.85), facecolor=BACKGROUND)
    axes.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04), xticks=(), yticks=())
    for spine in axes.spines.values():
        spine.set_visible(False)
    known = listeners >= PLACED_FROM
    drawable = get_font(findfont(_FONT)).get_charmap().keys()
    diameters = _diameters(listeners)
    dust = positions[~known]
    axes.scatter(dust[:, 0], dust[:, 1], s=1.5, c=_OTHER, alpha=0.35, linewidths=0, zorder=1)
    groups = _groups(main_tags, known)
    for group in groups:
        # The best known last, so that a crowd does not hide them.
        rows = group.rows[np.argsort(listeners[group.rows], kind="stable")]
        axes.scatter(
            positions[rows, 0],
            positions[rows, 1],
            s=(diameters[rows] * (0.88 if group.marker == "D" else 1)) ** 2,
            c=group.colour,
            marker=group.marker,
            alpha=0.5 if group.colour == _OTHER else 0.88,
            linewidths=0.4,
            edgecolors=BACKGROUND,
            zorder=2 if group.colour == _OTHER else 3,
        )
    order = np.argsort(-listeners, kind="stable")[:_ASKED_FOR]
    order = order[known[order]] if known.any() else order
    rows = [int(row) for row in order]
    texts = [(row, label_text(names[row], drawable)) for row in rows]
    _name(axes, [(row, text) for row, text in texts if text], positions, listeners, diameters)
    _legend(figure, groups, drawable)
    _head(figure, label_text(title, drawable, longest=90), known)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=BACKGROUND)
    return picture.getvalue()


def _head(figure: Figure, title: str, known: NDArray[np.bool_]) -> None:
    few = f"{int((~known).sum()):,} others as dust among their neighbours"
    below = f"{int(known.sum()):,} artists with {PLACED_FROM} or more listeners; {few}"
    for line, height, size, colour in ((title, 0.976, 13, _TEXT), (below, 0.948, 9, _FAINT)):
        figure.text(
            *(0.5, height, line),
            ha="center",
            va="center",
            color=colour,
            fontproperties=_FONT,
            size=size,
            parse_math=False,
        )


def _diameters(listeners: NDArray[np.int64]) -> NDArray[np.float64]:
    """[M], of each artist's marker in points: its area grows with the listeners."""
    most = max(int(listeners.max(initial=1)), 1)
    return 2.6 + 10.5 * np.sqrt(listeners / most)


def _groups(main_tags: Sequence[str], known: NDArray[np.bool_]) -> list[_Group]:
    """Known artists by their main tag: "other" first, then the most frequent tags."""
    rows = np.flatnonzero(known)
    counts = Counter(tag for row in rows.tolist() if (tag := main_tags[row]))
    # Equal counts by name, so that equal data gives equal colours.
    frequent = sorted(counts, key=lambda tag: (-counts[tag], tag))[: len(STYLES)]
    number = {tag: place for place, tag in enumerate(frequent)}
    group_of = np.array([number.get(main_tags[row], -1) for row in rows.tolist()], np.int64)
    other = _Group("other or no tag", _OTHER, "o", rows[group_of == -1])
    tagged = [_Group(tag, *STYLES[place], rows[group_of == place]) for tag, place in number.items()]
    return [other, *tagged]


def _name(
    axes: Axes,
    texts: Sequence[tuple[int, str]],
    positions: NDArray[np.float32],
    listeners: NDArray[np.int64],
    diameters: NDArray[np.float64],
) -> None:
    """Write the names that find room, the best known first and largest."""
    figure = axes.get_figure(root=True)
    if figure is None or not texts:
        return
    renderer = FigureCanvasAgg(figure).get_renderer()
    pixels = axes.transData.transform(positions)
    most = int(listeners.max(initial=1))
    wanted: list[Wanted] = []
    fonts: list[FontProperties] = []
    for row, text in texts:
        font = _FONT.copy()
        font.set_size(7.4 + 3.6 * (int(listeners[row]) / most) ** 0.5)
        width, height, _ = renderer.get_text_width_height_descent(text, font, ismath=False)
        radius = float(diameters[row]) / 2 * _DPI / 72
        x, y = (float(coordinate) for coordinate in pixels[row])
        wanted.append(Wanted(x, y, radius, float(width), float(height)))
        fonts.append(font)
    box = axes.get_window_extent(renderer)
    frame = Box(box.x0, box.y0, box.x1, box.y1)
    places = place_labels(wanted, frame, gap=3.0, most=_MOST_LABELS)
    for number, corner in places.items():
        x, y = axes.transData.inverted().transform(corner)
        axes.text(
            *(x, y, texts[number][1]),
            va="bottom",
            color=_TEXT,
            fontproperties=fonts[number],
            parse_math=False,
            zorder=5,
            path_effects=[withStroke(linewidth=2.2, foreground=BACKGROUND)],
        )


def _legend(figure: Figure, groups: Sequence[_Group], drawable: Collection[int]) -> None:
    handles = [
        Line2D(
            *((), ()),
            linestyle="",
            marker=group.marker,
            color=group.colour,
            markersize=6 if group.marker == "D" else 7,
            label=f"{label_text(group.name, drawable, longest=18)} ({group.rows.size:,})",
        )
        for group in [*groups[1:], groups[0]]
        if group.rows.size
    ]
    font = _FONT.copy()
    font.set_size(9.5)
    # As few lines as fit: how wide the tags are is known only once they are set.
    for columns in (6, 4, 3):
        legend = figure.legend(
            handles=handles,
            loc="lower center",
            ncols=columns,
            frameon=False,
            labelcolor=_TEXT,
            prop=font,
            handletextpad=0.2,
            columnspacing=1.4,
        )
        for text in legend.get_texts():
            text.set_parse_math(False)
        width = legend.get_window_extent(FigureCanvasAgg(figure).get_renderer()).width
        if width <= figure.bbox.width or columns == 3:
            return
        legend.remove()
