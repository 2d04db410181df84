"""What Discord refuses in command definitions although its OpenAPI document does not say so."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.discord_double.errors import RefusedError
from tests.discord_double.openapi import utf16_length
from tests.discord_double.records import FieldError, Json

SLASH, SUBCOMMAND, GROUP = 1, 1, 2
# How many commands of each type (slash, user, message) a scope may hold.
MOST = {1: 100, 2: 15, 3: 15}
WHOLE_COMMAND, CHOICE_VALUE = 8_000, 100
REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


def check_commands(commands: Sequence[Json], *, several: bool = True) -> list[FieldError]:
    """Return what Discord refuses; paths begin with the index if there may be ``several``."""
    faults = list(_list_faults(commands)) if several else []
    for index, command in enumerate(commands):
        at = f"{index}." if several else ""
        faults += [
            FieldError(at + one.path, one.code, one.message) for one in _command_faults(command)
        ]
    return faults


def valid_name(name: str) -> bool:
    """Whether a slash command or option may have this name: lower case, no spaces."""

    def fits(letter: str) -> bool:
        marks = "\u0900" <= letter <= "\u097f" or "\u0e00" <= letter <= "\u0e7f"
        return letter in "-_'" or unicodedata.category(letter)[0] in "LN" or marks

    return name == name.lower() and all(map(fits, name))


def _list_faults(commands: Sequence[Json]) -> Iterator[FieldError]:
    seen: set[tuple[str, int]] = set()
    for index, command in enumerate(commands):
        identity = command["name"], command.get("type") or SLASH
        if identity in seen:
            text = "Application command names must be unique"
            yield FieldError(str(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        seen.add(identity)


def check_numbers(commands: Sequence[Json]) -> None:
    """Refuse a scope that would hold too many commands of a type.

    Raises:
        RefusedError: 30032.
    """
    kinds = Counter(command.get("type") or SLASH for command in commands)
    for kind, most in MOST.items():
        if kinds[kind] > most:
            text = f"Maximum number of application commands reached ({most})"
            raise RefusedError(400, 30032, text)


def _command_faults(command: Json) -> Iterator[FieldError]:
    if (command.get("type") or SLASH) != SLASH:
        for key in ("description", "options"):
            if command.get(key):
                text = f"Context menu commands cannot have {key}"
                yield FieldError(key, f"APPLICATION_COMMAND_INVALID_{key.upper()}", text)
        return
    if not valid_name(command["name"]):
        yield FieldError("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if not command.get("description"):
        yield FieldError("description", *REQUIRED)
    if _size(command) > WHOLE_COMMAND:
        text = f"Command exceeds maximum size ({WHOLE_COMMAND})"
        yield FieldError("", "APPLICATION_COMMAND_TOO_LARGE", text)
    yield from _option_faults(command.get("options") or [], "options")


def _option_faults(options: Sequence[Json], path: str) -> Iterator[FieldError]:
    seen: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        if not valid_name(option["name"]):
            text = "String value did not match validation regex."
            yield FieldError(f"{here}.name", "STRING_TYPE_REGEX", text)
        if option["name"] in seen:
            text = "Option names must be unique"
            yield FieldError(
                f"{here}.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text
            )
        seen.add(option["name"])
        if option.get("required") and optional:
            text = "Required options must be placed before non-required options"
            yield FieldError(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional = optional or not option.get("required")
        yield from _choice_faults(option, here)
        yield from _option_faults(option.get("options") or [], f"{here}.options")
    nested = [option["type"] in {SUBCOMMAND, GROUP} for option in options]
    if odd := [index for index, one in enumerate(nested) if one is not nested[0]]:
        text = (
            "Sub-command and sub-command group option types are mutually exclusive to all other "
            "types"
        )
        yield FieldError(f"{path}.{odd[0]}", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)


def _choice_faults(option: Json, path: str) -> Iterator[FieldError]:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        text = "Choices and autocomplete are mutually exclusive"
        yield FieldError(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", text)
    names = [choice["name"] for choice in choices]
    for index, choice in enumerate(choices):
        here = f"{path}.choices.{index}"
        value = choice["value"]
        if isinstance(value, str) and utf16_length(value) > CHOICE_VALUE:
            text = f"Must be {CHOICE_VALUE} or fewer in length."
            yield FieldError(f"{here}.value", "BASE_TYPE_MAX_LENGTH", text)
        if choice["name"] in names[:index]:
            text = "Option choice names must be unique"
            yield FieldError(here, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAMES_DUPLICATE", text)


def _size(node: Json) -> int:
    own = sum(utf16_length(node.get(key) or "") for key in ("name", "description"))
    choices = sum(
        utf16_length(one["name"] + str(one["value"])) for one in node.get("choices") or []
    )
    return own + choices + sum(map(_size, node.get("options") or []))
