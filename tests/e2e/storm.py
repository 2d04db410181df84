"""The real bot through a storm: ``python -m tests.e2e.storm --artifacts STORE --seeds 1 2 3``.

Commands, typing and presses arrive at a steady rate while requests and gateway connections go
wrong at random, the same way for the same seed. Prints a table; the exit code is 1 when something
that could have been answered was not, or stands there twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.client import CrossfadeBot
from bot.reception import Reception
from bot.services import open_server_settings, open_services
from bot.settings import load_settings
from bot.supervising import Supervised
from model.recommender import Recommender
from tests.discord_double import world
from tests.discord_double.errors import NotOfferedError
from tests.discord_double.interactions import Answer
from tests.discord_double.judging import Verdict, judge
from tests.discord_double.server import DiscordDouble
from tests.discord_double.storm import Storm
from tests.e2e.conftest import BALLAD, NOBODY_THERE, Unlimited
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.songs import CATALOGUE

A_SECOND = 20.0
KINDS = {"recommend": 50, "lyrics": 20, "typing": 15, "press": 15}
# The longest that anything has to wait for: a bucket that is full, and a session that is lost.
SETTLED_WITHIN_S = 60.0
SONG = {"artist": BALLAD.artist, "song": BALLAD.title}


@dataclass(frozen=True)
class Open:
    """What a process has open.

    Attributes:
        tasks: of this loop, but for those of the counterparts and of buttons that end by the clock.
        files: files and sockets, on Linux.
    """

    tasks: int
    files: int

    @classmethod
    def now(cls) -> Open:
        """Count."""
        names = (getattr(one.get_coro(), "__qualname__", "") for one in asyncio.all_tasks())
        tasks = sum(not name.startswith(("RequestHandler", "BaseView")) for name in names)
        folder = Path("/proc/self/fd")
        return cls(tasks, len(list(folder.iterdir())) if folder.exists() else 0)


@dataclass(frozen=True)
class Weathered:
    """What became of a storm.

    Attributes:
        seed: what was drawn by.
        verdict: of every interaction.
        faults: how often each fault happened.
        delivered: how many reached the bot at all.
        works: whether everything worked afterwards.
        before: what was open before the bot started.
        after: what was open when it had ended.
    """

    seed: int
    verdict: Verdict
    faults: Counter[str]
    delivered: int
    works: bool
    before: Open
    after: Open

    @property
    def held(self) -> bool:
        """Whether nothing was missed, doubled, left undone or left over."""
        judged = self.verdict
        wrong = judged.missed or judged.twice or judged.thinking or judged.unfulfilled
        return self.works and not wrong and self.after == self.before


@asynccontextmanager
async def in_service(
    double: DiscordDouble, lrclib: LrclibDouble, **settings: Any
) -> AsyncGenerator[Supervised]:
    """The bot as a process has it, supervised, until the end of the block."""
    chosen = load_settings(
        discord_token=double.token, lrclib_url=lrclib.address, **NOBODY_THERE | settings
    )
    async with open_services(chosen) as services, open_server_settings(chosen) as servers:
        reception = Reception(limits=Unlimited())
        bot = Supervised(
            lambda: CrossfadeBot(
                settings=chosen, services=services, server_settings=servers, reception=reception
            )
        )
        with double.route_client():
            serving = asyncio.create_task(bot.serve(double.token))
            try:
                await double.wait_ready(timeout=30)
                yield bot
            finally:
                await bot.bot.close()
                serving.cancel()
                await asyncio.wait({serving})


class Crowd:
    """Members who do something at random, the same things for the same seed.

    Args:
        double: where they are.
        names: artists they ask for.
        seed: of what they do.
    """

    def __init__(self, double: DiscordDouble, names: list[str], seed: int) -> None:
        self._double = double
        self._names = names
        self._draw = random.Random(seed)
        self._asked: list[Answer] = []

    async def act(self) -> Answer:
        """Do one thing; does not wait for the answer."""
        (kind,) = self._draw.choices(list(KINDS), list(KINDS.values()))
        name, double = self._draw.choice(self._names), self._double
        place = self._draw.choice(double.guilds)
        if kind == "typing":
            asked = {"artist": name[:3]}
            return await double.begin_autocomplete(
                "recommend", asked, focused="artist", guild=place
            )
        if kind == "lyrics":
            return await double.slash("lyrics", SONG, guild=place, wait=False)
        if kind == "press" and (shown := [one for one in self._asked if one.message]):
            with contextlib.suppress(NotOfferedError):
                message = self._draw.choice(shown[-20:]).message
                return await double.press(message, label="More adventurous", wait=False)
        answer = await double.slash("recommend", {"artist": name}, guild=place, wait=False)
        self._asked.append(answer)
        return answer


async def weather(storm: Storm, store: Path, folder: Path, interactions: int) -> Weathered:
    """Take a bot through a storm until so many interactions have reached it, and judge.

    Args:
        storm: what goes wrong.
        store: the artifacts to answer from.
        folder: an empty one, for the database.
        interactions: how many.
    """
    settings = {"artifacts": store, "database_url": f"sqlite:///{folder}/crossfade.db"}
    async with (
        DiscordDouble([world.guild(0), world.guild(1)]) as double,
        LrclibDouble([*CATALOGUE, BALLAD]) as lrclib,
    ):
        before = Open.now()
        async with in_service(double, lrclib, **settings) as bot:
            await _through(storm, double, bot, interactions, _known_names(store))
            verdict = judge(double.ledger, storm)
            faults = Counter({str(fault): count for fault, count in storm.end().items()})
            delivered = sum(bool(one.delivered) for one in double.ledger.entries)
            await double.wait_ready(timeout=30)
            works = await _answers_everything(double)
            await _quiet(bot)
            forgotten = not bot.bot.reception._visits
        return Weathered(
            seed=storm.seed,
            verdict=verdict,
            faults=faults,
            delivered=delivered,
            works=works and forgotten,
            before=before,
            after=Open.now(),
        )


async def _through(
    storm: Storm, double: DiscordDouble, bot: Supervised, interactions: int, names: list[str]
) -> None:
    crowd = Crowd(double, names, storm.seed)
    double.weather.storm = storm
    while sum(bool(one.delivered) for one in double.ledger.entries) < interactions:
        await crowd.act()
        # The rate is what is measured at; nothing is waited for.
        await asyncio.sleep(1 / A_SECOND)
    await _quiet(bot)


async def _quiet(bot: Supervised) -> None:
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while tasks := set(bot.bot.reception.under_way._tasks):
            await asyncio.wait(tasks)


async def _answers_everything(double: DiscordDouble) -> bool:
    """Whether a command, a deferred one, typing and a press are answered."""
    asked = await double.slash("recommend", {"artist": "Johnny Cash"})
    await asked.settled()
    await (await double.slash("lyrics", SONG)).settled()
    choices = await double.autocomplete("recommend", {"artist": "joh"}, focused="artist")
    await double.press(asked.message, label="More adventurous")
    return bool(choices)


def _known_names(store: Path) -> list[str]:
    catalogue = Recommender.load(store).catalogue
    return [catalogue.names[row][:90] for row in catalogue.listeners.argsort()[::-1][:300]]


async def _run(store: Path, seeds: list[int], interactions: int) -> list[Weathered]:
    results: list[Weathered] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            results.append(await weather(Storm(seed), store, Path(folder), interactions))
    return results


def table(results: list[Weathered], interactions: int) -> Table:
    """The results, a row a storm."""
    shown = Table(title=f"{interactions} interactions a storm, {A_SECOND:.0f} a second")
    for name in ("seed", "faults", "reached the bot", "answered", "missed", "twice"):
        shown.add_column(name, justify="right")
    for name in ("thinking", "undone", "works after", "tasks", "files"):
        shown.add_column(name, justify="right")
    for one in results:
        judged = one.verdict
        counts = (len(judged.missed), len(judged.twice), len(judged.thinking))
        shown.add_row(
            *map(str, (one.seed, one.faults.total(), one.delivered, judged.answered, *counts)),
            str(len(judged.unfulfilled)),
            "yes" if one.works else "no",
            f"{one.before.tasks} → {one.after.tasks}",
            f"{one.before.files} → {one.after.files}",
        )
    return shown


def main() -> int:
    """Run the script: 0 when every storm was weathered, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.storm", description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="the store to answer from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--interactions", type=int, default=500, help="in each storm")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    results = asyncio.run(_run(arguments.artifacts, arguments.seeds, arguments.interactions))
    Console().print(table(results, arguments.interactions))
    return 0 if all(one.held for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
