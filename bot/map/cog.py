"""``/map``: the command, nothing else."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import responses
from bot.admin.place import is_public
from bot.admin.records import SettingsOf, default_settings
from bot.map.present import question, unknown
from bot.map.service import MapService
from bot.map.view import MapChoiceView, show_map
from bot.recommend.cog import artist_choices
from bot.recommend.records import DidYouMean, Recommended
from bot.recommend.service import RecommendService
from bot.translator import described, named


class MapCog(commands.Cog):
    """Where an artist lies among others.

    Args:
        service: finds the artist that is meant.
        maps: draws the map.
        settings_of: what the admins of a server chose.
    """

    def __init__(
        self,
        *,
        service: RecommendService,
        maps: MapService,
        settings_of: SettingsOf = default_settings,
    ) -> None:
        self._service = service
        self._maps = maps
        self._settings_of = settings_of

    @app_commands.command(
        name=named("command", "map"), description=described("Draw the artists around one you know")
    )
    @app_commands.rename(artist=named("option", "artist"), private=named("option", "private"))
    @app_commands.describe(
        artist=described("The artist in the middle"),
        private=described("Show the answer to you alone"),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def draw(
        self,
        interaction: discord.Interaction[Any],
        artist: app_commands.Range[str, 1, 200],
        private: bool | None = None,
    ) -> None:
        """Answer with the map, or ask who is meant, or say that nobody is known."""
        if private is None:
            settings = await self._settings_of(interaction.guild_id)
            private = not is_public(settings, interaction)
        await responses.defer(interaction, private=private)
        answer = await asyncio.to_thread(self._service.answer, artist)
        if isinstance(answer, Recommended):
            corrected = next((one.typed for one in answer.corrections), None)
            await show_map(interaction, await self._maps.picture(answer.artist.id), corrected)
        elif isinstance(answer, DidYouMean):
            choices = answer.doubts[0].choices
            view = MapChoiceView(choices, member=interaction.user, maps=self._maps)
            await view.ask(interaction, question(answer))
        else:
            await interaction.edit_original_response(content=unknown(answer))

    @draw.autocomplete("artist")
    async def offer_artists(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Artists whose names go on from what is typed."""
        return artist_choices(self._service, current)
