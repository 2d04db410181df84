"""Measure speed, memory, names and serving: python scripts/bench.py fit|names|serve."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bench_names
import bench_serve
from children import INTERRUPTED
from rich.console import Console
from rich.table import Table

from model.errors import CrossfadeError, DataError
from model.lastfm_files import fingerprint

ROOT = Path(__file__).resolve().parent.parent
BAD_INPUT = 2
DIMENSIONS = (64, 128, 256)
DEFAULT_DIMENSION = 256
SIZES = (500_000, 1_000_000, 2_000_000, 5_000_000)

Measured = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run the command: 0 done, 1 a promise not kept, 2 bad input, 130 interrupted."""
    options = _options(arguments)
    report = Console(stderr=True)
    try:
        if options.what == "names":
            bench_names.run(options, report)
        elif options.what == "serve":
            return bench_serve.run(options, report)
        elif options.scale:
            _scale(options, report)
        else:
            _fit(options, report)
    except CrossfadeError as error:
        print(f"bench.py: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.py",
        description="fit: how fast and how good training is, beside implicit (dev extra), each "
        "measurement in a process of its own, medians of --repeats interleaved ones. With "
        "--scale: time a sweep and memory on synthetic sets with a long tail. names: how well and "
        "how fast typed names are understood, on --data or the demo data; takes minutes. serve: "
        "how the bot does while many members use it, on a local Discord; takes minutes.",
        epilog="Exit codes: 0 done, 1 serve keeps a promise not, 2 bad input or usage, "
        "130 interrupted.",
    )
    parser.add_argument("what", choices=("fit", "names", "serve"))
    parser.add_argument("--data", type=Path, metavar="PATH", help="the Last.fm folder or zip")
    parser.add_argument("--repeats", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--scale", action="store_true", help="synthetic sets instead of --data")
    parser.add_argument("--plays", type=int, nargs="+", default=SIZES, help="sizes for --scale")
    parser.add_argument("--dimension", type=int, default=64, help="for --scale")
    parser.add_argument(
        "--seed", type=int, default=0, help="of names and serve; default: %(default)s"
    )
    parser.add_argument("--absent", type=int, default=bench_names.ASKED, help="artists taken out")
    parser.add_argument("--invented", type=int, default=500_000, help="names, for their time")
    bench_serve.add_options(parser)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args(arguments)


def _fit(options: argparse.Namespace, report: Console) -> None:
    if options.data is None:
        raise DataError("is needed", where="--data", mend="give the Last.fm folder or zip")
    fingerprint(options.data)  # names what is wrong with the data before anything is measured
    engines = [(f"implicit, d={d}", "implicit", d) for d in DIMENSIONS]
    engines += [(f"plain-{d}", f"plain-{d}", d) for d in DIMENSIONS] + [
        ("default", "default", DEFAULT_DIMENSION)
    ]
    runs: dict[str, list[Measured]] = {name: [] for name, _, _ in engines}
    for repeat in range(max(options.repeats, 1)):
        for name, engine, dimension in engines:
            report.print(f"{name}, {repeat + 1} of {options.repeats} …", highlight=False)
            arguments = ["--engine", engine, "--data", options.data, "--dimension", dimension]
            if engine != "implicit" and repeat == 0:
                target = runs[f"implicit, d={dimension}"][0]["best"]
                arguments += ["--target", target]
            runs[name].append(_child(arguments))
    rows = [_row(name, dimension, runs) for name, _, dimension in engines]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        Console().print(_table(rows))


def _row(name: str, dimension: int, runs: dict[str, list[Measured]]) -> Measured:
    """The medians of one engine, and its ratio to implicit at the same d."""
    mine, theirs = runs[name], runs[f"implicit, d={dimension}"]
    fit_s = statistics.median(run["fit_s"] for run in mine)
    to_best = mine[0].get("time_to_best_s")
    return {
        "model": name,
        "fit_s": fit_s,
        "ratio": fit_s / statistics.median(run["fit_s"] for run in theirs),
        "ndcg@20": mine[0]["ndcg@20"],
        "time_to_best_s": to_best,
        "time_to_best_ratio": to_best and to_best / theirs[0]["time_to_best_s"],
        "peak_mb": statistics.median(run["peak_mb"] for run in mine),
    }


def _table(rows: Sequence[Measured]) -> Table:
    table = Table(
        *("model", "fit, s", "to implicit's", "NDCG@20", "to implicit's best, s", "to implicit's"),
        *("peak, MiB",),
        title="Fit with implicit's at the same d",
    )
    for row in rows:
        best, ratio = row["time_to_best_s"], row["time_to_best_ratio"]
        table.add_row(
            row["model"],
            f"{row['fit_s']:.2f}",
            f"{row['ratio']:.2f}",
            f"{row['ndcg@20']:.4f}",
            f"{best:.2f}" if best else "never",
            f"{ratio:.2f}" if ratio else "",
            f"{row['peak_mb']:.0f}",
        )
    return table


def _scale(options: argparse.Namespace, report: Console) -> None:
    rows: list[Measured] = []
    for plays in options.plays:
        report.print(f"{plays:,} plays …", highlight=False)
        arguments = ["--engine", "plain", "--synthetic", plays, "--dimension", options.dimension]
        rows.append(_child(arguments))
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    table = Table("plays", "listeners", "artists", "sweep, s", "µs a play", "peak, MiB", "allowed")
    for row in rows:
        table.add_row(
            *(f"{row[name]:,}" for name in ("plays", "listeners", "artists")),
            f"{row['sweep_s']:.2f}",
            f"{1e6 * row['sweep_s'] / row['plays']:.2f}",
            f"{row['peak_mb']:.0f}",
            f"{row['allowed_mb']:.0f}",
        )
    Console().print(table)


def _child(arguments: Sequence[object]) -> Measured:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "model.fit_benchmark", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if "implicit" in command:
        # implicit asks for it: its own threads would fight with those of the BLAS.
        environment["OPENBLAS_NUM_THREADS"] = "1"
    done = subprocess.run(  # noqa: S603  (our own command)
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise CrossfadeError(f"a measurement failed ({said[-1][:200]})", where=str(arguments[1]))
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
