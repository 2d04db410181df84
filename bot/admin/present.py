"""What holds in a server, in words; pure."""

import discord

from bot.admin.records import ServerSettings
from bot.language import gettext, ngettext, pgettext
from bot.recommend.dial import DIAL, step_at

_COLOUR = discord.Colour(0x5B8DEF)
_SHOWN_CHANNELS = 20


def settings_embed(settings: ServerSettings) -> discord.Embed:
    """What holds, and how to change each part of it."""
    embed = discord.Embed(title=gettext("Settings of this server"), colour=_COLOUR)
    dial, how = dial_name(settings.dial), gettext("when a member gives none · /settings dial")
    embed.add_field(name=gettext("Dial of /recommend"), value=f"{dial}\n-# {how}", inline=False)
    lyrics = pgettext("lyrics", "on") if settings.lyrics else pgettext("lyrics", "off")
    how = gettext("/settings lyrics")
    embed.add_field(name=gettext("Lyrics"), value=f"{lyrics}\n-# {how}", inline=False)
    public, how = _channels(settings), gettext("/settings channels add, remove, clear")
    embed.add_field(name=gettext("Public answers"), value=f"{public}\n-# {how}", inline=False)
    return embed


def dial_name(dial: float) -> str:
    """What the step of the dial nearest to ``dial`` is called."""
    return DIAL[step_at(dial)][0].spoken()


def _channels(settings: ServerSettings) -> str:
    if not settings.public_channels:
        return gettext("in every channel")
    channels = [f"<#{channel}>" for channel in sorted(settings.public_channels)]
    more = len(channels) - _SHOWN_CHANNELS
    shown = " ".join(channels[:_SHOWN_CHANNELS])
    if more <= 0:
        return gettext("in {channels}; elsewhere only the member sees them", channels=shown)
    return ngettext(
        "in {channels} and {count} more; elsewhere only the member sees them",
        "in {channels} and {count} more; elsewhere only the member sees them",
        more,
        channels=shown,
    )
