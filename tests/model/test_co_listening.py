"""Co-listening as it is stored and asked, with cosines worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load, save

from model.co_listening import CoListening

Array = NDArray[Any]


@pytest.fixture
def together() -> CoListening:
    """Five artists; 0 knows 2 and 4, 1 nobody, 2 knows 0, 3 knows 0 and 2 who do not know it."""
    return CoListening(
        offsets=np.array([0, 2, 2, 3, 5, 6]),
        neighbours=np.array([2, 4, 0, 0, 2, 0], np.int32),
        shared=np.array([6, 2, 6, 1, 3, 2], np.int32),
        listeners=np.array([16, 0, 9, 4, 25]),
    )


@pytest.mark.parametrize(
    ("asked", "shrinkage", "wanted"),
    [
        ([0], 2.0, [0, 0, 6 / (12 + 2), 0, 2 / (20 + 2)]),
        ([0], 0.0, [0, 0, 6 / 12, 0, 2 / 20]),
        ([3], 2.0, [1 / (8 + 2), 0, 3 / (6 + 2), 0, 0]),
        ([3], 10.0, [1 / 18, 0, 3 / 16, 0, 0]),
        ([0, 3], 2.0, [0.5 / 10, 0, (6 / 14 + 3 / 8) / 2, 0, 1 / 22]),
        ([3, 1, 0], 2.0, [1 / 30, 0, (6 / 14 + 3 / 8) / 3, 0, 2 / 66]),
        ([1], 2.0, [0, 0, 0, 0, 0]),
    ],
)
def test_the_answer_is_the_mean_of_shrunk_cosines(
    together: CoListening, asked: list[int], shrinkage: float, wanted: list[float]
) -> None:
    found = together.cosines(np.array(asked), shrinkage)
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(wanted)


def test_a_shrinkage_of_two_listeners_is_the_usual_one(together: CoListening) -> None:
    asked = np.array([0, 3])
    np.testing.assert_array_equal(together.cosines(asked), together.cosines(asked, 2.0))


def test_nobody_asked_is_close_to_nobody(together: CoListening) -> None:
    assert together.cosines(np.empty(0, np.int64)).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [(0, 2, 6), (0, 4, 2), (3, 0, 1), (3, 2, 3), (4, 2, None), (1, 0, None), (1, 3, None)],
)
def test_a_pair_is_known_when_either_knows_the_other(
    together: CoListening, one: int, other: int, count: int | None
) -> None:
    assert together.together(one, other) == count, "and never an entry of the next artist"
    assert together.together(other, one) == count


# --- stored ---


def test_a_file_gives_the_same_neighbours_again(together: CoListening) -> None:
    again = CoListening.from_columns(load(save(together.columns())), together.listeners)
    assert again.listeners is together.listeners
    for name, column in together.columns().items():
        found = again.columns()[name]
        assert (found.dtype, found.shape) == (column.dtype, column.shape)
        np.testing.assert_array_equal(found, column)


def test_nobody_who_listened_is_stored(together: CoListening) -> None:
    assert set(together.columns()) == {
        "co_listening.offsets",
        "co_listening.neighbours",
        "co_listening.shared",
    }


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("offsets", lambda at: at[1:], "does not belong"),
        ("offsets", lambda at: at.astype(np.float64), "does not belong"),
        ("offsets", lambda at: at - 1, "do not ascend from 0"),
        ("offsets", lambda at: at[[0, 3, 1, 2, 4, 5]], "do not ascend from 0"),
        ("neighbours", lambda rows: rows[:-1], "does not belong"),
        ("neighbours", lambda rows: rows[:, None], "does not belong"),
        ("neighbours", lambda rows: rows + 1, "point outside"),
        ("neighbours", lambda rows: rows - 1, "point outside"),
        ("shared", lambda counts: counts[1:], "does not belong"),
        ("shared", lambda counts: counts.astype(np.uint32), "does not belong"),
        ("shared", lambda counts: -counts, "point outside"),
    ],
)
def test_a_column_that_does_not_fit_is_named(
    together: CoListening, name: str, change: Callable[[Array], Array], problem: str
) -> None:
    columns = together.columns()
    columns[f"co_listening.{name}"] = change(columns[f"co_listening.{name}"])
    with pytest.raises(ValueError, match=rf"holds co_listening\.\w+ that .*{problem}") as caught:
        CoListening.from_columns(columns, together.listeners)
    assert name == "offsets" or f"co_listening.{name} " in str(caught.value)


@pytest.mark.parametrize("name", ["offsets", "neighbours", "shared"])
def test_a_missing_column_is_named(together: CoListening, name: str) -> None:
    columns = together.columns()
    del columns[f"co_listening.{name}"]
    with pytest.raises(KeyError, match=rf"co_listening\.{name}"):
        CoListening.from_columns(columns, together.listeners)
