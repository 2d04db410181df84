"""``/lyrics``: the command, nothing else."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.admin.place import is_public
from bot.admin.records import SettingsOf, default_settings
from bot.errors import MemberError
from bot.language import lazy_gettext
from bot.lyrics.present import lyrics_pages, missing_embed
from bot.lyrics.records import LyricsMissing
from bot.lyrics.service import LyricsService
from bot.paginator import PageView
from bot.responses import defer, set_note
from bot.text import CHOICES
from bot.translator import described, named

_Choices = list[app_commands.Choice[str]]
ArtistChoices = Callable[[str], Awaitable[_Choices] | _Choices]


class LyricsCog(commands.Cog):
    """The words of a song, page by page.

    Args:
        service: finds the words.
        artist_choices: what to offer while the artist is typed.
        note: what every answer ends with at the moment; may be empty.
        settings_of: what the admins of a server chose.
    """

    def __init__(
        self,
        *,
        service: LyricsService,
        artist_choices: ArtistChoices,
        note: Callable[[], str] = lambda: "",
        settings_of: SettingsOf = default_settings,
    ) -> None:
        self._service = service
        self._artist_choices = artist_choices
        self._note = note
        self._settings_of = settings_of

    @app_commands.command(
        name=named("command", "lyrics"), description=described("Show the lyrics of a song")
    )
    @app_commands.rename(
        artist=named("option", "artist"),
        song=named("option", "song"),
        private=named("option", "private"),
    )
    @app_commands.describe(
        artist=described("Who performs it"),
        song=described("The song's title"),
        private=described("Show the answer to you alone"),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def lyrics(
        self,
        interaction: discord.Interaction[Any],
        artist: app_commands.Range[str, 1, 200],
        song: app_commands.Range[str, 1, 200],
        private: bool | None = None,
    ) -> None:
        """Answer with the words, or say who was asked in vain."""
        settings = await self._settings_of(interaction.guild_id)
        if not settings.lyrics:
            raise MemberError(
                lazy_gettext("Lyrics are switched off in this server"),
                mend=lazy_gettext("ask me privately"),
            )
        hidden = not is_public(settings, interaction) if private is None else private
        await defer(interaction, private=hidden)
        note = self._note()
        set_note(interaction, note)
        result = await self._service.find(artist, song)
        if isinstance(result, LyricsMissing):
            await interaction.edit_original_response(embed=missing_embed(result, note))
            return
        pages = lyrics_pages(result.lyrics, note)
        view = PageView(pages, member=interaction.user, command="/lyrics")
        await view.answer(interaction)

    @lyrics.autocomplete("artist")
    async def offer_artists(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Artists whose names go on from what is typed."""
        choices = self._artist_choices(current)
        if inspect.isawaitable(choices):
            choices = await choices
        return choices[:CHOICES]
