"""One REST exchange: reading the request, answering with Discord's headers, keeping the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.discord_double.call import Call
from tests.discord_double.errors import RefusedError, invalid_form
from tests.discord_double.fates import Fault
from tests.discord_double.http_answers import cut, of_a_proxy, of_discord, without_effect
from tests.discord_double.interactions import Interactions
from tests.discord_double.ledger import Attempt, Ledger
from tests.discord_double.openapi import Contract
from tests.discord_double.records import Rejection, Request
from tests.discord_double.waiting import Signal
from tests.discord_double.weather import Weather
from tests.discord_double.world import World


@dataclass(slots=True)
class Log:
    """Everything that was asked over REST, in order."""

    requests: list[Request] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    unknown_routes: list[str] = field(default_factory=list)
    own_faults: list[Exception] = field(default_factory=list)


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
        ledger: Ledger,
        weather: Weather,
    ) -> None:
        self._ledger = ledger
        self._weather = weather
        self._log = log
        self._signal = signal
        self._contract = contract
        self._token = world.token
        self._interactions = interactions

    def endpoint(
        self, route: str | None, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return the aiohttp handler of a route; a refusal becomes Discord's error body."""

        async def answer_request(request: web.Request) -> web.StreamResponse:
            call = Call(request, route)
            unreadable = await _read(call)
            scope, attempt = self._ledger.attempt(call)
            fate = attempt.fate = self._weather.at_request(
                call.name, scope, self._interactions.now()
            )
            if fate.fault is Fault.SLOW:
                await asyncio.sleep(fate.seconds)
            if not fate.takes_effect:
                self._signal.notify()
                return without_effect(request, call.name, fate)
            answer, status = await self._outcome(call, handler, attempt, unreadable)
            self._signal.notify()
            if fate.fault is Fault.SLOW_ANSWER:
                await asyncio.sleep(fate.seconds)
            if fate.fault is Fault.RESET_AFTER:
                return cut(request)
            lost = fate.fault is Fault.LOST_ANSWER
            if lost or (status < 300 and self._weather.loses_answer(route)):
                return of_a_proxy(502)
            return of_discord(call.name, answer, status)

        return answer_request

    async def _outcome(
        self, call: Call, handler: Handler, attempt: Attempt, unreadable: RefusedError | None
    ) -> tuple[Any, int]:
        try:
            answer, status = await self._handled(call, handler, unreadable)
            self._ledger.took_effect(call, attempt)
        except RefusedError as refusal:
            answer, status = refusal.to_json(), refusal.status
            attempt.code = refusal.code
            self._reject(call, refusal)
        except Exception as fault:
            self._log.own_faults.append(fault)
            # Not 500, which discord.py would repeat for many seconds.
            raise web.HTTPNotImplemented(reason="the local Discord itself failed") from fault
        self._log.requests.append(_record(call, status))
        return answer, status

    def _reject(self, call: Call, refusal: RefusedError) -> None:
        rejection = _rejection(call, refusal)
        self._log.rejections.append(rejection)
        answer = self._interactions.find(call.token or "")
        if answer is not None:
            answer.rejections.append(rejection)

    async def _handled(
        self, call: Call, handler: Handler, unreadable: RefusedError | None
    ) -> tuple[Any, int]:
        if unreadable is not None:
            raise unreadable
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


async def _read(call: Call) -> RefusedError | None:
    try:
        await call.read()
    except RefusedError as refusal:
        return refusal
    return None


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
