"""The command tree: every error of a command ends in the boundary."""

from typing import Any

import discord
from discord import app_commands

from bot.boundary import show_error


class BoundaryTree(app_commands.CommandTree[Any]):
    """A command tree that answers whatever goes wrong."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Show the error to the member and log it."""
        await show_error(interaction, error)
