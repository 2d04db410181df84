"""What the gateway demands of those who log in."""

from __future__ import annotations

from tests.discord_double.records import Json

MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1


class GatewayCloseError(Exception):
    """The client broke the gateway's rules; close with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def intents(*, privileged: bool) -> int:
    """Return the bit set of the intents that an application may ask for."""
    return KNOWN_INTENTS if privileged else KNOWN_INTENTS & ~PRIVILEGED


def check_identify(data: Json, token: str, allowed: int) -> None:
    """Refuse an IDENTIFY that Discord refuses.

    Raises:
        GatewayCloseError: a wrong token, shard or intent.
    """
    if data.get("token") != token:
        raise GatewayCloseError(4004, "Authentication failed.")
    number, count = data.get("shard", (0, 1))
    if not 0 <= number < count:
        raise GatewayCloseError(4010, "Invalid shard.")
    wanted = data.get("intents")
    if not isinstance(wanted, int) or wanted & ~KNOWN_INTENTS:
        raise GatewayCloseError(4013, "Invalid intent(s).")
    if wanted & ~allowed:
        raise GatewayCloseError(4014, "Disallowed intent(s).")
