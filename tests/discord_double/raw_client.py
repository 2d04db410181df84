"""A client without discord.py: sends exactly the bytes that a test wants sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.discord_double.interactions import Answer
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble

COMMANDS: list[Json] = [
    {
        "name": "recommend",
        "description": "Artists worth hearing",
        "options": [{"type": 3, "name": "artist", "description": "x", "autocomplete": True}],
    }
]
GUILDS_INTENT = 1


class RawClient:
    """REST by hand, and a gateway connection that is identified."""

    def __init__(self, double: DiscordDouble, session: aiohttp.ClientSession) -> None:
        self.double = double
        self.session = session

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send JSON (nothing if None); return the status and the answer's JSON or else its text."""
        return await self._send(method, path, json=body)

    async def call_with_files(
        self, method: str, path: str, body: Any, *files: bytes
    ) -> tuple[int, Any]:
        """Send multipart: payload_json and files[n]."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body))
        for index, content in enumerate(files):
            form.add_field(f"files[{index}]", content, filename=f"file{index}.txt")
        return await self._send(method, path, data=form)

    async def respond(self, answer: Answer, body: Any, *, query: str = "") -> tuple[int, Any]:
        """Send an initial response."""
        event = answer.interaction
        path = f"/interactions/{event['id']}/{event['token']}/callback{query}"
        return await self.call("POST", path, body)

    def webhook(self, answer: Answer, rest: str = "") -> str:
        """Return the path of an interaction's followup webhook."""
        return f"/webhooks/{self.double.world.application_id}/{answer.interaction['token']}{rest}"

    def commands(self, rest: str = "") -> str:
        """Return the path of the global commands."""
        return f"/applications/{self.double.world.application_id}/commands{rest}"

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway connection and read HELLO."""
        patience = aiohttp.ClientWSTimeout(ws_receive=5.0)  # pyright: ignore[reportCallIssue]
        url = self.double.gateway_url + "?v=10&encoding=json"
        socket = await self.session.ws_connect(url, timeout=patience)
        assert (await socket.receive_json())["op"] == 10
        return socket

    def identify(self, **changes: Any) -> Json:
        """Return an IDENTIFY frame."""
        data = {"token": self.double.token, "intents": GUILDS_INTENT, "properties": {}}
        return {"op": 2, "d": data | changes}

    async def _send(self, method: str, path: str, **content: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self.double.token}"}
        url = self.double.rest_url + path
        async with self.session.request(method, url, headers=headers, **content) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return response.status, json.loads(text) if is_json else text or None


@asynccontextmanager
async def raw_client(double: DiscordDouble) -> AsyncIterator[RawClient]:
    """Connect by hand, with one command synced."""
    async with aiohttp.ClientSession() as session:
        client = RawClient(double, session)
        status, _ = await client.call("PUT", client.commands(), COMMANDS)
        assert status == 200
        socket = await client.connect()
        await socket.send_json(client.identify())
        await double.wait_ready()
        yield client
        await socket.close()
