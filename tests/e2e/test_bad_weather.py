"""What the network does to answers: lost, doubled, and presses on buttons of an earlier run."""

import asyncio
from typing import Any

import discord
import pytest

from bot.client import CrossfadeBot
from bot.paginator import PageView
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import Reply
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import BALLAD, Running, embed, labels
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

SONG = {"artist": BALLAD.artist, "song": BALLAD.title}
DEAD = "These buttons no longer work; run the command again."


def answered_before(double: DiscordDouble) -> int:
    """How many times Discord said so; such refusals are then forgotten."""
    codes = [one.code for one in double.rejections]
    double.rejections.clear()
    assert set(codes) <= {40060}
    return len(codes)


async def again(double: DiscordDouble, answer: Answer) -> None:
    """Deliver an interaction once more."""
    assert answer.place is not None
    event = answer.interaction
    await double.gateway.dispatch("INTERACTION_CREATE", event, guild_id=answer.place.id)


async def test_lyrics_come_although_the_word_about_the_deferral_was_lost(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    double.weather.lost_answers = 1
    answer = await double.slash("lyrics", SONG)
    await answer.settled()
    assert embed(answer)["title"] == "Ada Brook – The Long Way Home"
    assert answered_before(double) == 1


async def test_an_outage_is_told_although_the_word_about_the_deferral_was_lost(
    double: DiscordDouble, bot: CrossfadeBot, lrclib: LrclibDouble
) -> None:
    double.weather.lost_answers = 1
    lrclib.manners = Manners.INTERNAL
    answer = await double.slash("lyrics", SONG)
    message = await answer.settled()
    assert "LRCLIB" in message["content"]
    assert answered_before(double) == 1


async def test_buttons_work_although_the_word_about_their_message_was_lost(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    double.weather.lost_answers = 1
    asked = await double.slash("recommend", {"artist": "jonny csh"})
    refused = double.rejections
    await double.signal.until(lambda: bool(refused), timeout=3, what="another attempt")
    await double.press(asked.message, label="Johnny Cash")
    assert embed(asked)["title"] == "Artists like Johnny Cash"
    assert answered_before(double) == 1


@pytest.mark.parametrize(
    ("name", "options"), [("recommend", {"artist": "Johnny Cash"}), ("lyrics", SONG)]
)
async def test_an_interaction_that_comes_twice_is_answered_once(
    double: DiscordDouble, bot: CrossfadeBot, name: str, options: dict[str, str]
) -> None:
    answer = await double.slash(name, options, wait=False)
    await again(double, answer)
    await answer.until(lambda message: message["edited_timestamp"] is not None)
    assert len(embed(answer)["description"]) > 100
    assert answer.followups == []
    assert answered_before(double) == 1


async def test_buttons_of_an_earlier_run_say_so(double: DiscordDouble, running: Running) -> None:
    async with running():
        asked = await double.slash("lyrics", SONG)
        await asked.settled()
    async with running():
        pressed = await double.press(asked.message, label="Next")
    assert pressed.ephemeral
    assert pressed.message is not None
    assert pressed.message["content"] == "These buttons no longer work; run the command again."
    assert labels(asked)[0] == "Previous"


async def test_a_question_of_an_earlier_run_is_still_answered(
    double: DiscordDouble, running: Running
) -> None:
    async with running():
        asked = await double.slash("recommend", {"artist": "jonny csh"})
    async with running():
        pressed = await double.press(asked.message, label="Johnny Cash")
        assert pressed.reply is Reply.UPDATE
        await double.press(asked.message, label="More")
    assert embed(asked)["description"].startswith("**11.** ")


async def test_two_presses_at_once_are_both_answered(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    asked = await double.slash("recommend", {"artist": "jonny csh"})
    presses = [await double.press(asked.message, label="Johnny Cash", wait=False) for _ in range(2)]
    for press in presses:
        await press.responded()
    assert embed(asked)["title"] == "Artists like Johnny Cash"


async def test_lyrics_buttons_of_an_earlier_run_say_so_at_once(
    double: DiscordDouble, running: Running
) -> None:
    async with running():
        asked = await double.slash("lyrics", SONG)
        await asked.settled()
    async with running():
        pressed = await double.press(asked.message, label="Next")
    assert pressed.ephemeral
    assert pressed.message is not None
    assert pressed.message["content"] == DEAD
    assert pressed.latency is not None
    assert pressed.latency < 1
    assert labels(asked) == ["Previous", "Page 1 of 2", "Next"]


async def test_buttons_that_are_slow_to_answer_are_not_called_dead(
    double: DiscordDouble, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()
    turn = PageView._turn

    async def slowly(view: PageView, press: discord.Interaction[Any], index: int) -> None:
        await released.wait()
        await turn(view, press, index)

    monkeypatch.setattr(PageView, "_turn", slowly)
    async with running():
        of_earlier_run = await double.slash("lyrics", SONG)
        await of_earlier_run.settled()
    async with running():
        asked = await double.slash("lyrics", SONG)
        await asked.settled()
        slow = await double.press(asked.message, label="Next", wait=False)
        dead = await double.press(of_earlier_run.message, label="Next")
        assert dead.message is not None
        assert dead.message["content"] == DEAD
        assert slow.initial is None, "whoever said that the other is dead had seen this press too"
        released.set()
        await slow.responded()
        assert labels(asked)[1] == "Page 2 of 2"


async def test_turning_works_although_the_word_about_it_was_lost(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", {"artist": "Johnny Cash"})
    double.weather.lost_answers = 1
    pressed = await double.press(answer.message, label="More")
    await double.signal.until(lambda: bool(double.rejections), timeout=5, what="the retry")
    assert embed(answer)["description"].startswith("**11.** ")
    assert pressed.followups == []
    assert answered_before(double) == 1
