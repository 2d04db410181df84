import numpy as np
import pytest

from model.columns import float_column, offsets_column, row_column

GOOD = np.array([[0.5, -2.0, 3.0]], np.float32)


def test_what_fits_is_given_back() -> None:
    assert float_column({"x": GOOD}, "x", (1, None)).tolist() == [[0.5, -2.0, 3.0]]
    rows = np.array([3, 0, 2], np.int32)
    assert row_column({"x": rows}, "x", 3, 4).tolist() == [3, 0, 2]
    assert offsets_column({"x": np.array([0, 0, 5])}, "x", 2).tolist() == [0, 0, 5]
    assert row_column({"x": np.zeros(0, np.int32)}, "x", 0, 0).size == 0


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        (GOOD.astype(np.float64), "no finite float32"),
        (np.array([[0, np.nan, 1]], np.float32), "no finite float32"),
        (np.array([[0, -np.inf, 1]], np.float32), "no finite float32"),
        (np.array([[0, 1e30, 1]], np.float32), "no finite float32"),
        (GOOD[0], "does not belong"),
        (GOOD.T, "does not belong"),
        (GOOD[:0], "does not belong"),
        (GOOD.astype(np.float16), "no finite float32"),
        (np.float32(3).reshape(()), "does not belong"),
    ],
)
def test_numbers_of_another_kind_are_refused(column: np.ndarray, problem: str) -> None:
    with pytest.raises(ValueError, match=rf"^holds x that .*{problem}"):
        float_column({"x": column}, "x", (1, None))


@pytest.mark.parametrize(
    "column",
    [
        np.array([3, 0, 4], np.int32),
        np.array([3, -1, 2], np.int32),
        np.array([3, 0, 2], np.int64),
        np.array([3, 0], np.int32),
        np.array([[3, 0, 2]], np.int32),
        np.array([3, 0, 2], np.uint32),
    ],
)
def test_rows_that_point_outside_are_refused(column: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"^holds x that "):
        row_column({"x": column}, "x", 3, 4)


@pytest.mark.parametrize("numbers", [[1, 2, 5], [-1, 2, 5], [0, 4, 2], [0, 5], [[0, 2, 5]], []])
def test_offsets_that_do_not_ascend_from_zero_are_refused(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^holds x that "):
        offsets_column({"x": np.array(numbers, np.int64)}, "x", 2)


@pytest.mark.parametrize("kind", [np.int32, np.uint64, np.float64])
def test_offsets_of_another_kind_are_refused(kind: type[np.generic]) -> None:
    with pytest.raises(ValueError, match=r"^holds x that does not belong"):
        offsets_column({"x": np.array([0, 2, 5], kind)}, "x", 2)


def test_the_largest_numbers_that_sums_can_hold_are_allowed() -> None:
    ends = np.array([[-1e10, 1e10]], np.float32)
    assert float_column({"x": ends}, "x", (None, None)).tolist() == ends.tolist()
    for end in (np.nextafter(ends[0, 0], -np.inf), np.nextafter(ends[0, 1], np.inf)):
        with pytest.raises(ValueError, match="no finite float32"):
            float_column({"x": np.array([end], np.float32)}, "x", (1,))


def test_a_missing_column_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="x"):
        float_column({}, "x", (1,))
    with pytest.raises(KeyError, match="x"):
        row_column({"y": np.zeros(1, np.int32)}, "x", 1, 1)
    with pytest.raises(KeyError, match="x"):
        offsets_column({}, "x", 0)
