import re
from unittest.mock import AsyncMock, Mock, create_autospec

import discord
import pytest

from bot.paginator import LIFETIME, PageView

PAGES = [discord.Embed(description=f"page {number}") for number in (1, 2, 3)]


def member(number: int, name: str = "Ann *the* Asker") -> Mock:
    return create_autospec(discord.Member, instance=True, id=number, display_name=name)


def press(user: Mock) -> Mock:
    interaction = create_autospec(discord.Interaction, instance=True, user=user)
    interaction.command = None  # as in every press
    interaction.response = create_autospec(discord.InteractionResponse, instance=True)
    interaction.response.is_done = Mock(return_value=False)
    interaction.followup = create_autospec(discord.Webhook, instance=True)
    interaction.edit_original_response = AsyncMock()
    return interaction


def not_found() -> discord.NotFound:
    return discord.NotFound(Mock(status=404, reason="gone"), "Unknown Webhook")


@pytest.fixture
async def view() -> PageView:
    return PageView(PAGES, member=member(7), command="/lyrics")


def buttons(view: PageView) -> list[tuple[str | None, bool]]:
    return [(item.label, item.disabled) for item in (view.previous, view.position, view.following)]


async def test_the_first_page_answers_with_its_number_and_only_next_to_press(view):
    asked = press(member(7))
    await view.answer(asked)
    asked.edit_original_response.assert_awaited_once_with(embed=PAGES[0], view=view)
    assert buttons(view) == [("Previous", True), ("Page 1 of 3", True), ("Next", False)]


async def test_nothing_is_edited_later_that_was_never_shown(view):
    asked = press(member(7))
    asked.edit_original_response.side_effect = not_found()
    with pytest.raises(discord.NotFound):
        await view.answer(asked)
    assert view.answered is None
    await view.on_timeout()
    asked.edit_original_response.assert_awaited_once()


async def test_turning_goes_on_and_back_and_stops_at_the_ends(view):
    shown = []
    for turn in ("following", "following", "previous"):
        pressed = press(member(7))
        await getattr(view, turn).callback(pressed)
        shown.append(pressed.response.edit_message.await_args.kwargs["embed"])
        if len(shown) == 2:
            assert buttons(view) == [("Previous", False), ("Page 3 of 3", True), ("Next", True)]
    assert shown == [PAGES[1], PAGES[2], PAGES[1]]
    assert buttons(view) == [("Previous", False), ("Page 2 of 3", True), ("Next", False)]


async def test_a_press_past_the_end_stays_on_the_last_page(view):
    pressed = press(member(7))
    for _ in range(5):
        await view.following.callback(pressed)
    assert pressed.response.edit_message.await_args.kwargs["embed"] is PAGES[2]


async def test_a_single_page_has_no_buttons():
    alone = PageView(PAGES[:1], member=member(7), command="/lyrics")
    asked = press(member(7))
    await alone.answer(asked)
    asked.edit_original_response.assert_awaited_once_with(embed=PAGES[0])
    assert alone.is_finished()


async def test_no_page_is_a_mistake():
    with pytest.raises(ValueError, match="at least one page"):
        PageView([], member=member(7), command="/lyrics")


async def test_somebody_else_is_told_privately_and_turns_nothing(view):
    stranger = press(member(8, "Ben"))
    await view._scheduled_task(view.following, stranger)
    stranger.response.edit_message.assert_not_awaited()
    (text,) = stranger.response.send_message.await_args.args
    assert text == "These buttons belong to Ann \\*the\\* Asker; run /lyrics yourself."
    assert stranger.response.send_message.await_args.kwargs == {"ephemeral": True}
    assert buttons(view)[1] == ("Page 1 of 3", True)


async def test_a_turn_that_fails_is_said_logged_and_taken_back(view, caplog):
    pressed = press(member(7))
    pressed.response.edit_message.side_effect = not_found()
    await view._scheduled_task(view.following, pressed)
    said = pressed.response.send_message.await_args.args[0]
    reference = re.search(r"`(\w{8})`", said)
    assert reference is not None
    assert reference[1] in caplog.text
    assert "Unknown Webhook" in caplog.text
    assert buttons(view)[1] == ("Page 1 of 3", True)


async def test_a_turn_that_fails_late_does_not_take_a_later_one_back(view):
    later, failing = press(member(7)), press(member(7))

    async def fail_after_the_next_turn(**_shown) -> None:
        await view.following.callback(later)
        raise not_found()

    failing.response.edit_message.side_effect = fail_after_the_next_turn
    with pytest.raises(discord.NotFound):
        await view.following.callback(failing)
    assert later.response.edit_message.await_args.kwargs["embed"] is PAGES[2]
    assert buttons(view) == [("Previous", False), ("Page 3 of 3", True), ("Next", True)]
    assert view.answered is later


async def test_a_press_that_cannot_even_be_answered_is_harmless(view, caplog):
    pressed = press(member(7))
    pressed.response.edit_message.side_effect = not_found()
    pressed.response.is_done = Mock(return_value=True)
    pressed.followup.send.side_effect = OSError("network is down")
    await view._scheduled_task(view.following, pressed)
    assert "network is down" in caplog.text


async def test_after_its_time_the_buttons_are_off_and_the_message_says_so(view):
    asked, pressed = press(member(7)), press(member(7))
    await view.answer(asked)
    await view.following.callback(pressed)
    await view.on_timeout()
    assert [disabled for _, disabled in buttons(view)] == [True, True, True]
    pressed.edit_original_response.assert_awaited_once()
    farewell = pressed.edit_original_response.await_args.kwargs
    assert farewell["view"] is view
    assert "run /lyrics again" in farewell["content"]
    asked.edit_original_response.assert_awaited_once()  # the newest token is the one still good


async def test_a_farewell_that_fails_is_logged_and_harmless(view, caplog):
    caplog.set_level("INFO")
    asked = press(member(7))
    await view.answer(asked)
    asked.edit_original_response.side_effect = not_found()
    await view.on_timeout()
    assert "Unknown Webhook" in caplog.text


async def test_a_view_that_was_never_shown_ends_quietly(view):
    await view.on_timeout()


async def test_the_view_ends_before_discord_forgets_the_interaction(view):
    assert view.timeout == LIFETIME == 14 * 60
