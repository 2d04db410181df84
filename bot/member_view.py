"""Buttons that serve one member: locked to them, and saying so when they end."""

import logging
from typing import Any

import discord

from bot.boundary import UNDELIVERABLE, show_error
from bot.errors import NotYoursError
from bot.language import gettext, lazy_gettext
from bot.reception import admit_press
from bot.text import clean, escape
from bot.translator import command_called

# Discord forgets an interaction after 15 minutes; a message must say goodbye before.
LIFETIME = 14 * 60.0

_TAKEN = "crossfade.taken"

_log = logging.getLogger(__name__)


def is_taken(press: discord.Interaction[Any]) -> bool:
    """Whether a living view has begun to work on this press, answered or not."""
    return _TAKEN in press.extras


class MemberView(discord.ui.View):
    """A view that only ``member`` may use and that switches itself off after its timeout.

    Attributes:
        answered: the newest interaction through which the message can be edited; who shows the
            buttons sets it once the message is there, and None means that it never was.

    Args:
        member: whom the buttons serve.
        command: the command to run again, for example ``/lyrics``.
        timeout: seconds without a press after which the buttons are switched off.
    """

    def __init__(
        self, *, member: discord.abc.User, command: str, timeout: float = LIFETIME
    ) -> None:
        super().__init__(timeout=timeout)
        self.answered: discord.Interaction[Any] | None = None
        self._member = member
        self._command = command

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let only the member press, and not too often."""
        interaction.extras[_TAKEN] = True
        if not await admit_press(interaction, self._command):
            return False
        if interaction.user.id == self._member.id:
            return True
        owner = escape(clean(self._member.display_name))
        raise NotYoursError(
            lazy_gettext("These buttons belong to {member}", member=owner),
            mend=lazy_gettext("run {command} yourself", command=command_called(self._command)),
        )

    async def on_error(
        self,
        interaction: discord.Interaction[Any],
        error: Exception,
        _item: discord.ui.Item[Any],
        /,
    ) -> None:
        """Show what went wrong to who pressed."""
        await show_error(interaction, error)

    async def on_timeout(self) -> None:
        """Switch the buttons off and say so."""
        if self.answered is None:
            return
        for button in self.children:
            if isinstance(button, discord.ui.Button):
                button.disabled = True
        farewell = gettext(
            "The buttons have gone to sleep; run {command} again.",
            command=command_called(self._command),
        )
        try:
            await self.answered.edit_original_response(content=farewell, view=self)
        except UNDELIVERABLE as failure:
            _log.info("sleeping buttons of %s stay as they are: %s", self._command, failure)
