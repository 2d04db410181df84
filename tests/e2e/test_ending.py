"""The bot is asked to end while members wait for answers."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Environment
from tests.discord_double.server import DiscordDouble
from tests.e2e.processes import StartBot, logged, rest_of_log, starter
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a test on Windows cannot send what it would hear"
)

SONG = {"artist": "Ada Brook", "song": "The Long Way Home"}
SIGNALS = pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"]
)
ASKED = "asked to end, 1 interactions are under way"


@pytest.fixture
def start(store: Path, tmp_path: Path, environment: Environment) -> StartBot:
    return starter(store, tmp_path, environment)


@SIGNALS
async def test_an_answer_under_way_arrives_and_nothing_new_begins(
    start: StartBot, double: DiscordDouble, lrclib: LrclibDouble, number: int, code: int
) -> None:
    lrclib.latency = 1.5
    async with start(double, LRCLIB_URL=lrclib.address) as process:
        await double.wait_ready()
        await double.wait_commands("lyrics", "about")
        waiting = await double.slash("lyrics", SONG)
        process.send_signal(number)
        await logged(process, ASKED)
        assert waiting.message is None
        refused = await double.slash("about")
        message = await waiting.settled()
        log = await rest_of_log(process)
    assert message["embeds"][0]["title"] == "Ada Brook – The Long Way Home"
    assert refused.ephemeral
    assert refused.message is not None
    assert refused.message["content"] == "I am restarting; try again in a minute."
    assert process.returncode == code
    assert "Traceback" not in log
    assert "not finished" not in log


@SIGNALS
async def test_a_second_one_ends_it_at_once(
    start: StartBot, double: DiscordDouble, lrclib: LrclibDouble, number: int, code: int
) -> None:
    lrclib.manners = Manners.HANG
    async with start(double, LRCLIB_URL=lrclib.address) as process:
        await double.wait_ready()
        await double.wait_commands("lyrics")
        await double.slash("lyrics", SONG)
        process.send_signal(number)
        await logged(process, ASKED)
        began = time.monotonic()
        process.send_signal(number)
        log = await rest_of_log(process)
        # The provider alone would be waited for longer.
        assert time.monotonic() - began < 5
    assert process.returncode == code
    assert "Traceback" not in log
    assert "1 interactions are not finished" in log


async def test_with_nothing_under_way_it_ends_at_once(
    start: StartBot, double: DiscordDouble
) -> None:
    async with start(double) as process:
        await double.wait_ready()
        await double.wait_commands("about")
        await double.slash("about")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 15)
        assert time.monotonic() - began < 3
    assert process.returncode == 0
