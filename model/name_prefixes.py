"""Names by how they, or their words, begin."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.name_keys import compact, full_key, name_key

_AFTER_ALL = "\U0010ffff"
_NONE = np.empty(0, np.int32)


class NamePrefixes:
    """Finds the ranks of names that begin with something, most popular first.

    Args:
        spellings: keys of names, as ``model.name_keys`` makes them; a name may have several
            (with and without "the").
        ranks: int32 [len(spellings)], each spelling's name as its place in the order of popularity.
    """

    def __init__(
        self,
        spellings: Sequence[str],
        ranks: NDArray[np.int32],
    ) -> None:
        starts = sorted(
            (compact(key), int(rank)) for key, rank in zip(spellings, ranks, strict=True)
        )
        self._starts = [start for start, _ in starts]
        self._start_ranks = np.fromiter((rank for _, rank in starts), np.int32, len(starts))

        words = sorted(
            (word, int(rank))
            for key, rank in zip(spellings, ranks, strict=True)
            for word in set(key.split())
        )
        self._word_ranks = np.fromiter((rank for _, rank in words), np.int32, len(words))
        self._words: list[str] = []
        first: list[int] = []
        for position, (word, _) in enumerate(words):
            if not self._words or self._words[-1] != word:
                self._words.append(word)
                first.append(position)
        self._first = np.array([*first, len(words)], np.int64)

    def beginning(self, typed: str) -> NDArray[np.int32]:
        """Ranks of the names that begin with what was typed, ascending; spaces do not count.

        With a leading "the", names that have it come first: "the be" is rather The Beatles.
        """
        kept, dropped = compact(full_key(typed)), compact(name_key(typed))
        found = self._slice_of_starts(dropped)
        if kept == dropped:
            return found
        having_it = self._slice_of_starts(kept)
        return np.concatenate([having_it, found[~np.isin(found, having_it)]])

    def with_words(self, typed: str) -> NDArray[np.int32]:
        """Ranks of the names with every word typed, ascending; the last may be unfinished."""
        *finished, last = name_key(typed).split() or [""]
        if not last:
            return _NONE
        found = self._postings(last, last + _AFTER_ALL)
        for word in finished:
            found = np.intersect1d(found, self._postings(word, word + "\0"), assume_unique=True)
        return found

    def _slice_of_starts(self, prefix: str) -> NDArray[np.int32]:
        if not prefix:
            return _NONE
        low = bisect_left(self._starts, prefix)
        high = bisect_left(self._starts, prefix + _AFTER_ALL)
        return np.unique(self._start_ranks[low:high])

    def _postings(self, low: str, high: str) -> NDArray[np.int32]:
        begin, end = (self._first[bisect_left(self._words, edge)] for edge in (low, high))
        return np.unique(self._word_ranks[begin:end])
