"""What members can ask, read from the commands themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from discord import app_commands

from bot.language import gettext, looked_up, spoken
from bot.translator import command_called, option_called

_Listed = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


def usages(listed: Iterable[_Listed]) -> list[tuple[str, str]]:
    """(usage, description) of each command and subcommand by name, then of each menu entry.

    All in the current language. A menu entry has no description at Discord's; it is taken from its
    ``extras``.
    """
    listed = list(listed)
    slash = [usage for command in listed for usage in _slash(command)]
    menus = [
        (looked_up("command", command.name), _below_a_message(command))
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
        yield (
            " ".join((command_called(command.qualified_name), *options)),
            looked_up("", command.description),
        )


def _below_a_message(entry: app_commands.ContextMenu) -> str:
    told = entry.extras.get("description")
    return spoken(told) if isinstance(told, str) else gettext("In the menu, under Apps")


def _option(parameter: app_commands.Parameter) -> str:
    name = option_called(parameter.display_name)
    return f"<{name}>" if parameter.required else f"[{name}]"
