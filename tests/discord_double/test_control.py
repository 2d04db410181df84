"""A local Discord in a process of its own: driven, stormed at and judged from this one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from tests.discord_double.control import controlled
from tests.discord_double.errors import DoubleError
from tests.discord_double.fates import Fault
from tests.discord_double.remote import ROOT, RemoteDouble, in_a_process
from tests.discord_double.server import DiscordDouble
from tests.discord_double.tiny_bot import running


@pytest.fixture
async def remote() -> AsyncIterator[RemoteDouble]:
    """Driven over its control address although it is in this process, with a bot logged in."""
    async with (
        DiscordDouble() as double,
        running(double),
        controlled(double) as address,
        aiohttp.ClientSession() as session,
    ):
        where = {"rest": double.rest_url, "gateway": double.gateway_url, "token": double.token}
        yield RemoteDouble(where | {"control": address}, session)


async def test_every_deed_of_a_member_can_be_ordered(remote: RemoteDouble) -> None:
    otis = {"id": 17, "name": "otis", "locale": "de"}
    first, typed, private, menu = await remote.fire(
        [
            {"do": "slash", "name": "recommend", "options": {"artist": "June Carter"}},
            {
                "do": "autocomplete",
                "name": "recommend",
                "options": {"artist": "john"},
                "focused": "artist",
            },
            {"do": "slash", "name": "private", "private": True, "user": otis},
            {"do": "message_menu", "name": "Quote it", "content": "What a song"},
        ]
    )
    assert (first, typed, private, menu) == (0, 1, 2, 3)
    assert (await remote.answer(first))["message"]["content"] == "for June Carter"
    assert (await remote.answer(typed))["choices"][0]["value"] == "Johnny Cash"
    assert (await remote.answer(private))["message"]["content"] == "de to nobody"
    assert (await remote.answer(menu))["message"]["content"] == "otis: What a song"
    (opened,) = await remote.fire([{"do": "press", "on": first, "label": "Tell"}])
    assert (await remote.answer(opened))["reply"] == "modal"
    (told,) = await remote.fire([{"do": "submit", "on": opened, "fields": {"why": "it swings"}}])
    assert (await remote.answer(told, until="settled"))["message"]["content"] == "because it swings"


async def test_planned_faults_can_be_ordered_and_read(remote: RemoteDouble) -> None:
    await remote.plan(Fault.BUCKET_LIMIT, seconds=0.02)
    (number,) = await remote.fire([{"do": "slash", "name": "private"}])
    await remote.answer(number)
    told = await remote.ledger()
    assert told["verdict"] == {
        "fired": 1,
        "answered": 1,
        **{name: [] for name in ("hopeless", "missed", "twice", "thinking", "unfulfilled")},
    }
    (entry,) = told["entries"]
    assert (entry["name"], entry["kind"], entry["answered"]) == ("private", "command", True)
    assert [one["fault"] for one in entry["first"]["attempts"]] == ["bucket_limit", None]
    assert entry["first"]["clear_in_time"]


async def test_a_storm_can_be_begun_and_ended(remote: RemoteDouble) -> None:
    await remote.begin_storm(4, {Fault.RESET: 1.0})
    numbers = await remote.fire([{"do": "slash", "name": "private"}] * 3)
    with pytest.raises(DoubleError, match="initial response"):
        await remote.answer(numbers[-1], timeout=0.2)
    assert await remote.end_storm() == {Fault.RESET: 3}
    verdict = (await remote.ledger())["verdict"]
    assert (verdict["answered"], verdict["hopeless"]) == (0, numbers)
    (number,) = await remote.fire([{"do": "slash", "name": "private"}])
    assert (await remote.answer(number))["message"]["content"] == "en-US to nobody"
    assert [one["number"] for one in (await remote.ledger(since=3))["entries"]] == [3]


@pytest.mark.parametrize("do", ["drop", "reconnect", "invalidate_resumable"])
async def test_the_gateway_can_be_disturbed(remote: RemoteDouble, do: str) -> None:
    await remote.gateway(do)
    await remote.wait("resumed")
    await remote.wait("ready", timeout=10)
    assert (await remote.state())["ready_shards"] == [0]


async def test_lasting_weather_can_be_set_and_cleared(remote: RemoteDouble) -> None:
    await remote.set_weather(closing=4004, lost_answers=2)
    await remote.clear_weather()
    (number,) = await remote.fire([{"do": "slash", "name": "private"}])
    assert (await remote.answer(number))["rejections"] == []


Ask = Callable[[RemoteDouble], Any]


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda remote: remote.fire([{"do": "dance"}]), "dance"),
        (lambda remote: remote.fire([{"do": "slash", "nam": "x", "name": "private"}]), "nam"),
        (lambda remote: remote.fire([{"do": "slash", "name": "recomend"}]), "NotOfferedError"),
        (lambda remote: remote.fire([{"do": "press", "on": 7, "label": "x"}]), "IndexError"),
        (lambda remote: remote.answer(7), "no interaction 7"),
        (lambda remote: remote.begin_storm(1, {Fault.RESET: 2.0}), "no probabilities"),
        (lambda remote: remote.end_storm(), "no storm"),
        (lambda remote: remote.set_weather(refusin=503), "refusin"),
        (lambda remote: remote.wait("resumed", timeout=0.01), "resumption"),
    ],
)
async def test_what_cannot_be_done_is_said(remote: RemoteDouble, ask: Ask, why: str) -> None:
    with pytest.raises(DoubleError, match=why):
        await ask(remote)


@pytest.mark.slow
async def test_a_bot_and_a_local_discord_each_in_its_own_process() -> None:
    async with in_a_process(guilds=2, seconds=60) as remote:
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.discord_double.launch"),
            *("--rest", remote.rest_url, "--gateway", remote.gateway_url, "--"),
            *("tests.discord_double.tiny_main", remote.token),
            stdin=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert bot.stdin is not None
        try:
            await remote.wait("ready", timeout=30)
            await remote.begin_storm(
                2, {Fault.BUCKET_LIMIT: 0.3}, {Fault.BUCKET_LIMIT: (0.0, 0.05)}
            )
            numbers = await remote.fire([{"do": "slash", "name": "private", "guild": 1}] * 40)
            for number in numbers:
                await remote.answer(number, timeout=10)
            assert (await remote.end_storm())[Fault.BUCKET_LIMIT] > 0
            assert (await remote.ledger())["verdict"]["answered"] == 40
            assert (await remote.state())["own_faults"] == []
        finally:
            bot.stdin.close()
            await asyncio.wait_for(bot.wait(), 20)
