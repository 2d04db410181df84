"""``python -m bot`` as a process that logs in to the local Discord."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from tests.conftest import Environment
from tests.discord_double.server import DiscordDouble

Process = asyncio.subprocess.Process
StartBot = Callable[..., AbstractAsyncContextManager[Process]]


def starter(store: Path, folder: Path, environment: Environment) -> StartBot:
    """Gives what starts the bot in ``folder``; what still runs at the end is killed.

    Args:
        store: the store folder.
        folder: an empty one.
        environment: makes the process's environment from settings.
    """

    @asynccontextmanager
    async def run(discord: DiscordDouble, **settings: str) -> AsyncGenerator[Process]:
        given = {"DISCORD_TOKEN": discord.token, "ARTIFACTS": str(store)} | settings
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.discord_double.launch"),
            *("--rest", discord.rest_url, "--gateway", discord.gateway_url, "--", "bot"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=environment(**given),
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    return run


async def logged(process: Process, words: str, timeout: float = 15.0) -> str:
    """Wait until the process logs a line with these words; returns the line."""
    assert process.stderr is not None
    async with asyncio.timeout(timeout):
        async for line in process.stderr:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"the process ended without logging {words!r}")


async def rest_of_log(process: Process, timeout: float = 15.0) -> str:
    """Wait for the end of the process; returns what it logged since it was last read."""
    _, errors = await asyncio.wait_for(process.communicate(), timeout)
    return errors.decode()
