"""Buttons under "did you mean": one press answers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from bot import responses
from bot.member_view import LIFETIME, MemberView
from bot.text import BUTTON_LABEL, clean, cut
from model.catalogue import Artist

Chosen = Callable[[discord.Interaction[Any], Artist], Awaitable[None]]


class ChoiceView(MemberView):
    """One button an artist, for the member who asked.

    Args:
        artists: one to five.
        member: whom the buttons serve.
        chosen: answers the press.
        timeout: seconds until the buttons are switched off.
    """

    def __init__(
        self,
        artists: Sequence[Artist],
        *,
        member: discord.abc.User,
        chosen: Chosen,
        timeout: float = LIFETIME,
    ) -> None:
        super().__init__(member=member, command="/recommend", timeout=timeout)
        for artist in artists:
            self.add_item(_ArtistButton(artist, chosen))

    async def answer(self, interaction: discord.Interaction[Any], embed: discord.Embed) -> None:
        """Answer ``interaction`` with the question and these buttons."""
        self.answered = interaction
        await responses.answer(interaction, embed, self)


class _ArtistButton(discord.ui.Button[ChoiceView]):
    def __init__(self, artist: Artist, chosen: Chosen) -> None:
        label = cut(clean(artist.name), BUTTON_LABEL) or f"id:{artist.id}"
        super().__init__(label=label, style=discord.ButtonStyle.primary)
        self._artist = artist
        self._chosen = chosen

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with this artist."""
        await self._chosen(interaction, self._artist)
        if self.view is not None:
            self.view.stop()
