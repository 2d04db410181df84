"""The gateway websocket: HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats, RESUME, shards."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_double.compression import compressor
from tests.discord_double.errors import NotConnectedError
from tests.discord_double.fates import Fault
from tests.discord_double.http_answers import of_a_proxy
from tests.discord_double.logins import GatewayCloseError, check_identify, intents
from tests.discord_double.records import Identify, Json
from tests.discord_double.sessions import Connection, Session
from tests.discord_double.waiting import Signal
from tests.discord_double.weather import Weather
from tests.discord_double.world import World

HEARTBEAT_S = 41.25
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
# Presence, voice state, member requests and soundboard sounds: accepted, recorded, unanswered.
OTHER_OPS = frozenset({3, 4, 8, 31})
INTERACTION = "INTERACTION_CREATE"
REQUIRED_KEYS = {
    IDENTIFY: {"token", "intents", "properties"},
    RESUME: {"token", "session_id", "seq"},
}


class Gateway:
    """All connections and sessions; ``frames`` are the (shard, op, data) that clients sent."""

    def __init__(
        self,
        world: World,
        signal: Signal,
        *,
        privileged: bool,
        weather: Weather,
        heartbeat_s: float,
        delivered: Callable[[str], None],
    ) -> None:
        self.url = ""
        self._heartbeat_ms = round(heartbeat_s * 1000)
        self._delivered = delivered
        self._weather = weather
        self.identified: list[Identify] = []
        self.frames: list[tuple[int | None, int, Any]] = []
        self.closed_with: list[tuple[int, str]] = []
        self.handshakes_refused = 0
        self._world = world
        self._signal = signal
        self._allowed_intents = intents(privileged=privileged)
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()

    @property
    def ready_shards(self) -> set[int]:
        """The shards on which everything up to the guilds was sent and that are connected."""
        sessions = self._sessions.values()
        return {one.shard[0] for one in sessions if one.ready and one.connection is not None}

    @property
    def connected(self) -> bool:
        """Whether any client is connected, logged in or not."""
        return bool(self._connections)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until it goes."""
        if self._weather.at_handshake() is not None:
            self.handshakes_refused += 1
            return of_a_proxy(503)
        socket = web.WebSocketResponse(max_msg_size=4096, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request, None)
        connection.acknowledges = self._weather.at_connection() is None
        self._connections.add(connection)
        self._signal.notify()
        try:
            if self._weather.silent:
                await socket.receive()
                return socket
            connection.compressor = compressor(request.query.get("compress"))
            await connection.send(HELLO, {"heartbeat_interval": self._heartbeat_ms, "_trace": []})
            await self._listen(connection, request.query.get("compress"))
        except ValueError as fault:
            await self._close(connection, 4012, str(fault))
        except GatewayCloseError as fault:
            await self._close(connection, fault.code, fault.reason)
        finally:
            self._forget(connection)
        return socket

    async def dispatch(self, event: str, data: Json, *, guild_id: int | None) -> None:
        """Send an event to the shard that is responsible; keep it while the shard is away."""
        session = self._session_for(guild_id)
        fault = self._weather.at_event() if event == INTERACTION else None
        if session.connection is not None:
            if fault is Fault.DROP:
                session.connection.abort()
            elif fault is Fault.RECONNECT:
                await session.connection.dismiss(RECONNECT, None)
            elif fault is Fault.INVALID_RESUMABLE:
                await session.connection.dismiss(INVALID, True)
        await session.dispatch(event, data)
        if fault is Fault.INVALID and session.connection is not None:
            await self._end(session)

    def drop(self, shard: int | None = None) -> int:
        """Cut connections (of one shard, or all) without a word; return how many."""
        return len([one.abort() for one in self._of_shard(shard)])

    async def ask_to_reconnect(self, shard: int | None = None) -> None:
        """Send op 7, upon which a client closes and resumes."""
        for connection in self._of_shard(shard):
            await connection.dismiss(RECONNECT, None)

    async def invalidate(self, shard: int | None = None, *, resumable: bool = False) -> None:
        """Send op 9; unless ``resumable``, forget the sessions: clients must identify again."""
        for connection in self._of_shard(shard):
            if resumable:
                await connection.dismiss(INVALID, True)
            elif connection.session is not None:
                await self._end(connection.session)

    def ignore_heartbeats(self, shard: int | None = None) -> None:
        """Acknowledge no heartbeat any more on the connections that there are."""
        for connection in self._of_shard(shard):
            connection.acknowledges = False

    async def close(self) -> None:
        """Close every connection as Discord does when it goes down."""
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    async def _end(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        if session.connection is not None:
            await session.connection.dismiss(INVALID, False)

    def _of_shard(self, shard: int | None) -> list[Connection]:
        sessions = [one for one in self._sessions.values() if shard in {None, one.shard[0]}]
        return [one.connection for one in sessions if one.connection is not None]

    def _session_for(self, guild_id: int | None) -> Session:
        for session in reversed(self._sessions.values()):
            number, count = session.shard
            if number == (0 if guild_id is None else (guild_id >> 22) % count):
                return session
        raise NotConnectedError(f"no session for guild {guild_id}; wait_ready() first")

    def _forget(self, connection: Connection) -> None:
        # A client that closes with 1000 or 1001 ends its session; any other end can be resumed.
        if connection.session is not None and connection.socket.close_code in {1000, 1001}:
            self._sessions.pop(connection.session.id, None)
        connection.lose()
        self._connections.discard(connection)
        self._signal.notify()

    async def _listen(self, connection: Connection, compression: str | None) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                raise GatewayCloseError(4002, "Error while decoding payload.")
            try:
                frame = json.loads(message.data)
                op, data = frame["op"], frame.get("d")
            except (ValueError, KeyError, TypeError, AttributeError):
                raise GatewayCloseError(4002, "Error while decoding payload.") from None
            session = connection.session
            self.frames.append((session.shard[0] if session else None, op, data))
            await self._receive(connection, op, data, compression)
            self._signal.notify()

    async def _receive(
        self, connection: Connection, op: int, data: Any, compression: str | None
    ) -> None:
        if op == HEARTBEAT:
            if connection.acknowledges:
                await connection.send(ACK, None)
        elif op in REQUIRED_KEYS and not _has_keys(data, REQUIRED_KEYS[op]):
            raise GatewayCloseError(4002, "Error while decoding payload.")
        elif op == IDENTIFY:
            await self._identify(connection, data, compression)
        elif op == RESUME:
            await self._resume(connection, data, compression)
        elif op not in OTHER_OPS:
            raise GatewayCloseError(4001, "Unknown opcode.")
        elif connection.session is None:
            raise GatewayCloseError(4003, "Not authenticated.")

    async def _identify(self, connection: Connection, data: Any, compression: str | None) -> None:
        if connection.session is not None:
            raise GatewayCloseError(4005, "Already authenticated.")
        if self._weather.closing is not None:
            raise GatewayCloseError(self._weather.closing, "As the test wishes.")
        check_identify(data, self._world.token, self._allowed_intents)
        number, count = data.get("shard", (0, 1))
        session = Session(
            secrets.token_hex(16), (number, count), data["intents"], connection, self._sent
        )
        for old in [one.id for one in self._sessions.values() if one.shard[0] == number]:
            if self._sessions[old].connection is None:
                del self._sessions[old]
        self._sessions[session.id] = session
        connection.session = session
        await session.dispatch("READY", self._world.ready(session.id, session.shard, self.url))
        for place in self._world.on_shard(session.shard):
            await session.dispatch("GUILD_CREATE", self._world.guild_create(place))
        session.ready = True
        self._record(session, compression, resumed=False)

    async def _resume(self, connection: Connection, data: Json, compression: str | None) -> None:
        session = self._sessions.get(data["session_id"])
        if data["token"] != self._world.token:
            raise GatewayCloseError(4004, "Authentication failed.")
        if session is None or not session.remembers(data["seq"]):
            await connection.send(INVALID, False)
            return
        if session.connection is not None:
            session.connection.lose()
        if data["seq"] > session.sequence:
            raise GatewayCloseError(4007, "Invalid seq.")
        await session.resume(connection, data["seq"])
        self._record(session, compression, resumed=True)

    def _sent(self, event: str, data: Json) -> None:
        if event == INTERACTION:
            self._delivered(data["id"])

    def _record(self, session: Session, compression: str | None, *, resumed: bool) -> None:
        number, count = session.shard
        self.identified.append(
            Identify(session.id, number, count, session.intents, compression, resumed)
        )

    async def _close(self, connection: Connection, code: int, reason: str) -> None:
        self.closed_with.append((code, reason))
        await connection.socket.close(code=code, message=reason.encode())


def _has_keys(data: Any, keys: set[str]) -> bool:
    return isinstance(data, dict) and keys <= set(data)
