"""From tables to interactions: ids become rows, pairs are sorted by listener."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.errors import DataError
from model.tables import Tables

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PlaysSummary:
    """What normalising needs to know of all plays."""

    minimum: float
    maximum: float
    mean: float
    sd: float

    @classmethod
    def of(cls, plays: Ints) -> "PlaysSummary":
        """Summary of plays, int64 [P] with P >= 1; ``sd`` is the population's."""
        return cls(float(plays.min()), float(plays.max()), float(plays.mean()), float(plays.std()))


@dataclass(frozen=True)
class Taggings:
    """Who put which tag on which artist, Q assignments of T tags.

    Attributes:
        tag_ids: int64 [T], ascending.
        listeners: int64 [Q], listener rows; -1 for a listener without plays.
        artists: int64 [Q], artist rows.
        tags: int64 [Q], positions in ``tag_ids``.
    """

    tag_ids: Ints
    listeners: Ints
    artists: Ints
    tags: Ints

    def select(self, chosen: NDArray[np.bool_]) -> "Taggings":
        """Only the ``chosen`` assignments (bool [Q])."""
        return Taggings(
            self.tag_ids, self.listeners[chosen], self.artists[chosen], self.tags[chosen]
        )

    def counts(self) -> tuple[Ints, Ints, Ints]:
        """How many listeners put a tag on an artist: (tags, artists, counts), each int64 [C]."""
        width = int(self.artists.max(initial=-1)) + 1
        pairs, counts = np.unique(self.tags * width + self.artists, return_counts=True)
        return pairs // max(width, 1), pairs % max(width, 1), counts


@dataclass(frozen=True)
class Interactions:
    """Who played what how often, P pairs of N listeners and M artists.

    Pairs are sorted by listener, then by artist, and no pair is there twice.

    Attributes:
        listener_ids: int64 [N], ascending; row i is the listener ``listener_ids[i]``.
        artist_ids: int64 [M], ascending; row j is the artist ``artist_ids[j]``.
        listeners: int64 [P], the listener row of each pair, ascending.
        artists: int64 [P], the artist row of each pair.
        plays: int64 [P], how many tracks of the artist the listener played, at least 1.
        summary: of the plays before anything was held out, so that training and held-out pairs
            are on one scale, as in the published notebook.
        taggings: what listeners called these artists.
    """

    listener_ids: Ints
    artist_ids: Ints
    listeners: Ints
    artists: Ints
    plays: Ints
    summary: PlaysSummary
    taggings: Taggings

    @property
    def shape(self) -> tuple[int, int]:
        """(N, M)."""
        return self.listener_ids.size, self.artist_ids.size

    def select(self, chosen: NDArray[np.bool_]) -> "Interactions":
        """The same listeners and artists with only the ``chosen`` pairs (bool [P]).

        Tags that a listener put on an artist of a pair not chosen go with the pair: they would
        give it away.
        """
        _, m = self.shape
        left_out = (self.listeners * m + self.artists)[~chosen]
        telling = np.isin(self.taggings.listeners * m + self.taggings.artists, left_out)
        return Interactions(
            self.listener_ids,
            self.artist_ids,
            self.listeners[chosen],
            self.artists[chosen],
            self.plays[chosen],
            self.summary,
            self.taggings.select(~telling),
        )

    def histories(self) -> list[Ints]:
        """The artist rows of each listener, N arrays, empty for a listener without pairs."""
        starts = np.searchsorted(self.listeners, np.arange(1, self.listener_ids.size))
        return np.split(self.artists, starts)

    def listeners_per_artist(self) -> Ints:
        """int64 [M], how many listeners each artist has."""
        return np.bincount(self.artists, minlength=self.artist_ids.size)

    def artists_per_listener(self) -> Ints:
        """int64 [N], how many artists each listener has."""
        return np.bincount(self.listeners, minlength=self.listener_ids.size)


def interactions(tables: Tables) -> Interactions:
    """The plays table as rows and columns of a sparse matrix.

    Listeners and artists that occur in no pair are left out: nothing can be learnt about them.

    Raises:
        DataError: there are fewer than 2 listeners or 2 artists, an id or a play count is no whole
            number (NaN, for one), or a count is below 1.
    """
    _require_sound(tables)
    listener_ids, listeners = np.unique(
        tables.plays["listener"].to_numpy(np.int64), return_inverse=True
    )
    artist_ids, artists = np.unique(tables.plays["artist"].to_numpy(np.int64), return_inverse=True)
    if listener_ids.size < 2 or artist_ids.size < 2:
        raise DataError(
            f"{listener_ids.size} listeners and {artist_ids.size} artists are too few",
            where=tables.name,
            mend="at least 2 of each are needed",
        )
    order = np.lexsort((artists, listeners))
    plays = tables.plays["plays"].to_numpy(np.int64)[order]
    return Interactions(
        listener_ids=listener_ids,
        artist_ids=artist_ids,
        listeners=listeners[order],
        artists=artists[order],
        plays=plays,
        summary=PlaysSummary.of(plays),
        taggings=_taggings(tables, listener_ids, artist_ids),
    )


def _require_sound(tables: Tables) -> None:
    """Refuse what a source may not deliver: cast to int64, NaN would be an ordinary number."""
    plays = tables.plays
    if any(plays[name].dtype.kind != "i" for name in ("listener", "artist", "plays") if len(plays)):
        problem = "the plays hold something that is no whole number"
    elif (plays["plays"] < 1).any():
        problem = "a play count is below 1"
    else:
        return
    raise DataError(problem, where=tables.name, mend="mend the source, or leave such rows out")


def _taggings(tables: Tables, listener_ids: Ints, artist_ids: Ints) -> Taggings:
    """The tag assignments on artists that somebody plays."""
    artists: Ints = tables.taggings["artist"].to_numpy(np.int64)
    known = np.isin(artists, artist_ids)
    listeners: Ints = tables.taggings["listener"].to_numpy(np.int64)[known]
    rows: Ints = np.searchsorted(listener_ids, listeners).astype(np.int64)
    rows[rows == listener_ids.size] = 0
    tag_ids, tags = np.unique(tables.taggings["tag"].to_numpy(np.int64)[known], return_inverse=True)
    return Taggings(
        tag_ids=tag_ids,
        listeners=np.where(listener_ids[rows] == listeners, rows, -1),
        artists=np.searchsorted(artist_ids, artists[known]).astype(np.int64),
        tags=tags,
    )
