"""What exists in the local Discord, and what happened in it, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# Discord's epoch: the first second of 2015, in milliseconds (Discord reference, "Snowflakes").
EPOCH_MS = 1_420_070_400_000
SEND_AND_READ = 0x800 | 0x400
ADMINISTRATOR = 0x8


@dataclass(frozen=True, slots=True)
class User:
    """A person. ``permissions`` is the bit set that a member has in every guild."""

    id: int
    name: str
    display_name: str | None = None
    locale: str = "en-US"
    permissions: int = SEND_AND_READ


@dataclass(frozen=True, slots=True)
class Channel:
    """A text channel of a guild (type 0) or a direct conversation with the bot (type 1)."""

    id: int
    name: str
    type: int = 0


@dataclass(frozen=True, slots=True)
class Guild:
    """A server that the bot has joined; the first channel is where things happen by default."""

    id: int
    name: str
    channels: tuple[Channel, ...]
    locale: str = "en-US"

    def shard(self, count: int) -> int:
        """Return which of ``count`` shards receives this guild's events."""
        return (self.id >> 22) % count


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of a request body: the dotted path to it, Discord's code, and the message."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request: the field's index, the name, the type and the bytes."""

    index: int
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A REST request as it came in. ``route`` is the template, None when Discord has no such."""

    method: str
    path: str
    route: str | None
    query: Mapping[str, str]
    body: Any
    uploads: tuple[Upload, ...]
    status: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A request that was refused, with everything the client was told."""

    method: str
    path: str
    status: int
    code: int
    message: str
    errors: tuple[FieldError, ...]
    body: Any

    def __str__(self) -> str:
        faults = "; ".join(f"{fault.path}: {fault.code}" for fault in self.errors)
        return f"{self.method} {self.path}: {self.status} {self.code} {self.message} {faults}"


@dataclass(frozen=True, slots=True)
class Identify:
    """One accepted login at the gateway (``resumed`` when it continued an earlier session)."""

    session: str
    shard: int
    shard_count: int
    intents: int
    compression: str | None
    resumed: bool
