"""What a server's admins chose."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.recommend.dial import BALANCED


@dataclass(frozen=True)
class ServerSettings:
    """What holds in one server; the defaults hold in direct messages and until an admin chooses.

    Attributes:
        dial: the dial of ``/recommend`` when a member gives none, from -1 to 1.
        lyrics: whether ``/lyrics`` answers.
        public_channels: the channels where answers are for all to see; empty: everywhere.
    """

    dial: float = BALANCED
    lyrics: bool = True
    public_channels: frozenset[int] = frozenset()

    def is_public(self, channel: int | None) -> bool:
        """Whether answers in this channel are for all to see unless a member wants otherwise."""
        return not self.public_channels or channel in self.public_channels


SettingsOf = Callable[[int | None], Awaitable[ServerSettings]]
"""Gives what holds in a server; None stands for a direct message."""


async def default_settings(_server: int | None) -> ServerSettings:
    """What holds while nobody has chosen anything."""
    return ServerSettings()
