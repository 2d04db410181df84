"""``python -m bot`` as the process it will be, against the local Discord."""

import asyncio
import contextlib
import re
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import Environment
from tests.discord_double.server import DiscordDouble

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
Process = asyncio.subprocess.Process
Start = Callable[..., AbstractAsyncContextManager[Process]]


@pytest.fixture
def start(store: Path, tmp_path: Path, environment: Environment) -> Start:
    """Starts the bot against a local Discord; what still runs at the end is killed."""

    @asynccontextmanager
    async def run(discord: DiscordDouble, **settings: str) -> AsyncGenerator[Process]:
        given = {"DISCORD_TOKEN": discord.token, "ARTIFACTS": str(store)} | settings
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.discord_double.launch"),
            *("--rest", discord.rest_url, "--gateway", discord.gateway_url, "--", "bot"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=tmp_path,
            env=environment(**given),
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    return run


async def ended(process: Process) -> tuple[str, str]:
    out, errors = await asyncio.wait_for(process.communicate(), 15)
    return out.decode(), errors.decode()


def resident_mb(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def mapped_files(process: Process) -> str:
    return Path(f"/proc/{process.pid}/maps").read_text()


@LINUX
async def test_it_is_ready_soon_small_and_ends_when_it_is_asked(
    start: Start,
) -> None:
    async with DiscordDouble() as discord:
        began = time.monotonic()
        async with start(discord) as process:
            await discord.wait_ready()
            seconds = time.monotonic() - began
            await discord.wait_commands("recommend", "lyrics", "about", "help")
            answer = await discord.slash("recommend", {"artist": "Johnny Cash"})
            assert answer.message is not None
            memory = resident_mb(process)
            mapped = mapped_files(process)
            process.send_signal(signal.SIGTERM)
            out, errors = await ended(process)
        assert discord.rejections == []
    print(f"{seconds:.2f} s from process start to READY, {memory:.1f} MB resident")  # pytest -s
    assert process.returncode == 0, errors
    assert out == "", "in a server it has no invitation to print"
    assert "Traceback" not in errors
    assert "WARNING" not in errors
    assert seconds < 10
    assert memory < 150
    assert not re.search(r"/(tensorflow|pandas|matplotlib|scipy)/", mapped)


@POSIX
async def test_in_no_server_it_prints_its_invite_link(start: Start) -> None:
    async with DiscordDouble([]) as discord, start(discord) as process:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 15)).decode()
        process.send_signal(signal.SIGTERM)
        await ended(process)
    assert line.startswith("Invite the bot to a server: https://discord.com/oauth2/authorize?")
    assert f"client_id={discord.world.application_id}" in line
    assert "applications.commands" in line
    assert process.returncode == 0


@POSIX
async def test_ctrl_c_ends_it_quietly(start: Start) -> None:
    async with DiscordDouble() as discord, start(discord) as process:
        await discord.wait_ready()
        process.send_signal(signal.SIGINT)
        _, errors = await ended(process)
    assert process.returncode == 130
    assert "Traceback" not in errors


async def test_a_refused_token_is_one_line(start: Start) -> None:
    token = "MTEwMDAw.wrong.secret-of-somebody"  # noqa: S105  nobody's token
    async with DiscordDouble() as discord, start(discord, DISCORD_TOKEN=token) as process:
        out, errors = await ended(process)
        assert [one.status for one in discord.rejections] == [401]
    assert (process.returncode, out) == (2, "")
    lines = [line for line in errors.splitlines() if line.startswith("crossfade: ")]
    assert len(lines) == 1
    assert "DISCORD_TOKEN: Discord refuses this token" in lines[0]
    assert "https://discord.com/developers/applications" in lines[0]
    assert "Traceback" not in errors
    assert "secret" not in errors


async def test_no_discord_at_all_is_one_line(start: Start) -> None:
    async with DiscordDouble() as discord:
        pass
    async with start(discord) as process:
        _, errors = await ended(process)
    assert process.returncode == 2
    assert "Discord cannot be reached" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("weather", "said"),
    [
        ({"refusing": 403}, "Discord refuses to work with this bot (HTTP 403, code 0)"),
        ({"closing": 4004}, "DISCORD_TOKEN: Discord refuses this token"),
        ({"closing": 4011}, "SHARD_COUNT: Discord refuses these shards (close code 4011)"),
        ({"closing": 4012}, "Discord closed the connection for good (close code 4012)"),
    ],
)
async def test_a_refusal_at_the_start_is_one_line(
    start: Start, weather: dict[str, int], said: str
) -> None:
    async with DiscordDouble() as discord:
        for name, value in weather.items():
            setattr(discord.weather, name, value)
        async with start(discord) as process:
            _, errors = await ended(process)
    assert process.returncode == 2
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith(f"crossfade: {said}")


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_when_asked_before_discord_lets_it_in(
    start: Start, number: signal.Signals
) -> None:
    async with DiscordDouble() as discord:
        discord.weather.silent = True
        async with start(discord) as process:
            await discord.wait_commands("recommend")
            await discord.wait_connected()
            process.send_signal(number)
            _, errors = await ended(process)
    assert process.returncode == (0 if number is signal.SIGTERM else 130)
    assert "Traceback" not in errors
