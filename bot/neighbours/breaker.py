"""Keeps members from waiting again and again for a source that does not answer."""

from collections.abc import Callable

from bot.errors import NeighbourError, SourceBusyError, SourceRateLimitedError

REST_SECONDS = 60.0


class CircuitBreaker:
    """Remembers which sources failed a moment ago, and with what.

    Args:
        clock: seconds that only ever grow.
        rest: seconds for which a source that failed is left alone.
    """

    def __init__(self, *, clock: Callable[[], float], rest: float = REST_SECONDS) -> None:
        self._clock = clock
        self._rest = rest
        self._faults: dict[str, tuple[float, NeighbourError]] = {}

    def fault(self, source: str) -> NeighbourError | None:
        """What ``source`` failed with, while it is to be left alone."""
        until, error = self._faults.get(source, (0.0, None))
        if error is None or self._clock() >= until:
            self._faults.pop(source, None)
            return None
        return error

    def trip(self, source: str, error: NeighbourError) -> None:
        """Leave ``source`` alone for the rest, or for as long as it asked for.

        A look-up that never reached the source says nothing about it and trips nothing.
        """
        if isinstance(error, SourceBusyError):
            return
        rest = self._rest
        if isinstance(error, SourceRateLimitedError) and error.retry_after is not None:
            rest = max(error.retry_after, 1.0)
        self._faults[source] = (self._clock() + rest, error)
