"""Where members find the commands: everywhere, or in one server alone."""

import contextlib

import discord
from discord.ext import commands

from bot.errors import SettingsError


async def publish_commands(
    bot: commands.AutoShardedBot, *, only_in: discord.Object | None, invite: str
) -> None:
    """Tell Discord the commands of ``bot.tree``, in a way that no server lists one twice.

    Args:
        bot: logged in; with ``only_in`` its tree holds the commands for that server afterwards.
        only_in: the one server that gets them, at once; everywhere when None.
        invite: the address under which an admin adds the bot to a server.

    Raises:
        SettingsError: the bot is not in the server ``only_in``.
    """
    # A server lists its own commands beside the global ones. So it may have some of its own only
    # while there are no global ones, and only then the servers need to be asked.
    if not await bot.tree.fetch_commands():
        await _take_back(bot, but_in=only_in)
    if only_in is not None:
        bot.tree.copy_global_to(guild=only_in)
        await _publish_in(bot, only_in, invite)
        bot.tree.clear_commands(guild=None)
    await bot.tree.sync()


async def _take_back(bot: commands.AutoShardedBot, *, but_in: discord.Object | None) -> None:
    async for guild in bot.fetch_guilds(limit=None, with_counts=False):
        if guild == but_in:
            continue
        # A server that let the bot in without its commands refuses to list them.
        with contextlib.suppress(discord.Forbidden):
            if await bot.tree.fetch_commands(guild=guild):
                await bot.tree.sync(guild=guild)


async def _publish_in(bot: commands.AutoShardedBot, guild: discord.Object, invite: str) -> None:
    try:
        await bot.tree.sync(guild=guild)
    except (discord.Forbidden, discord.NotFound):
        raise SettingsError(
            f"the bot is not in the server {guild.id}",
            where="SYNC_GUILD",
            mend=f"leave it empty, or first invite the bot there: {invite}",
        ) from None
