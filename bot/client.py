"""The Discord client: cogs, command sync and the invite link."""

import asyncio
import logging
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.about.cog import AboutCog
from bot.boundary import show_error
from bot.errors import MemberError, SettingsError
from bot.lyrics.cog import LyricsCog
from bot.recommend.cog import RecommendCog, artist_choices
from bot.services import Services
from bot.settings import Settings
from bot.tree import BoundaryTree

_log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
)
SCOPES = ("bot", "applications.commands")

# Seconds for a view to answer a press; what is left of Discord's three is for saying so.
_PATIENCE = 1.5


class CrossfadeBot(commands.AutoShardedBot):
    """Crossfade in Discord.

    Args:
        settings: which shards to serve and where commands appear at once.
        services: what the commands use; closed by who opened them.
    """

    def __init__(self, *, settings: Settings, services: Services) -> None:
        # Nothing here speaks, so an admin need not read that the libraries for it are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=BoundaryTree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            # Slash commands bring all they need; caches of messages and members only cost memory.
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            # How long to wait for one more server before calling itself ready; nothing the
            # commands do depends on having seen them all.
            guild_ready_timeout=0.25,
            shard_count=settings.shard_count,
            # discord.py takes None for "all of them" although its stub does not say so.
            shard_ids=cast("list[int]", settings.shard_ids and list(settings.shard_ids)),
        )
        self._sync_guild = settings.sync_guild
        self._services = services

    async def setup_hook(self) -> None:
        """Add the commands and tell Discord about them."""
        services = self._services
        await self.add_cog(RecommendCog(service=services.recommend))
        await self.add_cog(
            LyricsCog(
                service=services.lyrics, artist_choices=partial(artist_choices, services.recommend)
            )
        )
        await self.add_cog(
            AboutCog(model=services.model, usages=lambda: usages(self.tree.get_commands()))
        )
        if self._sync_guild is not None:
            await self._sync_at_once(discord.Object(self._sync_guild))
        await self.tree.sync()

    async def _sync_at_once(self, guild: discord.Object) -> None:
        self.tree.copy_global_to(guild=guild)
        try:
            await self.tree.sync(guild=guild)
        except (discord.Forbidden, discord.NotFound):
            link = invite_link(self.application_id) if self.application_id is not None else ""
            raise SettingsError(
                f"the bot is not in the server {guild.id}",
                where="SYNC_GUILD",
                mend=f"leave it empty, or first invite the bot there: {link}",
            ) from None

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press on buttons that nobody listens to any more, as after a restart."""
        if interaction.type is not discord.InteractionType.component:
            return
        # discord.py does not tell whether a view has taken the press, so wait for its answer.
        await asyncio.sleep(_PATIENCE)
        if not interaction.response.is_done():
            error = MemberError("These buttons no longer work", mend="run the command again")
            await show_error(interaction, error)

    async def on_ready(self) -> None:
        """Say where the bot is, or how to bring it into a server."""
        _log.info("ready as %s in %d servers", self.user, len(self.guilds))
        if not self.guilds and self.application_id is not None:
            print(f"Invite the bot to a server: {invite_link(self.application_id)}", flush=True)


def invite_link(application_id: int) -> str:
    """The address under which an admin adds the bot to a server."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SCOPES)


def usages(
    listed: Iterable[
        app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
    ],
) -> list[tuple[str, str]]:
    """(usage, description) of each slash command, by name."""
    slash = [command for command in listed if isinstance(command, app_commands.Command)]
    return [
        (" ".join((f"/{command.name}", *map(_option, command.parameters))), command.description)
        for command in sorted(slash, key=lambda command: command.name)
    ]


def _option(parameter: app_commands.Parameter) -> str:
    return f"<{parameter.name}>" if parameter.required else f"[{parameter.name}]"
