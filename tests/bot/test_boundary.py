import logging
import re
from unittest.mock import Mock

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.boundary import show_error
from bot.errors import (
    LyricsError,
    MemberError,
    NotYoursError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    SettingsError,
)
from bot.tree import BoundaryTree
from model.errors import ArtifactDamagedError, ConfigurationError, CrossfadeError
from tests.bot.conftest import Interact

REFERENCE = re.compile(r"reference `([0-9a-f]{8})`")


def http_error(code: int, status: int = 400) -> discord.HTTPException:
    return discord.HTTPException(Mock(status=status, reason="r"), {"code": code, "message": "m"})


def command(name: str = "recommend") -> app_commands.Command:
    @app_commands.command(name=name, description="-")
    async def one(_interaction: discord.Interaction) -> None: ...

    return one


def said(interaction: Mock) -> str:
    interaction.response.send_message.assert_awaited_once()
    interaction.followup.send.assert_not_awaited()
    (text,) = interaction.response.send_message.await_args.args
    assert interaction.response.send_message.await_args.kwargs == {"ephemeral": True}
    return text


@pytest.mark.parametrize(
    "kind",
    [
        *(MemberError, NotYoursError, LyricsError),
        *(ProviderBlockedError, ProviderRateLimitedError, ProviderUnavailableError),
    ],
)
async def test_what_is_meant_for_members_is_shown_as_it_is(
    interact: Interact, kind: type[MemberError]
) -> None:
    interaction = interact(command="lyrics")
    await show_error(interaction, kind("is away", where="LRCLIB", mend="try later"))
    assert said(interaction) == "LRCLIB: is away; try later."


@pytest.mark.parametrize(
    "error",
    [
        ValueError("secret detail"),
        ZeroDivisionError("secret detail"),
        CrossfadeError("secret detail"),
        ConfigurationError("secret detail", where="similar"),
        ArtifactDamagedError("secret detail"),
        SettingsError("secret detail", where="GENIUS_TOKEN"),
        TimeoutError("secret detail"),
        http_error(50035),
        aiohttp.ClientError("secret detail"),
        app_commands.AppCommandError("secret detail"),
        app_commands.CommandInvokeError(command(), RuntimeError("secret detail")),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_everything_else_is_a_reference_that_the_log_has_too(
    interact: Interact, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    interaction = interact(command="recommend")
    await show_error(interaction, error)
    text = said(interaction)
    found = REFERENCE.search(text)
    assert found is not None
    assert "secret" not in text
    (record,) = caplog.records
    assert record.levelno >= logging.WARNING
    assert f"[{found[1]}]" in record.getMessage()
    assert "/recommend" in record.getMessage()


async def test_a_fault_of_ours_is_logged_with_its_traceback(
    interact: Interact, caplog: pytest.LogCaptureFixture
) -> None:
    fault = RuntimeError("the shelf fell down")
    await show_error(interact(), app_commands.CommandInvokeError(command(), fault))
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[1] is fault


async def test_two_errors_have_two_references(interact: Interact) -> None:
    texts: list[str] = []
    for _ in range(2):
        interaction = interact()
        await show_error(interaction, ValueError())
        texts.append(said(interaction))
    assert texts[0] != texts[1]


async def test_a_member_error_inside_a_command_is_found(interact: Interact) -> None:
    interaction = interact()
    inner = MemberError("Please name an artist")
    await show_error(interaction, app_commands.CommandInvokeError(command(), inner))
    assert said(interaction) == "Please name an artist."


@pytest.mark.parametrize(
    "error",
    [
        app_commands.CommandSignatureMismatch(command()),
        app_commands.CommandNotFound("old", [], discord.AppCommandType.chat_input),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_changed_command_asks_for_a_reload(interact: Interact, error: Exception) -> None:
    interaction = interact()
    await show_error(interaction, error)
    assert "Ctrl+R" in said(interaction)


async def test_a_failed_check_is_told_escaped(interact: Interact) -> None:
    interaction = interact()
    await show_error(interaction, app_commands.CheckFailure("not for @everyone **here**"))
    assert said(interaction) == "not for @\u200beveryone \\*\\*here\\*\\*"


async def test_a_long_message_is_cut_to_what_discord_takes(interact: Interact) -> None:
    interaction = interact()
    await show_error(interaction, MemberError("x" * 6_000))
    assert len(said(interaction)) < 600


@pytest.mark.parametrize("code", [10062, 40060])
@pytest.mark.parametrize("wrapped", [True, False])
async def test_too_late_or_answered_before_is_only_logged(
    interact: Interact, caplog: pytest.LogCaptureFixture, code: int, wrapped: bool
) -> None:
    interaction = interact(command="lyrics")
    error = http_error(code)
    await show_error(
        interaction, app_commands.CommandInvokeError(command(), error) if wrapped else error
    )
    interaction.response.send_message.assert_not_awaited()
    interaction.followup.send.assert_not_awaited()
    assert "/lyrics could not be answered" in caplog.text


async def test_an_answer_under_way_is_followed_up(interact: Interact) -> None:
    interaction = interact(answered=True)
    await show_error(interaction, MemberError("gone"))
    interaction.response.send_message.assert_not_awaited()
    interaction.followup.send.assert_awaited_once_with("gone.", ephemeral=True)


@pytest.mark.parametrize(
    "failure",
    [
        http_error(10062, 404),
        aiohttp.ClientConnectionError("reset"),
        OSError("reset"),
        TimeoutError("slow"),
        discord.InteractionResponded(Mock()),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("answered", [True, False])
async def test_what_cannot_be_delivered_is_logged_under_the_reference(
    interact: Interact, caplog: pytest.LogCaptureFixture, failure: Exception, answered: bool
) -> None:
    interaction = interact(answered=answered)
    interaction.response.send_message.side_effect = failure
    interaction.followup.send.side_effect = failure
    await show_error(interaction, ValueError("first"))
    fault, undelivered = (record.getMessage() for record in caplog.records)
    reference = re.search(r"\[([0-9a-f]{8})\]", fault)
    assert reference is not None
    assert f"could not be told [{reference[1]}]" in undelivered


async def test_a_strangers_press_is_no_warning(
    interact: Interact, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await show_error(interact(), NotYoursError("These buttons belong to Ann"))
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "a button pressed by somebody else" in caplog.text


async def test_every_error_of_a_command_ends_here(interact: Interact) -> None:
    tree = BoundaryTree(discord.Client(intents=discord.Intents.none()))
    interaction = interact()
    await tree.on_error(interaction, app_commands.CheckFailure("no"))
    assert said(interaction) == "no"
