"""What the running bot tells on its health port."""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.conftest import Environment
from tests.discord_double import world
from tests.discord_double.server import DiscordDouble
from tests.e2e.processes import StartBot, logged, rest_of_log, starter
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends the process by SIGTERM")


@pytest.fixture
def start(store: Path, tmp_path: Path, environment: Environment) -> StartBot:
    return starter(store, tmp_path, environment)


@pytest.fixture
def port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


async def get(port: str, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def reason(port: str) -> Any:
    status, text = await get(port, "/readyz")
    return json.loads(text).get("reason") if status == 503 else None


async def test_it_counts_what_members_do_and_is_not_ready_while_it_ends(
    start: StartBot, double: DiscordDouble, lrclib: LrclibDouble, port: str
) -> None:
    lrclib.manners = Manners.HANG
    async with start(double, HEALTH_PORT=port, LRCLIB_URL=lrclib.address) as process:
        await logged(process, "ready as")
        assert await reason(port) is None
        await double.slash("recommend", {"artist": "Johnny Cash"})
        await double.slash("about", user=world.OTIS)
        await logged(process, "command=about")
        _, metrics = await get(port, "/metrics")
        done = 'crossfade_interactions_total{command="recommend",kind="command",outcome="ok"} 1.0'
        assert done in metrics
        assert "Johnny" not in metrics
        assert "process_resident_memory_bytes" in metrics or sys.platform != "linux"
        await double.slash("lyrics", {"artist": "Ada Brook", "song": "The Long Way Home"})
        process.send_signal(signal.SIGTERM)
        await logged(process, "asked to end")
        assert await reason(port) == "the bot is ending"
        assert (await get(port, "/healthz"))[0] == 200
        process.send_signal(signal.SIGTERM)
        log = await rest_of_log(process)
    assert process.returncode == 0
    assert "Traceback" not in log


async def test_before_discord_lets_it_in_it_is_alive_but_not_ready(
    start: StartBot, double: DiscordDouble, port: str
) -> None:
    double.weather.silent = True
    async with start(double, HEALTH_PORT=port) as process:
        await double.wait_commands("recommend")
        await double.wait_connected()
        assert (await get(port, "/healthz"))[0] == 200
        assert await reason(port) == "the gateway is not ready"
        process.send_signal(signal.SIGTERM)
        await rest_of_log(process)
    assert process.returncode == 0
