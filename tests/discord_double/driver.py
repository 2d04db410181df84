"""What members do: slash commands, typing with autocomplete, buttons, menus and modals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_double import world as things
from tests.discord_double.commands import CommandRegistry, command_data
from tests.discord_double.components import (
    BUTTON,
    chosen_values,
    filled_row,
    modal_inputs,
    usable_component,
)
from tests.discord_double.errors import NotConnectedError, NotOfferedError
from tests.discord_double.events import interaction_event
from tests.discord_double.gateway import Gateway
from tests.discord_double.interactions import Answer, Interactions
from tests.discord_double.kinds import Kind, StoredMessage
from tests.discord_double.ledger import Ledger
from tests.discord_double.messages import MessageStore
from tests.discord_double.records import Channel, Guild, Json, User
from tests.discord_double.waiting import Signal
from tests.discord_double.weather import Weather
from tests.discord_double.world import World

PRIVATE_CHANNEL = Channel(230_000_000_000_000_003, "", 1)


class Driver:
    """The members' side. A base of DiscordDouble, which gives it the parts it works with."""

    world: World
    registry: CommandRegistry
    messages: MessageStore
    interactions: Interactions
    gateway: Gateway
    signal: Signal
    ledger: Ledger
    weather: Weather

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: User = things.JUNE,
        guild: Guild | None = None,
        channel: Channel | None = None,
        private: bool = False,
        timeout: float = 3.0,
        wait: bool = True,
    ) -> Answer:
        """Use a command and wait for the initial response (not if ``wait`` is False).

        ``name`` may hold subcommands (``"taste show"``). ``private`` uses the command in the
        direct conversation with the bot; otherwise ``guild`` is the first one by default.

        Raises:
            NotOfferedError: Discord's own client would refuse this command or these options.
            NoAnswerError: no initial response within ``timeout`` seconds.
        """
        place = self._place(guild, private=private)
        first, *path = name.removeprefix("/").split()
        command = self.registry.offered(first, place)
        data = command_data(command, path, options or {}, place=place, focused="")
        answer = await self._begin(Kind.COMMAND, data, user, place, channel)
        if wait:
            await answer.responded(timeout)
        return answer

    async def autocomplete(
        self,
        name: str,
        options: Mapping[str, Any],
        *,
        focused: str,
        user: User = things.JUNE,
        guild: Guild | None = None,
        channel: Channel | None = None,
        private: bool = False,
        timeout: float = 3.0,
    ) -> list[Json]:
        """Type into an option and return the choices offered (each with name and value)."""
        answer = await self.begin_autocomplete(
            name,
            options,
            focused=focused,
            user=user,
            guild=guild,
            channel=channel,
            private=private,
        )
        await answer.responded(timeout)
        return answer.choices

    async def begin_autocomplete(
        self,
        name: str,
        options: Mapping[str, Any],
        *,
        focused: str,
        user: User = things.JUNE,
        guild: Guild | None = None,
        channel: Channel | None = None,
        private: bool = False,
    ) -> Answer:
        """Type into an option without waiting for choices."""
        place = self._place(guild, private=private)
        first, *path = name.removeprefix("/").split()
        command = self.registry.offered(first, place)
        data = command_data(command, path, options, place=place, focused=focused)
        return await self._begin(Kind.AUTOCOMPLETE, data, user, place, channel)

    async def press(
        self,
        message: Json | None,
        *,
        custom_id: str | None = None,
        label: str | None = None,
        values: Sequence[str] | None = None,
        user: User = things.JUNE,
        timeout: float = 3.0,
        wait: bool = True,
    ) -> Answer:
        """Press a button, or choose ``values`` of a menu, of a message as it looks now.

        Raises:
            NotOfferedError: there is no such component, or this member cannot use it.
            NoAnswerError: no initial response within ``timeout`` seconds.
        """
        if message is None:
            raise NotOfferedError("there is no message to press anything on")
        stored = self.messages.get(int(message["id"]))
        component = usable_component(stored, user, custom_id, label)
        data: Json = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "id": component["id"],
        }
        if component["type"] != BUTTON:
            data["values"] = chosen_values(component, values or ())
        answer = await self._begin(
            Kind.COMPONENT, data, user, stored.place, stored.channel, source=stored
        )
        if wait:
            await answer.responded(timeout)
        return answer

    async def submit(
        self,
        opened: Answer,
        fields: Mapping[str, str],
        *,
        timeout: float = 3.0,
        wait: bool = True,
    ) -> Answer:
        """Fill in the modal that an answer opened: custom id -> text of its text inputs."""
        if opened.modal is None:
            raise NotOfferedError("no modal was opened")
        inputs = [one for one in modal_inputs(opened.modal) if one["type"] == 4]
        if {one["custom_id"] for one in inputs} != set(fields):
            raise NotOfferedError(f"the modal asks for {[one['custom_id'] for one in inputs]}")
        rows = [filled_row(row, fields) for row in opened.modal["components"]]
        data: Json = {"custom_id": opened.modal["custom_id"], "components": rows}
        answer = await self._begin(
            Kind.MODAL,
            data,
            opened.user,
            opened.place,
            opened.channel,
            source=opened.source,
            trigger=opened,
        )
        if wait:
            await answer.responded(timeout)
        return answer

    def _place(self, guild: Guild | None, *, private: bool) -> Guild | None:
        if private:
            return None
        return guild or next(iter(self.world.guilds.values()))

    async def _begin(
        self,
        kind: Kind,
        data: Json,
        user: User,
        place: Guild | None,
        channel: Channel | None,
        *,
        source: StoredMessage | None = None,
        trigger: Answer | None = None,
    ) -> Answer:
        where = channel or (place.channels[0] if place else PRIVATE_CHANNEL)
        event = interaction_event(self.world, kind, data, user=user, place=place, channel=where)
        if source is not None:
            event["message"] = source.payload
        answer = Answer(
            event,
            user=user,
            place=place,
            channel=where,
            began=self.interactions.now(),
            signal=self.signal,
            source=source,
            trigger=trigger,
        )
        self.interactions.add(answer)
        self.ledger.open(answer)
        try:
            await self.gateway.dispatch(
                "INTERACTION_CREATE", event, guild_id=place.id if place else None
            )
        except NotConnectedError:
            # A storm may leave a shard without a session for a while; the ledger knows.
            if self.weather.storm is None:
                raise
        return answer
