"""The map of the artists: likeness is nearness, and no data gives a position that is none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from model.artist_map import map_positions
from model.errors import TrainingError

Floats = NDArray[np.float32]
SIZES = (37, 25, 18)
WELL_KNOWN = 9


def tastes(seed: int = 3) -> tuple[Floats, NDArray[np.int64]]:
    """80 artists of three tastes in five dimensions, and the taste of each."""
    rng = np.random.default_rng(seed)
    taste = np.repeat(np.arange(len(SIZES)), SIZES)
    embeddings = np.eye(5)[taste] + rng.normal(0, 0.2, (taste.size, 5))
    return embeddings.astype(np.float32), taste


def known(artists: int) -> NDArray[np.int64]:
    return np.full(artists, WELL_KNOWN)


@pytest.fixture(scope="module")
def mapped() -> tuple[Floats, NDArray[np.int64]]:
    """The positions of the three tastes, and the taste of each."""
    embeddings, taste = tastes()
    return map_positions(embeddings, known(taste.size), seed=4), taste


def test_artists_of_one_taste_lie_together(mapped: tuple[Floats, NDArray[np.int64]]) -> None:
    positions, taste = mapped
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    assert (taste[distances.argmin(axis=1)] == taste).mean() > 0.97


def test_the_map_fills_the_unit_square(mapped: tuple[Floats, NDArray[np.int64]]) -> None:
    positions, _ = mapped
    low, high = positions.min(axis=0), positions.max(axis=0)
    assert positions.dtype == np.float32
    assert np.abs(positions).max() == 1
    np.testing.assert_allclose(low, -high, atol=1e-6)


def test_equal_input_gives_an_equal_map_whatever_the_length_of_the_embeddings(
    mapped: tuple[Floats, NDArray[np.int64]],
) -> None:
    embeddings, taste = tastes()
    lengths = (2.0 ** np.arange(-40, 40)).astype(np.float32)
    stretched = embeddings * lengths[:, None]
    again = map_positions(stretched, known(taste.size), seed=4)
    np.testing.assert_array_equal(again, mapped[0])


def test_a_little_known_artist_lies_among_those_it_is_like() -> None:
    embeddings, taste = tastes()
    listeners = known(taste.size)
    listeners[::7] = 4
    positions = map_positions(embeddings, listeners, seed=4)
    for row in range(0, taste.size, 7):
        distances = np.linalg.norm(positions - positions[row], axis=1)
        distances[::7] = np.inf
        assert taste[distances.argmin()] == taste[row]


def test_the_weight_of_a_neighbour_is_its_cosine_to_the_fourth() -> None:
    embeddings, taste = tastes()
    embeddings = np.hstack([embeddings, np.zeros((taste.size, 2), np.float32)])
    embeddings[5], embeddings[60] = [1, 0, 0, 0, 0, 2, 0], [0, 1, 0, 0, 0, 0, 2]
    asking = np.array([[0, 0, 0, 0, 0, 4, 3], [0, 0, 0, 0, 0, 2, 0]], np.float32)
    listeners = np.concatenate([known(taste.size), [1, 2]])
    positions = map_positions(np.vstack([embeddings, asking]), listeners, seed=4)
    assert np.linalg.norm(positions[5] - positions[60]) > 0.5
    expected = (256 * positions[5] + 81 * positions[60]) / 337
    np.testing.assert_allclose(positions[-2], expected, atol=1e-6)
    np.testing.assert_allclose(positions[-1], positions[5], atol=1e-6)


def test_an_artist_like_nobody_lies_in_the_middle_of_the_placed_ones() -> None:
    embeddings, taste = tastes()
    nothing = np.vstack([embeddings, np.zeros((1, 5), np.float32)])
    positions = map_positions(nothing, known(taste.size + 1), seed=4)
    np.testing.assert_allclose(positions[-1], positions[:-1].mean(axis=0), atol=1e-6)


def test_too_few_known_artists_are_mapped_by_their_principal_components() -> None:
    angles = np.array([0.0, 0.1, 0.3, 0.7])
    embeddings = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    positions = map_positions(embeddings.astype(np.float32), np.array([9, 9, 1, 9]), seed=4)
    assert abs(np.diff(np.sign(np.diff(positions[:, 0])))).max() == 0
    chords = np.linalg.norm(np.diff(embeddings, axis=0), axis=1)
    found = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    np.testing.assert_allclose(found / found[0], chords / chords[0], rtol=1e-5)


DEGENERATE = {
    "no artist": np.zeros((0, 7)),
    "no dimension": np.zeros((5, 0)),
    "one artist": np.ones((1, 7)),
    "only zeros": np.zeros((23, 7)),
    "all alike": np.tile([0.3, -0.1, 0.7], (31, 1)),
    "one dimension": np.linspace(-3, 5, 29)[:, None],
    "two directions": np.eye(7)[np.arange(41) % 2],
    "ten directions, many copies": np.eye(11)[np.arange(53) % 10],
    "very large": np.random.default_rng(1).normal(0, 1e30, (19, 6)),
    "very small": np.random.default_rng(1).normal(0, 1e-38, (19, 6)),
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("listeners", [0, 1, WELL_KNOWN])
def test_degenerate_embeddings_have_finite_positions(name: str, listeners: int) -> None:
    embeddings = DEGENERATE[name].astype(np.float32)
    positions = map_positions(embeddings, np.full(len(embeddings), listeners), seed=4)
    assert positions.shape == (len(embeddings), 2)
    assert np.isfinite(positions).all()
    assert (np.abs(positions) <= 1).all()


def test_what_does_not_differ_is_one_point_in_the_middle() -> None:
    positions = map_positions(DEGENERATE["all alike"], known(31), seed=4)
    np.testing.assert_array_equal(positions, np.zeros((31, 2)))


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_embeddings_that_are_no_numbers_are_refused(broken: float) -> None:
    embeddings, taste = tastes()
    embeddings[7, 2] = broken
    with pytest.raises(TrainingError, match="not finite"):
        map_positions(embeddings, known(taste.size), seed=4)
