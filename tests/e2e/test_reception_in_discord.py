"""How members are let in, and what of it is logged, through the real client."""

import logging
import re
import time
from typing import Any

import pytest

from bot.limits import MEMBER_RATE, MemoryLimits
from tests.discord_double import world
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running

TYPED = "Quagga Zebrula"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """Gives the fields of every line that was logged of an interaction."""
    caplog.set_level(logging.DEBUG, "bot")

    def fields() -> list[dict[str, Any]]:
        ours = [one for one in caplog.records if one.name == "bot.command_log"]
        return [vars(one)["crossfade_fields"] for one in ours]

    return fields


async def test_commands_and_presses_count_and_typing_does_not(
    double: DiscordDouble, running: Running, lines: Any
) -> None:
    async with running(limits=MemoryLimits(clock=lambda: 0.0)) as bot:
        asked = await double.slash("recommend", {"artist": "Johnny Cash"})
        for _ in range(3 * MEMBER_RATE.times):
            assert await double.autocomplete("recommend", {"artist": "jo"}, focused="artist")
        for _ in range(MEMBER_RATE.times - 1):
            await double.press(asked.message, label="Why?")
        before = time.time()
        refused = [
            await double.slash("about"),
            await double.press(asked.message, label="More"),
            await double.slash("lyrics", {"artist": TYPED, "song": TYPED}),
        ]
        another = await double.slash("about", user=world.OTIS)
        await bot.reception.under_way.finish(5)
    for answer in refused:
        assert answer.ephemeral
        assert answer.message is not None
        found = re.fullmatch(r"You are quick; come back <t:(\d+):R>\.", answer.message["content"])
        assert found is not None
        assert before < int(found[1]) < time.time() + MEMBER_RATE.seconds
    assert another.message is not None
    assert another.message["embeds"]
    outcomes = [(one["kind"], one["outcome"]) for one in lines()]
    assert outcomes[:2] == [("command", "ok"), ("press", "ok")]
    assert outcomes[-4:] == [
        *(("command", "cooldown"), ("press", "cooldown"), ("command", "cooldown")),
        ("command", "ok"),
    ]


async def test_a_line_says_who_where_and_how_long(
    double: DiscordDouble, running: Running, lines: Any
) -> None:
    place = double.guilds[1]
    async with running(shard_ids=(0, 1), shard_count=2) as bot:
        await double.wait_ready(shards=2)
        began = time.time()
        asked = await double.slash("recommend", {"artist": "Johnny Cash"}, guild=place)
        await double.press(asked.message, label="Map")
        await double.slash("about", private=True)
        await bot.reception.under_way.finish(5)
        most = 1000 * (time.time() - began) + 1
    command, press, private = sorted(lines(), key=lambda one: (one["server"] is None, one["kind"]))
    assert {**command, "first_ms": 0, "end_ms": 0} == {
        "command": "recommend",
        "kind": "command",
        "server": place.id,
        "shard": (place.id >> 22) % 2,
        "first_ms": 0,
        "end_ms": 0,
        "outcome": "ok",
        "reference": None,
    }
    assert 0 <= command["first_ms"] <= command["end_ms"] <= most
    assert (press["command"], press["kind"]) == ("recommend", "press")
    assert (private["command"], private["server"], private["shard"]) == ("about", None, 0)


async def test_pages_of_lyrics_are_logged_as_what_they_belong_to(
    double: DiscordDouble, running: Running, lines: Any
) -> None:
    async with running() as bot:
        shown = await double.slash("lyrics", {"artist": "Ada Brook", "song": "The Long Way Home"})
        await shown.settled()
        await double.press(shown.message, label="Next")
        await double.press(shown.message, label="Previous", user=world.OTIS)
        await bot.reception.under_way.finish(5)
    assert [(one["command"], one["kind"], one["outcome"]) for one in lines()] == [
        ("lyrics", "command", "ok"),
        ("lyrics", "press", "ok"),
        ("lyrics", "press", "member-error"),
    ]
    first = lines()[0]
    assert first["first_ms"] <= first["end_ms"]


async def test_nothing_that_was_typed_and_no_token_is_logged(
    double: DiscordDouble, running: Running, lines: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as bot:
        for name, options in (
            ("recommend", {"artist": TYPED, "artist2": f"{TYPED} Too"}),
            ("map", {"artist": TYPED}),
            ("lyrics", {"artist": TYPED, "song": TYPED}),
        ):
            answer = await double.slash(name, options)
            await answer.settled()
        await double.autocomplete("lyrics", {"artist": TYPED}, focused="artist")
        # A fault of ours is logged with its traceback.
        bot._services.recommend.model = None  # pyright: ignore[reportAttributeAccessIssue]
        failed = await double.slash("recommend", {"artist": TYPED})
        await bot.reception.under_way.finish(5)
    assert failed.message is not None
    reference = re.search(r"reference `([0-9a-f]{8})`", failed.message["content"])
    assert reference is not None
    assert (lines()[-1]["outcome"], lines()[-1]["reference"]) == ("failed", reference[1])
    assert f"/recommend failed [{reference[1]}]" in caplog.text
    assert "Traceback" in caplog.text
    assert "Quagga" not in caplog.text
    assert double.token not in caplog.text
    assert "interaction-" not in caplog.text
