"""Which artist was meant: resolution and completion of names over the catalogue.

Most artists that people ask for are not in an old catalogue, so refusing matters as much as
matching. What acts on its own is an equal spelling or a plain slip; what is merely near is
offered; a beginning of a name is offered, never acted on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.name_keys import (
    are_no_artists,
    clean,
    full_key,
    has_leet_marks,
    keys_without_marks,
    leet_key,
    marks_in_words,
    name_key,
    name_keys,
    sorted_words,
)
from model.name_prefixes import NamePrefixes
from model.name_spellings import HashedTexts, Spellings
from model.near_names import NearNames, is_short

__all__ = ["ArtistNames", "Choices", "Corrected", "Exact", "Resolution", "Unknown"]

MOST_CHOICES = 5
_CHOICES_KEPT_FOR_PREFIXES = 2
_ENOUGH_COMPLETIONS = 5


@dataclass(frozen=True, slots=True)
class Exact:
    """The name of one artist, but for case, accents, punctuation and the like."""

    row: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """Near enough to one artist to act on, saying what was understood instead of ``typed``."""

    row: int
    typed: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Not clear enough to act on; one to five artists to offer, best first."""

    rows: tuple[int, ...]
    typed: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody in the catalogue."""

    typed: str


Resolution = Exact | Corrected | Choices | Unknown


class ArtistNames:
    """The names of a catalogue, searchable. Immutable, so threads may share it.

    A row is a position in ``names``. Rows whose names have the same key (Björk, Bjork) are one
    artist here, answered by the most popular row; a row that is an artist goes before one that
    is not. Names are known by *rank*: their place when sorted by popularity, artists first.

    Args:
        names: one name a row, M of them; empty names are allowed and never found.
        popularity: int [M], the number of listeners.

    Raises:
        ValueError: the two differ in length.
    """

    no_artist: NDArray[np.bool_]
    """bool [M]: rows that must not be recommended (feat. rows, web addresses, placeholders)."""

    def __init__(self, names: Sequence[str], popularity: NDArray[np.integer]) -> None:
        if popularity.shape != (len(names),):
            raise ValueError(f"{len(names)} names but popularity of shape {popularity.shape}")
        keys = name_keys(names)
        self.no_artist = np.array(are_no_artists(names, keys), np.bool_)
        order: list[int] = np.lexsort((-popularity.astype(np.int64), self.no_artist)).tolist()
        first_row: dict[str, int] = {}
        for row in order:
            first_row.setdefault(keys[row], row)
        first_row.pop("", None)
        self._rows = np.fromiter(first_row.values(), np.int64, len(first_row))
        self._artists = int((~self.no_artist[self._rows]).sum())
        self._index(list(first_row), [names[row] for row in first_row.values()])

    def _index(self, keys: Sequence[str], names: Sequence[str]) -> None:
        """Build every look-up from one key and name a rank."""
        counts = np.ones(len(keys), np.int32)
        texts: list[str] = []
        for rank, (key, name) in enumerate(zip(keys, names, strict=True)):
            texts.append(key)
            more = _more_spellings(key, name)
            counts[rank] += len(more)
            texts += more
        ranks = np.repeat(np.arange(len(keys), dtype=np.int32), counts)
        self._spellings = Spellings(texts, ranks)
        self._place_of_key: NDArray[np.int32] = np.cumsum(counts, dtype=np.int32) - counts
        self._prefixes = NamePrefixes(texts, self._spellings, self._artists)
        self._words = HashedTexts(map(sorted_words, keys[: self._artists]), self._artists)
        has_article = np.fromiter(map(_has_article, names), np.bool_, len(names))
        self._near = NearNames(self._spellings, self._prefixes, has_article, self._artists)

    def is_artist(self, row: int) -> bool:
        """Whether a row may be recommended."""
        return not self.no_artist[row]

    def resolve(self, text: str) -> Resolution:
        """Which artist is meant by what was typed. Never raises; 200 characters count.

        In this order: an equal key, one equal but for spaces where none were typed (acdc), either
        with ``$!@`` as letters → Exact; the same words in another order → Corrected; one artist
        nearer than all others and surely meant (``model.name_correction``) → Corrected; artists
        at an edit ratio of 75 or more and names that begin so → Choices. A row that is no artist
        is found by its exact name only.
        """
        typed, key = clean(text), name_key(text)
        for spelling in (key, leet_key(text)):
            rank = self._spelled(spelling)
            if rank is not None:
                return Exact(self._row(rank))
        rank = self._in_other_order(sorted_words(key))
        if rank is not None:
            return Corrected(self._row(rank), typed)
        near = self._near.near(key, full_key(text))
        if self._near.surely_meant(near, key):
            return Corrected(self._row(near[0].rank), typed)
        ranks = self._choices([one.rank for one in near], text)
        return Choices(tuple(map(self._row, ranks)), typed) if ranks else Unknown(typed)

    def of_key(self, key: str) -> int | None:
        """The row that answers exactly to a key as ``model.name_keys`` makes them; far cheaper
        than ``resolve`` for whoever has many keys to look up."""
        rank = self._spelled(key)
        if rank is None or key == f"the {self._key(rank)}":
            return None
        return self._row(rank)

    def complete(self, prefix: str, limit: int = 25) -> list[int]:
        """Rows to suggest while a name is being typed, at most ``limit``, each artist once.

        Nothing typed: the most popular. Otherwise names that begin so, then names with these
        words (the last may be unfinished), both by popularity; where these are fewer than five,
        then near beginnings, nearest first. Never a row that is no artist. Never raises.
        """
        if not name_key(prefix):
            return self._rows[: min(limit, self._artists)].tolist()
        ranks = self._beginning_or_with_words(prefix, limit)
        if len(ranks) < min(limit, _ENOUGH_COMPLETIONS):
            ranks += self._near.beginnings(name_key(prefix), limit)
        return [self._row(rank) for rank in list(dict.fromkeys(ranks))[:limit]]

    def _row(self, rank: int) -> int:
        return int(self._rows[rank])

    def _key(self, rank: int) -> str:
        return self._spellings[int(self._place_of_key[rank])]

    def _spelled(self, key: str) -> int | None:
        """The rank of an equal spelling, else of one whose words were typed as one.

        Not the other way round: Big Bang and BigBang are two artists.
        """
        found: list[tuple[bool, bool, int]] = []
        for place in self._prefixes.spelled(key):
            rank = int(self._spellings.ranks[place])
            spaces_differ = self._spellings[place] != key
            if not spaces_differ or " " not in key or is_short(key):
                found.append((spaces_differ, place != self._place_of_key[rank], rank))
        return min(found)[-1] if found else None

    def _in_other_order(self, words: str) -> int | None:
        """The most popular artist of a name with these words."""
        ranks = self._words.places(words)
        return next((rank for rank in ranks if sorted_words(self._key(rank)) == words), None)

    def _beginning_or_with_words(self, typed: str, limit: int) -> list[int]:
        found = self._prefixes.beginning(typed, limit)
        if len(found) < limit:
            found += self._prefixes.with_words(typed, limit)
        return list(dict.fromkeys(found))[:limit]

    def _choices(self, near: list[int], text: str) -> list[int]:
        """Ranks to offer: the near ones, but two places are kept for names that begin so."""
        sure = near[: MOST_CHOICES - _CHOICES_KEPT_FOR_PREFIXES]
        begun = [
            rank for rank in self._beginning_or_with_words(text, MOST_CHOICES) if rank not in sure
        ]
        ranks = [*sure, *begun[:_CHOICES_KEPT_FOR_PREFIXES], *near, *begun]
        return list(dict.fromkeys(ranks))[:MOST_CHOICES]


def _has_article(name: str) -> bool:
    return name[:4].casefold() == "the "


def _more_spellings(key: str, name: str) -> Sequence[str]:
    """Under what a name is found beside its key."""
    more: list[str] = []
    if has_leet_marks(name):
        more.append(leet_key(name))
    if _has_article(name):
        # With "the" as well, so that a slip in it ("thi kinks") does not hide the name.
        more.append(full_key(name))
    if marks_in_words(name):
        more += keys_without_marks(name)
    return [other for other in dict.fromkeys(more) if other != key]
