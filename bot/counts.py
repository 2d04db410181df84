"""What goes on beside the answers and an operator wants to know of, counted as it happens.

Needs neither Discord nor Prometheus, so whatever has something to count can be given it;
``bot/metrics.py`` tells the numbers. Every label is a word of ours, and none has many values.
"""

from collections import Counter
from typing import Literal

from bot.errors import (
    LyricsError,
    NeighbourError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
)

Retried = Literal["answer", "login"]
"""What was tried again: to send an answer to Discord, or to bring the bot into service."""

Kind = Literal["refused", "rate-limited", "unavailable", "busy"]
"""Why a provider gave no answer: it refuses this machine or its key; it asks for a pause; it is
down, too slow or cannot be understood; it was not asked, for too many wanted to."""

PROVIDERS = ("LRCLIB", "Genius", "ListenBrainz", "MusicBrainz", "Last.fm", "Deezer")
_KINDS: tuple[Kind, ...] = ("refused", "rate-limited", "unavailable", "busy")


class Counts:
    """Numbers that only ever grow; they begin anew with the process.

    Attributes:
        retries: further attempts, by what was tried again and why.
        outages: times that a provider gave no answer, by its name and the kind.
        connections: of the gateway, by shard and whether the session is ``new`` or ``resumed``.
        disconnections: of the gateway, by shard.
    """

    def __init__(self) -> None:
        self.retries = Counter[tuple[Retried, str]]()
        # From 0, because a series that begins with 1 has not grown in the eyes of Prometheus.
        self.outages = Counter[tuple[str, Kind]](
            {(provider, kind): 0 for provider in PROVIDERS for kind in _KINDS}
        )
        self.connections = Counter[tuple[int, Literal["new", "resumed"]]]()
        self.disconnections = Counter[int]()

    def retry(self, what: Retried, why: str) -> None:
        """Count a further attempt.

        Args:
            what: was tried again.
            why: one of a few words, for example ``HTTP 503``; nothing that came from outside.
        """
        self.retries[what, why] += 1

    def outage(self, error: LyricsError | NeighbourError) -> None:
        """Count that a provider, which is where the error says it is, gave no answer."""
        self.outages[error.where, _kind(error)] += 1

    def connected(self, shard: int, *, resumed: bool) -> None:
        """Count that a shard is connected."""
        self.connections[shard, "new"] += not resumed
        self.connections[shard, "resumed"] += resumed
        self.disconnections[shard] += 0

    def disconnected(self, shard: int) -> None:
        """Count that a shard lost its connection."""
        self.disconnections[shard] += 1


def _kind(error: LyricsError | NeighbourError) -> Kind:
    if isinstance(error, ProviderBlockedError | SourceBlockedError):
        return "refused"
    if isinstance(error, ProviderRateLimitedError | SourceRateLimitedError):
        return "rate-limited"
    return "busy" if isinstance(error, SourceBusyError) else "unavailable"
