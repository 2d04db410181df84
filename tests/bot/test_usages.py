from typing import Any

import discord
from discord import app_commands

from bot.usages import usages


@app_commands.command(description="Second")
async def zeta(_interaction: discord.Interaction, artist: str, count: int = 3) -> None: ...


@app_commands.command(description="First")
async def alpha(_interaction: discord.Interaction) -> None: ...


def test_usages_are_sorted_and_tell_required_from_optional() -> None:
    assert usages([zeta, alpha]) == [("/alpha", "First"), ("/zeta <artist> [count]", "Second")]


def test_a_group_is_listed_by_its_subcommands_however_deep() -> None:
    settings: app_commands.Group = app_commands.Group(name="settings", description="-")
    dial: app_commands.Group = app_commands.Group(name="dial", description="-", parent=settings)

    @settings.command(name="show", description="What is set")
    async def show(_interaction: discord.Interaction) -> None: ...

    @dial.command(name="set", description="Turn it")
    async def turn(_interaction: discord.Interaction, to: str) -> None: ...

    empty: app_commands.Group = app_commands.Group(name="taste", description="-")
    assert usages([settings, empty, alpha]) == [
        ("/alpha", "First"),
        ("/settings dial set <to>", "Turn it"),
        ("/settings show", "What is set"),
    ]


def test_menu_entries_come_last_with_a_description_of_their_own() -> None:
    async def on_message(_interaction: discord.Interaction, _message: discord.Message) -> None: ...

    extras: dict[Any, Any] = {"description": "In the menu of a message"}
    told = app_commands.ContextMenu(name="A menu", callback=on_message, extras=extras)
    bare = app_commands.ContextMenu(name="Bare", callback=on_message)
    assert usages([bare, zeta, told]) == [
        ("/zeta <artist> [count]", "Second"),
        ("A menu", "In the menu of a message"),
        ("Bare", "In the menu, under Apps"),
    ]
