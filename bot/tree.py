"""The command tree: commands are let in by the reception, and every error ends in the boundary."""

from typing import Any

import discord
from discord import app_commands

from bot.boundary import show_error
from bot.reception import Receiving


class BoundaryTree(app_commands.CommandTree[Any]):
    """A command tree that answers whatever goes wrong."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let a command or what is typed for one in, unless the client's reception says no."""
        client = self.client
        return not isinstance(client, Receiving) or await client.reception.admit(interaction)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Show the error to the member and log it."""
        await show_error(interaction, error)
