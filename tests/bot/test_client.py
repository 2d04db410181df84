from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.client import CrossfadeBot, invite_link, usages
from bot.services import Services
from bot.settings import Settings
from bot.tree import BoundaryTree


@pytest.fixture
async def bot(services: Services) -> AsyncIterator[CrossfadeBot]:
    settings = Settings(shard_ids=(1, 2), shard_count=4)
    async with CrossfadeBot(settings=settings, services=services) as bot:
        yield bot


async def test_it_asks_for_no_privileged_intent_and_mentions_nobody(bot: CrossfadeBot) -> None:
    assert bot.intents == discord.Intents(guilds=True)
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_its_errors_end_in_the_boundary(bot: CrossfadeBot) -> None:
    assert isinstance(bot.tree, BoundaryTree)


async def test_it_serves_the_shards_of_the_settings(bot: CrossfadeBot) -> None:
    assert (bot.shard_ids, bot.shard_count) == ([1, 2], 4)


async def test_it_serves_all_shards_unless_told(services: Services) -> None:
    async with CrossfadeBot(settings=Settings(), services=services) as bot:
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
