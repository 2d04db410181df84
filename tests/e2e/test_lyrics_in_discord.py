"""Members ask the real bot for lyrics through the local Discord, from loopback services."""

from bot.client import CrossfadeBot
from tests.discord_double import world
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import BALLAD, Running, embed, labels
from tests.services_double.genius import TOKEN as GENIUS_TOKEN
from tests.services_double.genius import GeniusDouble
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

LOUD = "Artist suggestions: DEMO CATALOGUE"
HARBOUR = {"artist": "The Paper Lanterns", "song": "Harbour at Night"}


async def test_lyrics_are_shown_with_source_and_link(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("lyrics", HARBOUR)
    await answer.settled()
    shown = embed(answer)
    assert shown["title"] == "The Paper Lanterns – Harbour at Night"
    assert "The kettle sings of copper rain" in shown["description"]
    assert "Open on LRCLIB" in shown["description"]
    assert shown["footer"]["text"] == f"Source: LRCLIB · {LOUD}"
    assert not answer.ephemeral
    assert labels(answer) == []


async def test_private_lyrics_are_for_one_member(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await double.slash("lyrics", HARBOUR | {"private": True})
    await answer.settled()
    assert answer.ephemeral


async def test_long_lyrics_are_turned_by_who_asked(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    song = {"artist": BALLAD.artist, "song": BALLAD.title}
    answer = await double.slash("lyrics", song, user=world.OTIS)
    await answer.settled()
    first = embed(answer)["description"]
    assert labels(answer) == ["Previous", "Page 1 of 2", "Next"]

    refused = await double.press(answer.message, label="Next", user=world.JUNE)
    assert refused.ephemeral
    assert embed(answer)["description"] == first

    await double.press(answer.message, label="Next", user=world.OTIS)
    assert labels(answer) == ["Previous", "Page 2 of 2", "Next"]
    assert embed(answer)["footer"]["text"] == f"Source: LRCLIB · Page 2 of 2 · {LOUD}"
    assert embed(answer)["description"] != first


async def test_a_missing_song_says_who_was_asked(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await double.slash("lyrics", {"artist": "Ada Brook", "song": "Never Written"})
    await answer.settled()
    assert embed(answer)["title"] == "No lyrics found"
    assert "LRCLIB" in embed(answer)["description"]
    assert embed(answer)["footer"]["text"] == LOUD


async def test_a_provider_that_is_down_is_said(
    double: DiscordDouble, bot: CrossfadeBot, lrclib: LrclibDouble
) -> None:
    lrclib.manners = Manners.INTERNAL
    answer = await double.slash("lyrics", HARBOUR)
    message = await answer.settled()
    assert "LRCLIB" in message["content"]
    assert "reference" not in message["content"]
    assert message["content"].endswith(f"\n-# {LOUD}")


async def test_a_provider_that_hangs_does_not_delay_the_first_response(
    double: DiscordDouble, bot: CrossfadeBot, lrclib: LrclibDouble
) -> None:
    lrclib.manners = Manners.HANG
    answer = await double.slash("lyrics", HARBOUR)
    assert answer.deferred
    assert answer.message is None
    lrclib.release()
    message = await answer.settled()
    assert "LRCLIB" in message["content"]


async def test_genius_is_asked_when_it_has_a_token(
    double: DiscordDouble, running: Running, lrclib: LrclibDouble
) -> None:
    async with (
        GeniusDouble() as genius,
        running(
            genius_token=GENIUS_TOKEN, genius_api_url=genius.api_url, genius_web_url=genius.web_url
        ),
    ):
        answer = await double.slash("lyrics", HARBOUR)
        await answer.settled()
        assert "Open on Genius" in embed(answer)["description"]
        assert "The kettle sings of copper rain" in embed(answer)["description"]
    assert lrclib.seen == []
