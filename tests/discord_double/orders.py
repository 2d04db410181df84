"""What another process may order of a local Discord, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.discord_double import world as things
from tests.discord_double.context_menus import use_on_message
from tests.discord_double.fates import Fault
from tests.discord_double.interactions import Answer
from tests.discord_double.records import Guild, User
from tests.discord_double.server import DiscordDouble
from tests.discord_double.storm import ROUGH, WAITS, Storm


class Order(BaseModel):
    """A base: a misspelt key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Order):
    """A member; who is left out is June."""

    id: int
    name: str
    locale: str = "en-US"
    permissions: int = things.JUNE.permissions

    def user(self) -> User:
        """Return the record."""
        return User(self.id, self.name, locale=self.locale, permissions=self.permissions)


class _Somewhere(Order):
    user: Person | None = None
    guild: int = 0
    private: bool = False

    def who(self) -> User:
        return things.JUNE if self.user is None else self.user.user()

    def where(self, double: DiscordDouble) -> Guild | None:
        return None if self.private else double.guilds[self.guild]


class Slash(_Somewhere):
    """Use a command; ``guild`` counts from 0."""

    do: Literal["slash"]
    name: str
    options: dict[str, Any] = {}

    async def begin(self, double: DiscordDouble) -> Answer:
        """Do it, without waiting for an answer."""
        return await double.slash(
            *(self.name, self.options),
            user=self.who(),
            guild=self.where(double),
            private=self.private,
            wait=False,
        )


class Autocomplete(_Somewhere):
    """Type into an option."""

    do: Literal["autocomplete"]
    name: str
    options: dict[str, Any]
    focused: str

    async def begin(self, double: DiscordDouble) -> Answer:
        """Do it, without waiting for an answer."""
        return await double.begin_autocomplete(
            *(self.name, self.options),
            focused=self.focused,
            user=self.who(),
            guild=self.where(double),
            private=self.private,
        )


class MessageMenu(_Somewhere):
    """Choose an entry of the menu of a message with this content."""

    do: Literal["message_menu"]
    name: str
    content: str

    async def begin(self, double: DiscordDouble) -> Answer:
        """Do it, without waiting for an answer."""
        return await use_on_message(
            *(double, self.name, self.content),
            user=self.who(),
            guild=self.where(double),
            private=self.private,
            wait=False,
        )


class Press(Order):
    """Press a button or choose from a menu of the message that interaction ``on`` shows."""

    do: Literal["press"]
    on: int
    custom_id: str | None = None
    label: str | None = None
    values: list[str] = []
    user: Person | None = None

    async def begin(self, double: DiscordDouble) -> Answer:
        """Do it, without waiting for an answer."""
        return await double.press(
            double.answers[self.on].message,
            custom_id=self.custom_id,
            label=self.label,
            values=self.values,
            user=things.JUNE if self.user is None else self.user.user(),
            wait=False,
        )


class Submit(Order):
    """Fill in the modal that interaction ``on`` opened."""

    do: Literal["submit"]
    on: int
    fields: dict[str, str]

    async def begin(self, double: DiscordDouble) -> Answer:
        """Do it, without waiting for an answer."""
        return await double.submit(double.answers[self.on], self.fields, wait=False)


Deed = Annotated[Slash | Autocomplete | MessageMenu | Press | Submit, Field(discriminator="do")]


class WeatherOrder(Order):
    """What stays wrong until it is changed; what is left out becomes fair."""

    refusing: int | None = None
    lost_answers: int = 0
    closing: int | None = None
    silent: bool = False


class PlanOrder(Order):
    """As ``Weather.plan``."""

    fault: Fault
    times: int = 1
    seconds: float = 0.0
    on: str = "/interactions"


class StormOrder(Order):
    """As ``Storm``."""

    seed: int
    rates: dict[Fault, float] = dict(ROUGH)
    waits: dict[Fault, tuple[float, float]] = dict(WAITS)

    def storm(self) -> Storm:
        """Return it, not begun."""
        return Storm(self.seed, self.rates, waits=self.waits)


class GatewayOrder(Order):
    """Something to be done at once to the connections of a shard, or to all."""

    do: Literal["drop", "reconnect", "invalidate", "invalidate_resumable", "ignore_heartbeats"]
    shard: int | None = None

    async def obey(self, double: DiscordDouble) -> None:
        """Do it."""
        gateway = double.gateway
        match self.do:
            case "drop":
                gateway.drop(self.shard)
            case "reconnect":
                await gateway.ask_to_reconnect(self.shard)
            case "invalidate":
                await gateway.invalidate(self.shard)
            case "invalidate_resumable":
                await gateway.invalidate(self.shard, resumable=True)
            case "ignore_heartbeats":
                gateway.ignore_heartbeats(self.shard)


class WaitOrder(Order):
    """Wait until something is so, but no longer than ``timeout`` seconds."""

    until: Literal["ready", "connected", "resumed", "commands"]
    times: int = 1
    names: list[str] = []
    timeout: float = 10.0

    async def obey(self, double: DiscordDouble) -> None:
        """Do it; ``times`` is how many shards or resumptions, ``names`` are those of commands."""
        match self.until:
            case "ready":
                await double.wait_ready(self.timeout, shards=self.times)
            case "connected":
                await double.wait_connected(self.timeout)
            case "resumed":
                await double.wait_resumed(self.times, self.timeout)
            case "commands":
                await double.wait_commands(*self.names, timeout=self.timeout)
