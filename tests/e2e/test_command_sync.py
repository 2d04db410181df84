"""Where the commands are listed: everywhere, or in one server alone, and never twice."""

import re

import pytest

from tests.discord_double.driver import NotOfferedError
from tests.discord_double.records import Guild
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed


def listed(double: DiscordDouble, place: Guild) -> list[str]:
    """What a member of the server sees: its own commands beside the global ones."""
    return sorted([*double.guild_commands.get(place.id, {}), *double.commands])


@pytest.fixture
async def names(double: DiscordDouble, running: Running) -> list[str]:
    """The commands as they are listed where no setting says otherwise; the bot has left again."""
    async with running():
        return sorted(double.commands)


async def test_sync_guild_lists_each_command_once_in_that_server_and_nowhere_else(
    double: DiscordDouble, running: Running, names: list[str]
) -> None:
    elsewhere, chosen = double.guilds
    async with running(sync_guild=chosen.id):
        assert listed(double, chosen) == names
        assert listed(double, elsewhere) == []
        with pytest.raises(NotOfferedError):
            await double.slash("help", private=True)
        shown = embed(await double.slash("help", guild=chosen))
        assert all(re.search(rf"\*\*/?{name}\b", shown["description"]) for name in names)


async def test_without_sync_guild_the_commands_it_left_behind_are_taken_back(
    double: DiscordDouble, running: Running, names: list[str]
) -> None:
    elsewhere, chosen = double.guilds
    async with running(sync_guild=chosen.id):
        pass
    async with running():
        assert listed(double, chosen) == listed(double, elsewhere) == names
        answer = await double.slash("recommend", {"artist": "Johnny Cash"}, guild=chosen)
        assert embed(answer)["title"] == "Artists like Johnny Cash"


async def test_sync_guild_moves_from_one_server_to_another(
    double: DiscordDouble, running: Running, names: list[str]
) -> None:
    first, second = double.guilds
    async with running(sync_guild=first.id):
        pass
    async with running(sync_guild=second.id):
        assert listed(double, first) == []
        assert listed(double, second) == names


async def test_an_ordinary_start_asks_no_server_for_its_commands(
    double: DiscordDouble, running: Running, names: list[str]
) -> None:
    before = len(double.requests)
    async with running():
        asked = [one.path for one in double.requests[before:] if "/guilds" in one.path]
    assert asked == []
