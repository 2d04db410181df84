"""The Discord client: its cogs, presses that nobody takes, and the invite link."""

import logging
import re
from functools import partial
from typing import Any, cast

import discord
from discord.ext import commands

from bot.about.cog import AboutCog
from bot.admin.cog import SettingsCog
from bot.admin.service import ServerSettingsService
from bot.boundary import show_error
from bot.command_sync import publish_commands
from bot.delivery import DeliveringAdapter
from bot.errors import MemberError
from bot.from_message.cog import MessageMenu
from bot.language import lazy_gettext, speak
from bot.limits import MemoryLimits
from bot.lyrics.cog import LyricsCog
from bot.lyrics.present import suggestions_note
from bot.map.cog import MapCog
from bot.map.view import answer_with_map
from bot.member_view import is_taken
from bot.memory import release_freed_memory
from bot.preview.view import answer_with_preview
from bot.reception import Receiving, Reception
from bot.recommend.cog import RecommendCog, artist_choices
from bot.services import Services
from bot.settings import Settings
from bot.translator import CommandTranslator
from bot.tree import BoundaryTree
from bot.usages import usages

_log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
)
SCOPES = ("bot", "applications.commands")


class CrossfadeBot(Receiving, commands.AutoShardedBot):
    """Crossfade in Discord.

    Attributes:
        reception: where every interaction is let in.

    Args:
        settings: which shards to serve, where members find the commands, and the language of
            those whose own one is not spoken.
        services: what the commands use; closed by who opened them.
        server_settings: what the admins of a server chose.
        reception: lets every interaction in, by limits of its own when left out.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        services: Services,
        server_settings: ServerSettingsService,
        reception: Reception | None = None,
    ) -> None:
        self.reception = reception or Reception(limits=MemoryLimits())
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
            http_trace=self.reception.trace(),
            shard_count=settings.shard_count,
            # discord.py takes None for "all of them" although its stub does not say so.
            shard_ids=cast("list[int]", settings.shard_ids and list(settings.shard_ids)),
        )
        only_in = settings.sync_guild
        self._only_in = None if only_in is None else discord.Object(only_in)
        self._services = services
        self._server_settings = server_settings
        self._locale = settings.locale
        self._templates: set[re.Pattern[str]] = set()

    async def setup_hook(self) -> None:
        """Add the commands and tell Discord about them."""
        speak(self._locale)  # holds in whatever is started from here on
        await self.tree.set_translator(CommandTranslator())
        services, settings_of = self._services, self._server_settings.of
        DeliveringAdapter(partial(services.counts.retry, "answer")).use()
        recommend = RecommendCog(
            service=services.recommend,
            neighbours=services.neighbours,
            map_answer=partial(answer_with_map, maps=services.maps),
            preview_answer=partial(answer_with_preview, previews=services.previews),
            settings_of=settings_of,
        )
        self.add_dynamic_items(recommend.controls.kind)
        await self.add_cog(recommend)
        menu = MessageMenu(
            service=services.recommend, controls=recommend.controls, settings_of=settings_of
        )
        self.tree.add_command(menu.command)
        await self.add_cog(
            MapCog(service=services.recommend, maps=services.maps, settings_of=settings_of)
        )
        await self.add_cog(SettingsCog(service=self._server_settings))
        await self.add_cog(
            LyricsCog(
                service=services.lyrics,
                artist_choices=partial(artist_choices, services.recommend),
                note=lambda: suggestions_note(demo=services.recommend.source.demo),
                settings_of=settings_of,
            )
        )
        await self.add_cog(
            AboutCog(
                model=services.model,
                usages=lambda: usages(self.tree.get_commands(guild=self._only_in)),
            )
        )
        invite = invite_link(self.application_id) if self.application_id is not None else ""
        await publish_commands(self, only_in=self._only_in, invite=invite)
        release_freed_memory()  # what imports and the start leave behind is 3 MB

    def add_dynamic_items(self, *items: type[discord.ui.DynamicItem[discord.ui.Item[Any]]]) -> None:
        """Let buttons and menus work as long as their messages exist; see ``discord.Client``."""
        super().add_dynamic_items(*items)
        self._templates.update(item.__discord_ui_compiled_template__ for item in items)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press on buttons that nobody listens to any more, as after a restart."""
        if interaction.type is not discord.InteractionType.component:
            return
        # discord.py hands a press to its view before it reports it here.
        if is_taken(interaction) or self._is_for_an_item(interaction):
            return
        if await self.reception.admit(interaction, pressed="old buttons"):
            error = MemberError(
                lazy_gettext("These buttons no longer work"),
                mend=lazy_gettext("run the command again"),
            )
            await show_error(interaction, error)

    def _is_for_an_item(self, press: discord.Interaction[Any]) -> bool:
        custom_id = cast("dict[str, Any]", press.data)["custom_id"]
        return any(template.fullmatch(custom_id) for template in self._templates)

    async def on_shard_connect(self, shard: int) -> None:
        """Count a connection to the gateway with a new session."""
        self._services.counts.connected(shard, resumed=False)

    async def on_shard_resumed(self, shard: int) -> None:
        """Count a connection that goes on with its session."""
        self._services.counts.connected(shard, resumed=True)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Count a connection that is lost."""
        self._services.counts.disconnected(shard)

    async def on_ready(self) -> None:
        """Say where the bot is, or how to bring it into a server."""
        _log.info("ready as %s in %d servers", self.user, len(self.guilds))
        if not self.guilds and self.application_id is not None:
            print(f"Invite the bot to a server: {invite_link(self.application_id)}", flush=True)


def invite_link(application_id: int) -> str:
    """The address under which an admin adds the bot to a server."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SCOPES)
