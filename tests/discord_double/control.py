"""A loopback address at which another process can drive a local Discord and ask about it.

| request | body | answer |
|---|---|---|
| GET /state | | who is there, and what was refused |
| PUT /weather, DELETE /weather | WeatherOrder, nothing | |
| POST /plans | PlanOrder | |
| PUT /storm, DELETE /storm | StormOrder, nothing | how often each fault happened |
| POST /gateway | GatewayOrder | |
| POST /wait | WaitOrder | |
| POST /interactions | a list of deeds (``orders.Deed``) | their numbers |
| GET /interactions/N?until=responded&timeout=3 | | the answer (or ``until=settled``) |
| GET /ledger?since=N | | a verdict on all, and the entries from N on |

A wrong order is answered with 400, one that cannot be obeyed with 409; both say why.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from tests.discord_double.errors import DoubleError
from tests.discord_double.judging import judge
from tests.discord_double.orders import (
    Deed,
    GatewayOrder,
    PlanOrder,
    StormOrder,
    WaitOrder,
    WeatherOrder,
)
from tests.discord_double.server import DiscordDouble
from tests.discord_double.told import of_answer, of_entry, of_state, of_verdict

_DEEDS: TypeAdapter[list[Deed]] = TypeAdapter(list[Deed])


class Control:
    """Binds what can be asked for to a local Discord."""

    def __init__(self, double: DiscordDouble) -> None:
        self._double = double

    def application(self) -> web.Application:
        """Return the aiohttp application."""
        app = web.Application(client_max_size=32 * 2**20)
        for method, path, handler in (
            ("GET", "/state", self._state),
            ("PUT", "/weather", self._weather),
            ("DELETE", "/weather", self._clear),
            ("POST", "/plans", self._plan),
            ("PUT", "/storm", self._begin_storm),
            ("DELETE", "/storm", self._end_storm),
            ("POST", "/gateway", self._gateway),
            ("POST", "/wait", self._wait),
            ("POST", "/interactions", self._interactions),
            (r"GET", r"/interactions/{number:\d+}", self._answer),
            ("GET", "/ledger", self._ledger),
        ):
            app.router.add_route(method, path, _answering(handler))
        return app

    async def _state(self, _: web.Request) -> Any:
        return of_state(self._double)

    async def _weather(self, request: web.Request) -> Any:
        order = WeatherOrder.model_validate_json(await request.read())
        for name, value in order:
            setattr(self._double.weather, name, value)

    async def _clear(self, _: web.Request) -> Any:
        self._double.weather.clear()

    async def _plan(self, request: web.Request) -> Any:
        order = PlanOrder.model_validate_json(await request.read())
        self._double.weather.plan(
            order.fault, times=order.times, seconds=order.seconds, on=order.on
        )

    async def _begin_storm(self, request: web.Request) -> Any:
        self._double.weather.storm = StormOrder.model_validate_json(await request.read()).storm()

    async def _end_storm(self, _: web.Request) -> Any:
        storm = self._double.weather.storm
        if storm is None:
            raise DoubleError("there is no storm")
        return dict(storm.end())

    async def _gateway(self, request: web.Request) -> Any:
        await GatewayOrder.model_validate_json(await request.read()).obey(self._double)

    async def _wait(self, request: web.Request) -> Any:
        await WaitOrder.model_validate_json(await request.read()).obey(self._double)

    async def _interactions(self, request: web.Request) -> Any:
        begun = [
            await deed.begin(self._double) for deed in _DEEDS.validate_json(await request.read())
        ]
        return [self._double.ledger.of(one).number for one in begun]

    async def _answer(self, request: web.Request) -> Any:
        number = int(request.match_info["number"])
        if number >= len(self._double.answers):
            raise DoubleError(f"there is no interaction {number}")
        answer = self._double.answers[number]
        timeout = float(request.query.get("timeout", "3"))
        match request.query.get("until"):
            case "responded":
                await answer.responded(timeout)
            case "settled":
                await answer.settled(timeout)
            case _:
                pass
        return of_answer(answer)

    async def _ledger(self, request: web.Request) -> Any:
        ledger = self._double.ledger
        since = int(request.query.get("since", "0"))
        return {
            "verdict": of_verdict(judge(ledger, self._double.weather.storm)),
            "entries": [of_entry(one) for one in ledger.entries[since:]],
        }


@asynccontextmanager
async def controlled(double: DiscordDouble) -> AsyncIterator[str]:
    """Let other processes of this machine drive a local Discord; yields the address."""
    runner = web.AppRunner(Control(double).application(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _answering(
    handler: Callable[[web.Request], Awaitable[Any]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response(await handler(request))
        except (ValidationError, ValueError) as fault:
            return web.json_response({"error": str(fault)}, status=400)
        except (DoubleError, IndexError) as fault:
            return web.json_response({"error": f"{type(fault).__name__}: {fault}"}, status=409)

    return answer
