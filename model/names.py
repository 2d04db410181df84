"""Which artist was meant: resolution and completion of names over the catalogue.

Most artists that people ask for are not in an old catalogue, so refusing matters as much as
matching. What acts on its own is an equal spelling or a very near one; what is merely near is
offered; a beginning of a name is offered, never acted on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from model.name_keys import (
    clean,
    compact,
    full_key,
    has_leet_marks,
    is_no_artist,
    leet_key,
    name_key,
    sorted_words,
)
from model.name_prefixes import NamePrefixes

ACTS_FROM = 92.0
"""Edit ratio from which a misspelt name is acted on, saying so."""

OFFERED_FROM = 75.0
"""Edit ratio from which a name is offered."""

MOST_CHOICES = 5
_CHOICES_KEPT_FOR_PREFIXES = 2
_SHORTEST_TO_COMPARE = 4
_COMPLETES_FROM = 80.0
_COMPLETES_AMONG = 20_000
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
        self.no_artist = np.fromiter((is_no_artist(name) for name in names), np.bool_, len(names))
        order: NDArray[np.int64] = np.lexsort((-popularity.astype(np.int64), self.no_artist))
        self._rank_of_key: dict[str, int] = {}
        rows: list[int] = []
        for row in map(int, order):
            key = name_key(names[row])
            if key and self._rank_of_key.setdefault(key, len(rows)) == len(rows):
                rows.append(row)
        self._rows = np.array(rows, np.int64)
        self._artists = int((~self.no_artist[self._rows]).sum())
        self._index([names[row] for row in rows])

    def _index(self, names: Sequence[str]) -> None:
        """Build every look-up from one name a rank."""
        keys = list(self._rank_of_key)
        leet = {rank: leet_key(name) for rank, name in enumerate(names) if has_leet_marks(name)}
        for rank, key in enumerate(keys):
            self._rank_of_key.setdefault(compact(key), rank)
        for rank, key in leet.items():
            self._rank_of_key.setdefault(key, rank)
        self._rank_of_words: dict[str, int] = {}
        self._spellings: list[str] = []
        ranks: list[int] = []
        for rank, key in enumerate(keys[: self._artists]):
            words = sorted_words(key)
            if words != key:
                self._rank_of_words.setdefault(words, rank)
            # With "the" as well, so that a slip in it ("thi kinks") does not hide the name.
            has_article = names[rank][:3].casefold() == "the"
            with_article = full_key(names[rank]) if has_article else key
            spellings = dict.fromkeys((key, leet.get(rank, key), with_article))
            self._spellings += spellings
            ranks += [rank] * len(spellings)
        self._spelling_ranks = np.array(ranks, np.int32)
        self._prefixes = NamePrefixes(self._spellings, self._spelling_ranks)

    def is_artist(self, row: int) -> bool:
        """Whether a row may be recommended."""
        return not self.no_artist[row]

    def resolve(self, text: str) -> Resolution:
        """Which artist is meant by what was typed. Never raises; 200 characters count.

        In this order: an equal key, one without spaces, one with ``$!@`` as letters → Exact; the
        same words in another order → Corrected; one artist at an edit ratio of 92 or more, with
        the same digits → Corrected; artists from 75 on and names that begin so → Choices.
        A row that is no artist is found by its exact name only.
        """
        typed, key = clean(text), name_key(text)
        for spelling in (key, compact(key), leet_key(text)):
            if spelling in self._rank_of_key:
                return Exact(self._row(self._rank_of_key[spelling]))
        words = sorted_words(key)
        rank = self._rank_of_words.get(words, self._rank_of_key.get(words, self._artists))
        if rank < self._artists:
            return Corrected(self._row(rank), typed)
        near = self._near(key)
        if self._is_clear(near, key):
            return Corrected(self._row(int(self._spelling_ranks[near[0][1]])), typed)
        ranks = self._choices([int(self._spelling_ranks[place]) for _, place in near], text)
        return Choices(tuple(map(self._row, ranks)), typed) if ranks else Unknown(typed)

    def of_key(self, key: str) -> int | None:
        """The row that answers exactly to a key as ``model.name_keys`` makes them; far cheaper
        than ``resolve`` for whoever has many keys to look up."""
        rank = self._rank_of_key.get(key)
        return None if rank is None else self._row(rank)

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
            ranks += self._near_beginnings(name_key(prefix), limit)
        return [self._row(rank) for rank in list(dict.fromkeys(ranks))[:limit]]

    def _row(self, rank: int) -> int:
        return int(self._rows[rank])

    def _beginning_or_with_words(self, typed: str, limit: int) -> list[int]:
        found = self._prefixes.beginning(typed)[:limit].tolist()
        if len(found) < limit:
            found += self._prefixes.with_words(typed)[:limit].tolist()
        return list(dict.fromkeys(found))[:limit]

    def _near(self, key: str) -> list[tuple[float, int]]:
        """Edit ratio and place of the nearest spellings; the more popular first among equals."""
        if len(compact(key)) < _SHORTEST_TO_COMPARE:
            return []
        # rapidfuzz returns equal scores in the order of the choices, which is by popularity.
        found = process.extract(
            key,
            self._spellings,
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=OFFERED_FROM,
            limit=2 * MOST_CHOICES,
        )
        return [(score, place) for _, score, place in found]

    def _near_beginnings(self, key: str, limit: int) -> list[int]:
        if len(compact(key)) < _SHORTEST_TO_COMPARE:
            return []
        # One more character than typed: a forgotten letter is the commonest slip.
        starts = [spelling[: len(key) + 1] for spelling in self._spellings[:_COMPLETES_AMONG]]
        found = process.extract(
            key,
            starts,
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=_COMPLETES_FROM,
            limit=limit,
        )
        return [int(self._spelling_ranks[place]) for _, _, place in found]

    def _is_clear(self, near: Sequence[tuple[float, int]], key: str) -> bool:
        """Whether one artist alone is near enough, digits included (blink-181 is a question)."""
        best = [place for score, place in near if score >= ACTS_FROM and score == near[0][0]]
        if len({int(self._spelling_ranks[place]) for place in best}) != 1:
            return False
        return _digits(self._spellings[best[0]]) == _digits(key)

    def _choices(self, near: list[int], text: str) -> list[int]:
        """Ranks to offer: the near ones, but two places are kept for names that begin so."""
        near = list(dict.fromkeys(near))
        sure = near[: MOST_CHOICES - _CHOICES_KEPT_FOR_PREFIXES]
        begun = [
            rank for rank in self._beginning_or_with_words(text, MOST_CHOICES) if rank not in sure
        ]
        ranks = [*sure, *begun[:_CHOICES_KEPT_FOR_PREFIXES], *near, *begun]
        return list(dict.fromkeys(ranks))[:MOST_CHOICES]


def _digits(key: str) -> list[str]:
    return [character for character in key if character.isdecimal()]
