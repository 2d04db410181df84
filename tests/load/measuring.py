"""Runs that measure what is promised of the bot under load, and what was found beside it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from model.recommender import Recommender
from tests.load.processes import Process
from tests.load.publishing import copied, publish_again
from tests.load.records import Doing, Orders, Outcome
from tests.load.run import Meanwhile, Run, run
from tests.load.search import highest

What = Literal["load", "swap", "end", "rate"]
RUNS: tuple[What, ...] = ("load", "swap", "end", "rate")

# The bot looks for a new artifact every 5 s and takes it in less than one.
_SWAP_S, _END_S, _PROBE_S = 8.0, 4.0, 5.0
_STEADY_S = 15.0
_HELD_MS = 500.0
_BUSY = 0.85
_DRAWN, _NAME_LENGTH = 5_000, 90
_LOST = (Outcome.LATE, Outcome.UNANSWERED, Outcome.WRONG)


@dataclass(frozen=True)
class Line:
    """One line of the report.

    Attributes:
        run: of what.
        what: with its unit.
        measured: None when there was nothing to measure.
        bound: the most that is allowed; None for what is only told.
        note: what explains it.
    """

    run: str
    what: str
    measured: float | None
    bound: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        if self.bound is None:
            return True
        return self.measured is not None and self.measured <= self.bound


class Bench:
    """Measures one artifact.

    Args:
        store: the store folder.
        folder: an empty one, in which the bot runs.
        rate: interactions a second.
        seconds: of the longest run.
        seed: of what the crowd does.
        noise: how many times longer than promised everything may take.
        tell: told what is done next.

    Raises:
        CrossfadeError: there is no artifact to use.
    """

    def __init__(
        self,
        store: Path,
        folder: Path,
        *,
        rate: float,
        seconds: float,
        seed: int,
        noise: float,
        tell: Callable[[str], None],
    ) -> None:
        self._store = store
        self._folder = folder
        self._rate = rate
        self._seconds = seconds
        self._seed = seed
        self._noise = noise
        self._tell = tell
        self._names = _drawn(store, seed)
        self._ready: list[float] = []

    async def measure(self, runs: Sequence[What], profile: Path | None = None) -> list[Line]:
        """Do these runs, and one more that is profiled if there is where to write it.

        Raises:
            CrossfadeError: a process did not start, or failed.
        """
        # Not measured: it makes the bytecode and the database.
        await self._run("warming up", self._rate, 1.0)
        self._ready.clear()
        each = {"load": self._load, "swap": self._swap, "end": self._end, "rate": self._highest}
        lines = [line for what in runs for line in await each[what]()]
        started = Line("start", "to ready, s", _quantile(self._ready, 0.5), 1.5 * self._noise)
        if profile is not None:
            await self._run("profiling", self._rate, self._seconds, profile=profile)
        return [*lines, started]

    async def _load(self) -> list[Line]:
        seen = await self._run("load", self._rate, self._seconds)
        told = [
            Line("load", f"late of {len(seen.interactions):,}", seen.count(Outcome.LATE), 0),
            Line("load", "not answered", seen.count(Outcome.UNANSWERED), 0),
            Line("load", "answered wrongly", seen.count(Outcome.WRONG), 0),
        ]
        for doing, share, bound in (
            (Doing.RECOMMEND, 0.5, 5.0),
            (Doing.RECOMMEND, 0.99, 50.0),
            (Doing.TYPE, 0.5, None),
            (Doing.TYPE, 0.99, 20.0),
            (Doing.PRESS, 0.5, None),
            (Doing.PRESS, 0.99, None),
        ):
            what = f"{doing}, handler p{100 * share:.0f} ms"
            most = None if bound is None else bound * self._noise
            told.append(Line("load", what, _quantile(seen.handler_ms(doing), share), most))
        for share in (0.5, 0.99):
            there_and_back = _quantile(seen.round_trips_ms(*Doing), share)
            told.append(Line("load", f"round trip p{100 * share:.0f} ms", there_and_back))
        # A shorter one is over before what the first answers bring into memory is all there.
        most = 5.0 if self._seconds >= _STEADY_S else None
        return [*told, Line("load", "growth of memory, MiB", seen.growth_mb, most), *_cost(seen)]

    async def _swap(self) -> list[Line]:
        store = copied(self._store, self._folder / "store")
        versions: list[str] = []

        async def publish(_bot: Process) -> bool:
            await asyncio.sleep(1)
            versions.append(await asyncio.to_thread(publish_again, store))
            return False

        seen = await self._run("swap", self._rate, _SWAP_S, store=store, meanwhile=publish)
        missed = not any(f"the model {one} answers" in seen.log for one in versions)
        slowest = _quantile(seen.handler_ms(Doing.RECOMMEND), 0.99)
        return [
            Line("swap", f"lost of {len(seen.interactions):,}", seen.count(*_LOST), 0),
            Line("swap", "new artifacts not taken", int(missed), 0),
            Line("swap", "recommend, handler p99 ms", slowest),
        ]

    async def _end(self) -> list[Line]:
        asked: list[float] = []

        async def ask(bot: Process) -> bool:
            await asyncio.sleep(_END_S / 2)
            asked.append(time.monotonic())
            bot.send_signal(signal.SIGTERM)
            return True

        seen = await self._run("end", self._rate, _END_S, meanwhile=ask)
        arrived = seen.times.arrived
        accepted = [one for one in seen.interactions if one.id in arrived]
        before = [one for one in accepted if arrived[one.id] < asked[0]]
        lost = sum(one.outcome in _LOST for one in before)
        # Whoever comes then may be told that the bot is restarting, but must be told.
        silent = {Outcome.LATE, Outcome.UNANSWERED}
        after = [one for one in accepted if arrived[one.id] >= asked[0]]
        not_told = sum(one.outcome in silent for one in after)
        return [
            Line("end", f"lost of {len(before):,} accepted before SIGTERM", lost, 0),
            Line("end", f"lost of {len(after):,} that came still", not_told, 0),
            Line("end", "exit code", abs(seen.exit_code), 0),
        ]

    async def _highest(self) -> list[Line]:
        limits: dict[float, str] = {}

        async def held(rate: float) -> bool:
            # Twice, because others may have had the processors.
            for _ in range(2):
                seen = await self._run(f"{rate:,.0f} a second", rate, _PROBE_S)
                slowest = _quantile(seen.round_trips_ms(*Doing), 0.99) or 0.0
                if not seen.count(*_LOST) and slowest <= _HELD_MS:
                    return True
                limits[rate] = _limit(seen)
            return False

        rate = await highest(held, self._rate)
        above = min((one for one in limits if one > rate), default=None)
        note = "" if above is None else f"at {above:,.0f} {limits[above]}"
        return [Line("rate", "highest held, a second", rate, note=note)]

    async def _run(
        self,
        what: str,
        rate: float,
        seconds: float,
        *,
        store: Path | None = None,
        meanwhile: Meanwhile | None = None,
        profile: Path | None = None,
    ) -> Run:
        self._tell(what)
        orders = Orders(self._names, rate, seconds, self._seed)
        seen = await run(
            store or self._store, orders, self._folder, meanwhile=meanwhile, profile=profile
        )
        self._ready.append(seen.ready_s)
        return seen


def _cost(seen: Run) -> list[Line]:
    each = 1000 * seen.bot_s / len(seen.interactions)
    note = "it is busier than the bot" if seen.discord_s > seen.bot_s else ""
    return [
        Line("load", "bot, processor ms an interaction", each),
        Line("load", "bot, processor s", seen.bot_s),
        Line("load", "bot waits for a processor, s", seen.waited_s),
        Line("load", "local Discord, processor s", seen.discord_s, note=note),
        Line("load", "local Discord behind, at most ms", 1000 * seen.behind_s),
    ]


def _limit(seen: Run) -> str:
    bot, discord, waited = (
        one / seen.lasted_s for one in (seen.bot_s, seen.discord_s, seen.waited_s)
    )
    if discord > max(bot, _BUSY):
        who = "the local Discord is the limit"
    else:
        who = "the bot is the limit" if bot > _BUSY else "others have the processors"
    return f"{who}: bot {bot:.2f} of a processor and {waited:.2f} waiting, Discord {discord:.2f}"


def _quantile(values: Sequence[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if values else None


def _drawn(store: Path, seed: int) -> tuple[str, ...]:
    """Artists as members ask for them: the more listeners, the more often."""
    recommender = Recommender.load(store)
    names = recommender.catalogue.names
    listeners = np.where(recommender.names.no_artist, 0, recommender.catalogue.listeners)
    rows = np.random.default_rng(seed).choice(listeners.size, _DRAWN, p=listeners / listeners.sum())
    return tuple(names[row][:_NAME_LENGTH] for row in rows.tolist())
