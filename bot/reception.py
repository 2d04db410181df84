"""Where every interaction is let in, counted and, at its end, told to who keeps track."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.boundary import show_error
from bot.command_log import log_handled
from bot.errors import CooldownError, MemberError
from bot.handled import Handled, Kind, Outcome, outcome_of
from bot.language import lazy_gettext, speak
from bot.limits import MEMBER_RATE, SERVER_RATE, Limits
from bot.under_way import UnderWay

Told = Callable[[Handled], None]

_OWN_COMMANDS = (app_commands.Command, app_commands.ContextMenu)


@dataclass
class _Visit:
    """An interaction that is being handled."""

    interaction: discord.Interaction[Any]
    pressed: str | None
    began: float
    answered_at: float | None = None


class Reception:
    """Lets interactions in unless there are too many of them or the bot is ending.

    Attributes:
        under_way: what is being handled.

    Args:
        limits: keeps count of what members and servers did.
        told: who is told of each interaction that was handled.
        clock: seconds that only ever grow.
        now: seconds since 1970.
    """

    def __init__(
        self,
        *,
        limits: Limits,
        told: Sequence[Told] = (log_handled,),
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.under_way = UnderWay()
        self._limits = limits
        self._told = list(told)
        self._clock = clock
        self._now = now
        self._visits: dict[int, _Visit] = {}

    def tell(self, told: Told) -> None:
        """Tell somebody else as well."""
        self._told.append(told)

    async def admit(
        self, interaction: discord.Interaction[Any], *, pressed: str | None = None
    ) -> bool:
        """Let an interaction in that the running task handles to its end, or say why not.

        Whatever the task says from now on, it says in the member's language.

        Args:
            interaction: of any kind.
            pressed: whose button or menu it is, for example ``/lyrics``; None for a command.
        """
        speak(str(interaction.locale))
        self._begin(interaction, pressed)
        # A choice is there before the next letter is typed, so there is nothing to protect.
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        try:
            await self._check(interaction)
        except MemberError as error:
            await show_error(interaction, error)
            return False
        return True

    def trace(self) -> aiohttp.TraceConfig:
        """What the client's HTTP session needs to see when Discord has a first response."""
        config = aiohttp.TraceConfig()

        async def ended(
            _session: aiohttp.ClientSession, _context: object, done: aiohttp.TraceRequestEndParams
        ) -> None:
            self._answered(done)

        config.on_request_end.append(ended)
        return config

    def _begin(self, interaction: discord.Interaction[Any], pressed: str | None) -> None:
        task = asyncio.current_task()
        if task is None or interaction.id in self._visits:
            return
        visit = _Visit(interaction, pressed, self._clock())
        self._visits[interaction.id] = visit
        self.under_way.add(task)
        task.add_done_callback(partial(self._end, visit))

    async def _check(self, interaction: discord.Interaction[Any]) -> None:
        if self.under_way.ending:
            raise MemberError(
                lazy_gettext("I am restarting"), mend=lazy_gettext("try again in a minute")
            )
        wait = await self._limits.take(f"member:{interaction.user.id}", MEMBER_RATE)
        if wait:
            raise CooldownError(lazy_gettext("You are quick"), mend=self._in(wait))
        if interaction.guild_id is None:
            return
        wait = await self._limits.take(f"server:{interaction.guild_id}", SERVER_RATE)
        if wait:
            raise CooldownError(lazy_gettext("This server is busy"), mend=self._in(wait))

    def _in(self, seconds: float) -> str:
        """When to come back, as Discord shows it: counting down."""
        moment = f"<t:{math.ceil(self._now() + seconds)}:R>"
        return lazy_gettext("come back {moment}", moment=moment)

    def _answered(self, done: aiohttp.TraceRequestEndParams) -> None:
        match done.url.parts:
            case (*_, "interactions", number, _token, "callback") if done.response.ok:
                visit = self._visits.get(int(number))
                if visit is not None and visit.answered_at is None:
                    visit.answered_at = self._now()
            case _:
                pass

    def _end(self, visit: _Visit, task: asyncio.Task[Any]) -> None:
        interaction = visit.interaction
        del self._visits[interaction.id]
        outcome, reference = outcome_of(interaction)
        if task.cancelled() or task.exception() is not None:
            outcome = Outcome.FAILED
        began = interaction.created_at.timestamp()
        first = visit.answered_at
        name, kind = _what(interaction, visit.pressed)
        handled = Handled(
            name=name,
            kind=kind,
            server=interaction.guild_id,
            shard=_shard(interaction),
            first_ms=None if first is None else round(1000 * (first - began)),
            end_ms=round(1000 * (self._now() - began)),
            seconds=self._clock() - visit.began,
            outcome=outcome,
            reference=reference,
        )
        for told in self._told:
            told(handled)


class Receiving:
    """A client that has a reception; buttons and menus find it there."""

    reception: Reception


async def admit_press(interaction: discord.Interaction[Any], command: str) -> bool:
    """Let a press of a button or menu in, or say why not.

    Args:
        interaction: the press; the running task handles it.
        command: whose button or menu it is, for example ``/lyrics``.
    """
    client = interaction.client
    if not isinstance(client, Receiving):
        return True
    return await client.reception.admit(interaction, pressed=command)


def _what(interaction: discord.Interaction[Any], pressed: str | None) -> tuple[str, Kind]:
    if pressed is not None:
        return pressed.removeprefix("/"), "press"
    command = interaction.command
    # What is not ours any more has only the name that came from outside.
    name = command.qualified_name if isinstance(command, _OWN_COMMANDS) else "unknown"
    if interaction.type is discord.InteractionType.autocomplete:
        return name, "autocomplete"
    return name, "menu" if isinstance(command, app_commands.ContextMenu) else "command"


def _shard(interaction: discord.Interaction[Any]) -> int:
    """Which shard a server belongs to: ``(id >> 22) % shards``; direct messages to the first."""
    return ((interaction.guild_id or 0) >> 22) % (interaction.client.shard_count or 1)
