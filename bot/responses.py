"""First responses that take effect once, even if Discord's word about them gets lost.

discord.py sends a response again when the answer to it was lost. Discord then says that the
interaction was answered already, and it was: by us. The same is said when one interaction arrives
twice, where to show the same answer once more does no harm.
"""

from typing import Any

import discord

_ALREADY_ANSWERED = 40060


def was_answered(error: discord.HTTPException) -> bool:
    """Whether Discord had taken a response to this interaction before."""
    return error.code == _ALREADY_ANSWERED


async def defer(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Show that the answer takes a while."""
    try:
        await interaction.response.defer(ephemeral=private, thinking=True)
    except discord.HTTPException as error:
        if not was_answered(error):
            raise


async def answer(
    interaction: discord.Interaction[Any], embed: discord.Embed, view: discord.ui.View | None = None
) -> None:
    """Answer with an embed and, where given, buttons that work in any case."""
    shown = view if view is not None else discord.utils.MISSING
    try:
        await interaction.response.send_message(embed=embed, view=shown)
    except discord.HTTPException as error:
        if not was_answered(error):
            raise
        # Only a message that was delivered has its buttons listened to.
        await interaction.edit_original_response(embed=embed, view=view)
