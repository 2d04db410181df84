"""``/about`` and ``/help``: the commands, nothing else."""

from collections.abc import Callable, Iterable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.about.present import about_embed, help_embed, is_demo
from bot.model_in_use import ModelInUse
from bot.translator import described, named


class AboutCog(commands.Cog):
    """What answers here.

    Args:
        model: what the page is about.
        usages: gives (usage, description) of every command.
    """

    def __init__(
        self, *, model: ModelInUse, usages: Callable[[], Iterable[tuple[str, str]]]
    ) -> None:
        self._model = model
        self._usages = usages

    @app_commands.command(
        name=named("command", "about"),
        description=described("What this bot is, and where its answers come from"),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with the model's own description."""
        embed = about_embed(self._model.recommender.manifest)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @app_commands.command(name=named("command", "help"), description=described("What you can ask"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with the list of commands."""
        embed = help_embed(self._usages(), demo=is_demo(self._model.recommender.manifest))
        await interaction.response.send_message(embed=embed, ephemeral=True)
