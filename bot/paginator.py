"""Pages of an answer with buttons to turn them, for the member who asked."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.boundary import UNDELIVERABLE
from bot.language import gettext
from bot.member_view import LIFETIME, MemberView


class PageView(MemberView):
    """Shows one embed at a time with Previous and Next; only ``member`` may turn the pages.

    Args:
        pages: the embeds, at least one, each within Discord's limits.
        member: whom the answer serves.
        command: the command to run again, for example ``/lyrics``.
        timeout: seconds without a press after which the buttons are switched off.

    Raises:
        ValueError: there are no pages.
    """

    def __init__(
        self,
        pages: Sequence[discord.Embed],
        *,
        member: discord.abc.User,
        command: str,
        timeout: float = LIFETIME,
    ) -> None:
        if not pages:
            raise ValueError("a view needs at least one page")
        super().__init__(member=member, command=command, timeout=timeout)
        self._pages = tuple(pages)
        self._index = 0
        self.previous.label = gettext("Previous")
        self.following.label = gettext("Next")
        self._set_buttons()

    async def answer(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a deferred interaction with the first page; a lone page gets no buttons."""
        if len(self._pages) == 1:
            self.stop()
            await interaction.edit_original_response(embed=self._pages[0])
            return
        await interaction.edit_original_response(embed=self._pages[self._index], view=self)
        self.answered = interaction

    @discord.ui.button(style=discord.ButtonStyle.secondary)
    async def previous(
        self, interaction: discord.Interaction[Any], _button: discord.ui.Button["PageView"]
    ) -> None:
        """Turn back."""
        await self._turn(interaction, self._index - 1)

    @discord.ui.button(style=discord.ButtonStyle.secondary, disabled=True)
    async def position(
        self, _interaction: discord.Interaction[Any], _button: discord.ui.Button["PageView"]
    ) -> None:
        """Only shows where we are; Discord never lets it be pressed."""

    @discord.ui.button(style=discord.ButtonStyle.primary)
    async def following(
        self, interaction: discord.Interaction[Any], _button: discord.ui.Button["PageView"]
    ) -> None:
        """Turn on."""
        await self._turn(interaction, self._index + 1)

    async def _turn(self, interaction: discord.Interaction[Any], index: int) -> None:
        before, wanted = self._index, min(max(index, 0), len(self._pages) - 1)
        self._index = wanted
        self._set_buttons()
        try:
            await interaction.response.edit_message(embed=self._pages[wanted], view=self)
        except UNDELIVERABLE:
            # Another press may have turned on while this one was under way.
            if self._index == wanted:
                self._index = before
                self._set_buttons()
            raise
        # A press brings a fresh token, good for another 15 minutes.
        self.answered = interaction

    def _set_buttons(self) -> None:
        self.previous.disabled = self._index == 0
        self.following.disabled = self._index == len(self._pages) - 1
        self.position.label = gettext(
            "Page {page} of {pages}", page=self._index + 1, pages=len(self._pages)
        )
