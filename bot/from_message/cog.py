"""*Recommend from this* in the menu of a message: the command, nothing else."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot import responses
from bot.admin.records import SettingsOf, default_settings
from bot.from_message.present import message_text, nothing_found
from bot.language import lazy_gettext
from bot.recommend.dial import step_at
from bot.recommend.message_names import names_in_message
from bot.recommend.present import recommend_embed
from bot.recommend.records import Answer, Recommended, Terms
from bot.recommend.service import RecommendService, choice_value
from bot.recommend.view import Controls
from bot.translator import named

NAME = named("command", "Recommend from this")
DESCRIPTION = lazy_gettext(
    "In the menu of a message, under Apps: what goes with the artists that it names"
)


class MessageMenu:
    """Recommends from a message, to the member alone who asked.

    Attributes:
        command: what the command tree must be given.

    Args:
        service: finds what goes with the artists.
        controls: the buttons under the answer.
        settings_of: what the admins of a server chose.
    """

    def __init__(
        self,
        *,
        service: RecommendService,
        controls: Controls,
        settings_of: SettingsOf = default_settings,
    ) -> None:
        self._service = service
        self._controls = controls
        self._settings_of = settings_of
        self.command = app_commands.ContextMenu(
            name=NAME,
            callback=self._recommend,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            extras={"description": DESCRIPTION},
        )

    async def _recommend(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        settings = await self._settings_of(interaction.guild_id)
        terms = Terms(step=step_at(settings.dial))
        answer = await asyncio.to_thread(self._answer, message_text(message), terms)
        if answer is None:
            await responses.answer(interaction, nothing_found(self._service.source), private=True)
            return
        view = None
        if isinstance(answer, Recommended):
            view = self._controls.below(answer, interaction.user.id)
        await responses.answer(interaction, recommend_embed(answer), view, private=True)

    def _answer(self, text: str, terms: Terms) -> Answer | None:
        recommender = self._service.model.recommender
        rows = names_in_message(text, recommender)
        if not rows:
            return None
        values = [choice_value(recommender.catalogue.artist(row)) for row in rows]
        return self._service.answer(*values, terms=terms)
