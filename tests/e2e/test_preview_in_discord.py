"""Members hear previews through the local Discord, from a loopback Deezer."""

from bot.client import CrossfadeBot
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed
from tests.services_double.deezer import DeezerArtist, DeezerDouble, Track


async def preview_of(double: DiscordDouble) -> Answer:
    """Ask for more like Johnny Cash's first recommendation, then press its preview button."""
    asked = await double.slash("recommend", {"artist": "Johnny Cash"})
    assert asked.message is not None
    (menu,) = [
        one for row in asked.message["components"] for one in row["components"] if one["type"] == 3
    ]
    first = menu["options"][0]["value"]
    liked = await double.press(asked.message, custom_id=menu["custom_id"], values=[first])
    pressed = await double.press(liked.message, label="Preview")
    await pressed.settled()
    return pressed


async def test_a_preview_is_found_when_it_is_asked_for(
    double: DiscordDouble, running: Running
) -> None:
    async with DeezerDouble() as deezer, running(deezer_url=deezer.address):
        asked = await double.slash("recommend", {"artist": "Johnny Cash"})
        first = embed(asked)["description"].split("[")[1].split("]")[0]
        deezer.artists = [DeezerArtist(21, first, 9, (Track("A *Song*"),))]
        assert deezer.seen == []
        answer = await preview_of(double)
        assert answer.ephemeral
        assert embed(answer)["title"] == f"{first} – A \\*Song\\*"
        assert "(https://cdnt-preview.dzcdn.net/" in embed(answer)["description"]
        assert "Deezer" in embed(answer)["footer"]["text"]


async def test_an_artist_without_a_preview_is_said(double: DiscordDouble, running: Running) -> None:
    async with DeezerDouble([]) as deezer, running(deezer_url=deezer.address):
        answer = await preview_of(double)
        assert embed(answer)["title"] == "Nothing to hear"


async def test_without_the_internet_it_is_one_line(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await preview_of(double)
    assert answer.ephemeral
    assert answer.message is not None
    assert answer.message["content"].startswith("Deezer: cannot be reached")
