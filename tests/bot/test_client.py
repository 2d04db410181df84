import importlib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.admin.service import ServerSettingsService
from bot.client import CrossfadeBot, invite_link, usages
from bot.member_view import MemberView
from bot.services import Services
from bot.settings import Settings
from bot.tree import BoundaryTree
from tests.bot.conftest import Interact
from tests.conftest import ROOT


class Counter(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"count:\d+"):
    """A button that outlives restarts."""


def press(interact: Interact, custom_id: str) -> Mock:
    interaction = interact()
    interaction.extras = {}
    interaction.type = discord.InteractionType.component
    interaction.data = {"custom_id": custom_id, "component_type": 2}
    return interaction


def descendants(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


@pytest.fixture
async def bot(
    services: Services, server_settings: ServerSettingsService
) -> AsyncIterator[CrossfadeBot]:
    settings = Settings(shard_ids=(1, 2), shard_count=4)
    async with CrossfadeBot(
        settings=settings, services=services, server_settings=server_settings
    ) as bot:
        yield bot


async def test_it_asks_for_no_privileged_intent_and_mentions_nobody(bot: CrossfadeBot) -> None:
    assert bot.intents == discord.Intents(guilds=True)
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_its_errors_end_in_the_boundary(bot: CrossfadeBot) -> None:
    assert isinstance(bot.tree, BoundaryTree)


async def test_it_serves_the_shards_of_the_settings(bot: CrossfadeBot) -> None:
    assert (bot.shard_ids, bot.shard_count) == ([1, 2], 4)


async def test_it_serves_all_shards_unless_told(
    services: Services, server_settings: ServerSettingsService
) -> None:
    async with CrossfadeBot(
        settings=Settings(), services=services, server_settings=server_settings
    ) as bot:
        assert (bot.shard_ids, bot.shard_count) == (None, None)


def test_the_invite_link_asks_for_what_the_bot_needs() -> None:
    address = urlsplit(invite_link(4711))
    query = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("https", "discord.com")
    assert query["client_id"] == ["4711"]
    assert set(query["scope"][0].split()) == {"bot", "applications.commands"}
    wanted = discord.Permissions(int(query["permissions"][0]))
    assert wanted.send_messages
    assert wanted.embed_links
    assert wanted.attach_files
    assert not wanted.administrator
    assert not wanted.manage_guild


def test_usages_are_sorted_and_tell_required_from_optional() -> None:
    @discord.app_commands.command(description="Second")
    async def zeta(_interaction: discord.Interaction, artist: str, count: int = 3) -> None: ...

    @discord.app_commands.command(description="First")
    async def alpha(_interaction: discord.Interaction) -> None: ...

    group = discord.app_commands.Group(name="taste", description="-")
    assert usages([zeta, group, alpha]) == [
        ("/alpha", "First"),
        ("/zeta <artist> [count]", "Second"),
    ]


async def test_a_press_on_buttons_that_nobody_listens_to_is_answered(
    bot: CrossfadeBot, interact: Interact
) -> None:
    bot.add_dynamic_items(Counter)
    for custom_id in ("4f0a", "count:", "count:7 ", "a count:7"):
        pressed = press(interact, custom_id)
        await bot.on_interaction(pressed)
        (said,) = pressed.response.send_message.await_args.args
        assert said == "These buttons no longer work; run the command again."


async def test_a_press_that_a_view_or_an_item_takes_is_left_to_it(
    bot: CrossfadeBot, interact: Interact
) -> None:
    bot.add_dynamic_items(Counter)
    of_item, of_view = press(interact, "count:7"), press(interact, "4f0a")
    view = MemberView(member=of_view.user, command="/lyrics")
    assert await view.interaction_check(of_view)
    for pressed in (of_item, of_view):
        await bot.on_interaction(pressed)
        pressed.response.send_message.assert_not_awaited()


async def test_commands_and_autocompletes_are_none_of_its_business(
    bot: CrossfadeBot, interact: Interact
) -> None:
    used = press(interact, "4f0a")
    used.type = discord.InteractionType.application_command
    await bot.on_interaction(used)
    used.response.send_message.assert_not_awaited()


def test_every_view_of_the_bot_says_which_presses_it_takes() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        if "View" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    views = {one for one in descendants(discord.ui.View) if one.__module__.startswith("bot.")}
    assert len(views) > 1
    assert {view for view in views if not issubclass(view, MemberView)} == set()
