"""The gateway: logging in, closing codes, resuming, shards, compression."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_double import world
from tests.discord_double.errors import NotConnectedError
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.server import DiscordDouble
from tests.discord_double.tiny_bot import running


@pytest.fixture
async def raw() -> AsyncIterator[RawClient]:
    async with DiscordDouble() as double, raw_client(double) as client:
        yield client


async def test_a_dropped_connection_is_resumed_and_the_missed_command_answered() -> None:
    async with DiscordDouble() as discord, running(discord) as bot:
        resumed: list[str] = []

        async def on_resumed() -> None:
            resumed.append("resumed")

        bot.add_listener(on_resumed)
        assert discord.gateway.drop() == 1
        answer = await discord.slash("recommend", {"artist": "June Carter"}, wait=False)
        assert discord.gateway.ready_shards == set()
        await discord.wait_resumed()
        await answer.responded()
        assert answer.message is not None
        assert answer.message["content"] == "for June Carter"
        assert [one.resumed for one in discord.identified] == [False, True]
        assert len(discord.answers) == 1
        assert resumed == ["resumed"]


async def test_op_7_makes_the_client_resume() -> None:
    async with DiscordDouble() as discord, running(discord):
        await discord.gateway.ask_to_reconnect()
        await discord.wait_resumed()
        assert (await discord.slash("private")).message is not None


async def test_shards_receive_their_own_guilds_and_commands() -> None:
    places = [world.guild(index) for index in range(3)]
    double = DiscordDouble(places, shards=2)
    async with double as discord, running(discord, shard_count=2) as bot:
        assert [(one.shard, one.shard_count) for one in discord.identified] == [(0, 2), (1, 2)]
        for place in places:
            answer = await discord.slash("private", guild=place)
            assert answer.message is not None
            guild = bot.get_guild(place.id)
            assert guild is not None
            assert guild.shard_id == place.shard(2)
        assert {place.shard(2) for place in places} == {0, 1}


async def test_an_event_goes_to_the_shard_of_its_guild_and_direct_ones_to_the_first() -> None:
    places = [world.guild(0), world.guild(1)]
    async with DiscordDouble(places) as discord, raw_client(discord) as raw:
        sockets = [await raw.connect() for _ in range(2)]
        for number, socket in enumerate(sockets):
            await socket.send_json(raw.identify(shard=[number, 2]))
            assert (await socket.receive_json())["d"]["shard"] == [number, 2]
            created = await socket.receive_json()
            assert created["d"]["id"] == str(places[number].id)
        await discord.slash("recommend", {}, guild=places[1], wait=False)
        event = await sockets[1].receive_json()
        assert event["d"]["guild_id"] == str(places[1].id)
        await discord.slash("recommend", {}, private=True, wait=False)
        assert "guild_id" not in (await sockets[0].receive_json())["d"]
        for socket in sockets:
            await socket.close()


async def test_routing_is_undone() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordDouble() as discord:
        with discord.route_client():
            assert discord.rest_url == Route.BASE
        assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_only_what_was_missed_is_sent_again(raw: RawClient) -> None:
    double = raw.double
    session = double.identified[0].session
    double.gateway.drop()
    missed = await double.slash("recommend", {"artist": "x"}, wait=False)
    socket = await raw.connect()
    await socket.send_json({"op": 6, "d": {"token": double.token, "session_id": session, "seq": 2}})
    event = await socket.receive_json()
    assert (event["t"], event["s"]) == ("INTERACTION_CREATE", 3)
    assert event["d"]["id"] == missed.interaction["id"]
    assert (await socket.receive_json())["t"] == "RESUMED"
    await socket.close()


async def test_an_unknown_session_is_invalid(raw: RawClient) -> None:
    socket = await raw.connect()
    frame = {"token": raw.double.token, "session_id": "gone", "seq": 2}
    await socket.send_json({"op": 6, "d": frame})
    assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
    await socket.close()


async def test_a_session_ends_when_the_client_closes_with_1000() -> None:
    async with DiscordDouble() as discord:
        async with running(discord):
            pass
        with pytest.raises(NotConnectedError):
            await discord.slash("recommend", {"artist": "x"})


async def test_heartbeats_are_acknowledged(raw: RawClient) -> None:
    socket = await raw.connect()
    await socket.send_json({"op": 1, "d": None})
    assert (await socket.receive_json())["op"] == 11
    await socket.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [2, 2]}, 4010),
        ({"intents": 1 << 40}, 4013),
        ({"intents": 1 << 15}, 4014),
    ],
)
async def test_a_wrong_identify_closes_with_its_code(
    raw: RawClient, changes: dict[str, Any], code: int
) -> None:
    socket = await raw.connect()
    await socket.send_json(raw.identify(**changes))
    await socket.receive()
    assert socket.close_code == code
    assert raw.double.gateway.closed_with[-1][0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", 4002), ("[]", 4002), ('{"op": 6}', 4002), ('{"op": 99}', 4001), ('{"op": 3}', 4003)],
)
async def test_a_broken_frame_closes_with_its_code(raw: RawClient, text: str, code: int) -> None:
    socket = await raw.connect()
    await socket.send_str(text)
    await socket.receive()
    assert socket.close_code == code


async def test_privileged_intents_can_be_granted() -> None:
    async with DiscordDouble(privileged=True) as discord, raw_client(discord) as raw:
        socket = await raw.connect()
        await socket.send_json(raw.identify(intents=1 << 15))
        assert (await socket.receive_json())["t"] == "READY"
        await socket.close()


async def test_zlib_stream_is_one_stream_over_all_messages(raw: RawClient) -> None:
    socket = await raw.session.ws_connect(raw.double.gateway_url + "?compress=zlib-stream")
    stream = zlib.decompressobj()
    first = await socket.receive_bytes()
    assert first.endswith(b"\x00\x00\xff\xff")
    assert b'"op": 10' in stream.decompress(first)
    await socket.send_json(raw.identify())
    assert b'"READY"' in stream.decompress(await socket.receive_bytes())
    await socket.close()
