"""The picture of the map: whole whatever the names are, and readable on any ground."""

import io
import itertools
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from numpy.typing import NDArray

from model.map_picture import BACKGROUND, STYLES, draw_map
from model.map_tags import main_tags

# What dichromats see of linear RGB: Machado, Oliveira & Fernandes (2009), severity 1.
_SIGHTS = {
    "all cones": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def pixels(png: bytes) -> NDArray[np.float32]:
    return np.asarray(imread(io.BytesIO(png), format="png"))


def share(picture: NDArray[np.float32], colour: str) -> float:
    """How much of a picture has this colour, faded by at most a quarter."""
    return float((np.abs(picture[..., :3] - to_rgb(colour)).max(axis=-1) < 0.15).mean())


def linear(colour: str) -> NDArray[np.float64]:
    red_green_blue = np.array(to_rgb(colour))
    low = red_green_blue / 12.92
    return np.where(red_green_blue <= 0.04045, low, ((red_green_blue + 0.055) / 1.055) ** 2.4)


def lab(colour: str, sight: str) -> NDArray[np.float64]:
    """CIE L*a*b* of a colour as one kind of eye sees it."""
    seen = np.clip(np.asarray(_SIGHTS[sight]) @ linear(colour), 0, 1)
    x, y, z = np.cbrt(_XYZ @ seen / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", _SIGHTS)
def test_colours_with_one_marker_stay_apart_for_every_eye(sight: str) -> None:
    pairs = itertools.combinations(STYLES, 2)
    alike = [(one, other) for (one, a), (other, b) in pairs if a == b]
    assert len(alike) == 20
    for one, other in alike:
        assert np.linalg.norm(lab(one, sight) - lab(other, sight)) > 12, (one, other)


def test_every_colour_stands_out_from_the_ground() -> None:
    luminance = {colour: float(_XYZ[1] @ linear(colour)) for colour, _ in STYLES}
    ground = float(_XYZ[1] @ linear(BACKGROUND))
    assert min((light + 0.05) / (ground + 0.05) for light in luminance.values()) > 3


def test_the_picture_is_opaque_and_coloured_by_main_tag() -> None:
    rng = np.random.default_rng(5)
    positions = rng.uniform(-1, 1, (90, 2)).astype(np.float32)
    tags = ["rock"] * 60 + ["pop"] * 20 + [""] * 10
    listeners = np.full(90, 50)
    picture = pixels(draw_map(positions, ["x"] * 90, listeners, tags, title="A title"))
    assert picture.shape == (1260, 1500, 4)
    assert (picture[..., 3] == 1).all()
    assert share(picture, BACKGROUND) > 0.5
    first, second, third = (share(picture, colour) for colour, _ in STYLES[:3])
    assert first > 2 * second > 0
    assert third == 0
    fewer = pixels(draw_map(positions, ["x"] * 90, np.full(90, 4), tags, title="A title"))
    assert share(fewer, STYLES[0][0]) == 0


STRANGE = (
    *("A$AP $x$", "$\\frac{$", "夜の灯台", "שלום", "مرحبا", "\x00\x1b[31m", "\u202eevil"),
    *("🎵🎵", "हिन्दी", "%s {0}", "&<b>", "", " ", "\ud800", "x" * 5000, "_a^b", "\n\n"),
)


def test_no_name_or_tag_breaks_the_picture() -> None:
    count = len(STRANGE)
    positions = np.linspace(-1, 1, 2 * count, dtype=np.float32).reshape(count, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that the font lacks is a warning
        picture = pixels(
            draw_map(positions, STRANGE, np.arange(5, count + 5), STRANGE[::-1], title=STRANGE[0])
        )
    assert share(picture, "#f4f5f7") > 0.001


@pytest.mark.parametrize("artists", [0, 1])
def test_a_map_of_hardly_anybody_is_a_picture(artists: int) -> None:
    png = draw_map(
        np.zeros((artists, 2), np.float32),
        ["x"] * artists,
        np.ones(artists, np.int64),
        [""] * artists,
    )
    assert pixels(png).shape == (1260, 1500, 4)


def test_the_tags_chosen_describe_the_most_artists_together() -> None:
    names = ["death metal", "metal", "rock", "jazz", "hidden"]
    top = np.array(
        [[2, 1], [0, 1], [0, 1], [1, -1], [2, -1], [2, 3], [3, -1], [-1, -1], [4, 4], [4, 3]],
        np.int32,
    )
    known = np.array([True] * 8 + [False] * 2)
    assert main_tags(top, names, known, most=2) == [
        *("rock", "metal", "metal", "metal", "rock", "rock", "", "", "", "")
    ]
    assert main_tags(top, names, known, most=3)[6:] == ["jazz", "", "", "jazz"]
    assert main_tags(top[:0], names, known[:0], most=3) == []
