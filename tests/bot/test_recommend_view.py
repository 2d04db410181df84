from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.paginator import LIFETIME
from bot.recommend.cog import RecommendCog
from bot.recommend.service import RecommendService
from bot.recommend.view import ChoiceView
from bot.text import utf16_length
from model.catalogue import Artist
from model.recommender import Recommender
from tests import artifacts
from tests.bot.conftest import Interact

NAMES = ("Johnny Cash", "\u202e", artifacts.LONG, "🎸" * 60)
CHOICES = tuple(Artist(row, 10 + row, "1", name, 3, (), "") for row, name in enumerate(NAMES))
QUESTION = discord.Embed(title="Did you mean …?")


@pytest.fixture
def chosen() -> AsyncMock:
    return AsyncMock()


@pytest.fixture
async def view(interact: Interact, chosen: AsyncMock) -> ChoiceView:
    return ChoiceView(CHOICES, member=interact(7).user, chosen=chosen)


def buttons(view: ChoiceView) -> list[discord.ui.Button]:
    return [item for item in view.children if isinstance(item, discord.ui.Button)]


async def test_each_artist_has_a_button_with_its_name(view: ChoiceView) -> None:
    labels = [button.label or "" for button in buttons(view)]
    assert labels[:2] == ["Johnny Cash", "id:11"]
    assert all(1 <= utf16_length(label) <= 80 for label in labels)
    assert labels[2].startswith("The Very")
    assert len({button.custom_id for button in buttons(view)}) == len(NAMES)


async def test_a_press_chooses_its_artist_and_ends_the_question(
    interact: Interact, view: ChoiceView, chosen: AsyncMock
) -> None:
    pressed = interact(7)
    await view._scheduled_task(buttons(view)[2], pressed)
    chosen.assert_awaited_once_with(pressed, CHOICES[2])
    assert view.is_finished()


async def test_somebody_else_is_told_privately_and_chooses_nothing(
    interact: Interact, view: ChoiceView, chosen: AsyncMock
) -> None:
    stranger = interact(8, "Ben")
    await view._scheduled_task(buttons(view)[0], stranger)
    chosen.assert_not_awaited()
    assert not view.is_finished()
    stranger.response.send_message.assert_awaited_once_with(
        "These buttons belong to Ann \\*the\\* Asker; run /recommend yourself.", ephemeral=True
    )


async def test_a_press_that_fails_is_answered_and_can_be_repeated(
    interact: Interact, view: ChoiceView, chosen: AsyncMock
) -> None:
    chosen.side_effect = ValueError("broken")
    pressed = interact(7)
    await view._scheduled_task(buttons(view)[0], pressed)
    (text,) = pressed.response.send_message.await_args.args
    assert "reference" in text
    assert not view.is_finished()


async def test_after_its_time_the_buttons_are_off_and_the_message_says_so(
    interact: Interact, view: ChoiceView
) -> None:
    asked = interact(7)
    await view.answer(asked, QUESTION)
    asked.response.send_message.assert_awaited_once_with(embed=QUESTION, view=view)
    await view.on_timeout()
    assert all(button.disabled for button in buttons(view))
    shown = asked.edit_original_response.await_args.kwargs
    assert shown["view"] is view
    assert "run /recommend again" in shown["content"]


async def test_a_farewell_that_fails_is_logged_and_harmless(
    interact: Interact, view: ChoiceView, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    asked = interact(7)
    await view.answer(asked, QUESTION)
    gone = discord.NotFound(Mock(status=404, reason="gone"), "Unknown Webhook")
    asked.edit_original_response.side_effect = gone
    await view.on_timeout()
    assert "Unknown Webhook" in caplog.text


async def test_a_question_that_was_never_shown_ends_quietly(view: ChoiceView) -> None:
    await view.on_timeout()
    assert not any(button.disabled for button in buttons(view))


async def test_the_question_ends_before_discord_forgets_it(view: ChoiceView) -> None:
    assert view.timeout == LIFETIME < 15 * 60


@pytest.mark.parametrize("name", ["Johnny Cash", artifacts.LONG, artifacts.MARKUP])
async def test_the_chosen_artist_is_answered_in_place(
    interact: Interact, service: RecommendService, recommender: Recommender, name: str
) -> None:
    row = recommender.catalogue.names.texts().index(name)
    pressed = interact(7)
    await RecommendCog(service=service)._choose(pressed, recommender.catalogue.artist(row))
    shown = pressed.response.edit_message.await_args.kwargs
    assert shown["embed"].title.startswith("Artists like ")
    assert "**10.**" in shown["embed"].description
    assert shown["view"] is None
