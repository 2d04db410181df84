"""What is known of an interaction when it has been handled; nothing of what the member typed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import discord

_OUTCOME = "crossfade.outcome"

Kind = Literal["command", "menu", "press", "autocomplete"]


class Outcome(StrEnum):
    """How the handling of an interaction ended."""

    OK = "ok"
    MEMBER_ERROR = "member-error"
    COOLDOWN = "cooldown"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True)
class Handled:
    """One interaction, from the member's action to the end of the answer.

    Attributes:
        name: of the command, or of the one whose buttons were pressed; one of ours, or ``unknown``.
        kind: what the member did.
        server: the id of the server, None in direct messages.
        shard: the shard it came through.
        first_ms: milliseconds from the member's action until Discord had the first response, by
            the interaction's snowflake and this machine's clock; None when Discord confirmed none.
        end_ms: the same until all was done.
        seconds: what the handling took here.
        outcome: how it ended.
        reference: what the member was shown to tell the admin, and the log holds.
    """

    name: str
    kind: Kind
    server: int | None
    shard: int
    first_ms: int | None
    end_ms: int
    seconds: float
    outcome: Outcome
    reference: str | None


def set_outcome(
    interaction: discord.Interaction[Any], outcome: Outcome, reference: str | None = None
) -> None:
    """Note how an interaction ends; the last one to know it is right."""
    interaction.extras[_OUTCOME] = (outcome, reference)


def outcome_of(interaction: discord.Interaction[Any]) -> tuple[Outcome, str | None]:
    """How an interaction ended, and the reference of its error if it had one."""
    return interaction.extras.get(_OUTCOME, (Outcome.OK, None))
