from typing import Any
from unittest.mock import AsyncMock, Mock, create_autospec

import discord
import pytest
from discord import app_commands

from bot.errors import ProviderUnavailableError
from bot.lyrics.cog import LyricsCog
from bot.lyrics.records import Lyrics, LyricsFound, LyricsMissing, LyricsQuery
from bot.lyrics.service import LyricsService
from bot.paginator import PageView
from bot.responses import with_note

QUERY = LyricsQuery("Ada Brook", "Two Clocks")


def answer(text: str) -> LyricsFound:
    return LyricsFound(
        QUERY, Lyrics("Ada Brook", "Two Clocks", text, "LRCLIB", "https://lrclib.net/search/x")
    )


@pytest.fixture
def service() -> Mock:
    return create_autospec(LyricsService, instance=True)


@pytest.fixture
def cog(service) -> LyricsCog:
    return LyricsCog(service=service, artist_choices=lambda _current: [])


@pytest.fixture
def interaction() -> Mock:
    member = create_autospec(discord.Member, instance=True, id=7, display_name="Ann")
    interaction = create_autospec(discord.Interaction, instance=True, user=member)
    interaction.response = create_autospec(discord.InteractionResponse, instance=True)
    interaction.edit_original_response = AsyncMock()
    interaction.extras = {}
    return interaction


async def ask(cog: LyricsCog, interaction: Mock, **options) -> None:
    callback: Any = LyricsCog.lyrics.callback
    await callback(cog, interaction, "Ada Brook", "Two Clocks", **options)


@pytest.mark.parametrize("private", [True, False])
async def test_it_defers_before_it_looks_for_the_words(cog, service, interaction, private):
    async def find(artist: str, title: str) -> LyricsFound:
        interaction.response.defer.assert_awaited_once_with(ephemeral=private, thinking=True)
        return answer("tick tock")

    service.find.side_effect = find
    await ask(cog, interaction, private=private)
    service.find.assert_awaited_once_with("Ada Brook", "Two Clocks")
    embed = interaction.edit_original_response.await_args.kwargs["embed"]
    assert "tick tock" in embed.description


async def test_a_long_song_comes_with_buttons_for_who_asked(cog, service, interaction):
    service.find.return_value = answer("\n\n".join(["row me home\n" * 90] * 3))
    await ask(cog, interaction)
    view = interaction.edit_original_response.await_args.kwargs["view"]
    assert isinstance(view, PageView)
    assert await view.interaction_check(interaction)


async def test_a_missing_song_gets_its_own_answer(cog, service, interaction):
    service.find.return_value = LyricsMissing(QUERY, ("LRCLIB",))
    await ask(cog, interaction)
    embed = interaction.edit_original_response.await_args.kwargs["embed"]
    assert embed.title == "No lyrics found"


async def test_an_outage_reaches_the_error_boundary(cog, service, interaction):
    service.find.side_effect = ProviderUnavailableError("is down", where="LRCLIB")
    with pytest.raises(ProviderUnavailableError):
        await ask(cog, interaction)


@pytest.mark.parametrize(("note", "said"), [("Demo", "Down.\n-# Demo"), ("", "Down.")])
async def test_an_error_message_ends_with_the_note_as_an_answer_does(
    service, interaction, note, said
):
    cog = LyricsCog(service=service, artist_choices=lambda _current: [], note=lambda: note)
    service.find.side_effect = ProviderUnavailableError("is down", where="LRCLIB")
    with pytest.raises(ProviderUnavailableError):
        await ask(cog, interaction)
    assert with_note(interaction, "Down.") == said


async def test_artists_are_offered_at_most_as_many_as_discord_takes(service, interaction):
    offered = [app_commands.Choice(name=f"Artist {n}", value=f"Artist {n}") for n in range(40)]
    typed = []

    def now(current: str) -> list[app_commands.Choice[str]]:
        typed.append(current)
        return offered

    async def later(current: str) -> list[app_commands.Choice[str]]:
        return now(current)

    for source in (now, later):
        cog: Any = LyricsCog(service=service, artist_choices=source)
        assert await cog.offer_artists(interaction, "art") == offered[:25]
    assert typed == ["art", "art"]


async def test_the_command_is_declared_for_guilds_dms_and_user_installs(cog):
    client = discord.Client(intents=discord.Intents.none())
    payload = cog.lyrics.to_dict(app_commands.CommandTree(client))
    artist, song, private = payload["options"]
    assert payload["name"] == "lyrics"
    assert payload["integration_types"] == [0, 1]
    assert payload["contexts"] == [0, 1, 2]
    assert [artist["name"], song["name"], private["name"]] == ["artist", "song", "private"]
    assert [option["required"] for option in (artist, song, private)] == [True, True, False]
    assert artist["autocomplete"] is True
    assert artist["max_length"] == song["max_length"] == 200
