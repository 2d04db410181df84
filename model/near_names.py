"""Which artists' names are near to what was typed, and whether one of them is surely meant."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from model.name_correction import Correction
from model.name_keys import compact
from model.name_prefixes import NamePrefixes
from model.name_spellings import Spellings

OFFERED_FROM = 75.0
"""Edit ratio from which a name is offered."""

_COMPLETES_FROM = 80.0
_COMPLETES_AMONG = 20_000
_SHORTEST = 4
# Of the nearest by edit ratio, which takes a swap of two letters for two edits.
_LOOKED_AT = 100
_PROMINENT = 0.05


class Near(NamedTuple):
    """An artist whose name is near; sorted as they are offered."""

    edits: int
    article_differs: bool
    negative_ratio: float
    rank: int
    spelling: str


class NearNames:
    """The artists of a catalogue by likeness of their names.

    Args:
        spellings: of all names.
        prefixes: of the same names.
        has_article: bool [names], by rank: whether it begins with "the".
        artists: ranks from this on are never found.
    """

    def __init__(
        self,
        spellings: Spellings,
        prefixes: NamePrefixes,
        has_article: NDArray[np.bool_],
        artists: int,
    ) -> None:
        self._spellings = spellings
        self._prefixes = prefixes
        self._has_article = has_article
        self._compared = int(np.searchsorted(spellings.ranks, artists))
        self._prominent = _PROMINENT * artists

    def near(self, key: str, full: str) -> list[Near]:
        """The nearest artists, each once: by slips, the article, edit ratio and popularity.

        Args:
            key: ``name_key`` of what was typed.
            full: ``full_key`` of it.
        """
        # What is left of The La's is too short to be compared without its article.
        typed = full if is_short(key) else key
        if is_short(typed):
            return []
        with_article = full.startswith("the ")
        found: list[Near] = []
        for place, ratio in self._spellings.near(typed, OFFERED_FROM, self._compared, _LOOKED_AT):
            spelling, rank = self._spellings[place], int(self._spellings.ranks[place])
            article_differs = with_article != bool(self._has_article[rank])
            edits = OSA.distance(typed, spelling)
            found.append(Near(edits, article_differs, -ratio, rank, spelling))
        nearest: dict[int, Near] = {}
        for one in sorted(found):
            nearest.setdefault(one.rank, one)
        return list(nearest.values())

    def surely_meant(self, near: Sequence[Near], key: str) -> bool:
        """Whether the first of ``near(key, ...)`` is nearer than all others, and surely meant."""
        if not near:
            return False
        first = near[0]
        if len(near) > 1 and near[1].edits == first.edits:
            return False
        other_words = set(key.split()).difference(first.spelling.split())
        return Correction(
            typed=key,
            spelling=first.spelling,
            edits=first.edits,
            ratio=-first.negative_ratio,
            prominent=first.rank < self._prominent,
            known_words=all(map(self._prefixes.has_word, other_words)),
        ).is_sure

    def beginnings(self, key: str, limit: int) -> list[int]:
        """Ranks of the best known artists whose names begin nearly so, nearest first."""
        if is_short(key):
            return []
        below = min(self._compared, _COMPLETES_AMONG)
        found = self._spellings.near_beginnings(key, _COMPLETES_FROM, below, limit)
        return [int(self._spellings.ranks[place]) for place, _ in found]


def is_short(key: str) -> bool:
    """Whether a key has too few letters to be compared with others."""
    return len(compact(key)) < _SHORTEST
