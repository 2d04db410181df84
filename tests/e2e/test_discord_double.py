"""The real discord.py client through the local Discord: each way of answering works."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.discord_double import world
from tests.discord_double.errors import NoAnswerError, NotOfferedError
from tests.discord_double.kinds import Reply
from tests.discord_double.server import DiscordDouble
from tests.discord_double.tiny_bot import TinyBot, running


@pytest.fixture
async def discord() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble([world.guild(0), world.guild(1)], check_itself=True) as double:
        yield double
        assert double.unknown_routes == []


@pytest.fixture
async def bot(discord: DiscordDouble) -> AsyncIterator[TinyBot]:
    async with running(discord) as tiny:
        yield tiny


async def test_login_syncs_commands_and_receives_its_guilds(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    assert {"recommend", "taste"} <= set(discord.commands)
    assert discord.commands["recommend"]["options"][0]["autocomplete"] is True
    assert discord.commands["recommend"]["id"].isdigit()
    names = {await asyncio.wait_for(bot.seen.get(), 5) for _ in range(2)}
    assert names == {"Listening Room 0", "Listening Room 1"}
    assert discord.identified[0].compression in {"zlib-stream", "zstd-stream"}
    assert {one.route for one in discord.requests} >= {"/users/@me", "/gateway/bot"}
    assert bot.user is not None
    assert bot.user.id == discord.world.application_id


async def test_a_command_synced_again_keeps_its_id(discord: DiscordDouble, bot: TinyBot) -> None:
    before = discord.commands["recommend"]["id"]
    await bot.tree.sync()
    assert discord.commands["recommend"]["id"] == before


async def test_guild_commands_are_kept_apart(discord: DiscordDouble, bot: TinyBot) -> None:
    place = discord.guilds[1]
    guild = bot.get_guild(place.id)
    assert guild is not None
    bot.tree.copy_global_to(guild=guild)
    await bot.tree.sync(guild=guild)
    assert set(discord.guild_commands) == {place.id}
    answer = await discord.slash("private", guild=place)
    assert answer.interaction["data"]["guild_id"] == str(place.id)
    fetched = await bot.tree.fetch_commands(guild=guild)
    assert {one.name for one in fetched} == set(discord.guild_commands[place.id])


async def test_autocomplete_offers_choices(discord: DiscordDouble, bot: TinyBot) -> None:
    choices = await discord.autocomplete("recommend", {"artist": "john"}, focused="artist")
    assert [one["value"] for one in choices] == ["Johnny Cash", "Johnny Hallyday"]


async def test_an_immediate_answer_is_shown_with_embed_and_components(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    answer = await discord.slash("recommend", {"artist": "Johnny Cash", "count": 5})
    assert answer.message is not None
    assert answer.message["content"] == "for Johnny Cash"
    assert answer.message["embeds"][0]["fields"][0]["value"] == "country"
    assert answer.message["embeds"][0]["description"] == "5 artists @everyone"
    assert answer.message["components"][0]["components"][0]["label"] == "More"
    assert not answer.deferred
    assert not answer.ephemeral
    assert answer.latency is not None
    assert 0 < answer.latency < 1


async def test_a_deferred_answer_settles_with_its_first_followup(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    answer = await discord.slash("thinking")
    message = await answer.settled()
    assert answer.deferred
    assert message["content"] == "found it"
    assert not answer.ephemeral, "the deferral decides who sees the first followup"
    await discord.signal.until(lambda: answer.followups != [], timeout=5, what="a followup")
    assert [one["content"] for one in answer.followups] == ["and something else"]


async def test_a_deferred_answer_is_not_visible_before_it_is_filled(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    answer = await discord.slash("held")
    assert answer.reply is Reply.DEFERRED_MESSAGE
    assert answer.message is None
    with pytest.raises(NoAnswerError, match="held"):
        await answer.settled(timeout=0.01)
    bot.hold.set()
    message = await answer.settled()
    assert message["embeds"][0]["description"] == "held"
    assert answer.ephemeral


async def test_edits_are_seen_and_every_version_is_kept(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    answer = await discord.slash("fine")
    await answer.until(lambda message: message["content"] == "third")
    texts = [one["content"] for one in answer.history]
    assert texts == ["first @everyone", "second", "note", "note, edited", "note, edited", "third"]
    assert answer.followups == []
    assert answer.message is not None
    assert answer.message["edited_timestamp"] is not None
    assert answer.history[0]["mention_everyone"] is False


async def test_an_ephemeral_answer_is_for_one_member(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("private", {"to": world.JUNE}, user=world.NINA)
    assert answer.ephemeral
    assert answer.message is not None
    assert answer.message["content"] == "de to june"


async def test_a_command_works_in_the_direct_conversation(
    discord: DiscordDouble, bot: TinyBot
) -> None:
    answer = await discord.slash("private", private=True)
    assert answer.message is not None
    assert "guild_id" not in answer.interaction


async def test_a_file_is_attached_and_can_be_fetched(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("picture")
    assert answer.files == {"map.png": b"\x89PNG..."}
    assert answer.message is not None
    attachment = answer.message["attachments"][0]
    assert (attachment["filename"], attachment["description"]) == ("map.png", "a map")
    assert answer.message["embeds"][0]["image"]["url"] == attachment["url"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        assert await response.read() == b"\x89PNG..."


async def test_components_v2_are_accepted(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("layout")
    assert answer.message is not None
    assert answer.message["flags"] & 1 << 15
    assert answer.message["components"][0]["components"][0]["content"] == "**Johnny Cash**"


async def test_subcommands_are_found_by_their_path(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("taste show", {"deep": 4})
    assert answer.message is not None
    assert answer.message["content"] == "depth 4"


async def test_buttons_menus_and_modals(discord: DiscordDouble, bot: TinyBot) -> None:
    first = await discord.slash("recommend", {"artist": "Otis Redding"})
    pressed = await discord.press(first.message, label="More")
    assert pressed.reply is Reply.UPDATE
    assert first.message is not None
    assert first.message["content"] == "more artists"

    picked = await discord.press(first.message, custom_id="pick", values=["June Carter"])
    assert picked.ephemeral
    assert picked.message is not None
    assert picked.message["content"] == "picked June Carter"

    opened = await discord.press(first.message, label="Tell")
    told = await discord.submit(opened, {"why": "it swings"})
    assert told.message is not None
    assert told.message["content"] == "because it swings"

    later = await discord.press(first.message, custom_id="later")
    assert (await later.settled())["components"] == []
    assert first.message["content"] == "later artists"


async def test_a_second_initial_response_gets_40060(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("twice")
    await discord.signal.until(lambda: answer.followups != [], timeout=5, what="a followup")
    assert answer.followups[0]["content"] == "code 40060"
    assert [one.code for one in answer.rejections] == [40060]
    assert [one.code for one in discord.rejections] == [40060]


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("recomend", {"artist": "x"}, "not offered"),
        ("recommend", {}, "left out"),
        ("recommend", {"artist": "x", "limit": 1}, "no such option"),
        ("recommend", {"artist": 7}, "cannot take"),
        ("taste", {}, "needs a subcommand"),
        ("taste hide", {}, "no subcommand"),
        ("taste show", {"deep": 9}, "not in 1..5"),
    ],
)
async def test_what_a_member_cannot_do_is_not_offered(
    discord: DiscordDouble, bot: TinyBot, name: str, options: dict[str, object], why: str
) -> None:
    with pytest.raises(NotOfferedError, match=why):
        await discord.slash(name, options)


async def test_components_that_a_member_cannot_use(discord: DiscordDouble, bot: TinyBot) -> None:
    answer = await discord.slash("recommend", {"artist": "x"})
    with pytest.raises(NotOfferedError, match="no component 'Less'"):
        await discord.press(answer.message, label="Less")
    with pytest.raises(NotOfferedError, match="not in the menu"):
        await discord.press(answer.message, custom_id="pick", values=["Abba"])
    secret = await discord.slash("private")
    with pytest.raises(NotOfferedError, match="cannot see"):
        await discord.press(secret.message, label="x", user=world.OTIS)


async def ended(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    await asyncio.wait_for(process.wait(), 10)


async def test_a_module_runs_as_a_process_of_its_own(discord: DiscordDouble) -> None:
    program = "import discord, sys; from tests.discord_double.launch import main; main()"
    arguments = ["--rest", discord.rest_url, "--gateway", discord.gateway_url, "--"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        *arguments,
        "tests.discord_double.tiny_main",
        discord.token,
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        await discord.wait_ready()
        answer = await discord.slash("recommend", {"artist": "Johnny Cash"})
        assert answer.message is not None
    finally:
        await ended(process)
    assert process.returncode == 0


async def test_the_double_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.discord_double", "--seconds", "20"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    where = json.loads(await asyncio.wait_for(process.stdout.readline(), 10))
    address = where["rest"] + "/gateway"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert (await response.json())["url"] == where["gateway"]
    await ended(process)
    assert process.returncode == 0
