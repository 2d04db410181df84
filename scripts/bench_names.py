"""The part of bench.py that measures how names are understood."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from model.dataset import interactions
from model.demo import demo_tables
from model.lastfm import read_tables
from model.names_benchmark import Absent, Latency, NamesBenchmark, Size, Understood, invented

ASKED = 2000
"""Names asked about in each way."""

TIMED_INVENTED = 500


@dataclass(frozen=True)
class Requirement:
    """One line of the report; ``measured`` and ``bound`` in the unit that ``what`` names."""

    what: str
    asked: int
    measured: float
    bound: float
    least: bool
    """Whether the bound is the least that is allowed, and not the most."""

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.measured >= self.bound if self.least else self.measured <= self.bound


@dataclass(frozen=True)
class Findings:
    """Everything that was measured."""

    slips: dict[str, Understood]
    other_ways: dict[str, Understood]
    other_order: Understood
    absent: Absent
    resolving: Latency
    resolving_invented: Latency
    completing: Latency
    size: Size

    def requirements(self) -> list[Requirement]:
        """What is asked of names, beside what was found."""
        slips, ways = _together(self.slips), _together(self.other_ways)
        order, absent, invented_ms = self.other_order, self.absent, self.resolving_invented
        most = partial(Requirement, least=False)
        least = partial(Requirement, least=True)
        return [
            least("one typo: acted on", slips.asked, slips.acted_share, 0.65),
            least("one typo: acted on or offered first", slips.asked, slips.first_share, 0.98),
            least("case, accents, marks, the, &: acted on", ways.asked, ways.acted_share, 0.99),
            least("word order: acted on or first", order.asked, order.first_share, 0.98),
            most("absent: answered as another", absent.asked, absent.answered_share, 0.01),
            most("resolving, p95 ms", self.resolving.calls, self.resolving.p95, 10),
            most("resolving invented, p95 ms", invented_ms.calls, invented_ms.p95, 50),
            most("completing, p99 ms", self.completing.calls, self.completing.p99, 20),
            most("building, s", 1, self.size.build_s, 0.3),
        ]


def run(options: argparse.Namespace, report: Console) -> None:
    """Measure and print.

    Raises:
        DataError: the data is missing or broken.
    """
    names, listeners = _catalogue(options.data)
    benchmark = NamesBenchmark(names, listeners, options.seed)
    report.print(f"{len(names):,} names, and {options.invented:,} invented ones …")
    big = invented(max(options.invented, 1), options.seed).resolving(TIMED_INVENTED)
    artists = min(max(options.absent, 0), int((~benchmark.names.no_artist).sum()))
    steps = iter(track(range(artists), "Artists taken out", console=report, transient=True))
    findings = Findings(
        slips=benchmark.slips(ASKED),
        other_ways=benchmark.other_ways(ASKED),
        other_order=benchmark.other_order(ASKED),
        resolving=benchmark.resolving(ASKED),
        resolving_invented=big,
        completing=benchmark.completing(),
        size=benchmark.size(),
        absent=benchmark.absent(artists, lambda: next(steps, None)),
    )
    rows = findings.requirements()
    if options.json:
        measured = {"names": len(names), "invented": options.invented, "seed": options.seed}
        lines = [asdict(row) | {"holds": row.holds} for row in rows]
        print(json.dumps(measured | {"requirements": lines} | asdict(findings), indent=2))
    else:
        Console().print(_table(rows, findings, f"{len(names):,} names, seed {options.seed}"))


def _catalogue(data: Path | None) -> tuple[list[str], np.ndarray]:
    """The names and numbers of listeners of the artists that somebody plays."""
    tables = demo_tables() if data is None else read_tables(data)
    played = interactions(tables)
    listeners = np.bincount(played.artists, minlength=played.artist_ids.size)
    named = dict(zip(tables.artists["id"].tolist(), tables.artists["name"].tolist(), strict=True))
    return [named[artist] for artist in played.artist_ids.tolist()], listeners


def _together(parts: dict[str, Understood]) -> Understood:
    return Understood(
        asked=sum(part.asked for part in parts.values()),
        acted_on=sum(part.acted_on for part in parts.values()),
        offered_first=sum(part.offered_first for part in parts.values()),
    )


def _table(rows: Sequence[Requirement], findings: Findings, title: str) -> Table:
    size = findings.size
    kept = f"kept {size.kept_mb:.1f} MiB, {size.peak_mb:.1f} MiB while built"
    table = Table("what", "asked", "measured", "must be", "", title=f"{title}; {kept}")
    for row in rows:
        sign, share = "≥" if row.least else "≤", row.bound < 1 and row.asked > 1
        measured, bound = (
            f"{value:.2%}" if share else f"{value:.2f}" for value in (row.measured, row.bound)
        )
        holds = "holds" if row.holds else "[red]fails"
        table.add_row(row.what, f"{row.asked:,}", measured, f"{sign} {bound}", holds)
    return table
