"""What can go wrong at the local Discord, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One thing that goes wrong. The value is its name on the command line and in JSON."""

    BUCKET_LIMIT = "bucket_limit"
    """429 of this route's bucket, which stays full until the time that it names is over."""
    GLOBAL_LIMIT = "global_limit"
    """429 of the whole application."""
    CLOUDFLARE_LIMIT = "cloudflare_limit"
    """429 as Cloudflare answers: no JSON and no ``Via``, which makes discord.py give up at once."""
    INTERNAL = "internal"
    """500 of a proxy, before the effect; so are the next three."""
    BAD_GATEWAY = "bad_gateway"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    RESET = "reset"
    """The connection is reset before the effect."""
    LOST_ANSWER = "lost_answer"
    """The request takes effect, its sender is told 502."""
    RESET_AFTER = "reset_after"
    """The request takes effect, then the connection is reset."""
    SLOW = "slow"
    """The request takes effect after a while."""
    SLOW_ANSWER = "slow_answer"
    """The request takes effect, the answer comes after a while."""

    DROP = "drop"
    """The gateway connection is cut without a closing handshake just before an event."""
    RECONNECT = "reconnect"
    """Op 7 just before an event."""
    INVALID_RESUMABLE = "invalid_resumable"
    """Op 9 just before an event; the session can be resumed."""
    INVALID = "invalid"
    """Op 9 just after an event; the session is over, and what happens meanwhile is lost."""
    UNACKNOWLEDGED = "unacknowledged"
    """A gateway connection on which no heartbeat is acknowledged."""
    REFUSED_HANDSHAKE = "refused_handshake"
    """The upgrade to a gateway websocket is answered with 503."""


LIMITS = (Fault.BUCKET_LIMIT, Fault.GLOBAL_LIMIT, Fault.CLOUDFLARE_LIMIT)
STATUS = {
    Fault.INTERNAL: 500,
    Fault.BAD_GATEWAY: 502,
    Fault.UNAVAILABLE: 503,
    Fault.GATEWAY_TIMEOUT: 504,
}
WITHOUT_EFFECT = frozenset({*LIMITS, *STATUS, Fault.RESET})

REST = (
    *LIMITS,
    *STATUS,
    *(Fault.RESET, Fault.LOST_ANSWER, Fault.RESET_AFTER, Fault.SLOW, Fault.SLOW_ANSWER),
)
EVENT = (Fault.DROP, Fault.RECONNECT, Fault.INVALID_RESUMABLE, Fault.INVALID)
CONNECTION = (Fault.UNACKNOWLEDGED,)
HANDSHAKE = (Fault.REFUSED_HANDSHAKE,)
MOMENTS = (REST, EVENT, CONNECTION, HANDSHAKE)
"""At each such moment at most one of its faults happens."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one request, event or connection.

    ``seconds`` is what a 429 tells the client to wait, or by how much something slow is late.
    ``status`` stands in for a fault's own where a test asks for another.
    """

    fault: Fault | None = None
    seconds: float = 0.0
    status: int = 0

    @property
    def takes_effect(self) -> bool:
        """Whether the request does what it asks for, whatever its sender is told."""
        return self.fault not in WITHOUT_EFFECT


FAIR = Fate()
