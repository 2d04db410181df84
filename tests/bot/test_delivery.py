"""Answers go out again while Discord still takes them, and never stand there twice."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot import delivery
from bot.delivery import DeliveringAdapter


def route(method: str, path: str) -> Route:
    return Route(method, path, webhook_id=5, webhook_token="abc")  # noqa: S106


FIRST = route("POST", "/interactions/{webhook_id}/{webhook_token}/callback")
FOLLOWUP = route("POST", "/webhooks/{webhook_id}/{webhook_token}")
EDIT = route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
BUSY = {"message": "You are being rate limited.", "retry_after": 0.1, "global": False}


def as_json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Without a charset behind the content type, as Discord and discord.py have it."""
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, headers=headers, content_type="application/json")


class Line:
    """A Discord that answers as it is told, and then well."""

    def __init__(self) -> None:
        self.faults: list[int | str] = []
        self.seen: list[bytes] = []
        self.released = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(await request.read())
        fault = self.faults.pop(0) if self.faults else 200
        if fault == "broken":
            assert request.transport is not None
            request.transport.abort()
        if fault == "silent":
            await self.released.wait()
        if fault == 429:
            return as_json(BUSY, 429, {"Retry-After": "0.1"})
        if fault == 400:
            return as_json({"code": 40060, "message": "Already acknowledged"}, 400)
        if fault == 404:
            return as_json({"code": 10062, "message": "Unknown"}, 404)
        if isinstance(fault, int) and fault >= 500:
            return web.Response(status=fault, text="<html>", content_type="text/html")
        return as_json({"id": "1"})


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    told = Line()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", told.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    for one in (FIRST, FOLLOWUP, EDIT):
        monkeypatch.setattr(one, "url", f"http://{host}:{port}{one.path}")
    yield told
    told.released.set()
    await runner.cleanup()


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def send(route: Route, retried: Callable[[str], None] = lambda _: None) -> object:
    async with session() as opened:
        return await DeliveringAdapter(retried).request(route, opened, payload={"content": "yes"})


@pytest.mark.parametrize("route", [FIRST, EDIT], ids=["first", "edit"])
@pytest.mark.parametrize("fault", [500, 502, 503, 504, 429, "broken"])
async def test_what_may_go_better_the_next_time_is_sent_again(
    line: Line, route: Route, fault: int | str
) -> None:
    line.faults = [fault, fault]
    reasons: list[str] = []
    assert await send(route, reasons.append) == {"id": "1"}
    assert line.seen == [b'{"content":"yes"}'] * 3
    assert reasons == ["connection broken" if fault == "broken" else f"HTTP {fault}"] * 2


async def test_a_first_response_that_hangs_leaves_time_for_another(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_FIRST_ATTEMPT_S", 0.1)
    line.faults = ["silent"]
    reasons: list[str] = []
    assert await send(FIRST, reasons.append) == {"id": "1"}
    assert reasons == ["no answer in time"]


@pytest.mark.parametrize("fault", [503, 429])
async def test_a_followup_that_surely_did_not_arrive_is_sent_again(line: Line, fault: int) -> None:
    line.faults = [fault]
    assert await send(FOLLOWUP) == {"id": "1"}


@pytest.mark.parametrize("fault", [500, 502, 504, "broken"])
async def test_a_followup_that_may_have_arrived_is_not(line: Line, fault: int | str) -> None:
    line.faults = [fault]
    with pytest.raises((discord.DiscordServerError, aiohttp.ClientError, OSError)):
        await send(FOLLOWUP)
    assert len(line.seen) == 1


async def test_what_discord_refuses_for_good_is_not_sent_again(line: Line) -> None:
    line.faults = [404]
    with pytest.raises(discord.NotFound) as refused:
        await send(FIRST)
    assert refused.value.code == 10062
    assert len(line.seen) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [(503, discord.DiscordServerError), (429, discord.HTTPException), ("broken", OSError)],
)
async def test_after_the_deadline_the_last_word_is_raised(
    line: Line, fault: int | str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_S", 0.4)
    line.faults = [fault] * 50
    with pytest.raises((error, aiohttp.ClientError)):
        await send(FIRST)
    assert 1 < len(line.seen) < 10


async def test_longer_than_discord_waits_no_429_is_waited_for(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_S", 0.05)
    line.faults = [429]
    with pytest.raises(discord.HTTPException):
        await send(FIRST)
    assert len(line.seen) == 1


async def test_a_file_is_whole_each_time(line: Line) -> None:
    line.faults = [503]
    file = discord.File(io.BytesIO(b"a picture"), "map.png")
    part = {
        "name": "files[0]",
        "value": file.fp,
        "filename": "map.png",
        "content_type": "image/png",
    }
    async with session() as opened:
        await DeliveringAdapter().request(EDIT, opened, multipart=[part], files=[file])
    assert len(line.seen) == 2
    assert all(b"a picture" in body for body in line.seen)


async def test_it_sends_for_the_task_that_uses_it_and_those_it_starts() -> None:
    adapter = DeliveringAdapter()

    async def start() -> AsyncWebhookAdapter:
        adapter.use()
        return await asyncio.create_task(current())

    async def current() -> AsyncWebhookAdapter:
        return async_context.get()

    assert await asyncio.create_task(start()) is adapter
    assert async_context.get() is not adapter


async def test_a_response_that_arrived_although_the_word_was_lost_is_a_success(line: Line) -> None:
    line.faults = [502, 400]
    assert await send(FIRST) == {"interaction": {"id": "5"}}


async def test_a_response_to_what_was_answered_before_is_refused(line: Line) -> None:
    line.faults = [400]
    with pytest.raises(discord.HTTPException) as refused:
        await send(FIRST)
    assert refused.value.code == 40060
