"""Reads stored arrays and refuses those that do not fit."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

Columns = Mapping[str, NDArray[np.generic]]

# Above this, sums over the catalogue no longer fit into float32; what gets there has diverged.
_LARGEST = 1e10


class StoredColumns(Columns):
    """The columns of a safetensors file, each read when it is asked for.

    All at once they would be in memory twice, as pages of the file and as arrays, beside what is
    made of them.

    Args:
        path: the file.

    Raises:
        OSError, SafetensorError: it cannot be read, or is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _opened(path) as file:
            self._names: frozenset[str] = frozenset(file.keys())

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        if name not in self._names:
            raise KeyError(name)
        try:
            with _opened(self._path) as file:
                return file.get_tensor(name)
        except (OSError, SafetensorError, TypeError) as error:
            # A TypeError is a number type that numpy does not have.
            raise ValueError(f"holds {name} that cannot be read") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _opened(path: Path) -> Any:
    # The library brings no types for it.
    return safe_open(path, framework="numpy")


def float_column(columns: Columns, name: str, shape: tuple[int | None, ...]) -> NDArray[np.float32]:
    """A float32 column of finite numbers; None stands for any length.

    Raises:
        KeyError: there is none.
        ValueError: it has another type or shape, or holds NaN or infinity.
    """
    column = columns[name]
    fits = len(shape) == column.ndim and all(
        wanted in {None, size} for wanted, size in zip(shape, column.shape, strict=True)
    )
    if column.dtype != np.float32:
        raise ValueError(f"holds {name} that are no finite float32 numbers")
    if not fits:
        raise _foreign(name, column)
    numbers = column.view(np.float32)
    # The comparisons are false for NaN as well; nothing as large as the column is made.
    if numbers.size and not (numbers.min() >= -_LARGEST and numbers.max() <= _LARGEST):
        raise ValueError(f"holds {name} that are no finite float32 numbers")
    return numbers


def row_column(columns: Columns, name: str, size: int, below: int) -> NDArray[np.int32]:
    """An int32 column of ``size`` numbers from 0 up to but not including ``below``.

    Raises:
        KeyError: there is none.
        ValueError: it has another type or size, or points outside.
    """
    column = columns[name]
    if column.dtype != np.int32 or column.shape != (size,):
        raise _foreign(name, column)
    rows = column.view(np.int32)
    if size and not (rows.min() >= 0 and rows.max() < below):
        raise ValueError(f"holds {name} that point outside")
    return rows


def offsets_column(columns: Columns, name: str, rows: int) -> NDArray[np.int64]:
    """An int64 column of ``rows + 1`` ascending offsets that begin at 0.

    Raises:
        KeyError: there is none.
        ValueError: it is something else.
    """
    column = columns[name]
    if column.dtype != np.int64 or column.shape != (rows + 1,):
        raise _foreign(name, column)
    offsets = column.view(np.int64)
    if offsets[0] != 0 or (np.diff(offsets) < 0).any():
        raise ValueError(f"holds {name} that do not ascend from 0")
    return offsets


def _foreign(name: str, column: NDArray[np.generic]) -> ValueError:
    kind = f"{column.dtype} {list(column.shape)}"
    return ValueError(f"holds {name} that does not belong to the catalogue beside it ({kind})")
