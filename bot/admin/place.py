"""Whether answers where a member asks are for all to see."""

from typing import Any

import discord

from bot.admin.records import ServerSettings


def is_public(settings: ServerSettings, interaction: discord.Interaction[Any]) -> bool:
    """Whether the channel is one for public answers, or a thread in such a channel."""
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return any(map(settings.is_public, (interaction.channel_id, parent)))
