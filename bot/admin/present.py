"""What holds in a server, in words; pure."""

import discord

from bot.admin.records import ServerSettings
from bot.recommend.dial import DIAL, step_at

_COLOUR = discord.Colour(0x5B8DEF)
_SHOWN_CHANNELS = 20


def settings_embed(settings: ServerSettings) -> discord.Embed:
    """What holds, and how to change each part of it."""
    embed = discord.Embed(title="Settings of this server", colour=_COLOUR)
    embed.add_field(
        name="Dial of /recommend",
        value=f"{dial_name(settings.dial)}\n-# when a member gives none · /settings dial",
        inline=False,
    )
    embed.add_field(
        name="Lyrics",
        value=f"{'on' if settings.lyrics else 'off'}\n-# /settings lyrics",
        inline=False,
    )
    embed.add_field(
        name="Public answers",
        value=f"{_channels(settings)}\n-# /settings channels add, remove, clear",
        inline=False,
    )
    return embed


def dial_name(dial: float) -> str:
    """What the step of the dial nearest to ``dial`` is called."""
    return DIAL[step_at(dial)][0]


def _channels(settings: ServerSettings) -> str:
    if not settings.public_channels:
        return "in every channel"
    channels = [f"<#{channel}>" for channel in sorted(settings.public_channels)]
    more = len(channels) - _SHOWN_CHANNELS
    shown = " ".join(channels[:_SHOWN_CHANNELS]) + (f" and {more} more" if more > 0 else "")
    return f"in {shown}; elsewhere only the member sees them"
