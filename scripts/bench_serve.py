"""The part of bench.py that measures the bot while many members use it."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from model.errors import CrossfadeError
from tests.load.measuring import RUNS, Bench, Line
from tests.load.profiling import shares

FAILED = 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what only this part is asked."""
    serve = parser.add_argument_group("serve")
    serve.add_argument(
        "--artifacts",
        type=Path,
        default=Path("artifacts"),
        metavar="STORE",
        help="store folder; default: %(default)s",
    )
    serve.add_argument(
        "--rate", type=_positive, default=100.0, help="interactions a second; default: %(default)g"
    )
    serve.add_argument(
        "--seconds", type=_positive, default=30.0, help="of the load; default: %(default)g"
    )
    serve.add_argument(
        "--runs",
        nargs="+",
        choices=RUNS,
        default=RUNS,
        help="which to do: under load, with a new artifact meanwhile, asked to end meanwhile, and "
        "the highest rate held; default: all",
    )
    serve.add_argument(
        "--noise",
        type=_positive,
        default=1.0,
        help="how many times longer all may take, where others use the machine; default: 1",
    )
    serve.add_argument(
        "--profile", type=Path, metavar="FILE", help="profile the bot in one more run, for pstats"
    )


def run(options: argparse.Namespace, report: Console) -> int:
    """Measure and print: 0 when all that is promised holds, else 1.

    Raises:
        CrossfadeError: there is no artifact, or a process did not start or failed.
    """
    if not Path("/proc/self/stat").exists():
        raise CrossfadeError("measuring needs /proc", where="serve", mend="run it on Linux")
    profile = None if options.profile is None else options.profile.absolute()
    lines = asyncio.run(_measured(options, options.artifacts.absolute(), profile, report))
    within = {} if profile is None else shares(profile)
    about = {name: getattr(options, name) for name in ("rate", "seconds", "seed", "noise")}
    if options.json:
        rows = [asdict(line) | {"holds": line.holds} for line in lines]
        print(json.dumps(about | {"lines": rows, "profile": within}, indent=2))
    else:
        _print(lines, within, ", ".join(f"{name} {value:g}" for name, value in about.items()))
    return 0 if all(line.holds for line in lines) else FAILED


async def _measured(
    options: argparse.Namespace, store: Path, profile: Path | None, report: Console
) -> list[Line]:
    with TemporaryDirectory(prefix="crossfade-serve-") as folder:
        bench = Bench(
            store,
            Path(folder),
            rate=options.rate,
            seconds=options.seconds,
            seed=options.seed,
            noise=options.noise,
            tell=lambda what: report.print(f"{what} …", highlight=False),
        )
        return await bench.measure(options.runs, profile)


def _print(lines: Sequence[Line], within: dict[str, float], title: str) -> None:
    table = Table("run", "what", "measured", "must be", "", title=title)
    for line in lines:
        measured = "nothing" if line.measured is None else _short(line.measured)
        bound = "" if line.bound is None else f"≤ {line.bound:g}"
        holds = ("holds" if line.holds else "[red]fails") if bound else line.note
        table.add_row(line.run, line.what, measured, bound, holds)
    console = Console()
    console.print(table)
    if within:
        packages = Table("where the bot's time goes", "share")
        for name, share in within.items():
            if share >= 0.01:
                packages.add_row(name, f"{share:.1%}")
        console.print(packages)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.2f}"


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float(sys.maxsize):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value
