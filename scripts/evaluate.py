"""Measure the models beside their baselines: python scripts/evaluate.py --data PATH."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from children import INTERRUPTED
from evaluation_output import Phases, artist_table, dial_table, listener_table, show
from rich.console import Console

from model.card import model_card
from model.configuration import PRESETS, preset
from model.errors import ConfigurationError, CrossfadeError
from model.manifest import load_manifest
from model.sources import DEMO
from model.store import version_folder
from model.tensorflow_start import start_tensorflow

if TYPE_CHECKING:
    from model.tables import Tables

BROKEN = 1
BAD_INPUT = 2

_NOTEBOOK = ("notebook-plain", "notebook-low-init", "notebook-regularised")
_COMMANDS = {
    "compare": """\
    (when no command is given) Hides a share of each listener's artists, trains every preset on the
    rest, and ranks the whole catalogue for each listener, beside popularity, item-kNN and EASE.
    Then asks "artists like this one?" with a known artist of a listener and looks for a hidden one.
""",
    "tune": """\
    Seeded random search of the default's continuous hyperparameters. Trials are trained and
    measured inside the training part of the split with that seed; the hidden part is not touched.
    Each trial is a JSON line on standard output and in --out, from which an interrupted search
    goes on; ask for more --trials later to go further. Choose by validation["ndcg@20"] for
    listeners, and by "fresh_next_artist@10" for question_ridge and similarity.*, which act only
    on questions about artists.
""",
    "dial": """\
    How familiar and how good the answers of the default are along the dial, on one split.
""",
    "card": """\
    Prints the model card of an artifact; also: --card [STORE].
""",
}
_EPILOG = """\
Exit codes: 0 done, 1 the comparison is broken (a baseline scores less than it is known to on the
whole Last.fm data), 2 bad input or usage, 130 interrupted.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    try:
        return options.run(options)
    except CrossfadeError as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        kept = "; finished trials are kept" if options.run is _tune else ""
        print(f"evaluate.py: interrupted{kept}", file=sys.stderr)
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Answers a mistyped option with one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(BAD_INPUT, f"evaluate.py: {message}; see evaluate.py --help\n")


def _options(arguments: list[str]) -> argparse.Namespace:
    if arguments[:1] == ["--card"]:
        arguments = ["card", *arguments[1:]]
    if not arguments or arguments[0] not in {*_COMMANDS, "-h", "--help"}:
        arguments = ["compare", *arguments]
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="evaluate.py",
        description="\n".join(f"{name}\n{text}" for name, text in _COMMANDS.items()),
        epilog=_EPILOG,
        formatter_class=raw,
    )
    commands = parser.add_subparsers(metavar=f"[{' | '.join(_COMMANDS)}]", parser_class=_Parser)
    for name, add_options in (
        *(("compare", _compare_options), ("tune", _tune_options)),
        *(("dial", _dial_options), ("card", _card_options)),
    ):
        description = _COMMANDS[name]
        add_options(commands.add_parser(name, description=description, formatter_class=raw))
    return parser.parse_args(arguments)


def _compare_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="one split each")
    parser.add_argument(
        "--presets",
        nargs="+",
        metavar="NAME",
        help=f"among {', '.join(PRESETS)} (default: the notebook's three and default)",
    )
    parser.add_argument("--draws", type=int, default=3, help="questions a listener and split")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="first seed only, no notebook presets, no second default without tags",
    )
    parser.add_argument("--no-artists", action="store_true", help="only rank for listeners")
    parser.add_argument("--json", action="store_true", help="print everything as JSON on stdout")
    parser.set_defaults(run=_compare)


def _tune_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--seed", type=int, default=0, help="of the splits and the trials")
    parser.add_argument("--trials", type=int, default=20, help="trial 0 is the default itself")
    parser.add_argument("--width", type=float, default=2.0, help="largest factor of a value")
    parser.add_argument("--out", type=Path, help="JSON lines (default: tuning-SEED.jsonl)")
    parser.set_defaults(run=_tune)


def _dial_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--seed", type=int, default=0, help="of the split and the questions")
    parser.add_argument("--questions", type=int, default=500, help="asked at each point")
    parser.set_defaults(run=_dial)


def _card_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "store", nargs="?", type=Path, default=Path("artifacts"), help="a store or a version"
    )
    parser.set_defaults(run=_card)


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        default="data/hetrec2011-lastfm-2k",
        metavar="DIR|ZIP|demo",
        help="the Last.fm files as folder or zip, or 'demo' (default: %(default)s)",
    )


def _compare(options: argparse.Namespace) -> int:
    quick = options.quick
    presets = options.presets or (*(() if quick else _NOTEBOOK), "default")
    for name in presets:
        preset(name)
    _require(min(options.seeds) >= 0, "--seeds", "must not be negative")
    _require(options.draws >= 1, "--draws", "must be at least 1")
    report = Console(stderr=True)
    tables = _tables(options.data)
    # Imported late, so that a mistyped option or bad data is answered before TensorFlow starts.
    start_tensorflow()
    from model.comparison import Plan, compare

    plan = Plan(
        presets=tuple(dict.fromkeys(presets)),
        seeds=tuple(dict.fromkeys(options.seeds))[: 1 if quick else None],
        draws=0 if options.no_artists else options.draws,
        without_tags=not quick,
    )
    comparison = compare(tables, plan, Phases(report))
    if options.json:
        print(json.dumps(comparison.as_dict(), indent=2))
    else:
        show(listener_table(comparison), artist_table(comparison))
    for fault in comparison.faults:
        print(f"evaluate.py: BROKEN COMPARISON: {fault}", file=sys.stderr)
    return BROKEN if comparison.faults else 0


def _tune(options: argparse.Namespace) -> int:
    from model.search import Search
    from model.trial_file import best_trial

    search = Search(seed=options.seed, trials=options.trials, width=options.width)
    path = options.out or Path(f"tuning-{search.seed}.jsonl")
    tables = _tables(options.data)
    # Imported late, so that a mistyped option or bad data is answered before TensorFlow starts.
    start_tensorflow()
    from model.tuning import tune

    for entry in tune(tables, preset("default"), search, path, Phases(Console(stderr=True))):
        print(json.dumps(entry), flush=True)
    best = best_trial(path)
    print(
        f"evaluate.py: best of {path}: trial {best['trial']}, "
        f"NDCG@20 {best['validation']['ndcg@20']:.4f} on the validation part",
        file=sys.stderr,
    )
    return 0


def _dial(options: argparse.Namespace) -> int:
    _require(options.seed >= 0, "--seed", "must not be negative")
    _require(options.questions >= 1, "--questions", "must be at least 1")
    tables = _tables(options.data)
    start_tensorflow()
    from model.dial_evaluation import dial_curve

    phases = Phases(Console(stderr=True))
    curve = dial_curve(
        tables, preset("default"), phases, seed=options.seed, questions=options.questions
    )
    show(dial_table(curve))
    return 0


def _card(options: argparse.Namespace) -> int:
    print(model_card(asdict(load_manifest(version_folder(options.store)))), end="")
    return 0


def _require(holds: bool, option: str, rule: str) -> None:
    if not holds:
        raise ConfigurationError(rule, where=option)


def _tables(data: str) -> "Tables":
    from model.demo import demo_tables
    from model.lastfm import read_tables

    return demo_tables() if data == DEMO else read_tables(Path(data))


if __name__ == "__main__":
    sys.exit(main())
