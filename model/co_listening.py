"""Which artists share listeners, as far as scoring and reasons need it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.columns import Columns, offsets_column, row_column

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Counts = NDArray[np.int32] | NDArray[np.uint16]


@dataclass(frozen=True)
class CoListening:
    """For each of M artists the artists that share most listeners with it.

    Only counts are kept, never who listened.

    Attributes:
        offsets: int64 [M + 1], where each artist's neighbours begin and the last ones end.
        neighbours: integers [K], artist rows, ascending within an artist.
        shared: integers [K], how many listeners play both, at least 1.
        listeners: int64 [M], how many listeners each artist has.
    """

    offsets: Rows
    neighbours: Counts
    shared: Counts
    listeners: Rows

    def cosines(self, asked: Rows, shrinkage: float = 2.0) -> Floats:
        """Mean shrunk cosine with those asked about, float32 [M], 0 where nothing is known.

        |listeners of both| / (sqrt(|of one| |of the other|) + shrinkage), so that a single
        listener in common says little (Bell & Koren 2007).
        """
        total = np.zeros(self.listeners.size, np.float32)
        for row in asked:
            entries = slice(self.offsets[row], self.offsets[row + 1])
            near = self.neighbours[entries]
            sizes = np.sqrt(self.listeners[near] * float(self.listeners[row]))
            total[near] += (self.shared[entries] / (sizes + shrinkage)).astype(np.float32)
        return total / np.float32(max(asked.size, 1))

    def together(self, one: int, other: int) -> int | None:
        """How many listeners play both; None when they are not among each other's neighbours."""
        for row, wanted in ((one, other), (other, one)):
            begin, end = int(self.offsets[row]), int(self.offsets[row + 1])
            at = begin + int(self.neighbours[begin:end].searchsorted(wanted))
            if at < end and self.neighbours[at] == wanted:
                return int(self.shared[at])
        return None

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The neighbours as named arrays, the way they are stored."""
        return {
            "co_listening.offsets": self.offsets,
            "co_listening.neighbours": self.neighbours.astype(np.int32),
            "co_listening.shared": self.shared.astype(np.int32),
        }

    @classmethod
    def from_columns(cls, columns: Columns, listeners: Rows) -> "CoListening":
        """The neighbours that were stored.

        Raises:
            KeyError, ValueError: a column is missing or contradicts the others.
        """
        offsets = offsets_column(columns, "co_listening.offsets", listeners.size)
        size = int(offsets[-1])
        return cls(
            offsets=offsets,
            neighbours=_narrow(
                row_column(columns, "co_listening.neighbours", size, listeners.size)
            ),
            shared=_narrow(row_column(columns, "co_listening.shared", size, 2**31 - 1)),
            listeners=listeners,
        )


def _narrow(numbers: NDArray[np.int32]) -> Counts:
    """The same numbers in half the memory, where they fit."""
    fits = numbers.max(initial=0) <= np.iinfo(np.uint16).max
    return numbers.astype(np.uint16) if fits else numbers
