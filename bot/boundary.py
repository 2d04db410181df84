"""The one place where an exception becomes a message that a member can act on."""

import logging
import secrets
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.errors import CooldownError, MemberError, NotYoursError
from bot.handled import Outcome, set_outcome
from bot.language import gettext
from bot.responses import may_be_promised, was_answered, with_note
from bot.text import cut, escape
from model.errors import CrossfadeError

_log = logging.getLogger(__name__)

# What sending to Discord raises when the answer cannot be delivered.
UNDELIVERABLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)

# Discord's code for "too late".
_UNKNOWN_INTERACTION = 10062
_MESSAGE_LENGTH = 500

# Where what a member did cannot be answered otherwise.
_OF_MEMBERS = (
    MemberError,
    *(app_commands.CommandNotFound, app_commands.CommandSignatureMismatch),
    *(app_commands.CheckFailure, app_commands.TransformerError),
)


async def show_error(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Log an error with a reference and tell the member who caused it, privately.

    What is meant for members is shown as it is; everything else becomes a sentence with the
    reference under which the log holds the details.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    reference = secrets.token_hex(4)
    if isinstance(error, discord.HTTPException) and (
        error.code == _UNKNOWN_INTERACTION or was_answered(error)
    ):
        # Nothing is left to tell the member.
        _log.warning("%s could not be answered: %s [%s]", _what(interaction), error, reference)
        set_outcome(interaction, Outcome.OK if was_answered(error) else Outcome.LATE, reference)
        return
    set_outcome(interaction, _outcome(error), reference)
    if isinstance(error, NotYoursError):
        _log.info("%s pressed by somebody else [%s]", _what(interaction), reference)
    elif isinstance(error, CooldownError):
        _log.info("%s is asked too often [%s]", _what(interaction), reference)
    elif isinstance(error, CrossfadeError):
        _log.warning("%s: %s [%s]", _what(interaction), error, reference)
    else:
        _log.error("%s failed [%s]", _what(interaction), reference, exc_info=error)
    await _tell(interaction, with_note(interaction, _message(error, reference)), reference)


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, CooldownError):
        return Outcome.COOLDOWN
    return Outcome.MEMBER_ERROR if isinstance(error, _OF_MEMBERS) else Outcome.FAILED


def _message(error: Exception, reference: str) -> str:
    if isinstance(error, MemberError):
        return f"{cut(error.spoken(), _MESSAGE_LENGTH)}."
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return gettext(
            "This command has changed. Press Ctrl+R in Discord (or restart it) and try again."
        )
    if isinstance(error, app_commands.TransformerError):
        return _not_of_the_kind(error)
    if isinstance(error, app_commands.CheckFailure):
        return f"{escape(cut(str(error), _MESSAGE_LENGTH))}"
    return gettext(
        "Something went wrong on my side. Try again, or tell the admin: reference `{reference}`.",
        reference=reference,
    )


def _not_of_the_kind(error: app_commands.TransformerError) -> str:
    """What discord.py says of a value that is no such thing, as a channel that it cannot see."""
    kind = str(error).rpartition(" to ")[2]
    said = gettext("Failed to convert {value} to {kind}", value=error.value, kind=kind)
    return escape(cut(said, _MESSAGE_LENGTH))


async def _tell(interaction: discord.Interaction[Any], message: str, reference: str) -> None:
    try:
        if interaction.response.is_done() or may_be_promised(interaction):
            await _tell_further(interaction, message)
        else:
            await _tell_first(interaction, message)
    except UNDELIVERABLE as failure:
        _log.warning("the member could not be told [%s]: %s", reference, failure)
        late = isinstance(failure, discord.HTTPException) and failure.code == _UNKNOWN_INTERACTION
        set_outcome(interaction, Outcome.LATE if late else Outcome.FAILED, reference)


async def _tell_further(interaction: discord.Interaction[Any], message: str) -> None:
    if interaction.response.type in {
        None,
        discord.InteractionResponseType.deferred_channel_message,
    }:
        # Nothing is there yet, and unlike a message of its own this can be sent twice.
        await interaction.edit_original_response(content=message)
    else:
        await interaction.followup.send(message, ephemeral=True)


async def _tell_first(interaction: discord.Interaction[Any], message: str) -> None:
    try:
        await interaction.response.send_message(message, ephemeral=True)
    except discord.HTTPException as failure:
        # Then the answer itself arrived, and only the word about it was lost.
        if not was_answered(failure):
            raise


def _what(interaction: discord.Interaction[Any]) -> str:
    command = interaction.command
    return f"/{command.qualified_name}" if command is not None else "a button"
