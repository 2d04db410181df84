"""Names by how they, or their words, begin."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.catalogue import TextColumn
from model.name_keys import compact, full_key, name_key
from model.name_spellings import HashedTexts, Spellings

_AFTER_ALL = "\U0010ffff"
_NONE = np.empty(0, np.int32)
# A name may begin so in several spellings, or have several words that do.
_TRIED_FOR_EACH = 4


class NamePrefixes:
    """Finds spellings by their beginnings, and ranks of names, most popular first.

    Args:
        texts: S keys of names, as ``model.name_keys`` makes them.
        spellings: the same as arrays.
        artists: ranks from this on are found when spelled out and not otherwise.
    """

    def __init__(self, texts: Sequence[str], spellings: Spellings, artists: int) -> None:
        self._spellings = spellings
        self._artists = artists
        starts = list(map(compact, texts))
        self._by_start = np.array(sorted(range(len(starts)), key=starts.__getitem__), np.int32)
        self._hashed = HashedTexts(starts, len(starts))
        del starts

        below = int(np.searchsorted(spellings.ranks, artists))
        counts, words, numbers = _words(texts[:below])
        # Ranks ascend with the spellings, so a stable sort leaves them ascending in every word.
        by_word = np.argsort(numbers, kind="stable")
        self._word_ranks = np.repeat(spellings.ranks[:below], counts)[by_word]
        self._first = np.searchsorted(numbers[by_word], np.arange(len(words) + 1)).astype(np.int32)
        self._words = TextColumn.of(words)

    def spelled(self, key: str) -> list[int]:
        """Places of the spellings that are equal to a key but for spaces, ascending."""
        start = compact(key)
        places = self._hashed.places(start)
        return [place for place in places if compact(self._spellings[place]) == start]

    def beginning(self, typed: str, limit: int) -> list[int]:
        """Ranks of at most ``limit`` names that begin with what was typed; spaces do not count.

        Ascending, but with a leading "the" names that have it come first: "the be" is rather The
        Beatles.
        """
        kept, dropped = compact(full_key(typed)), compact(name_key(typed))
        found = self._lowest(self._ranks_of_starts(dropped), limit)
        if kept == dropped:
            return found
        having_it = self._lowest(self._ranks_of_starts(kept), limit)
        return list(dict.fromkeys(having_it + found))[:limit]

    def with_words(self, typed: str, limit: int) -> list[int]:
        """Ranks of at most ``limit`` names with every word typed; the last may be unfinished.

        Ascending.
        """
        *finished, last = name_key(typed).split() or [""]
        if not last:
            return []
        found = self._postings(last, last + _AFTER_ALL)
        for word in finished:
            found = found[np.isin(found, self._postings(word, word + "\0"))]
        return self._lowest(found, limit)

    def has_word(self, word: str) -> bool:
        """Whether some name has this very word."""
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place] == word

    def _ranks_of_starts(self, prefix: str) -> NDArray[np.int32]:
        if not prefix:
            return _NONE
        begin, end = (
            bisect_left(self._by_start, edge, key=lambda place: compact(self._spellings[place]))
            for edge in (prefix, prefix + _AFTER_ALL)
        )
        return self._spellings.ranks[self._by_start[begin:end]]

    def _lowest(self, ranks: NDArray[np.int32], limit: int) -> list[int]:
        """The lowest ranks of artists, ascending, each once."""
        few = _TRIED_FOR_EACH * limit
        # Sorting all that begin with one letter takes longer than everything else together.
        tried = np.partition(ranks, few)[:few] if ranks.size > few else ranks
        found = np.unique(tried)
        if tried.size < ranks.size and found.size < limit:
            found = np.unique(ranks)
        return found[: np.searchsorted(found, self._artists)][:limit].tolist()

    def _postings(self, low: str, high: str) -> NDArray[np.int32]:
        begin, end = (self._first[bisect_left(self._words, edge)] for edge in (low, high))
        return self._word_ranks[begin:end]


def _words(texts: Sequence[str]) -> tuple[NDArray[np.int32], list[str], NDArray[np.int32]]:
    """How many words each text has, the different words sorted, and each text's words as numbers.

    No word is kept more than once even meanwhile: all of them take as much as the whole catalogue.
    """
    counts = np.zeros(len(texts), np.int32)
    order: dict[str, int] = {}
    numbers = array("i")
    for place, text in enumerate(texts):
        words = text.split()
        counts[place] = len(words)
        numbers.extend([order.setdefault(word, len(order)) for word in words])
    words = sorted(order)
    places = np.empty(len(words), np.int32)
    places[[order[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    return counts, words, places[np.frombuffer(numbers, np.intc)]
