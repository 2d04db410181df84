"""Why an artist is recommended: true statements that anyone can check against the data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from model.catalogue import Artist, Catalogue
from model.co_listening import CoListening
from model.tag_profiles import TagProfiles

Rows = NDArray[np.int64]

# A tag on more than this share of the artists that have tags tells nobody apart.
_COMMON_TAG = 0.08
_TAGS_SHOWN = 5


@dataclass(frozen=True)
class SharedTags:
    """Listeners put these tags on both artists; the most telling of them first."""

    tags: tuple[str, ...]


@dataclass(frozen=True)
class SharedListeners:
    """``together`` of the ``of`` listeners who play ``asked`` also play this artist."""

    together: int
    of: int
    asked: Artist


@dataclass(frozen=True)
class NearestAsked:
    """Of several artists asked about, this one is the closest."""

    asked: Artist


Reason = SharedTags | SharedListeners | NearestAsked


class Explainer:
    """Finds reasons in what an artifact knows.

    Args:
        catalogue: names and listeners.
        profiles: which tags are on which artist.
        together: who shares listeners.
    """

    def __init__(
        self, *, catalogue: Catalogue, profiles: TagProfiles, together: CoListening
    ) -> None:
        self._catalogue = catalogue
        # The one asked about stands in every reason of an answer.
        self._asked = lru_cache(maxsize=64)(catalogue.artist)
        self._profiles = profiles
        self._together = together
        tagged = int((np.diff(profiles.offsets) > 0).sum())
        spread = np.bincount(profiles.tags, minlength=len(catalogue.tag_names))
        self._common: NDArray[np.bool_] = spread > _COMMON_TAG * max(tagged, 1)

    def reasons(self, row: int, asked: Rows, nearest: int) -> tuple[Reason, ...]:
        """Why ``row`` is recommended for the artists asked about.

        Args:
            row: the recommended artist.
            asked: at least one row.
            nearest: that one of ``asked`` which the other reasons speak of.
        """
        return tuple(self._reasons(row, asked, nearest))

    def _reasons(self, row: int, asked: Rows, nearest: int) -> Iterator[Reason]:
        if asked.size > 1:
            yield NearestAsked(self._asked(nearest))
        tags = self.shared_tags(row, nearest)
        if tags:
            yield SharedTags(tags)
        together = self._together.together(nearest, row)
        if together:
            listeners = int(self._catalogue.listeners[nearest])
            yield SharedListeners(together, listeners, self._asked(nearest))

    def shared_tags(self, one: int, other: int) -> tuple[str, ...]:
        """Up to five tags on both artists that not everybody has, the most telling first.

        What a tag tells is its part in the cosine of the two profiles; one that is the name of
        either artist tells nothing.
        """
        first, weights = self._profiles.of(one)
        second, others = self._profiles.of(other)
        if second.size == 0:
            return ()
        # Their intersection: several times faster than numpy's on so few.
        ascending = second.argsort()
        after = np.searchsorted(second, first, sorter=ascending)
        there = ascending[np.minimum(after, second.size - 1)]
        here = second[there] == first
        shared = first[here]
        told = weights[here] * others[there[here]]
        told[self._common[shared]] = 0
        own = {self._catalogue.names[row].casefold() for row in (one, other)}
        best = (int(shared[at]) for at in np.lexsort((shared, -told)) if told[at] > 0)
        telling = (self._catalogue.tag_names[tag] for tag in best)
        return tuple(islice((tag for tag in telling if tag.casefold() not in own), _TAGS_SHOWN))
