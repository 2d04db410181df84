"""A small memory of answers that forgets by age and by size."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_V = TypeVar("_V")


class TimedCache(Generic[_V]):
    """At most ``size`` answers; the one not asked for the longest goes first.

    Args:
        size: how many answers are kept.
        clock: seconds that only ever grow.
    """

    def __init__(self, *, size: int, clock: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, _V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> _V | None:
        """The answer for ``key`` if one is kept and still good."""
        entry = self._kept.get(key)
        if entry is None:
            return None
        expires, answer = entry
        if self._clock() >= expires:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return answer

    def put(self, key: Hashable, answer: _V, *, lifetime: float) -> None:
        """Keep ``answer`` for ``lifetime`` seconds."""
        self._kept[key] = (self._clock() + lifetime, answer)
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
