"""Members look at the map through the local Discord."""

import io
from typing import Any
from unittest.mock import Mock

import discord
import pytest
from PIL import Image

from bot.client import CrossfadeBot
from bot.map import service
from bot.text import utf16_length
from tests import artifacts
from tests.discord_double import world
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import Reply
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import labels


def attached(answer: Answer) -> dict[str, Any]:
    """The one file of the message to be seen, as Discord lists it."""
    assert answer.message is not None
    (only,) = answer.message["attachments"]
    return only


def picture_of(answer: Answer) -> Image.Image:
    (content,) = answer.files.values()
    return Image.open(io.BytesIO(content))


async def test_the_map_is_a_picture_with_words_for_those_who_cannot_see_it(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("map", {"artist": "Johnny Cash"})
    message = await answer.settled()
    assert picture_of(answer).size[0] == 1120
    alt = attached(answer)["description"]
    assert alt.startswith("Map of the artists around Johnny Cash (country). Recommended, best ")
    assert utf16_length(alt) <= 1024
    assert message["content"].startswith("### Around Johnny Cash\nRecommended, best first: ")
    assert "DEMO CATALOGUE" in message["content"]
    assert not answer.ephemeral


async def test_the_map_can_be_private_and_in_the_direct_conversation(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("map", {"artist": "Björk", "private": True}, private=True)
    await answer.settled()
    assert answer.ephemeral
    assert attached(answer)["filename"] == "map.png"


async def test_typing_offers_artists(double: DiscordDouble, bot: CrossfadeBot) -> None:
    choices = await double.autocomplete("map", {"artist": "johnny c"}, focused="artist")
    assert choices[0]["name"] == "Johnny Cash"


async def test_a_slip_is_corrected_and_said(double: DiscordDouble, bot: CrossfadeBot) -> None:
    message = await (await double.slash("map", {"artist": "Johny Cash"})).settled()
    assert "Showing **Johnny Cash** for “Johny Cash”." in message["content"]


async def test_a_doubtful_name_is_chosen_by_a_press_of_who_asked(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    asked = await double.slash("map", {"artist": "jonny csh"}, user=world.JUNE)
    message = await asked.settled()
    assert message["content"] == "I know no “jonny csh”. Did you mean …?"
    assert labels(asked)[0] == "Johnny Cash"

    refused = await double.press(message, label="Johnny Cash", user=world.OTIS)
    assert refused.ephemeral
    assert refused.message is not None
    assert "run /map yourself" in refused.message["content"]

    pressed = await double.press(message, label="Johnny Cash", user=world.JUNE)
    assert pressed.reply is Reply.DEFERRED_UPDATE
    shown = await asked.until(lambda now: now["attachments"] != [])
    assert shown["content"].startswith("### Around Johnny Cash")
    assert shown["components"] == []
    assert picture_of(asked).format == "PNG"


async def test_an_unknown_artist_gets_a_clear_answer(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    message = await (await double.slash("map", {"artist": "Wholly Unheard Of"})).settled()
    assert message["content"].startswith("Nobody I know is called “Wholly Unheard Of”.")
    assert message["attachments"] == []


@pytest.mark.parametrize("name", [artifacts.MARKUP, artifacts.EMOJI, artifacts.ARABIC])
async def test_a_strange_name_is_drawn_and_formats_nothing(
    double: DiscordDouble, bot: CrossfadeBot, name: str
) -> None:
    answer = await double.slash("map", {"artist": name})
    message = await answer.settled()
    assert answer.files
    assert "discord.gg/" not in message["content"]
    assert "@everyone" not in message["content"]
    assert attached(answer)["description"].startswith("Map of the artists around ")


@pytest.mark.parametrize("typed", ["\u200b", "\u3164\u3164"])
async def test_a_name_of_nothing_visible_is_said(
    double: DiscordDouble, bot: CrossfadeBot, typed: str
) -> None:
    answer = await double.slash("map", {"artist": typed})
    assert "Please name an artist" in (await answer.settled())["content"]


async def test_the_button_under_recommendations_answers_privately_with_the_map(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    asked = await double.slash("recommend", {"artist": "Johnny Cash"})
    pressed = await double.press(asked.message, label="Map", user=world.OTIS)
    message = await pressed.settled()
    assert pressed.ephemeral
    assert message["content"].startswith("### Around Johnny Cash")
    assert pressed.files
    assert "More" in labels(asked), "the answer itself stays as it was"


async def test_a_fault_while_drawing_is_a_reference(
    double: DiscordDouble, bot: CrossfadeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "draw_neighbourhood", lambda _: 1 / 0)
    answer = await double.slash("map", {"artist": "Johnny Cash"})
    assert "reference" in (await answer.settled())["content"]


async def test_where_no_file_may_go_the_map_is_told_in_words(
    double: DiscordDouble, bot: CrossfadeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = discord.Interaction.edit_original_response

    async def refuse_files(self: Any, **given: Any) -> Any:
        if given.get("attachments"):
            response = Mock(status=403, reason="Forbidden")
            raise discord.Forbidden(response, {"code": 50013, "message": "Missing Permissions"})
        return await send(self, **given)

    monkeypatch.setattr(discord.Interaction, "edit_original_response", refuse_files)
    message = await (await double.slash("map", {"artist": "Johnny Cash"})).settled()
    assert message["content"].startswith("Map of the artists around Johnny Cash")
    assert "may not attach pictures" in message["content"]
