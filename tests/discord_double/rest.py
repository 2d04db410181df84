"""The REST routes that a bot of slash commands needs."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_double.call import API, Call
from tests.discord_double.command_rules import check_commands, check_numbers
from tests.discord_double.commands import CommandRegistry
from tests.discord_double.errors import RefusedError, invalid_form
from tests.discord_double.exchange import Exchange
from tests.discord_double.gateway import Gateway
from tests.discord_double.messages import MessageStore
from tests.discord_double.responses import Answers
from tests.discord_double.world import World

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
GLOBAL = "/applications/{application_id}/commands"
GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


class Routes:
    """Binds each route's template, as Discord's document writes it, to what answers it."""

    def __init__(
        self,
        *,
        world: World,
        gateway: Gateway,
        registry: CommandRegistry,
        messages: MessageStore,
        answers: Answers,
        shards: int,
    ) -> None:
        self._world = world
        self._gateway = gateway
        self._registry = registry
        self._messages = messages
        self._answers = answers
        self._shards = shards

    def application(self, exchange: Exchange) -> web.Application:
        """Return the aiohttp application with every route, the gateway and the files."""
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_get("/gateway", self._gateway.serve)
        app.router.add_get("/files/{message_id}/{name}", self._file)
        for method, route, handler in self._table():
            app.router.add_route(method, API + route, exchange.endpoint(route, handler))
        app.router.add_route("*", "/{tail:.*}", exchange.endpoint(None, self._nothing))
        return app

    def _table(self) -> list[tuple[str, str, Any]]:
        answers = self._answers
        own = f"{WEBHOOK}/messages/@original"
        other = f"{WEBHOOK}/messages/{{message_id}}"
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/users/@me/guilds", self._my_guilds),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway", self._gateway_url),
            ("GET", "/gateway/bot", self._gateway_bot),
            *[("GET", scope, self._list_commands) for scope in (GLOBAL, GUILD)],
            *[("PUT", scope, self._replace_commands) for scope in (GLOBAL, GUILD)],
            *[("POST", scope, self._upsert_command) for scope in (GLOBAL, GUILD)],
            *[("GET", f"{scope}/{{command_id}}", self._command) for scope in (GLOBAL, GUILD)],
            *[("DELETE", f"{scope}/{{command_id}}", self._drop) for scope in (GLOBAL, GUILD)],
            ("POST", CALLBACK, answers.respond),
            ("POST", WEBHOOK, answers.follow_up),
            ("GET", own, answers.read_message),
            ("PATCH", own, answers.edit_message),
            ("DELETE", own, answers.delete_message),
            ("GET", other, answers.read_message),
            ("PATCH", other, answers.edit_message),
            ("DELETE", other, answers.delete_message),
        ]

    async def _nothing(self, call: Call) -> tuple[Any, int]:
        raise RefusedError(404, 0, "404: Not Found")

    async def _me(self, call: Call) -> tuple[Any, int]:
        return self._world.me(), 200

    async def _my_guilds(self, call: Call) -> tuple[Any, int]:
        return self._world.my_guilds(), 200

    async def _application(self, call: Call) -> tuple[Any, int]:
        return self._world.application(), 200

    async def _gateway_url(self, call: Call) -> tuple[Any, int]:
        return {"url": self._gateway.url}, 200

    async def _gateway_bot(self, call: Call) -> tuple[Any, int]:
        limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        url = self._gateway.url
        return {"url": url, "shards": self._shards, "session_start_limit": limit}, 200

    def _scope(self, call: Call) -> int | None:
        if call.param("application_id") != str(self._world.application_id):
            raise RefusedError(403, 20012, "You are not authorized to perform this action")
        guild = call.request.match_info.get("guild_id")
        if guild is None:
            return None
        if not guild.isdigit() or int(guild) not in self._world.guilds:
            raise RefusedError(403, 50001, "Missing Access")
        return int(guild)

    async def _list_commands(self, call: Call) -> tuple[Any, int]:
        return self._registry.scope(self._scope(call)), 200

    async def _replace_commands(self, call: Call) -> tuple[Any, int]:
        scope = self._scope(call)
        if errors := check_commands(call.body or []):
            raise invalid_form(errors)
        check_numbers(call.body or [])
        return self._registry.replace(call.body or [], scope), 200

    async def _upsert_command(self, call: Call) -> tuple[Any, int]:
        scope = self._scope(call)
        if errors := check_commands([call.body], several=False):
            raise invalid_form(errors)
        check_numbers(self._registry.with_one(call.body, scope))
        return self._registry.upsert(call.body, scope), 201

    async def _command(self, call: Call) -> tuple[Any, int]:
        return self._registry.get(int(call.param("command_id")), self._scope(call)), 200

    async def _drop(self, call: Call) -> tuple[Any, int]:
        self._registry.delete(int(call.param("command_id")), self._scope(call))
        return None, 204

    async def _file(self, request: web.Request) -> web.Response:
        message_id, name = request.match_info["message_id"], request.match_info["name"]
        upload = self._messages.file(int(message_id), name) if message_id.isdigit() else None
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.content, content_type=upload.content_type)
