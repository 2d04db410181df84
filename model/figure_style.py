"""The one look of the pictures of the data: light ground, no frames, few colours."""

# matplotlib types its keyword arguments only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogFormatter, NullFormatter, ScalarFormatter

INK = "#22262e"
BAR = "#2f6f9f"
ACCENT = "#c2571a"
GRID = "#d9dce1"
_MUTED = "#5d6573"


def new_figure(height: float) -> Figure:
    """An empty picture, 1,105 pixels wide and ``height`` inches of 130 pixels high."""
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    return Figure(figsize=(8.5, height), dpi=130, layout=layout, facecolor="white")


def plain(axes: Axes) -> None:
    """The one style: no frame, quiet axes, grid behind, numbers with thousands."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(_MUTED)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_MUTED, labelcolor=INK, labelsize=9.5)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set(color=INK, size=10.5)
        if isinstance(axis.get_major_formatter(), ScalarFormatter | LogFormatter):
            axis.set_major_formatter(FuncFormatter(_short))
            axis.set_minor_formatter(NullFormatter())


def _short(value: float, _: object) -> str:
    """A number at an axis: 2,500, 40k, 1.5M."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.4g}M"
    return f"{value / 1e3:,.4g}k" if abs(value) >= 1e4 else f"{value:,.4g}"


def titled_png(figure: Figure, title: str) -> bytes:
    """The finished picture as a PNG, the title above it."""
    figure.suptitle(title, x=0.012, ha="left", color=INK, size=13, weight="bold")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
