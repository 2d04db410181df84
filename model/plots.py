"""Pictures of a training."""

# matplotlib types its keyword arguments only in part.
# pyright: reportUnknownMemberType=false

import io
from collections.abc import Sequence

from matplotlib.figure import Figure

from model.factors import CurvePoint


def curve_png(curve: Sequence[CurvePoint], title: str, unit: str) -> bytes:
    """The terms of the loss along a training, on a logarithmic scale, as a PNG.

    Args:
        curve: the points, at least one.
        title: above the picture.
        unit: what a step is, below the picture.
    """
    figure = Figure(figsize=(8, 5), dpi=120, layout="constrained")
    axes = figure.subplots()
    steps = [point.step for point in curve]
    for label, values in (
        ("total", [point.total for point in curve]),
        ("observed error", [point.observed for point in curve]),
        ("regularisation", [point.regularisation for point in curve]),
        ("gravity", [point.gravity for point in curve]),
        ("error on held-out pairs", [point.test for point in curve]),
    ):
        shown = [(step, value) for step, value in zip(steps, values, strict=True) if value]
        if shown:
            axes.plot(*zip(*shown, strict=True), label=label, marker="." if len(shown) < 40 else "")
    axes.set(title=title, xlabel=unit, ylabel="loss", yscale="log")
    axes.grid(visible=True, alpha=0.3)
    if axes.lines:
        axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
