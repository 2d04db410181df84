"""The artists an artifact knows, as columns instead of an object a row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.columns import Columns, float_column
from model.errors import ArtifactDamagedError

Number = TypeVar("Number", bound=np.generic)

TOP_TAGS = 5


@dataclass(frozen=True)
class Artist:
    """One artist of the catalogue.

    Attributes:
        row: position in every score column.
        id: Crossfade's own key.
        source_id: the key in the data source, for example Last.fm's number or an MBID.
        name: as the source writes it; text from outside, clean and escape before showing.
        listeners: how many listeners of the training data played the artist.
        tags: the most applied tags, most applied first.
        url: the artist's page.
    """

    row: int
    id: int
    source_id: str
    name: str
    listeners: int
    tags: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class TextColumn:
    """Many texts in one array.

    Attributes:
        data: uint8 [bytes], all texts as UTF-8 without separator.
        offsets: int64 [rows + 1], where each text begins and the last one ends.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "TextColumn":
        """The column that holds these texts."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def __getitem__(self, row: int) -> str:
        if row < 0:
            raise IndexError(f"no row {row}")
        begin, end = self.offsets[row], self.offsets[row + 1]
        return self.data[begin:end].tobytes().decode("utf-8", "replace")

    def __len__(self) -> int:
        return self.offsets.size - 1

    def texts(self) -> list[str]:
        """Every text, in order."""
        return [self[row] for row in range(len(self))]


@dataclass(frozen=True)
class Catalogue:
    """M artists.

    Attributes:
        ids: int64 [M], ascending.
        listeners: int64 [M], how many played each artist.
        names, source_ids, urls: M texts each.
        tag_names: T texts.
        top_tags: int32 [M, 5], positions in ``tag_names``, most applied first, -1 where none.
        positions: float32 [M, 2], where each artist is on the map, or [0, 2] without a map.
    """

    ids: NDArray[np.int64]
    listeners: NDArray[np.int64]
    names: TextColumn
    source_ids: TextColumn
    urls: TextColumn
    tag_names: TextColumn
    top_tags: NDArray[np.int32]
    positions: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))

    def __len__(self) -> int:
        return self.ids.size

    def artist(self, row: int) -> Artist:
        """The artist in this row.

        Raises:
            IndexError: there is no such row.
        """
        return Artist(
            row=row,
            id=int(self.ids[row]),
            source_id=self.source_ids[row],
            name=self.names[row],
            listeners=int(self.listeners[row]),
            tags=tuple(self.tag_names[tag] for tag in self.top_tags[row] if tag >= 0),
            url=self.urls[row],
        )

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The catalogue as named arrays, the way it is stored."""
        columns: dict[str, NDArray[np.generic]] = {
            "id": self.ids,
            "listeners": self.listeners,
            "top_tags": self.top_tags,
            "positions": self.positions,
        }
        for name, attribute in _TEXTS.items():
            text: TextColumn = getattr(self, attribute)
            columns[f"{name}.data"] = text.data
            columns[f"{name}.offsets"] = text.offsets
        return columns

    @classmethod
    def from_columns(cls, columns: Columns, where: str) -> "Catalogue":
        """The catalogue that was stored.

        Args:
            columns: as ``columns`` gives them.
            where: the file they come from, for the error.

        Raises:
            ArtifactDamagedError: a column is missing, of another type or contradicts the others.
        """
        try:
            texts = {attribute: _text_column(columns, name) for name, attribute in _TEXTS.items()}
            catalogue = cls(
                ids=_column(columns, "id", np.int64),
                listeners=_column(columns, "listeners", np.int64),
                top_tags=_column(columns, "top_tags", np.int32, dimensions=2),
                positions=float_column(columns, "positions", (None, 2)),
                **texts,
            )
            catalogue._check()
        except (KeyError, ValueError) as error:
            raise ArtifactDamagedError(
                f"is no whole catalogue ({error})",
                where=where,
                mend="train again with scripts/train.py",
            ) from error
        return catalogue

    def _check(self) -> None:
        rows = {len(self.names), len(self.source_ids), len(self.urls), self.listeners.size}
        if rows != {len(self)} or self.top_tags.shape[0] != len(self):
            raise ValueError("columns differ in length")
        if self.positions.shape[0] not in {0, len(self)}:
            raise ValueError("positions are those of other artists")
        if (np.diff(self.ids) <= 0).any() or (self.listeners < 0).any():
            raise ValueError("ids do not ascend, or listeners are negative")
        if self.top_tags.size and self.top_tags.max() >= len(self.tag_names):
            raise ValueError("top_tags points past tag_names")


_TEXTS = {"name": "names", "source_id": "source_ids", "url": "urls", "tag_name": "tag_names"}


def _column(
    columns: Columns, name: str, kind: type[Number], *, dimensions: int = 1
) -> NDArray[Number]:
    column = columns[name]
    if column.dtype != kind or column.ndim != dimensions:
        raise ValueError(f"{name} is {column.dtype} {list(column.shape)}")
    return column.view(kind)


def _text_column(columns: Columns, name: str) -> TextColumn:
    data = _column(columns, f"{name}.data", np.uint8)
    offsets = _column(columns, f"{name}.offsets", np.int64)
    whole = offsets.size > 0 and offsets[0] == 0 and offsets[-1] == data.size
    if not whole or (np.diff(offsets) < 0).any():
        raise ValueError(f"{name}.offsets does not fit {name}.data")
    return TextColumn(data, offsets)
