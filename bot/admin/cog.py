"""``/settings``: the commands, nothing else."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.admin.present import settings_embed
from bot.admin.records import ServerSettings
from bot.admin.service import ServerSettingsService
from bot.errors import MemberError
from bot.language import lazy_gettext
from bot.recommend.dial import DIAL
from bot.responses import defer
from bot.translator import choice_name, described, named

_STEPS = [app_commands.Choice(name=choice_name(name), value=at) for name, at in DIAL]
_Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class SettingsCog(
    commands.GroupCog,
    group_name=named("command", "settings"),
    group_description=described("What holds in this server"),
):
    """What a server's admins choose.

    Args:
        service: keeps it.
    """

    channels = app_commands.Group(
        name=named("command", "channels"),
        description=described("Where answers are for all to see, and not only for the member"),
    )

    def __init__(self, *, service: ServerSettingsService) -> None:
        self._service = service

    @app_commands.command(
        name=named("command", "show"), description=described("Show what holds in this server")
    )
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with what holds."""
        await defer(interaction, private=True)
        await _answer(interaction, await self._service.of(_server(interaction)))

    @app_commands.command(
        name=named("command", "dial"),
        description=described("Set the dial of /recommend for members who give none"),
    )
    @app_commands.rename(step=named("option", "step"))
    @app_commands.describe(step=described("From what everybody knows to what few have met"))
    @app_commands.choices(step=_STEPS)
    async def dial(
        self, interaction: discord.Interaction[Any], step: app_commands.Choice[float]
    ) -> None:
        """Set the dial."""
        await defer(interaction, private=True)
        await _answer(interaction, await self._service.set_dial(_server(interaction), step.value))

    @app_commands.command(
        name=named("command", "lyrics"), description=described("Switch /lyrics on or off")
    )
    @app_commands.rename(on=named("option", "on"))
    @app_commands.describe(on=described("Whether /lyrics answers in this server"))
    async def lyrics(self, interaction: discord.Interaction[Any], on: bool) -> None:
        """Switch lyrics on or off."""
        await defer(interaction, private=True)
        await _answer(interaction, await self._service.set_lyrics(_server(interaction), on=on))

    @channels.command(
        name=named("command", "add"),
        description=described("Let answers in a channel be for all to see"),
    )
    @app_commands.rename(channel=named("option", "channel"))
    @app_commands.describe(channel=described("Where; in channels not added answers become private"))
    async def add_channel(self, interaction: discord.Interaction[Any], channel: _Channel) -> None:
        """Add a public channel."""
        await defer(interaction, private=True)
        settings = await self._service.add_channel(_server(interaction), channel.id)
        await _answer(interaction, settings)

    @channels.command(
        name=named("command", "remove"),
        description=described("Make answers in a channel private again"),
    )
    @app_commands.rename(channel=named("option", "channel"))
    @app_commands.describe(channel=described("One that was added"))
    async def remove_channel(
        self, interaction: discord.Interaction[Any], channel: _Channel
    ) -> None:
        """Remove a public channel."""
        await defer(interaction, private=True)
        settings = await self._service.remove_channel(_server(interaction), channel.id)
        await _answer(interaction, settings)

    @channels.command(
        name=named("command", "clear"),
        description=described("Let answers be for all to see in every channel"),
    )
    async def clear_channels(self, interaction: discord.Interaction[Any]) -> None:
        """Make answers public everywhere."""
        await defer(interaction, private=True)
        await _answer(interaction, await self._service.clear_channels(_server(interaction)))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot was removed from."""
        await self._service.forget(guild.id)


async def _answer(interaction: discord.Interaction[Any], settings: ServerSettings) -> None:
    await interaction.edit_original_response(embed=settings_embed(settings))


def _server(interaction: discord.Interaction[Any]) -> int:
    """The server, if the member may manage it, whatever its integrations page allows.

    Raises:
        MemberError: they may not.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise MemberError(
            lazy_gettext("Only who may manage this server can see or change its settings"),
            mend=lazy_gettext("ask an admin"),
        )
    return interaction.guild_id
