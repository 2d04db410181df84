"""A preview as a message; pure."""

import discord

from bot.language import gettext, spoken
from bot.preview.records import Preview
from bot.recommend.present import ACCENT, ATTENTION
from bot.recommend.words import name_of
from bot.text import EMBED_TITLE, cut, escape, link
from model.catalogue import Artist


def preview_embed(preview: Preview) -> discord.Embed:
    """Where to hear the thirty seconds and the whole track, with credit."""
    title = cut(escape(f"{preview.artist} – {preview.title}"), EMBED_TITLE)
    places = ["▶ " + link(gettext("Play 30 seconds"), preview.url)]
    if preview.link:
        places.append(link(gettext("Open on {provider}", provider="Deezer"), preview.link))
    embed = discord.Embed(title=title, description=" · ".join(places), colour=ACCENT)
    lasting = gettext("plays for less than an hour")
    return embed.set_footer(text=f"{spoken(preview.credit)} · {lasting}")


def no_preview_embed(artist: Artist) -> discord.Embed:
    """Says that there is nothing to hear."""
    embed = discord.Embed(title=gettext("Nothing to hear"), colour=ATTENTION)
    name = escape(name_of(artist))
    embed.description = gettext("Deezer has no preview of {artist}.", artist=name)
    return embed
