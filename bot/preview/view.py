"""Answers a press with something to hear."""

from typing import Any

import discord

from bot import responses
from bot.preview.present import no_preview_embed, preview_embed
from bot.preview.service import PreviewService
from model.catalogue import Artist


async def answer_with_preview(
    interaction: discord.Interaction[Any], artist: Artist, *, previews: PreviewService
) -> None:
    """Answer a press, which nothing has answered yet, to the member who pressed alone.

    Raises:
        NeighbourError: Deezer cannot be asked, or does not answer in time.
    """
    await responses.defer(interaction, private=True)
    preview = await previews.find(artist.name)
    embed = no_preview_embed(artist) if preview is None else preview_embed(preview)
    await interaction.edit_original_response(embed=embed)
