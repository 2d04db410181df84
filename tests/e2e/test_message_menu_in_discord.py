"""Members choose *Recommend from this* on messages, through the local Discord."""

import re

import pytest

from bot.client import CrossfadeBot
from tests.discord_double import world
from tests.discord_double.context_menus import use_on_message
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import embed, labels

MENU = "Recommend from this"


async def test_the_artists_of_a_message_are_one_question(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    text = "been playing johnny cash all week, and Willie Nelson's early records"
    answer = await use_on_message(double, MENU, text)
    shown = embed(answer)
    assert answer.ephemeral
    assert {"Johnny Cash", "Willie Nelson"} <= set(
        re.findall(r"Johnny Cash|Willie Nelson", shown["title"])
    )
    assert len(re.findall(r"\*\*\d+\.\*\*", shown["description"])) == 10
    assert "More" in labels(answer)


async def test_it_works_in_direct_messages(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await use_on_message(double, MENU, "Johnny Cash?", private=True)
    assert embed(answer)["title"] == "Artists like Johnny Cash"
    assert answer.ephemeral


async def test_the_buttons_serve_who_asked_and_not_the_author(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await use_on_message(double, MENU, "Johnny Cash", user=world.JUNE, author=world.OTIS)
    first = embed(answer)["description"]
    await double.press(answer.message, label="More", user=world.JUNE)
    assert embed(answer)["description"] != first


async def test_what_an_embed_says_counts_too(double: DiscordDouble, bot: CrossfadeBot) -> None:
    playing = {"type": "rich", "title": "Now playing", "description": "Johnny Cash – Hurt"}
    answer = await use_on_message(double, MENU, "", embeds=(playing,))
    assert embed(answer)["title"] == "Artists like Johnny Cash"


@pytest.mark.parametrize("text", ["", "nothing to see here", "@everyone <@17>", "x" * 4_000])
async def test_a_message_without_artists_is_said(
    double: DiscordDouble, bot: CrossfadeBot, text: str
) -> None:
    answer = await use_on_message(double, MENU, text)
    assert answer.ephemeral
    assert embed(answer)["title"] == "I found no artist in this message"
    assert text[:9] not in embed(answer)["description"] or not text
