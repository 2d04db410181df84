"""Gateway sessions: what was sent on a shard, so that a dropped connection can be resumed."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.discord_double.compression import Compressor
from tests.discord_double.records import Json

# How many events a session keeps for a RESUME.
KEPT_EVENTS = 1_000


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket. Frames are compressed and sent one after the other."""

    socket: web.WebSocketResponse
    request: web.BaseRequest
    compressor: Compressor | None
    session: Session | None = None
    acknowledges: bool = True
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(
        self, op: int, data: Any, *, event: str | None = None, seq: int | None = None
    ) -> bool:
        """Send one gateway message; a connection that is gone loses it, as in life.

        Returns:
            Whether the message went out.
        """
        text = json.dumps({"op": op, "d": data, "s": seq, "t": event})
        async with self._sending:
            try:
                if self.compressor is None:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self.compressor.frame(text))
            except ConnectionError:
                self.lose()
                return False
        return True

    async def dismiss(self, op: int, data: Any) -> None:
        """Send what makes the client leave, and no event after it: the client reads no more."""
        await self.send(op, data)
        self.lose()

    def lose(self) -> None:
        """Let the session go on without this connection."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None

    def abort(self) -> None:
        """Cut the connection without a closing handshake."""
        self.lose()
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What IDENTIFY began: numbered events of one shard, kept for a later RESUME.

    ``sent`` is told of every event that goes out, also when it goes out again.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    sent: Callable[[str, Json], None]
    ready: bool = False
    sequence: int = 0
    events: deque[tuple[int, str, Json]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    async def dispatch(self, event: str, data: Json) -> None:
        """Number, keep and (when connected) send an event."""
        self.sequence += 1
        self.events.append((self.sequence, event, data))
        if self.connection is not None:
            await self._send(self.connection, self.sequence, event, data)

    def remembers(self, seq: int) -> bool:
        """Whether everything after ``seq`` can be sent again."""
        return not self.events or self.events[0][0] <= seq + 1

    async def resume(self, connection: Connection, seq: int) -> None:
        """Go on over a new connection: everything after ``seq`` again, then RESUMED."""
        connection.session = self
        sent = seq
        while missed := [one for one in self.events if one[0] > sent]:
            for number, event, data in missed:
                await self._send(connection, number, event, data)
                sent = number
        self.connection = connection
        await self.dispatch("RESUMED", {"_trace": ["the local Discord"]})

    async def _send(self, connection: Connection, number: int, event: str, data: Json) -> None:
        if await connection.send(0, data, event=event, seq=number):
            self.sent(event, data)
