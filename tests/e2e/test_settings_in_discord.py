"""Admins use ``/settings`` through the local Discord, and members see what they chose."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.client import CrossfadeBot
from tests.discord_double import world
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed

ADMIN = replace(
    world.JUNE,
    id=world.JUNE.id + 1,
    permissions=world.JUNE.permissions | discord.Permissions(manage_guild=True).value,
)
EPHEMERAL = 1 << 6


async def settings(
    double: DiscordDouble, *path: str, options: dict[str, Any] | None = None, user: Any = ADMIN
) -> dict[str, Any]:
    """What ``/settings …`` answers, as the message to be seen."""
    answer = await double.slash(" ".join(("settings", *path)), options, user=user)
    await answer.settled()
    assert answer.message is not None
    assert answer.message["flags"] & EPHEMERAL
    return answer.message


def field(message: dict[str, Any], name: str) -> str:
    (only,) = message["embeds"]
    return next(one["value"] for one in only["fields"] if one["name"] == name)


async def test_only_who_manages_the_server_is_offered_and_allowed_to_change_them(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    command = double.commands["settings"]
    wanted = discord.Permissions(manage_guild=True).value
    assert int(command["default_member_permissions"]) == wanted
    assert (command["contexts"], command["integration_types"]) == ([0], [0])
    # An admin can open the command to everybody on the server's integrations page.
    refused = await settings(double, "lyrics", options={"on": False}, user=world.JUNE)
    assert "Only who may manage this server" in refused["content"]
    shown = await settings(double, "show")
    assert field(shown, "Lyrics").startswith("on\n")


async def test_the_dial_holds_for_members_who_give_none(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    before = embed(await double.slash("recommend", {"artist": "Johnny Cash"}))
    said = await settings(double, "dial", options={"step": 1.0})
    assert field(said, "Dial of /recommend").startswith("very adventurous\n")
    after = embed(await double.slash("recommend", {"artist": "Johnny Cash"}))
    assert after["description"] != before["description"]
    assert "very adventurous" in after["footer"]["text"]
    chosen = {"artist": "Johnny Cash", "dial": "balanced"}
    assert embed(await double.slash("recommend", chosen))["description"] == before["description"]


async def test_lyrics_can_be_switched_off_in_a_server(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    await settings(double, "lyrics", options={"on": False})
    song = {"artist": "Ada Brook", "song": "Two Clocks"}
    answer = await double.slash("lyrics", song)
    await answer.settled()
    assert answer.message is not None
    assert answer.message["content"].startswith("Lyrics are switched off in this server")
    elsewhere = await double.slash("lyrics", song, guild=double.guilds[1])
    await elsewhere.settled()
    assert embed(elsewhere)


@pytest.mark.parametrize("name", ["recommend", "lyrics"])
async def test_outside_the_public_channels_answers_are_for_the_member_alone(
    double: DiscordDouble, bot: CrossfadeBot, name: str
) -> None:
    first, second = double.guilds[0].channels[:2]
    said = await settings(double, "channels", "add", options={"channel": first})
    assert f"<#{first.id}>" in field(said, "Public answers")
    options = {"artist": "Johnny Cash"} | ({"song": "Hurt"} if name == "lyrics" else {})

    async def hidden(channel: Any, **more: bool) -> bool:
        answer = await double.slash(name, options | more, channel=channel)
        await answer.settled()
        assert answer.message is not None
        return bool(answer.message["flags"] & EPHEMERAL)

    assert not await hidden(first)
    assert await hidden(second)
    assert not await hidden(second, private=False)
    assert await hidden(first, private=True)
    await settings(double, "channels", "clear")
    assert not await hidden(second)


async def test_what_was_chosen_outlives_a_restart(double: DiscordDouble, running: Running) -> None:
    async with running():
        await settings(double, "dial", options={"step": -1.0})
    async with running():
        shown = await settings(double, "show")
        assert field(shown, "Dial of /recommend").startswith("very familiar\n")
