"""One run: a local Discord, the bot and a crowd, each where it will be, and what was measured."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from model.errors import CrossfadeError
from tests.load.proc import Usage, usage
from tests.load.processes import PATIENCE_S, BotLog, Process, started, told
from tests.load.records import Doing, HandlerTimes, Interaction, Orders, Outcome

SERVERS = 500
LAUNCH = ("tests.load.launch",)
"""The module that starts the bot, and what it is given first."""

Meanwhile = Callable[[Process], Coroutine[Any, Any, bool]]
"""What is done to the bot while the crowd uses it; returns whether it was asked to end."""


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        interactions: what the crowd did and got.
        times: the bot's side of it.
        ready_s: seconds from the start of the bot's process until it said that it is ready.
        usages: of the bot, once a second of the crowd's time and at its end.
        discord_s: processor seconds of the local Discord with its crowd in that time.
        lasted_s: that time, with the wait for the last answers.
        behind_s: how late the crowd was at worst in what it did.
        refused: what the local Discord refused to take.
        log: what the bot logged.
        exit_code: of the bot, asked to end at the latest when the crowd was done.
    """

    interactions: tuple[Interaction, ...]
    times: HandlerTimes
    ready_s: float
    usages: tuple[Usage, ...]
    discord_s: float
    lasted_s: float
    behind_s: float
    refused: tuple[str, ...]
    log: str
    exit_code: int

    @property
    def bot_s(self) -> float:
        """Processor seconds of the bot while the crowd used it."""
        return self.usages[-1].processor_s - self.usages[0].processor_s

    @property
    def waited_s(self) -> float:
        """Seconds that the bot's threads waited for a processor."""
        return self.usages[-1].waited_s - self.usages[0].waited_s

    @property
    def growth_mb(self) -> float:
        """Growth of the bot's memory in the last two thirds of the crowd's time."""
        first = self.usages[len(self.usages) // 3]
        return self.usages[-1].resident_mb - first.resident_mb

    def count(self, *outcomes: Outcome) -> int:
        """How many interactions ended so."""
        return sum(one.outcome in outcomes for one in self.interactions)

    def handler_ms(self, doing: Doing) -> list[float]:
        """From the arrival of each in the bot until its first response left."""
        arrived, left = self.times.arrived, self.times.left
        numbers = [one.id for one in self.interactions if one.doing is doing]
        return [1000 * (left[one] - arrived[one]) for one in numbers if one in left]

    def round_trips_ms(self, *doings: Doing) -> list[float]:
        """From the local Discord and back to it."""
        taken = [one.round_trip for one in self.interactions if one.doing in doings]
        return [1000 * one for one in taken if one is not None]


async def run(
    store: Path,
    orders: Orders,
    place: Path,
    *,
    meanwhile: Meanwhile | None = None,
    profile: Path | None = None,
) -> Run:
    """Start all, let the crowd use the bot, end all.

    Args:
        store: the store folder that the bot reads; an absolute path, like all here.
        orders: for the crowd.
        place: the folder in which the bot runs and keeps its database.
        meanwhile: what is done to the bot besides.
        profile: where to write a profile of the bot.

    Raises:
        CrossfadeError: a process did not start, or failed.
    """
    times = place / "times.json"
    times.unlink(missing_ok=True)
    crowd = ["tests.load", "--servers", str(SERVERS)]
    async with started(crowd, place, pipe_errors=False) as discord:
        where = await told(discord)
        launch = [*LAUNCH, "--rest", where["rest"], "--gateway", where["gateway"]]
        launch += ["--times", str(times), *(["--profile", str(profile)] if profile else [])]
        settings = {"DISCORD_TOKEN": where["token"], "ARTIFACTS": str(store)}
        began = time.monotonic()
        async with started(launch, place, **settings) as bot:
            log = BotLog(bot)
            ready_s = await log.ready() - began
            began, before = time.monotonic(), usage(discord.pid).processor_s
            async with _watched(bot) as usages:
                seen, asked = await asyncio.gather(
                    _used(discord, orders), (meanwhile or _nothing)(bot)
                )
            lasted, after = time.monotonic() - began, usage(discord.pid).processor_s
            if not asked:
                bot.send_signal(signal.SIGTERM)
            code = await _ended(bot)
            text = await log.text()
    return Run(
        interactions=tuple(map(_interaction, seen["interactions"])),
        times=_times(times, log.last),
        ready_s=ready_s,
        usages=tuple(usages),
        discord_s=after - before,
        lasted_s=lasted,
        behind_s=seen["behind"],
        refused=tuple(seen["refused"]),
        log=text,
        exit_code=code,
    )


async def _nothing(_bot: Process) -> bool:
    return False


async def _used(discord: Process, orders: Orders) -> Any:
    assert discord.stdin is not None
    discord.stdin.write(json.dumps(asdict(orders)).encode() + b"\n")
    return await told(discord, orders.seconds + PATIENCE_S)


async def _ended(bot: Process) -> int:
    try:
        return await asyncio.wait_for(bot.wait(), PATIENCE_S)
    except TimeoutError:
        raise CrossfadeError("did not end when it was asked to", where="the bot") from None


@asynccontextmanager
async def _watched(bot: Process) -> AsyncGenerator[list[Usage]]:
    usages: list[Usage] = []

    async def watch() -> None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            while True:
                usages.append(usage(bot.pid))
                await asyncio.sleep(1)

    task = asyncio.create_task(watch())
    try:
        yield usages
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        usages.append(usage(bot.pid))


def _interaction(seen: dict[str, Any]) -> Interaction:
    kinds = {"doing": Doing(seen["doing"]), "outcome": Outcome(seen["outcome"])}
    return Interaction(**seen | kinds)


def _times(path: Path, last_words: str) -> HandlerTimes:
    try:
        seen = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CrossfadeError(f"failed ({last_words})", where="the bot") from None
    arrived, left = (
        {int(number): moment for number, moment in seen[name].items()}
        for name in ("arrived", "left")
    )
    return HandlerTimes(arrived, left)
