import struct
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model import plots
from model.factors import CurvePoint
from model.plots import curve_png

CURVE = [
    CurvePoint(0, 0.9, 0.2, 0.05, 1.1),
    CurvePoint(20, 0.5, 0.3, 0.04, 0.7),
    CurvePoint(45, 0.4, 0.1, 0.03, 0.8),
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Axes]:
    """Draws a curve and gives the axes on which it was drawn."""
    figures: list[Figure] = []

    class Kept(Figure):
        def __init__(self, **options: object) -> None:
            super().__init__(**options)  # type: ignore[arg-type]
            figures.append(self)

        def savefig(self, *_: object, **__: object) -> None:
            """Rendering takes a hundred times longer than drawing."""

    monkeypatch.setattr(plots, "Figure", Kept)

    def draw(curve: list[CurvePoint], title: str = "title", unit: str = "sweeps") -> Axes:
        curve_png(curve, title, unit)
        return figures[-1].axes[0]

    return draw


def lines(axes: Axes) -> dict[str, tuple[list[float], list[float]]]:
    """Steps and values of each line by its label."""
    return {
        str(line.get_label()): (
            np.asarray(line.get_xdata()).tolist(),
            np.asarray(line.get_ydata()).tolist(),
        )
        for line in axes.lines
    }


def test_the_picture_is_a_png_of_960_by_600() -> None:
    picture = curve_png(CURVE, "default on demo", "sweeps")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (960, 600)
    assert picture.endswith(b"IEND\xaeB`\x82")


def test_every_term_has_its_line(drawn: Callable[..., Axes]) -> None:
    steps = [0, 20, 45]
    assert lines(drawn(CURVE)) == {
        "total": (steps, pytest.approx([1.15, 0.84, 0.53])),
        "observed error": (steps, [0.9, 0.5, 0.4]),
        "regularisation": (steps, [0.2, 0.3, 0.1]),
        "gravity": (steps, [0.05, 0.04, 0.03]),
        "error on held-out pairs": (steps, [1.1, 0.7, 0.8]),
    }


def test_title_unit_and_logarithmic_scale_are_shown(drawn: Callable[..., Axes]) -> None:
    axes = drawn(CURVE, "notebook-plain on demo", "gradient steps")
    assert axes.get_title() == "notebook-plain on demo"
    assert axes.get_xlabel() == "gradient steps"
    assert axes.get_yscale() == "log"
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(lines(axes))


def test_terms_that_are_not_there_have_no_line(drawn: Callable[..., Axes]) -> None:
    plain = [CurvePoint(point.step, point.observed, 0.0, 0.0, None) for point in CURVE]
    assert list(lines(drawn(plain))) == ["total", "observed error"]


def test_a_zero_has_no_place_on_a_logarithmic_scale(drawn: Callable[..., Axes]) -> None:
    faded = [*CURVE, CurvePoint(60, 0.3, 0.1, 0.0, 0.9)]
    assert lines(drawn(faded))["gravity"] == ([0, 20, 45], [0.05, 0.04, 0.03])
    assert lines(drawn(faded))["regularisation"][0] == [0, 20, 45, 60]


def test_a_single_point_can_be_seen(drawn: Callable[..., Axes]) -> None:
    axes = drawn(CURVE[:1])
    assert lines(axes)["total"] == ([0], pytest.approx([1.15]))
    assert all(line.get_marker() == "." for line in axes.lines)


def test_many_points_are_a_plain_line(drawn: Callable[..., Axes]) -> None:
    many = [CurvePoint(20 * n, 1 / (n + 1), 0.0, 0.0, None) for n in range(101)]
    assert all(line.get_marker() == "" for line in drawn(many).lines)


def test_a_loss_of_nothing_is_an_empty_picture_without_complaint() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = curve_png([CurvePoint(0, 0.0, 0.0, 0.0, None)], "title", "sweeps")
    assert picture.startswith(b"\x89PNG")
