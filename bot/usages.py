"""What members can ask, read from the commands themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from discord import app_commands

_Listed = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


def usages(listed: Iterable[_Listed]) -> list[tuple[str, str]]:
    """(usage, description) of each command and subcommand by name, then of each menu entry.

    A menu entry has no description at Discord's; it is taken from its ``extras``.
    """
    listed = list(listed)
    slash = [usage for command in listed for usage in _slash(command)]
    menus = [
        (command.name, str(command.extras.get("description", "In the menu, under Apps")))
        for command in listed
        if isinstance(command, app_commands.ContextMenu)
    ]
    return [*sorted(slash), *sorted(menus)]


def _slash(command: _Listed) -> Iterator[tuple[str, str]]:
    if isinstance(command, app_commands.Group):
        for below in command.commands:
            yield from _slash(below)
    elif isinstance(command, app_commands.Command):
        options = [_option(parameter) for parameter in command.parameters]
        yield " ".join((f"/{command.qualified_name}", *options)), command.description


def _option(parameter: app_commands.Parameter) -> str:
    return f"<{parameter.name}>" if parameter.required else f"[{parameter.name}]"
