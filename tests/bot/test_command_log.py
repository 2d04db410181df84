"""What is logged of an interaction, and how who keeps track is told."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import Mock

import discord
import pytest
from yarl import URL

from bot.boundary import show_error
from bot.command_log import log_handled
from bot.errors import MemberError
from bot.handled import Handled, Outcome, outcome_of, set_outcome
from bot.limits import MEMBER_RATE, SERVER_RATE, MemoryLimits
from bot.logs import set_up_logging
from bot.reception import Receiving, Reception, admit_press
from tests.bot.conftest import Interact
from tests.bot.test_boundary import http_error

DONE = Handled(
    name="recommend",
    kind="command",
    server=75_000_000_001 << 22,
    shard=1,
    first_ms=41,
    end_ms=57,
    seconds=0.031,
    outcome=Outcome.OK,
    reference=None,
)
BEGAN = 1_700_000_000.0

Arrive = Callable[..., Mock]


@pytest.fixture
def arrive(interact: Interact) -> Arrive:
    """Makes a command, or whatever ``kind`` says, as it arrives a second after the member acted."""

    def make(
        number: int = 1,
        *,
        member: int = 7,
        server: int | None = 75_000_000_001 << 22,
        kind: discord.InteractionType = discord.InteractionType.application_command,
    ) -> Mock:
        interaction = interact(member)
        interaction.id, interaction.type, interaction.guild_id = number, kind, server
        interaction.created_at = datetime.fromtimestamp(BEGAN, UTC)
        interaction.client.shard_count = 4
        interaction.extras = {}
        interaction.command = create_command("recommend")
        return interaction

    return make


def create_command(name: str) -> Mock:
    command = Mock(spec=discord.app_commands.Command)
    command.qualified_name = name
    return command


@pytest.fixture
def told() -> list[Handled]:
    return []


@pytest.fixture
def reception(told: list[Handled]) -> Reception:
    return Reception(
        limits=MemoryLimits(clock=lambda: 0.0),
        told=[told.append],
        clock=iter(range(1_000)).__next__,
        now=lambda: BEGAN + 1,
    )


async def handle(coroutine: Awaitable[object]) -> None:
    """Run as a task of its own, as discord.py does."""

    async def run() -> None:
        await coroutine

    await asyncio.gather(asyncio.create_task(run()), return_exceptions=True)
    await asyncio.sleep(0)


def test_a_text_line_has_the_fields_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    log_handled(replace(DONE, name="Recommend from this", kind="menu"))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(
        'INFO    bot.command_log: handled command="Recommend from this" kind=menu '
        "server=314572800004194304 shard=1 first_ms=41 end_ms=57 outcome=ok"
    )


def test_a_json_line_has_the_fields_beside_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("json", "INFO")
    log_handled(replace(DONE, server=None, outcome=Outcome.FAILED, reference="0badcafe"))
    (line,) = capsys.readouterr().err.splitlines()
    fields = json.loads(line)
    del fields["time"]
    assert fields == {
        "level": "INFO",
        "logger": "bot.command_log",
        "message": "handled",
        "command": "recommend",
        "kind": "command",
        "server": None,
        "shard": 1,
        "first_ms": 41,
        "end_ms": 57,
        "outcome": "failed",
        "reference": "0badcafe",
    }


def test_typing_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log_handled(replace(DONE, kind="autocomplete"))
    assert not caplog.records


async def test_what_was_handled_is_told_at_its_end(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    interaction = arrive()

    async def command() -> None:
        assert await reception.admit(interaction)
        assert len(reception.under_way) == 1
        assert told == []

    await handle(command())
    assert len(reception.under_way) == 0
    assert told == [replace(DONE, first_ms=None, end_ms=1000, seconds=1)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (MemberError("name an artist"), Outcome.MEMBER_ERROR),
        (discord.app_commands.CheckFailure("no"), Outcome.MEMBER_ERROR),
        (ZeroDivisionError(), Outcome.FAILED),
        (http_error(10062, 404), Outcome.LATE),
        (http_error(40060), Outcome.OK),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_the_outcome_is_that_of_the_boundary(
    told: list[Handled],
    arrive: Arrive,
    *,
    reception: Reception,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    outcome: Outcome,
) -> None:
    interaction = arrive()

    async def command() -> None:
        await reception.admit(interaction)
        await show_error(interaction, error)

    await handle(command())
    (handled,) = told
    assert handled.outcome is outcome
    assert f"[{handled.reference}]" in caplog.text


async def test_what_could_not_be_told_any_more_is_late(arrive: Arrive) -> None:
    interaction = arrive()
    interaction.response.send_message.side_effect = http_error(10062, 404)
    await show_error(interaction, MemberError("name an artist"))
    assert outcome_of(interaction)[0] is Outcome.LATE


async def test_what_breaks_off_has_failed(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    async def command() -> None:
        await reception.admit(arrive())
        raise ZeroDivisionError

    await handle(command())
    assert [one.outcome for one in told] == [Outcome.FAILED]


async def test_the_first_response_is_when_discord_confirms_one(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    root = URL("https://discord.com/api/v10")

    async def command() -> None:
        await reception.admit(arrive(17))
        for number, good in ((16, True), (17, False), (17, True)):
            done = Mock(url=root / "interactions" / str(number) / "a-token" / "callback")
            done.response.ok = good
            reception._answered(done)
            assert (reception._visits[17].answered_at is not None) == (number == 17 and good)
        for path in ("gateway/bot", "webhooks/1/a-token/messages/@original"):
            reception._answered(Mock(url=root.joinpath(*path.split("/"))))

    await handle(command())
    assert [one.first_ms for one in told] == [1000]


async def test_a_command_that_is_not_ours_is_not_called_by_its_name(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    interaction = arrive()
    interaction.command = None
    interaction.data = {"name": "from-outside"}
    await handle(reception.admit(interaction))
    assert [one.name for one in told] == ["unknown"]


async def test_a_press_has_the_name_of_its_command(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    class Client(Receiving, discord.Client):
        pass

    interaction = arrive(kind=discord.InteractionType.component)
    interaction.client = Client(intents=discord.Intents.none())
    interaction.client.reception = reception
    await handle(admit_press(interaction, "/lyrics"))
    assert [(one.name, one.kind, one.shard) for one in told] == [("lyrics", "press", 0)]


async def test_who_is_too_quick_is_told_when_to_come_back(
    reception: Reception, told: list[Handled], arrive: Arrive
) -> None:
    for number in range(MEMBER_RATE.times):
        await handle(reception.admit(arrive(number)))
    refused = arrive(MEMBER_RATE.times)
    await handle(reception.admit(refused))
    (said,) = refused.response.send_message.await_args.args
    assert said == f"You are quick; come back <t:{int(BEGAN + 1) + 2}:R>."
    assert [one.outcome for one in told] == [Outcome.OK] * MEMBER_RATE.times + [Outcome.COOLDOWN]
    another = arrive(99, member=8)
    await handle(reception.admit(another))
    another.response.send_message.assert_not_awaited()


async def test_a_server_as_a_whole_can_be_too_quick(reception: Reception, arrive: Arrive) -> None:
    for number in range(SERVER_RATE.times):
        await handle(reception.admit(arrive(number, member=number)))
    refused, elsewhere = arrive(98, member=98), arrive(99, member=99, server=None)
    await handle(reception.admit(refused))
    await handle(reception.admit(elsewhere))
    (said,) = refused.response.send_message.await_args.args
    assert said.startswith("This server is busy; come back <t:")
    elsewhere.response.send_message.assert_not_awaited()


async def test_typing_counts_for_nothing(reception: Reception, arrive: Arrive) -> None:
    for number in range(10 * MEMBER_RATE.times):
        typing = arrive(number, kind=discord.InteractionType.autocomplete)
        await handle(reception.admit(typing))
        typing.response.send_message.assert_not_awaited()


async def test_while_ending_nothing_new_begins(reception: Reception, arrive: Arrive) -> None:
    await reception.under_way.finish(1)
    interaction = arrive()
    await handle(reception.admit(interaction))
    (said,) = interaction.response.send_message.await_args.args
    assert said == "I am restarting; try again in a minute."


def test_an_outcome_that_nobody_noted_is_good() -> None:
    interaction = Mock(extras={})
    assert outcome_of(interaction) == (Outcome.OK, None)
    set_outcome(interaction, Outcome.LATE, "0badcafe")
    assert outcome_of(interaction) == (Outcome.LATE, "0badcafe")
