"""Faults of the gateway: cut connections, op 7, op 9, heartbeats that nobody acknowledges."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.discord_double.errors import NotConnectedError
from tests.discord_double.fates import Fault
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.server import DiscordDouble
from tests.discord_double.tiny_bot import running


@pytest.fixture
async def raw() -> AsyncIterator[RawClient]:
    async with DiscordDouble() as double, raw_client(double) as client:
        yield client


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.RECONNECT, Fault.INVALID_RESUMABLE])
async def test_an_event_in_bad_weather_arrives_after_a_resume(fault: Fault) -> None:
    async with DiscordDouble() as double, running(double):
        double.weather.plan(fault)
        answer = await double.slash("private", wait=False)
        await double.wait_resumed()
        await answer.responded(10)
        assert [one.resumed for one in double.identified] == [False, True]
        assert len(double.ledger.of(answer).delivered) >= 1
        assert double.ledger.of(answer).first.effects == 1


async def test_a_session_that_is_over_makes_the_client_identify_again() -> None:
    async with DiscordDouble() as double, running(double):
        double.weather.plan(Fault.INVALID)
        answer = await double.slash("private", wait=False)
        await double.signal.until(lambda: len(double.identified) == 2, timeout=20, what="a login")
        await answer.responded(10)
        assert [one.resumed for one in double.identified] == [False, False]
        await double.wait_ready()
        assert (await double.slash("private")).message is not None


async def test_op_9_on_demand_can_be_resumed() -> None:
    async with DiscordDouble() as double, running(double):
        await double.gateway.invalidate(resumable=True)
        await double.wait_resumed()
        assert (await double.slash("private")).message is not None


async def test_what_happens_without_a_session_is_told_to_the_test(raw: RawClient) -> None:
    await raw.double.gateway.invalidate()
    with pytest.raises(NotConnectedError):
        await raw.double.slash("recommend", {}, wait=False)
    assert raw.double.ledger.entries[-1].delivered == []


async def test_a_session_that_remembers_too_little_is_invalid(raw: RawClient) -> None:
    raw.double.gateway.drop()
    for _ in range(1_001):
        await raw.double.gateway.dispatch("TYPING_START", {}, guild_id=raw.double.guilds[0].id)
    session = raw.double.identified[0].session
    socket = await raw.connect()
    frame = {"token": raw.double.token, "session_id": session, "seq": 2}
    await socket.send_json({"op": 6, "d": frame})
    assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
    await socket.close()


async def test_heartbeats_can_go_unacknowledged(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.UNACKNOWLEDGED)
    deaf, good = await raw.connect(), await raw.connect()
    for socket in (deaf, good):
        await socket.send_json({"op": 1, "d": None})
    assert (await good.receive_json())["op"] == 11
    await deaf.send_json(raw.identify())
    assert (await deaf.receive_json())["t"] == "READY", "nothing came before it"
    for socket in (deaf, good):
        await socket.close()


async def test_a_client_leaves_a_connection_on_which_heartbeats_go_unacknowledged() -> None:
    async with (
        DiscordDouble(heartbeat_s=0.1) as double,
        running(double, heartbeat_timeout=1.0),
    ):
        double.gateway.ignore_heartbeats()
        await double.wait_resumed(timeout=20)
        assert (await double.slash("private", timeout=10)).message is not None


async def test_a_refused_handshake_is_no_websocket(raw: RawClient) -> None:
    raw.double.weather.plan(Fault.REFUSED_HANDSHAKE)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
        await raw.connect()
    assert raw.double.gateway.handshakes_refused == 1
    await (await raw.connect()).close()


async def test_discord_py_stumbles_over_a_refused_first_handshake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.0)
    async with DiscordDouble() as double:
        double.weather.plan(Fault.REFUSED_HANDSHAKE)
        client = discord.Client(intents=discord.Intents.none())
        with double.route_client():
            async with client:
                with pytest.raises(AttributeError, match="sequence"):
                    await asyncio.wait_for(client.start(double.token), 10)
    assert double.identified == []


async def test_two_refused_handshakes_after_a_drop_are_overcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.0)
    async with DiscordDouble() as double, running(double):
        double.weather.plan(Fault.REFUSED_HANDSHAKE, times=2)
        double.gateway.drop()
        await double.signal.until(lambda: len(double.identified) == 2, timeout=20, what="a login")
        await double.wait_ready()
        assert double.gateway.handshakes_refused == 2
        assert (await double.slash("private")).message is not None
