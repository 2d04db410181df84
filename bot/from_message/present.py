"""What a message says, and what is said when no artist is in it; pure."""

import discord

from bot.language import gettext
from bot.recommend.present import ATTENTION
from bot.recommend.records import Source
from bot.recommend.words import reach, source_note


def message_text(message: discord.Message) -> str:
    """What is written in a message, the titles and texts of its embeds included."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or ""]
    return "\n".join(part for part in parts if part)


def nothing_found(source: Source) -> discord.Embed:
    """Says that no known artist is named."""
    embed = discord.Embed(title=gettext("I found no artist in this message"), colour=ATTENTION)
    how = gettext("I look for names as they are written.")
    embed.description = f"{how} {reach(source)}"
    return embed.set_footer(text=source_note(source))
