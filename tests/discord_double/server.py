"""The local Discord as a whole: what a test starts, drives and asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from tests.discord_double import world as things
from tests.discord_double.call import API
from tests.discord_double.commands import CommandRegistry
from tests.discord_double.driver import Driver
from tests.discord_double.exchange import Exchange, Log
from tests.discord_double.gateway import HEARTBEAT_S, Gateway
from tests.discord_double.interactions import Answer, Interactions
from tests.discord_double.ledger import Ledger
from tests.discord_double.messages import MessageStore
from tests.discord_double.openapi import Contract
from tests.discord_double.records import Guild, Identify, Json, Rejection, Request
from tests.discord_double.responses import Answers
from tests.discord_double.rest import Routes
from tests.discord_double.routing import routed
from tests.discord_double.waiting import Signal
from tests.discord_double.weather import Weather

ANSWER_WITHIN_S = 3.0
TOKEN_LIFE_S = 15 * 60.0


class DiscordDouble(Driver):
    """A local Discord on an ephemeral port of 127.0.0.1.

    ``deadline`` and ``token_life`` are in seconds of ``clock``; ``shards`` is what
    GET /gateway/bot recommends; ``privileged`` grants the privileged intents; with
    ``check_itself`` every answer of the double must fit Discord's document as well. Without
    ``check_bodies`` what clients send is not checked against it, which takes far longer than all
    else.
    """

    def __init__(
        self,
        guilds: Sequence[Guild] | None = None,
        *,
        token: str | None = None,
        shards: int = 1,
        privileged: bool = False,
        deadline: float = ANSWER_WITHIN_S,
        token_life: float = TOKEN_LIFE_S,
        clock: Callable[[], float] = time.monotonic,
        check_itself: bool = False,
        heartbeat_s: float = HEARTBEAT_S,
        check_bodies: bool = True,
    ) -> None:
        self.world = things.World(
            (things.guild(),) if guilds is None else guilds, token or things.default_token()
        )
        self.signal = Signal()
        self.registry = CommandRegistry(self.world)
        self.messages = MessageStore(self.world)
        self.weather = Weather()
        self.ledger = Ledger(clock, deadline=deadline, token_life=token_life)
        self.gateway = Gateway(
            self.world,
            self.signal,
            privileged=privileged,
            weather=self.weather,
            heartbeat_s=heartbeat_s,
            delivered=self.ledger.delivered,
        )
        self.interactions = Interactions(clock, deadline=deadline, token_life=token_life)
        self.log = Log()
        self._contract = Contract(check_responses=check_itself, check_requests=check_bodies)
        self._shards = shards
        self._runner: web.AppRunner | None = None
        self._base = ""

    @property
    def token(self) -> str:
        """The token that the bot must log in with."""
        return self.world.token

    @property
    def rest_url(self) -> str:
        """The address to be put in place of ``https://discord.com/api/v10``."""
        return f"http://{self._base}{API}"

    @property
    def gateway_url(self) -> str:
        """The address to be put in place of ``wss://gateway.discord.gg/``."""
        return f"ws://{self._base}/gateway"

    @property
    def guilds(self) -> list[Guild]:
        """The guilds that the bot is in."""
        return list(self.world.guilds.values())

    @property
    def commands(self) -> dict[str, Json]:
        """The global commands that were synced, by name."""
        return {one["name"]: one for one in self.registry.scope(None)}

    @property
    def guild_commands(self) -> dict[int, dict[str, Json]]:
        """The guild commands that were synced, by guild and name."""
        scopes = {
            guild_id: self.registry.scope(guild_id) for guild_id in self.registry.guild_scopes
        }
        return {key: {one["name"]: one for one in scope} for key, scope in scopes.items()}

    @property
    def requests(self) -> list[Request]:
        """Every REST request, oldest first."""
        return self.log.requests

    @property
    def rejections(self) -> list[Rejection]:
        """Every REST request that was refused, oldest first."""
        return self.log.rejections

    @property
    def unknown_routes(self) -> list[str]:
        """The requests (method and path) to routes that the double does not serve."""
        return self.log.unknown_routes

    @property
    def identified(self) -> list[Identify]:
        """Every accepted login and resumption at the gateway, oldest first."""
        return self.gateway.identified

    @property
    def answers(self) -> list[Answer]:
        """Every interaction with what was answered to it, oldest first."""
        return self.interactions.answers

    async def __aenter__(self) -> DiscordDouble:
        """Start to serve."""
        answers = Answers(self.interactions, self.messages)
        routes = Routes(
            world=self.world,
            gateway=self.gateway,
            registry=self.registry,
            messages=self.messages,
            answers=answers,
            shards=self._shards,
        )
        exchange = Exchange(
            *(self.log, self.signal, self._contract, self.world, self.interactions),
            ledger=self.ledger,
            weather=self.weather,
        )
        app = routes.application(exchange)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._base = f"{host}:{port}"
        self.gateway.url = self.gateway_url
        self.messages.file_url = f"http://{self._base}/files"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close every connection and stop; faults of the double itself come out here."""
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self.log.own_faults and kind is None:
            raise ExceptionGroup("the local Discord itself failed", self.log.own_faults)

    @contextmanager
    def route_client(self) -> Iterator[None]:
        """Send the discord.py clients of this process here; undone at the end."""
        with routed(self.rest_url, self.gateway_url):
            yield

    async def wait_ready(self, timeout: float = 10.0, *, shards: int = 1) -> None:
        """Wait until READY (or RESUMED) was sent on that many shards that are connected."""
        await self.signal.until(
            lambda: len(self.gateway.ready_shards) >= shards,
            timeout=timeout,
            what=f"{shards} shard(s) to be ready",
        )

    async def wait_connected(self, timeout: float = 10.0) -> None:
        """Wait until a client is at the gateway, be it logged in or not."""
        await self.signal.until(
            lambda: self.gateway.connected, timeout=timeout, what="a client at the gateway"
        )

    async def wait_resumed(self, times: int = 1, timeout: float = 10.0) -> None:
        """Wait until sessions were resumed that many times since the start."""
        await self.signal.until(
            lambda: sum(one.resumed for one in self.identified) >= times,
            timeout=timeout,
            what=f"{times} resumption(s)",
        )

    async def wait_commands(
        self, *names: str, guild: Guild | None = None, timeout: float = 10.0
    ) -> None:
        """Wait until commands of these names were synced, globally or to a guild."""
        key = guild.id if guild else None
        await self.signal.until(
            lambda: set(names) <= {one["name"] for one in self.registry.scope(key)},
            timeout=timeout,
            what=f"the commands {names} to be synced",
        )
