"""Answers with the map: as a new message, or in the place of a question."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import responses
from bot.map.present import map_file, map_message, not_shown
from bot.map.records import MapPicture
from bot.map.service import MapService
from bot.member_view import LIFETIME, MemberView
from bot.recommend.words import name_of
from bot.text import BUTTON_LABEL
from model.catalogue import Artist


async def answer_with_map(
    interaction: discord.Interaction[Any],
    artist_id: int,
    *,
    maps: MapService,
    private: bool = True,
) -> None:
    """Answer a press, which nothing has answered yet, with a new message.

    Args:
        interaction: what is answered.
        artist_id: Crossfade's own key of the artist in the middle.
        maps: draws the map.
        private: whether the member alone sees it.

    Raises:
        MemberError: the model has no such artist, or no map.
    """
    await responses.defer(interaction, private=private)
    await show_map(interaction, await maps.picture(artist_id))


async def show_map(
    interaction: discord.Interaction[Any], picture: MapPicture, typed: str | None = None
) -> None:
    """Put the map where the interaction's answer is, or its description where no file may go."""
    try:
        await interaction.edit_original_response(
            content=map_message(picture, typed), attachments=[map_file(picture)], view=None
        )
    except discord.Forbidden:
        await interaction.edit_original_response(content=not_shown(picture), view=None)


class MapChoiceView(MemberView):
    """One button for each artist that could be meant; a press turns the question into the map.

    Args:
        artists: one to five.
        member: whom the buttons serve.
        maps: draws the map.
        timeout: seconds until the buttons are switched off.
    """

    def __init__(
        self,
        artists: Sequence[Artist],
        *,
        member: discord.abc.User,
        maps: MapService,
        timeout: float = LIFETIME,
    ) -> None:
        super().__init__(member=member, command="/map", timeout=timeout)
        for artist in artists:
            self.add_item(_ArtistButton(artist, maps))

    async def ask(self, interaction: discord.Interaction[Any], question: str) -> None:
        """Put the question and these buttons where the interaction's answer is."""
        self.answered = interaction
        await interaction.edit_original_response(content=question, view=self)


class _ArtistButton(discord.ui.Button[MapChoiceView]):
    def __init__(self, artist: Artist, maps: MapService) -> None:
        super().__init__(label=name_of(artist, BUTTON_LABEL), style=discord.ButtonStyle.primary)
        self._artist = artist
        self._maps = maps

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the map around this artist."""
        try:
            await interaction.response.defer()
        except discord.HTTPException as error:
            if not responses.was_answered(error):
                raise
        await show_map(interaction, await self._maps.picture(self._artist.id))
        if self.view is not None:
            self.view.stop()
