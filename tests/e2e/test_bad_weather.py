"""What the network does to answers: lost, doubled, and presses on buttons of an earlier run."""

import pytest

from bot.client import CrossfadeBot
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import BALLAD, Running, embed, labels
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

SONG = {"artist": BALLAD.artist, "song": BALLAD.title}


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
    assert answered_before(double) == 2


async def test_buttons_work_although_the_word_about_their_message_was_lost(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    double.weather.lost_answers = 1
    asked = await double.slash("recommend", {"artist": "jonny csh"})
    await asked.until(lambda message: message["edited_timestamp"] is not None)
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
        asked = await double.slash("recommend", {"artist": "jonny csh"})
    async with running():
        pressed = await double.press(asked.message, label="Johnny Cash")
    assert pressed.ephemeral
    assert pressed.message is not None
    assert pressed.message["content"] == "These buttons no longer work; run the command again."
    assert labels(asked)[0] == "Johnny Cash"


async def test_two_presses_at_once_are_both_answered(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    asked = await double.slash("recommend", {"artist": "jonny csh"})
    presses = [await double.press(asked.message, label="Johnny Cash", wait=False) for _ in range(2)]
    for press in presses:
        await press.responded()
    assert embed(asked)["title"] == "Artists like Johnny Cash"
