"""The kinds of interactions and of first responses, and a message as it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_double.records import Channel, Guild, Json, Upload, User

EPHEMERAL, LOADING = 1 << 6, 1 << 7


class Kind(IntEnum):
    """What a member did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """How a bot may answer first."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True)
class StoredMessage:
    """A message with who may see it and where it stands; ``payload`` is what Discord shows."""

    payload: Json
    place: Guild | None
    channel: Channel
    seen_by: User | None
    files: dict[str, Upload] = field(default_factory=dict)
    deleted: bool = False

    @property
    def id(self) -> int:
        """The message's snowflake."""
        return int(self.payload["id"])

    @property
    def loading(self) -> bool:
        """Whether it only says that the bot is thinking."""
        return bool(self.payload["flags"] & LOADING)

    @property
    def visible(self) -> bool:
        """Whether a member can read it."""
        return not self.deleted and not self.loading
