"""Faults of REST requests: what a client is told, and whether Discord did what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.discord_double.fates import STATUS, Fault
from tests.discord_double.interactions import Answer
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble
from tests.discord_double.tiny_bot import TinyBot, running

MESSAGE: Json = {"type": 4, "data": {"content": "first"}}
NOTE: Json = {"content": "note"}


@pytest.fixture
async def raw() -> AsyncIterator[RawClient]:
    async with DiscordDouble(check_itself=True) as double, raw_client(double) as client:
        yield client


async def asked(raw: RawClient) -> Answer:
    return await raw.double.slash("recommend", {}, wait=False)


async def said(raw: RawClient, answer: Answer) -> tuple[int, dict[str, str], str]:
    event = answer.interaction
    url = f"{raw.double.rest_url}/interactions/{event['id']}/{event['token']}/callback"
    async with raw.session.post(url, json=MESSAGE) as response:
        return response.status, dict(response.headers), await response.text()


async def test_a_full_bucket_names_itself_and_the_time(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.BUCKET_LIMIT, seconds=64.57)
    answer = await asked(raw)
    status, headers, body = await said(raw, answer)
    assert status == 429
    assert headers["Via"]
    assert headers["Content-Type"] == "application/json"
    assert headers["Retry-After"] == "65"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert headers["X-RateLimit-Reset-After"] == "64.570"
    assert headers["X-RateLimit-Scope"] == "user"
    assert len(headers["X-RateLimit-Bucket"]) == 32
    assert '"retry_after": 64.57' in body
    assert '"global": false' in body
    assert answer.initial is None


async def test_a_full_bucket_stays_full_until_the_time_is_over() -> None:
    now = [100.0]
    double = DiscordDouble(clock=lambda: now[0])
    async with double, raw_client(double) as raw:
        double.weather.plan(Fault.BUCKET_LIMIT, seconds=2.0)
        limited, free = await asked(raw), await asked(raw)
        assert (await raw.respond(limited, MESSAGE))[1]["retry_after"] == 2.0
        assert (await raw.respond(free, MESSAGE))[0] == 204
        now[0] += 1.5
        assert (await raw.respond(limited, MESSAGE))[1]["retry_after"] == 0.5
        now[0] += 0.5
        assert (await raw.respond(limited, MESSAGE))[0] == 204


async def test_the_limit_of_the_whole_application_says_so(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.GLOBAL_LIMIT, seconds=0.3)
    status, headers, body = await said(raw, await asked(raw))
    assert status == 429
    assert headers["Via"]
    assert (headers["X-RateLimit-Global"], headers["X-RateLimit-Scope"]) == ("true", "global")
    assert headers["Retry-After"] == "1"
    assert "X-RateLimit-Bucket" not in headers
    assert '"global": true' in body


async def test_cloudflare_limits_without_via_and_without_json(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.CLOUDFLARE_LIMIT, seconds=20)
    status, headers, body = await said(raw, await asked(raw))
    assert (status, body) == (429, "error code: 1015")
    assert "Via" not in headers
    assert headers["Retry-After"] == "20"


@pytest.mark.parametrize("fault", STATUS)
async def test_a_proxy_answers_html_and_nothing_happened(raw: RawClient, fault: Fault) -> None:
    raw.double.weather.plan(fault)
    answer = await asked(raw)
    status, headers, body = await said(raw, answer)
    assert status == STATUS[fault]
    assert headers["Content-Type"].startswith("text/html")
    assert "<html>" in body
    assert answer.initial is None
    assert (await raw.respond(answer, MESSAGE))[0] == 204


async def test_a_reset_before_the_effect_leaves_the_interaction_open(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.RESET)
    answer = await asked(raw)
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await raw.respond(answer, MESSAGE)
    assert answer.initial is None
    assert (await raw.respond(answer, MESSAGE))[0] == 204


async def test_a_reset_after_the_effect_has_answered_the_member(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.RESET_AFTER)
    answer = await asked(raw)
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await raw.respond(answer, MESSAGE)
    assert answer.message is not None
    status, body = await raw.respond(answer, MESSAGE)
    assert (status, body["code"]) == (400, 40060)


async def test_a_lost_answer_has_answered_the_member(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.LOST_ANSWER)
    answer = await asked(raw)
    status, _, body = await said(raw, answer)
    assert status == 502
    assert "<html>" in body
    assert answer.message is not None
    assert (await raw.respond(answer, MESSAGE))[1]["code"] == 40060


async def test_a_followup_whose_answer_was_lost_stands_there_twice_when_it_is_sent_again(
    raw: RawClient,
) -> None:
    answer = await asked(raw)
    await raw.respond(answer, MESSAGE)
    raw.double.weather.plan(Fault.RESET_AFTER, on="POST /webhooks")
    with pytest.raises(aiohttp.ClientOSError):
        await raw.call("POST", raw.webhook(answer), NOTE)
    assert (await raw.call("POST", raw.webhook(answer), NOTE))[0] == 200
    assert [one["content"] for one in answer.followups] == ["note", "note"]


async def test_an_edit_whose_answer_was_lost_can_be_sent_again(raw: RawClient) -> None:
    answer = await asked(raw)
    await raw.respond(answer, MESSAGE)
    raw.double.weather.plan(Fault.RESET_AFTER, on="PATCH")
    original = raw.webhook(answer, "/messages/@original")
    with pytest.raises(aiohttp.ClientOSError):
        await raw.call("PATCH", original, NOTE)
    assert answer.message is not None
    assert answer.message["content"] == "note"
    assert (await raw.call("PATCH", original, NOTE))[0] == 200


async def test_a_slow_request_takes_effect_after_its_sender_gave_up(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.SLOW, seconds=0.15)
    answer = await asked(raw)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(raw.respond(answer, MESSAGE), 0.05)
    assert answer.initial is None
    await answer.responded()


async def test_a_slow_answer_comes_after_the_effect(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.SLOW_ANSWER, seconds=0.3)
    answer = await asked(raw)
    responding = asyncio.create_task(raw.respond(answer, MESSAGE))
    await answer.responded()
    assert answer.message is not None
    assert not responding.done()
    assert (await responding)[0] == 204


async def test_a_plan_befalls_only_what_it_is_for_and_only_so_often(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.INTERNAL, times=2, on="GET /users/@me")
    answer = await asked(raw)
    assert (await raw.respond(answer, MESSAGE))[0] == 204
    url = raw.double.rest_url + "/users/@me"
    headers = {"Authorization": f"Bot {raw.double.token}"}
    seen: list[int] = []
    for _ in range(3):
        async with raw.session.get(url, headers=headers) as response:
            seen.append(response.status)
    assert seen == [500, 500, 200]


async def test_clear_weather_is_clear(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.RESET, times=9)
    raw.double.weather.refusing = 503
    raw.double.weather.clear()
    assert (await raw.respond(await asked(raw), MESSAGE))[0] == 204


@pytest.fixture
async def failures() -> AsyncIterator[tuple[DiscordDouble, asyncio.Queue[Exception]]]:
    async with DiscordDouble() as double, running(double) as bot:
        yield double, note_failures(bot)


def note_failures(bot: TinyBot) -> asyncio.Queue[Exception]:
    seen: asyncio.Queue[Exception] = asyncio.Queue()

    async def on_error(_: discord.Interaction[TinyBot], error: Exception) -> None:
        seen.put_nowait(getattr(error, "original", error))

    bot.tree.error(on_error)
    return seen


@pytest.mark.parametrize("fault", [Fault.BUCKET_LIMIT, Fault.GLOBAL_LIMIT])
async def test_discord_py_waits_as_it_is_told(
    failures: tuple[DiscordDouble, asyncio.Queue[Exception]], fault: Fault
) -> None:
    double, failed = failures
    double.weather.plan(fault, seconds=0.02, times=2)
    answer = await double.slash("private")
    assert double.ledger.of(answer).first.faults == [fault, fault]
    assert failed.empty()


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.CLOUDFLARE_LIMIT, discord.HTTPException), (Fault.RESET, aiohttp.ClientOSError)],
)
async def test_discord_py_alone_gives_up_at_once(
    failures: tuple[DiscordDouble, asyncio.Queue[Exception]],
    fault: Fault,
    error: type[Exception],
) -> None:
    double, failed = failures
    double.weather.plan(fault, seconds=1)
    answer = await double.slash("private", wait=False)
    assert isinstance(await asyncio.wait_for(failed.get(), 5), error)
    assert answer.initial is None
    assert double.ledger.of(answer).first.faults == [fault]


@pytest.mark.slow
async def test_discord_py_meets_40060_after_a_lost_answer(
    failures: tuple[DiscordDouble, asyncio.Queue[Exception]],
) -> None:
    double, failed = failures
    double.weather.plan(Fault.LOST_ANSWER)
    answer = await double.slash("private")
    error = await asyncio.wait_for(failed.get(), 10)
    assert isinstance(error, discord.HTTPException)
    assert error.code == 40060
    assert answer.message is not None
