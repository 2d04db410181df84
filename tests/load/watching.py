"""When interactions reach discord.py in this process, and when their first responses leave it."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from typing import Any

import aiohttp
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient
from discord.state import ConnectionState

from tests.load.records import HandlerTimes


class HandlerWatch:
    """Put around discord.py, whatever is built on it.

    A response leaves when a connection for it is there and its headers are written.

    Args:
        began: called at the first interaction.
    """

    def __init__(self, *, began: Callable[[], None] | None = None) -> None:
        self._began = began
        self._message_at = 0.0
        # Arrays, because what is kept here grows in the memory that is measured.
        self._arrived, self._arrived_at = array("Q"), array("d")
        self._left, self._left_at = array("Q"), array("d")

    def times(self) -> HandlerTimes:
        """What was seen so far; of responses that were sent again, the first."""
        left: dict[int, float] = {}
        for number, moment in zip(self._left, self._left_at, strict=True):
            left.setdefault(number, moment)
        return HandlerTimes(dict(zip(self._arrived, self._arrived_at, strict=True)), left)

    def install(self) -> None:
        """Watch every client of this process."""
        receive, parse = DiscordWebSocket.received_message, ConnectionState.parse_interaction_create
        login = HTTPClient.static_login

        async def received_message(socket: DiscordWebSocket, message: Any, /) -> None:
            self._message_at = time.monotonic()
            await receive(socket, message)

        def parse_interaction_create(state: ConnectionState[Any], data: Any) -> None:
            self._note_arrival(int(data["id"]))
            parse(state, data)

        async def static_login(client: HTTPClient, token: str) -> Any:
            if client.http_trace is None:
                client.http_trace = aiohttp.TraceConfig()
            client.http_trace.on_request_headers_sent.append(self._note_leaving)
            return await login(client, token)

        DiscordWebSocket.received_message = received_message
        # The names of their first parameters differ, with which nobody calls them.
        ConnectionState.parse_interaction_create = parse_interaction_create  # pyright: ignore[reportAttributeAccessIssue]
        HTTPClient.static_login = static_login  # pyright: ignore[reportAttributeAccessIssue]

    def _note_arrival(self, number: int) -> None:
        # A gateway message is handed on before the next one is read.
        self._arrived.append(number)
        self._arrived_at.append(self._message_at)
        if self._began is not None:
            self._began()
            self._began = None

    async def _note_leaving(
        self, _session: object, _context: object, sent: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        match sent.url.parts:
            case (*_, "interactions", number, _token, "callback"):
                self._left.append(int(number))
                self._left_at.append(time.monotonic())
            case _:
                pass
