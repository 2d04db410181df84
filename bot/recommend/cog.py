"""``/recommend``: the command, nothing else."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import responses
from bot.recommend.present import recommend_embed
from bot.recommend.records import DidYouMean
from bot.recommend.service import RecommendService, choice_value
from bot.recommend.view import ChoiceView
from model.catalogue import Artist


class RecommendCog(commands.Cog):
    """Artists worth hearing.

    Args:
        service: finds the artist that is meant and what goes with it.
    """

    def __init__(self, *, service: RecommendService) -> None:
        self._service = service

    @app_commands.command(description="Find artists like one you know")
    @app_commands.describe(artist="An artist you like")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def recommend(
        self, interaction: discord.Interaction[Any], artist: app_commands.Range[str, 1, 200]
    ) -> None:
        """Answer with artists, or ask who is meant, or say that nobody is known."""
        answer = await asyncio.to_thread(self._service.answer, artist)
        embed = recommend_embed(answer)
        if isinstance(answer, DidYouMean):
            view = ChoiceView(answer.choices, member=interaction.user, chosen=self._choose)
            await view.answer(interaction, embed)
            return
        await responses.answer(interaction, embed)

    @recommend.autocomplete("artist")
    async def offer_artists(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Artists whose names go on from what is typed."""
        return artist_choices(self._service, current)

    async def _choose(self, interaction: discord.Interaction[Any], artist: Artist) -> None:
        answer = await asyncio.to_thread(self._service.answer, choice_value(artist))
        await interaction.response.edit_message(embed=recommend_embed(answer), view=None)


def artist_choices(service: RecommendService, current: str) -> list[app_commands.Choice[str]]:
    """The autocomplete of an artist option, wherever one is."""
    return [
        app_commands.Choice(name=shown, value=value) for shown, value in service.complete(current)
    ]
