"""First responses that take effect once, even if Discord's word about them gets lost.

discord.py sends a response again when the answer to it was lost. Discord then says that the
interaction was answered already, and it was: by us. The same is said when one interaction arrives
twice, where to show the same answer once more does no harm.
"""

from typing import Any

import discord

_ALREADY_ANSWERED = 40060
_NOTE = "crossfade.note"
_PROMISED = "crossfade.promised"


def was_answered(error: discord.HTTPException) -> bool:
    """Whether Discord had taken a response to this interaction before."""
    return error.code == _ALREADY_ANSWERED


def set_note(interaction: discord.Interaction[Any], note: str) -> None:
    """Let an error message to this interaction end with ``note``, if any, as its answer would."""
    if note:
        interaction.extras[_NOTE] = note


def with_note(interaction: discord.Interaction[Any], message: str) -> str:
    """``message`` with the note of this interaction below it, if it has one."""
    if _NOTE not in interaction.extras:
        return message
    return f"{message}\n-# {interaction.extras[_NOTE]}"


def may_be_promised(interaction: discord.Interaction[Any]) -> bool:
    """Whether the member may read that the bot is thinking, even if no word about it came back."""
    return _PROMISED in interaction.extras


async def defer(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Show that the answer takes a while."""
    interaction.extras[_PROMISED] = True
    try:
        await interaction.response.defer(ephemeral=private, thinking=True)
    except discord.HTTPException as error:
        if not was_answered(error):
            raise


async def answer(
    interaction: discord.Interaction[Any],
    embed: discord.Embed,
    view: discord.ui.View | None = None,
    *,
    private: bool = False,
) -> None:
    """Answer with an embed and, where given, buttons that work in any case."""
    shown = view if view is not None else discord.utils.MISSING
    try:
        await interaction.response.send_message(embed=embed, view=shown, ephemeral=private)
    except discord.HTTPException as error:
        if not was_answered(error):
            raise
        # Only a message that was delivered has its buttons listened to.
        await interaction.edit_original_response(embed=embed, view=view)
