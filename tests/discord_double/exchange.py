"""One REST exchange: reading the request, answering with Discord's headers, keeping the record."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_double.errors import RefusedError, invalid_form
from tests.discord_double.interactions import Interactions
from tests.discord_double.openapi import Contract
from tests.discord_double.records import Rejection, Request, Upload
from tests.discord_double.waiting import Signal
from tests.discord_double.weather import Weather
from tests.discord_double.world import FILE_LIMIT, World

API = "/api/v10"


@dataclass(slots=True)
class Log:
    """Everything that was asked over REST, in order."""

    requests: list[Request] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    unknown_routes: list[str] = field(default_factory=list)
    own_faults: list[Exception] = field(default_factory=list)


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


Handler = Callable[[Call], Awaitable[tuple[Any, int]]]


class Exchange:
    """Makes aiohttp handlers out of route functions, which take a Call and give (body, status)."""

    def __init__(
        self,
        log: Log,
        signal: Signal,
        contract: Contract,
        world: World,
        interactions: Interactions,
        *,
        weather: Weather,
    ) -> None:
        self._weather = weather
        self._log = log
        self._signal = signal
        self._contract = contract
        self._token = world.token
        self._interactions = interactions

    def endpoint(
        self, route: str | None, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return the aiohttp handler of a route; a refusal becomes Discord's error body."""

        async def answer_request(request: web.Request) -> web.Response:
            call = Call(request, route)
            if self._weather.refusing is not None:
                return _of_a_proxy(self._weather.refusing)
            try:
                await call.read()
                answer, status = await self._handled(call, handler)
            except RefusedError as refusal:
                answer, status = refusal.to_json(), refusal.status
                self._reject(call, refusal)
            except Exception as fault:
                self._log.own_faults.append(fault)
                # Not 500, which discord.py would repeat for many seconds.
                raise web.HTTPNotImplemented(reason="the local Discord itself failed") from fault
            self._log.requests.append(_record(call, status))
            self._signal.notify()
            if status < 300 and self._weather.loses_answer(route):
                return _of_a_proxy(502)
            return _response(call, answer, status)

        return answer_request

    def _reject(self, call: Call, refusal: RefusedError) -> None:
        rejection = _rejection(call, refusal)
        self._log.rejections.append(rejection)
        tokens = [call.request.match_info.get(f"{one}_token") for one in ("interaction", "webhook")]
        for answer in filter(None, (self._interactions.find(one) for one in tokens if one)):
            answer.rejections.append(rejection)

    async def _handled(self, call: Call, handler: Handler) -> tuple[Any, int]:
        if call.route is None:
            self._log.unknown_routes.append(f"{call.method} {call.path}")
            raise RefusedError(404, 0, "404: Not Found")
        public = call.route.startswith(("/interactions", "/webhooks")) or call.route == "/gateway"
        if not public and call.request.headers.get("Authorization") != f"Bot {self._token}":
            raise RefusedError(401, 0, "401: Unauthorized")
        errors = self._contract.check_request(call.route, call.method, call.body)
        if errors:
            raise invalid_form(errors)
        answer, status = await handler(call)
        self._contract.check_response(call.route, call.method, answer, status)
        return answer, status


def _record(call: Call, status: int) -> Request:
    return Request(
        call.method,
        call.path,
        call.route,
        dict(call.request.query),
        call.body,
        call.uploads,
        status,
    )


def _rejection(call: Call, refusal: RefusedError) -> Rejection:
    return Rejection(
        call.method,
        call.path,
        refusal.status,
        refusal.code,
        refusal.message,
        refusal.errors,
        call.body,
    )


def _of_a_proxy(status: int) -> web.Response:
    return web.Response(status=status, text=f"<h1>{status}</h1>", content_type="text/html")


def _response(call: Call, answer: Any, status: int) -> web.Response:
    bucket = hashlib.sha256(f"{call.method} {call.route}".encode()).hexdigest()[:32]
    headers = {
        "Via": "1.1 google",
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": bucket,
    }
    if status == 204:
        return web.Response(status=204, headers=headers)
    body = json.dumps(answer).encode()
    # discord.py parses an answer only if its type is exactly this, without a charset.
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")
