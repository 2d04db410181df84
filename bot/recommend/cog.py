"""``/recommend``: the command and its buttons, nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import responses
from bot.admin.place import is_public
from bot.admin.records import SettingsOf, default_settings
from bot.boundary import show_error
from bot.errors import MemberError, NotYoursError
from bot.language import lazy_gettext
from bot.neighbours.present import neighbours_embed
from bot.neighbours.records import Borrowed, OtherName
from bot.neighbours.service import NeighbourService
from bot.recommend.dial import DIAL, step_at, step_named
from bot.recommend.elsewhere import Elsewhere
from bot.recommend.present import recommend_embed, why_embed
from bot.recommend.question import Action, Question, read
from bot.recommend.records import (
    MOST_RESULTS,
    RESULTS,
    Answer,
    DidYouMean,
    Recommended,
    Terms,
    UnknownArtist,
)
from bot.recommend.service import RecommendService
from bot.recommend.view import Controls
from bot.text import clean, escape
from bot.translator import choice_name, described, named
from model.catalogue import Artist

MapAnswer = Callable[[discord.Interaction[Any], int], Awaitable[None]]
"""Answers a press with the map around the artist of an id."""

PreviewAnswer = Callable[[discord.Interaction[Any], Artist], Awaitable[None]]
"""Answers a press with something to hear of an artist."""

_Name = app_commands.Range[str, 1, 200]
_STEPS = [app_commands.Choice(name=choice_name(name), value=str(name)) for name, _ in DIAL]
_OTHERS = ("artist2", "artist3", "artist4", "artist5")


class RecommendCog(commands.Cog):
    """Artists worth hearing.

    Attributes:
        controls: the buttons under answers; the client must be told of their ``kind``.

    Args:
        service: finds the artists that are meant and what goes with them.
        settings_of: what the admins of a server chose.
        neighbours: who is asked about artists that the model does not know.
        map_answer: shows a map; without it there is no button for it.
        preview_answer: plays something; without it there is no button for it.
    """

    def __init__(
        self,
        *,
        service: RecommendService,
        settings_of: SettingsOf = default_settings,
        neighbours: NeighbourService | None = None,
        map_answer: MapAnswer | None = None,
        preview_answer: PreviewAnswer | None = None,
    ) -> None:
        self._service = service
        self._settings_of = settings_of
        self._elsewhere = Elsewhere(neighbours=neighbours, model=service.model)
        self._map_answer = map_answer
        self._preview_answer = preview_answer
        self.controls = Controls(
            self._press, maps=map_answer is not None, previews=preview_answer is not None
        )

    @app_commands.command(
        name=named("command", "recommend"),
        description=described("Find artists like one you know, or like several together"),
    )
    @app_commands.rename(
        artist=named("option", "artist"),
        artist2=named("option", "artist2"),
        artist3=named("option", "artist3"),
        artist4=named("option", "artist4"),
        artist5=named("option", "artist5"),
        dial=named("option", "dial"),
        results=named("option", "results"),
        private=named("option", "private"),
    )
    @app_commands.describe(
        artist=described("An artist you like"),
        artist2=described("Another one: the answer goes with all of them"),
        artist3=described("A third one"),
        artist4=described("A fourth one"),
        artist5=described("A fifth one"),
        dial=described("Well-known artists, or ones to discover?"),
        results=described("How many at once ({results} unless you say)", results=RESULTS),
        private=described("Show the answer to you alone"),
    )
    @app_commands.choices(dial=_STEPS)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def recommend(
        self,
        interaction: discord.Interaction[Any],
        *,
        artist: _Name,
        artist2: _Name | None = None,
        artist3: _Name | None = None,
        artist4: _Name | None = None,
        artist5: _Name | None = None,
        dial: str | None = None,
        results: app_commands.Range[int, 1, MOST_RESULTS] = RESULTS,
        private: bool | None = None,
    ) -> None:
        """Answer with artists, or ask who is meant, or say that nobody is known."""
        settings = await self._settings_of(interaction.guild_id)
        hidden = not is_public(settings, interaction) if private is None else private
        step = step_at(settings.dial) if dial is None else step_named(dial)
        terms = Terms(step=step, results=results)
        names = [one for one in (artist, artist2, artist3, artist4, artist5) if one is not None]
        answer = await asyncio.to_thread(self._service.answer, *names, terms=terms)
        if isinstance(answer, UnknownArtist) and self._elsewhere.can_help(answer):
            await self._ask_elsewhere(interaction, answer, terms, private=hidden)
            return
        view = self._below(answer, interaction.user.id)
        await responses.answer(interaction, recommend_embed(answer), view, private=hidden)

    @recommend.autocomplete("artist")
    @recommend.autocomplete("artist2")
    @recommend.autocomplete("artist3")
    @recommend.autocomplete("artist4")
    @recommend.autocomplete("artist5")
    async def offer_artists(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Artists whose names go on from what is typed, but for those given already."""
        given = [
            str(value)
            for name, value in interaction.namespace
            if name in {"artist", *_OTHERS} and value != current
        ]
        return artist_choices(self._service, current, given)

    def _below(self, answer: Answer, owner: int) -> discord.ui.View | None:
        match answer:
            case Recommended():
                return self.controls.below(answer, owner)
            case DidYouMean():
                return self.controls.choices(answer, owner)
            case UnknownArtist():
                return None

    async def _ask_elsewhere(
        self,
        interaction: discord.Interaction[Any],
        answer: UnknownArtist,
        terms: Terms,
        *,
        private: bool,
    ) -> None:
        await responses.defer(interaction, private=private)
        found = await self._elsewhere.find(answer, terms)
        if isinstance(found, UnknownArtist):
            await interaction.edit_original_response(embed=recommend_embed(found))
            return
        view = None
        question = self._elsewhere.question(found, terms, interaction.user.id)
        if question is not None and isinstance(found, Borrowed | OtherName):
            view = self.controls.menu(question, found.results)
        await interaction.edit_original_response(embed=neighbours_embed(found), view=view)

    async def _press(
        self, interaction: discord.Interaction[Any], custom_id: str, values: Sequence[str]
    ) -> None:
        try:
            action, question = read(custom_id)
            await self._answer_press(interaction, action, question, values)
        except Exception as error:  # noqa: BLE001  the boundary takes whatever goes wrong
            await show_error(interaction, error)

    async def _answer_press(
        self,
        interaction: discord.Interaction[Any],
        action: Action,
        question: Question,
        values: Sequence[str],
    ) -> None:
        if action.edits:
            _check_owner(interaction, question.owner)
        if action is Action.LIKE:
            question = replace(
                question.moved(0), artists=(_chosen(values),), owner=interaction.user.id
            )
        if action is Action.MAP and self._map_answer is not None:
            await self._map_answer(interaction, question.artists[0])
            return
        answer = await asyncio.to_thread(self._service.again, question)
        if action.edits:
            view = self.controls.below(answer, question.owner)
            await interaction.response.edit_message(embed=recommend_embed(answer), view=view)
        elif action is Action.LIKE:
            view = self.controls.below(answer, question.owner, hear=True)
            await responses.answer(interaction, recommend_embed(answer), view, private=True)
        elif action is Action.PREVIEW and self._preview_answer is not None:
            await self._preview_answer(interaction, answer.artist)
        elif action is Action.WHY:
            await responses.answer(interaction, why_embed(answer), private=True)
        else:
            raise MemberError(
                lazy_gettext("The admin has switched this off"),
                mend=lazy_gettext("use the other buttons"),
            )


def artist_choices(
    service: RecommendService, current: str, given: Sequence[str] = ()
) -> list[app_commands.Choice[str]]:
    """The autocomplete of an artist option, wherever one is."""
    return [
        app_commands.Choice(name=shown, value=value)
        for shown, value in service.complete(current, given)
    ]


def _check_owner(interaction: discord.Interaction[Any], owner: int) -> None:
    if interaction.user.id == owner:
        return
    asked = interaction.message.interaction_metadata if interaction.message is not None else None
    whose = lazy_gettext("These buttons belong to somebody else")
    if asked is not None and asked.user.id == owner:
        name = escape(clean(asked.user.display_name))
        whose = lazy_gettext("These buttons belong to {member}", member=name)
    raise NotYoursError(whose, mend=lazy_gettext("run /recommend yourself"))


def _chosen(values: Sequence[str]) -> int:
    if len(values) != 1 or not (values[0].isascii() and values[0].isdecimal()):
        raise MemberError(
            lazy_gettext("This menu no longer works"), mend=lazy_gettext("run the command again")
        )
    return int(values[0])
