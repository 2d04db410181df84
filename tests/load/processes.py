"""The processes of a run: started without the settings around us, and listened to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from model.errors import CrossfadeError

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0

_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV")
_SERVICES = ("LRCLIB_URL", "DEEZER_URL", "MUSICBRAINZ_URL")
# The outside services refuse the connection at once; nothing here shall wait for them.
_SETTINGS = {"LOOK_UP_UNKNOWN": "false", **dict.fromkeys(_SERVICES, "http://127.0.0.1:1")}

Process = asyncio.subprocess.Process


@asynccontextmanager
async def started(
    module: list[str], folder: Path, *, pipe_errors: bool = True, **settings: str
) -> AsyncGenerator[Process]:
    """A module of ours as a process in ``folder``; if it still runs at the end it is killed."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE if pipe_errors else None,
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | _SETTINGS | settings,
        limit=2**26,  # of a line that tells of all interactions
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def told(process: Process, patience: float = PATIENCE_S) -> Any:
    """The next line of JSON that the process prints.

    Raises:
        CrossfadeError: it prints none within ``patience`` seconds.
    """
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), patience)
    except TimeoutError:
        line = b""
    if not line:
        raise CrossfadeError("failed, see above", where="python -m tests.load")
    return json.loads(line)


class BotLog:
    """What the bot logs, read as it comes so that it never waits for us."""

    def __init__(self, bot: Process) -> None:
        self._bot = bot
        self._lines: list[str] = []
        self._ready: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())

    @property
    def last(self) -> str:
        """The last line so far."""
        return self._lines[-1] if self._lines else "it said nothing"

    async def ready(self) -> float:
        """The moment at which the bot said that it is ready, by the monotonic clock.

        Raises:
            CrossfadeError: it never did.
        """
        try:
            return await asyncio.wait_for(self._ready, PATIENCE_S)
        except TimeoutError:
            raise CrossfadeError(f"was never ready ({self.last})", where="the bot") from None

    async def text(self) -> str:
        """All of it, when the bot has ended."""
        await self._reading
        return "\n".join(self._lines)

    async def _read(self) -> None:
        assert self._bot.stderr is not None
        async for line in self._bot.stderr:
            self._lines.append(line.decode().rstrip())
            if "ready as" in self._lines[-1] and not self._ready.done():
                self._ready.set_result(time.monotonic())
        if not self._ready.done():
            error = CrossfadeError(f"ended at once ({self.last})", where="the bot")
            self._ready.set_exception(error)
