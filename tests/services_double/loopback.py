"""A web server on the loopback whose manners a test chooses."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from aiohttp import web

CLOUDFLARE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: 8f00</p></body></html>"
)
_DRIP_SECONDS = 0.02


class Manners(StrEnum):
    """What a service does with a request instead of answering it."""

    FORBIDDEN = "a Cloudflare 403 page"
    RATE_LIMITED = "429 with Retry-After: 30"
    INTERNAL = "500"
    UNKNOWN = "520 in HTML"
    FOREIGN_404 = "a 404 of some other server"
    HTML = "200 with HTML"
    TRUNCATED = "the first half of the answer"
    CUT_OFF = "a connection closed in the middle"
    HUGE = "the answer and 3 MB of spaces"
    DRIP = "a byte now and then"
    HANG = "nothing at all"


@dataclass
class Seen:
    """A request as it arrived."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Loopback:
    """Serves ``routes()`` on a free port; ``manners`` holds for every request until changed.

    ``next_manners`` are used up first, one a request, so that a test can break the second request.
    ``latency`` is the seconds that the service takes over each request.
    """

    manners: Manners | None = None
    next_manners: deque[Manners | None] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    latency: float = 0.0
    in_flight: int = 0
    most_in_flight: int = 0
    address: str = ""

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._released = asyncio.Event()
        application = web.Application(middlewares=[self._behave])
        application.add_routes(self.routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Refuse every further connection."""
        self.release()
        await self._runner.cleanup()

    def release(self) -> None:
        """Let go of the requests that hang or drip."""
        self._released.set()

    @web.middleware
    async def _behave(self, request: web.Request, handler) -> web.StreamResponse:
        self.seen.append(Seen(request.path, dict(request.query), dict(request.headers)))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            manners = self.next_manners.popleft() if self.next_manners else self.manners
            if manners is None:
                return await handler(request)
            return await self._misbehave(manners, request, handler)
        finally:
            self.in_flight -= 1

    async def _misbehave(self, manners: Manners, request: web.Request, handler):
        if manners is Manners.HANG:
            await self._released.wait()
            return web.Response(status=503)
        if manners is Manners.DRIP:
            return await self._drip(request)
        if manners is Manners.TRUNCATED:
            whole = await handler(request)
            return web.Response(body=whole.body[: len(whole.body) // 2], content_type="text/html")
        if manners is Manners.HUGE:
            whole = await handler(request)
            return web.Response(body=whole.body + b" " * 3_000_000, content_type=whole.content_type)
        if manners is Manners.CUT_OFF:
            return await self._cut_off(request)
        return _REFUSALS[manners]()

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not self._released.is_set():
            await response.write(b" ")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._released.wait(), _DRIP_SECONDS)
        return response

    async def _cut_off(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"id": 1, "trackName": "Ha')
        assert request.transport is not None
        request.transport.close()
        return response


def _html(status: int, text: str, **headers: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)


_REFUSALS = {
    Manners.FORBIDDEN: lambda: _html(403, CLOUDFLARE),
    Manners.RATE_LIMITED: lambda: _html(429, "slow down", **{"Retry-After": "30"}),
    Manners.INTERNAL: lambda: web.json_response({"message": "Something bad happened"}, status=500),
    Manners.UNKNOWN: lambda: _html(520, "<h1>Web server is returning an unknown error</h1>"),
    Manners.FOREIGN_404: lambda: _html(404, "<h1>nginx</h1>"),
    Manners.HTML: lambda: _html(200, "<html><body>Welcome to the hotel network</body></html>"),
}
