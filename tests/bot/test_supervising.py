"""A bot that ended for a passing reason is followed by another one."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from discord.gateway import ReconnectWebSocket

from bot import supervising
from bot.client import CrossfadeBot
from bot.supervising import Supervised, passes

TOKEN = "a token"  # noqa: S105


def answered(status: int) -> discord.HTTPException:
    return discord.HTTPException(cast("Any", SimpleNamespace(status=status, reason="")), "")


class Bot:
    """As much of one as is supervised; ends as it is told."""

    def __init__(self, end: BaseException | None) -> None:
        self.end = end
        self.events: list[str] = []

    async def __aenter__(self) -> "Bot":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.events.append("closed")

    async def start(self, token: str) -> None:
        self.events.append(token)
        if self.end is not None:
            raise self.end


def supervised(*ends: BaseException | None) -> tuple[Supervised, list[Bot]]:
    """What supervises bots that end like this one after another, and those it made."""
    made: list[Bot] = []

    def make() -> CrossfadeBot:
        made.append(Bot(ends[len(made)]))
        return cast("CrossfadeBot", made[-1])

    return Supervised(make, pause=lambda _: 0.0), made


PASSING = [
    answered(503),
    answered(500),
    answered(429),
    discord.GatewayNotFound(),
    aiohttp.ClientOSError(104, "reset"),
    ConnectionRefusedError(),
    TimeoutError(),
    ReconnectWebSocket(0),
    AttributeError("'NoneType' object has no attribute 'sequence'"),
    RecursionError(),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
async def test_another_bot_follows_one_that_ended_for_a_passing_reason(error: Exception) -> None:
    keeper, made = supervised(error, error, None)
    await keeper.serve(TOKEN)
    assert [one.events for one in made] == [[TOKEN, "closed"]] * 3
    assert cast("Bot", keeper.bot) is made[-1]


@pytest.mark.parametrize(
    "error",
    [answered(403), answered(404), discord.LoginFailure("x"), KeyError("x"), ValueError("x")],
    ids=repr,
)
async def test_what_will_not_pass_ends_it(error: Exception) -> None:
    keeper, made = supervised(error, None)
    with pytest.raises(type(error)):
        await keeper.serve(TOKEN)
    assert len(made) == 1
    assert not passes(error)


async def test_each_attempt_is_one_line_that_says_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeper, _ = supervised(ConnectionRefusedError(), answered(503), ReconnectWebSocket(0), None)
    with caplog.at_level(logging.WARNING):
        await keeper.serve(TOKEN)
    network, busy, given_up = caplog.records
    assert network.getMessage() == (
        "Discord cannot be reached, the connection is refused (ConnectionRefusedError), "
        "trying again in 0 s; check the network"
    )
    assert busy.getMessage() == "Discord answers HTTP 503, trying again in 0 s"
    assert given_up.exc_info is not None


async def test_each_further_attempt_is_told_with_why_in_a_word_or_two() -> None:
    ends = [answered(503), ConnectionResetError(), ReconnectWebSocket(0), TimeoutError()]
    told: list[str] = []
    bots = iter(map(Bot, [*ends, None]))
    make = lambda: cast("CrossfadeBot", next(bots))  # noqa: E731
    await Supervised(make, pause=lambda _: 0.0, retried=told.append).serve(TOKEN)
    assert told == ["HTTP 503", "network", "discord.py gave up", "network"]


async def test_pauses_grow_until_the_bot_was_in_service_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[int] = []
    keeper, _ = supervised(*[answered(503)] * 4, None)
    keeper._pause = lambda state: attempts.append(state.attempt_number) or 0.0
    await keeper.serve(TOKEN)
    assert attempts == [1, 2, 3, 4]
    monkeypatch.setattr(supervising, "_IN_SERVICE_S", -1.0)
    steady, _ = supervised(answered(503), None)
    assert steady._wait(cast("Any", None)) == 1.0
