"""Train an artifact for the bot: python scripts/train.py --data PATH."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from children import INTERRUPTED
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.settings import load_settings
from model.configuration import PRESETS, preset
from model.errors import CrossfadeError
from model.manifest import MANIFEST
from model.sources import DEMO
from model.store import use_version, version_folder, versions
from model.tensorflow_start import start_tensorflow

_DATA = "data/hetrec2011-lastfm-2k"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    before = None
    try:
        options.out = options.out or load_settings().artifacts
        before = _in_use(options.out)
        if options.list:
            return _list(options.out)
        if options.use is not None:
            use_version(options.out, options.use)
            print(f"{options.out} now uses {options.use}.")
            return 0
        return _train(options)
    except CrossfadeError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        after = _in_use(options.out) if options.out else None
        stays = "the previous artifact stays in use" if after == before else f"{after} is in use"
        print(f"train.py: interrupted; {stays}", file=sys.stderr)
        return INTERRUPTED


def _in_use(store: Path) -> str | None:
    """The name of the store's current version; None when it has none that can be used."""
    try:
        return version_folder(store).name
    except CrossfadeError:
        return None


class _Parser(argparse.ArgumentParser):
    """Answers a mistyped option with one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="train.py",
        description="Train the model on listening data and publish it for the bot.",
        epilog="Presets: "
        + "\n         ".join(PRESETS)
        + "\nExit codes: 0 done, 2 bad input or usage, 130 interrupted.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        metavar="DIR|ZIP|demo",
        help=f"the Last.fm files as folder or zip, or 'demo' (default: {_DATA} or its zip)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="STORE", help="the store folder (default: ARTIFACTS)"
    )
    parser.add_argument(
        "--preset", default="default", metavar="NAME", help="how to train, see below"
    )
    parser.add_argument("--seed", type=int, help="of the holdout and of the first embeddings")
    parser.add_argument("--steps", type=int, help="sweeps or gradient steps")
    parser.add_argument("--target", choices=("binary", "min-max", "z-score"), help="of a pair")
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")
    parser.add_argument("--use", metavar="VERSION", help="go back to a version of the store")
    parser.add_argument("--list", action="store_true", help="list the versions of the store")
    return parser.parse_args(arguments)


def _default_data() -> str:
    """What scripts/download.py leaves: the archive, unless somebody has unpacked it."""
    archive = Path(f"{_DATA}.zip")
    return str(archive) if archive.is_file() and not Path(_DATA).is_dir() else _DATA


def _train(options: argparse.Namespace) -> int:
    chosen = {name: getattr(options, name) for name in ("seed", "steps", "target")}
    configuration = replace(
        preset(options.preset),
        **{name: value for name, value in chosen.items() if value is not None},
    )
    report = Console(stderr=True)
    # Imported late, so that a mistyped option or bad data is answered before TensorFlow starts.
    with report.status("Reading the data"):
        from model.demo import demo_tables
        from model.lastfm import read_tables
        from model.publishing import publish, training_lock

        source = options.data or _default_data()
        tables = demo_tables() if source == DEMO else read_tables(Path(source))
    with training_lock(options.out):
        with report.status("Starting TensorFlow"):
            start_tensorflow()
            from model.training import train
        with _Bars(report) as bars:
            training = train(tables, configuration, bars)
        version = publish(options.out, training)
    for reason, count in tables.dropped.items():
        report.print(f"Left out {count:,} of {reason}", highlight=False, soft_wrap=True)
    manifest = json.loads((options.out / version / MANIFEST).read_text("utf-8"))
    if options.json:
        print(json.dumps(manifest, indent=2, ensure_ascii=False))
    else:
        Console().print(_quality(manifest))
        if _at_random(manifest):
            report.print(
                "This model ranks as if by chance; the published notebook's presets are kept to "
                "show just that. Train the default preset for the bot.",
                highlight=False,
                soft_wrap=True,
            )
    report.print(f"Published {version} in {options.out}.", highlight=False, soft_wrap=True)
    return 0


def _quality(manifest: dict) -> Table:
    """The model beside its baselines, as measured on the holdout."""
    dataset = manifest["dataset"]
    shares = {"per-listener": "of each listener's artists", "pairs": "of all pairs"}
    configuration = manifest["configuration"]
    title = (
        f"{dataset['name']}: {dataset['listeners']:,} listeners, {dataset['artists']:,} artists; "
        f"{configuration['holdout_share']:.0%} {shares[configuration['holdout']]} held out"
    )
    measures = ("ndcg@10", "ndcg@20", "recall@20", "hit_rate@20")
    table = Table("model", *measures, title=title)
    for name, quality in manifest["metrics"].items():
        table.add_row(name, *(f"{quality[measure]:.4f}" for measure in measures))
    return table


def _at_random(manifest: dict) -> bool:
    """Whether the model is far below recommending what is popular."""
    metrics = manifest["metrics"]
    own = metrics[manifest["configuration"]["preset"]]["ndcg@20"]
    return own < 0.1 * metrics["popularity"]["ndcg@20"]


def _list(store: Path) -> int:
    known = versions(store)
    current = version_folder(store).name
    for name in known:
        print(f"{'*' if name == current else ' '} {name}")
    return 0


class _Bars:
    """Shows phases and steps with rich; quiet where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "_Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def phase(self, name: str, steps: int | None) -> None:
        """End the bar before and begin one."""
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
        self._task = self._progress.add_task(name, total=steps, note="")
        if not self._console.is_terminal:
            self._console.print(f"{name} …", highlight=False)

    def step(self, done: int, note: str = "") -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, note=note)


if __name__ == "__main__":
    sys.exit(main())
