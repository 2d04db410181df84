"""Which tags describe an artist, as far as scoring needs it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.columns import Columns, float_column, offsets_column, row_column

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class TagProfiles:
    """The tag profile of each of M artists, sparse and in r latent dimensions.

    A profile weighs a tag log(1 + count) * log(M / artists of the tag) (term frequency times
    inverse document frequency) and has length 1; an artist without tags has an empty one.

    Attributes:
        offsets: int64 [M + 1], where each artist's entries begin and the last ones end.
        tags: int32 [Q], positions in the catalogue's ``tag_names``, ascending within an artist.
        weights: float32 [Q].
        latent: float32 [M, r], the profiles in the space of the leading singular vectors (latent
            semantic analysis, Deerwester et al. 1990), each of length 1 or zero.
    """

    offsets: Rows
    tags: NDArray[np.int32]
    weights: Floats
    latent: Floats

    def __post_init__(self) -> None:
        """Keep ``latent`` column by column, for a product with one vector is then faster."""
        object.__setattr__(self, "latent", np.asfortranarray(self.latent))

    def of(self, row: int) -> tuple[NDArray[np.int32], Floats]:
        """The tags of one artist and their weights, each [entries]."""
        entries = slice(self.offsets[row], self.offsets[row + 1])
        return self.tags[entries], self.weights[entries]

    def cosines(self, asked: Rows) -> Floats:
        """Cosine of every artist's profile with the sum of those asked about, float32 [M]."""
        if self.tags.size == 0:
            return np.zeros(self.offsets.size - 1, np.float32)
        question = np.zeros(int(self.tags.max()) + 1, np.float32)
        for row in asked:
            tags, weights = self.of(int(row))
            question[tags] += weights
        question /= max(float(np.linalg.norm(question)), np.finfo(np.float32).tiny)
        total = np.zeros(self.offsets.size - 1, np.float32)
        ends, artists, weights = self._by_tag
        for tag in np.flatnonzero(question):
            entries = slice(ends[tag], ends[tag + 1])
            total[artists[entries]] += question[tag] * weights[entries]
        return total

    @cached_property
    def _by_tag(self) -> tuple[Rows, NDArray[np.int32], Floats]:
        """The entries in the order of their tags: ends [tags + 1], artist rows, weights."""
        order = np.argsort(self.tags, kind="stable")
        ends = np.concatenate(([0], np.cumsum(np.bincount(self.tags))))
        artists = np.repeat(np.arange(self.offsets.size - 1, dtype=np.int32), np.diff(self.offsets))
        return ends, artists[order], self.weights[order]

    def latent_cosines(self, asked: Rows) -> Floats:
        """The same in the latent space, float32 [M]."""
        question = self.latent[asked].sum(axis=0)
        length = max(float(np.linalg.norm(question)), np.finfo(np.float32).tiny)
        return self.latent @ (question / length)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The profiles as named arrays, the way they are stored."""
        return {
            "tag_profiles.offsets": self.offsets,
            "tag_profiles.tags": self.tags,
            "tag_profiles.weights": self.weights,
            # As a file holds it: row by row.
            "tag_profiles.latent": np.ascontiguousarray(self.latent),
        }

    @classmethod
    def from_columns(cls, columns: Columns, rows: int, tag_names: int) -> "TagProfiles":
        """The profiles that were stored for ``rows`` artists with so many ``tag_names``.

        Raises:
            KeyError, ValueError: a column is missing or contradicts the others.
        """
        offsets = offsets_column(columns, "tag_profiles.offsets", rows)
        return cls(
            offsets=offsets,
            tags=row_column(columns, "tag_profiles.tags", int(offsets[-1]), tag_names),
            weights=float_column(columns, "tag_profiles.weights", (int(offsets[-1]),)),
            latent=float_column(columns, "tag_profiles.latent", (rows, None)),
        )
