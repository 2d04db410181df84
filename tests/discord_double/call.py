"""A REST request as a bot sends it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_double.errors import RefusedError
from tests.discord_double.records import Upload
from tests.discord_double.world import FILE_LIMIT

API = "/api/v10"


@dataclass(slots=True)
class Call:
    """A request with its body read; ``route`` is the template, None when there is no such."""

    request: web.Request
    route: str | None
    body: Any = None
    uploads: tuple[Upload, ...] = ()

    def param(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]

    def flag(self, name: str) -> bool:
        """Return whether a query parameter is switched on."""
        return self.request.query.get(name, "").lower() in {"1", "true"}

    @property
    def method(self) -> str:
        """The HTTP method in capitals."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path after the API's version."""
        return self.request.path.removeprefix(API)

    @property
    def name(self) -> str:
        """The method and the route."""
        return f"{self.method} {self.route}"

    @property
    def token(self) -> str | None:
        """The token of the interaction that the request is about."""
        parts = self.request.match_info
        return parts.get("interaction_token") or parts.get("webhook_token")

    async def read(self) -> None:
        """Read the body, be it JSON or multipart.

        Raises:
            RefusedError: a body that is neither, or a file that is too large.
        """
        if self.request.content_type.startswith("multipart/"):
            await self._read_multipart()
        elif self.request.can_read_body:
            self.body = _parsed(await self.request.text())

    async def _read_multipart(self) -> None:
        uploads: list[Upload] = []
        async for part in await self.request.multipart():
            if not isinstance(part, BodyPartReader):
                raise RefusedError(400, 50109, "The request body contains invalid JSON.")
            name = part.name or ""
            if name == "payload_json":
                self.body = _parsed((await part.read()).decode())
            elif index := re.fullmatch(r"files\[(\d+)\]", name):
                content = bytes(await part.read())
                if len(content) > FILE_LIMIT:
                    raise RefusedError(413, 40005, "Request entity too large")
                kind = part.headers.get("Content-Type", "application/octet-stream")
                uploads.append(Upload(int(index[1]), part.filename or "unknown", kind, content))
            else:
                raise RefusedError(400, 50109, f"The request body holds an unknown field: {name}")
        self.body = {} if self.body is None else self.body
        self.uploads = tuple(uploads)


def _parsed(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise RefusedError(400, 50109, "The request body contains invalid JSON.") from None
