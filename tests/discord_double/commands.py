"""The commands that the bot has synced, and what Discord's own client makes of a member's input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.discord_double.errors import NotOfferedError, RefusedError
from tests.discord_double.records import Channel, Guild, Json, User
from tests.discord_double.world import World, channel_payload, member_payload, user_payload

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 9, 10
PYTHON_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User,),
    CHANNEL: (Channel,),
    MENTIONABLE: (User,),
    NUMBER: (int, float),
}


class CommandRegistry:
    """Global and guild commands by id; a command that is synced again keeps its id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[int | None, dict[int, Json]] = {None: {}}

    def scope(self, guild_id: int | None) -> list[Json]:
        """Return the commands of a guild, or the global ones."""
        return list(self._scopes.get(guild_id, {}).values())

    @property
    def guild_scopes(self) -> list[int]:
        """The guilds that commands were synced to."""
        return [guild_id for guild_id in self._scopes if guild_id is not None]

    def replace(self, definitions: list[Json], guild_id: int | None) -> list[Json]:
        """Overwrite a scope, as PUT does, and return its commands."""
        known = {_identity(command): command for command in self.scope(guild_id)}
        self._scopes[guild_id] = {}
        return [self._store(one, guild_id, known.get(_identity(one))) for one in definitions]

    def upsert(self, definition: Json, guild_id: int | None) -> Json:
        """Create or overwrite one command, as POST does."""
        known = {_identity(command): command for command in self.scope(guild_id)}
        return self._store(definition, guild_id, known.get(_identity(definition)))

    def with_one(self, definition: Json, guild_id: int | None) -> list[Json]:
        """Return what a scope would hold after ``upsert``."""
        others = [one for one in self.scope(guild_id) if _identity(one) != _identity(definition)]
        return [*others, definition]

    def get(self, command_id: int, guild_id: int | None) -> Json:
        """Return one command; refuse an unknown id."""
        try:
            return self._scopes[guild_id][command_id]
        except KeyError:
            raise RefusedError(404, 10063, "Unknown application command") from None

    def delete(self, command_id: int, guild_id: int | None) -> None:
        """Forget one command; refuse an unknown id."""
        self.get(command_id, guild_id)
        del self._scopes[guild_id][command_id]

    def offered(self, name: str, place: Guild | None) -> Json:
        """Return the command that a member sees under ``name`` here; a guild's own wins."""
        scopes = [self.scope(place.id)] if place else []
        visible = [one for scope in [*scopes, self.scope(None)] for one in scope]
        for command in visible:
            contexts = command.get("contexts")
            context = 0 if place else 1
            if command["name"] == name and (contexts is None or context in contexts):
                return command
        names = sorted(command["name"] for command in visible)
        raise NotOfferedError(f"/{name} is not offered here; synced and visible: {names}")

    def _store(self, definition: Json, guild_id: int | None, known: Json | None) -> Json:
        command: Json = {
            "type": 1,
            "description": "",
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
        } | {key: value for key, value in definition.items() if value is not None}
        if command["default_member_permissions"] is not None:
            command["default_member_permissions"] = str(command["default_member_permissions"])
        command["id"] = known["id"] if known else str(self._world.new_id())
        command["application_id"] = str(self._world.application_id)
        command["version"] = str(self._world.new_id())
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        self._scopes.setdefault(guild_id, {})[int(command["id"])] = command
        return command


def _identity(command: Json) -> tuple[str, int]:
    return command["name"], command.get("type") or 1


def command_data(
    command: Json, path: list[str], values: Mapping[str, Any], *, place: Guild | None, focused: str
) -> Json:
    """Return an interaction's ``data``; ``focused`` names the option being typed, or is empty.

    Raises:
        NotOfferedError: an unknown option, a missing one, or a value that does not fit.
    """
    leaf, nesting = _leaf(command, path)
    resolved: Json = {}
    filled = _options(leaf, values, resolved, place=place, focused=focused)
    for step in reversed(nesting):
        filled = [{"name": step["name"], "type": step["type"], "options": filled}]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": filled}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved} if resolved else {})


def _leaf(command: Json, path: list[str]) -> tuple[Json, list[Json]]:
    nesting: list[Json] = []
    node = command
    for step in path:
        below = [one for one in node.get("options", []) if one["type"] in {SUBCOMMAND, GROUP}]
        found = next((one for one in below if one["name"] == step), None)
        if found is None:
            raise NotOfferedError(f"/{command['name']} has no subcommand {step!r} there")
        nesting.append(found)
        node = found
    if any(one["type"] in {SUBCOMMAND, GROUP} for one in node.get("options", [])):
        raise NotOfferedError(f"/{command['name']} needs a subcommand")
    return node, nesting


def _options(
    leaf: Json, values: Mapping[str, Any], resolved: Json, *, place: Guild | None, focused: str
) -> list[Json]:
    known = {option["name"]: option for option in leaf.get("options", [])}
    if unknown := set(values) - set(known):
        raise NotOfferedError(f"no such option: {sorted(unknown)}; there are {sorted(known)}")
    missing = [name for name, option in known.items() if option.get("required")]
    if not focused and (missing := [name for name in missing if name not in values]):
        raise NotOfferedError(f"required option left out: {missing}")
    if focused and not known.get(focused, {}).get("autocomplete"):
        raise NotOfferedError(f"option {focused!r} has no autocomplete")
    filled: list[Json] = []
    for name, value in values.items():
        option = known[name]
        if name == focused:
            entry = {"name": name, "type": option["type"], "value": str(value), "focused": True}
        else:
            wire = _wire_value(option, value, resolved, place)
            entry = {"name": name, "type": option["type"], "value": wire}
        filled.append(entry)
    return filled


def _wire_value(option: Json, value: Any, resolved: Json, place: Guild | None) -> Any:
    kind, name = option["type"], option["name"]
    allowed = PYTHON_TYPES.get(kind)
    if allowed is None:
        raise NotOfferedError(f"options of type {kind} are not supported by the local Discord")
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotOfferedError(f"option {name!r} of type {kind} cannot take {value!r}")
    choices = [choice["value"] for choice in option.get("choices", [])]
    if choices and value not in choices:
        raise NotOfferedError(f"option {name!r} offers {choices}, not {value!r}")
    if isinstance(value, User):
        resolved.setdefault("users", {})[str(value.id)] = user_payload(value)
        if place is not None:
            member = {k: v for k, v in member_payload(value).items() if k != "user"}
            resolved.setdefault("members", {})[str(value.id)] = member
        return str(value.id)
    if isinstance(value, Channel):
        payload = channel_payload(value, place) | {"permissions": "3072"}
        resolved.setdefault("channels", {})[str(value.id)] = payload
        return str(value.id)
    _check_range(option, value)
    return value


def _check_range(option: Json, value: str | float) -> None:
    size = len(value) if isinstance(value, str) else value
    bound = "length" if isinstance(value, str) else "value"
    low, high = option.get(f"min_{bound}"), option.get(f"max_{bound}")
    if isinstance(value, str):
        high = min(6_000, high or 6_000)
        low = max(1, low or 0) if option.get("required") else low
    if (low is not None and size < low) or (high is not None and size > high):
        raise NotOfferedError(f"option {option['name']!r}: {bound} {size} is not in {low}..{high}")
