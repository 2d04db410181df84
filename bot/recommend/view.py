"""Buttons and menus under an answer; what they ask for is in their custom ids (``question``)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, cast

import discord

from bot.language import gettext
from bot.reception import admit_press
from bot.recommend.dial import DIAL
from bot.recommend.links import listening
from bot.recommend.question import TEMPLATE, Action, Question, digest
from bot.recommend.records import DidYouMean, Recommended
from bot.recommend.words import listeners_of, name_of, reasons_of
from bot.text import BUTTON_LABEL, CHOICE_NAME, cut
from model.recommender import Recommendation

Pressed = Callable[[discord.Interaction[Any], str, Sequence[str]], Awaitable[None]]
"""Answers a press, given its custom id and what was chosen of a menu."""

_Item = discord.ui.Button[Any] | discord.ui.Select[Any]
_Style = discord.ButtonStyle


class Control(discord.ui.DynamicItem[discord.ui.Item[Any]], template=TEMPLATE):
    """A button or menu that works as long as its message exists, also after a restart."""

    pressed: ClassVar[Pressed]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: object, /
    ) -> "Control":
        """The control that was pressed; Discord sends it along with its message."""
        return cls(item)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the press in, or say why not."""
        return await admit_press(interaction, "/recommend")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        data = cast("dict[str, Any]", interaction.data or {})
        await type(self).pressed(interaction, self.custom_id, data.get("values", ()))


class Controls:
    """Makes the controls of a cog.

    Attributes:
        kind: what ``discord.Client.add_dynamic_items`` must be given.

    Args:
        pressed: answers every press, whatever goes wrong.
        maps: whether there are maps.
        previews: whether there are previews.
    """

    def __init__(self, pressed: Pressed, *, maps: bool, previews: bool) -> None:
        class OwnControl(Control, template=TEMPLATE):
            pass

        OwnControl.pressed = pressed
        self.kind: type[Control] = OwnControl
        self._maps = maps
        self._previews = previews

    def below(self, answer: Recommended, owner: int, *, hear: bool = False) -> discord.ui.View:
        """What stands below an answer: turning, asking, the dial, and the results as a menu.

        Args:
            answer: the answer.
            owner: the Discord id of the member whom it serves.
            hear: add where to hear the artist asked about.
        """
        view = discord.ui.View(timeout=None)
        question = _question_of(answer, owner)
        terms = answer.terms
        if terms.offset:
            back = question.moved(max(terms.offset - terms.results, 0))
            self._button(view, Action.BACK, gettext("Back"), back)
        following = terms.offset + terms.results
        onwards = question.moved(following) if answer.more else question
        self._button(view, Action.MORE, gettext("More"), onwards, disabled=not answer.more)
        self._button(view, Action.WHY, gettext("Why?"), question)
        if self._maps:
            self._button(view, Action.MAP, gettext("Map"), question)
        tamer, bolder = question.dialled(terms.step - 1), question.dialled(terms.step + 1)
        first, last = terms.step == 0, terms.step == len(DIAL) - 1
        label = gettext("More familiar")
        self._button(view, Action.FAMILIAR, label, tamer, row=1, disabled=first)
        label = gettext("More adventurous")
        self._button(view, Action.ADVENTUROUS, label, bolder, row=1, disabled=last)
        view.add_item(self.kind(_menu(question, answer.results)))
        if hear:
            self._add_listening(view, answer, question)
        return view

    def choices(self, answer: DidYouMean, owner: int) -> discord.ui.View | None:
        """A button for each artist that could be meant; None where one press cannot tell all."""
        doubt, *further = answer.doubts
        if further:
            return None
        view = discord.ui.View(timeout=None)
        offered: set[tuple[int, ...]] = set()
        for artist in doubt.choices:
            ids = answer.with_choice(artist)
            # Two that were named beside the doubt already make the same question.
            if ids in offered:
                continue
            offered.add(ids)
            question = Question(ids, answer.terms, owner, digest(answer.version))
            label = name_of(artist, BUTTON_LABEL)
            self._button(view, Action.CHOOSE, label, question, style=_Style.primary)
        return view

    def menu(self, question: Question, results: Sequence[Recommendation]) -> discord.ui.View:
        """The results as a menu and nothing else, for answers that are not of the model alone."""
        view = discord.ui.View(timeout=None)
        return view.add_item(self.kind(_menu(question, results)))

    def _button(
        self,
        view: discord.ui.View,
        action: Action,
        label: str,
        question: Question,
        *,
        row: int = 0,
        disabled: bool = False,
        style: discord.ButtonStyle = _Style.secondary,
    ) -> None:
        custom_id = question.custom_id(action)
        button: discord.ui.Button[Any] = discord.ui.Button(
            style=style, label=label, disabled=disabled, custom_id=custom_id, row=row
        )
        view.add_item(self.kind(button))

    def _add_listening(
        self, view: discord.ui.View, answer: Recommended, question: Question
    ) -> None:
        for label, address in listening(answer.artist):
            view.add_item(discord.ui.Button(label=label, url=address, row=3))
        if self._previews:
            self._button(view, Action.PREVIEW, gettext("Preview"), question, row=3)


def _question_of(answer: Recommended, owner: int) -> Question:
    ids = tuple(artist.id for artist in answer.artists)
    return Question(ids, answer.terms, owner, digest(answer.version))


def _menu(question: Question, results: Sequence[Recommendation]) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=name_of(item.artist, CHOICE_NAME),
            value=str(item.artist.id),
            description=cut("; ".join((*reasons_of(item), listeners_of(item.artist))), CHOICE_NAME),
        )
        for item in results
    ]
    return discord.ui.Select(
        custom_id=question.custom_id(Action.LIKE),
        placeholder=gettext("More like …, and where to hear it"),
        options=options,
        row=2,
    )
