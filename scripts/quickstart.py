"""Set Crossfade up on a fresh machine: get the data, train, open the front end.

Needs nothing but Python; what it installs goes into ``.venv``. A repeat run starts at once.
"""

from python_version import refuse_unsupported_python

refuse_unsupported_python("scripts/quickstart.py")

import argparse  # noqa: E402  (what follows is read only by a Python that was not refused)
import sys  # noqa: E402
import zipfile  # noqa: E402
from pathlib import Path  # noqa: E402

from bootstrap import ROOT, SetupError, prepare  # noqa: E402
from children import INTERRUPTED, run_child  # noqa: E402

DEMO = "demo"
NAME = "hetrec2011-lastfm-2k"


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser().resolve()
    except RuntimeError as error:  # nobody of this ``~name``, or links that lead in a circle
        raise argparse.ArgumentTypeError(f"{text}: {str(error).rstrip('.')}") from error


def _store(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("an empty path")  # would be the folder one is in
    return _path(text)


def fault_of_data(text: str) -> str:
    """Say why a path cannot be the data, in one line; empty when it may be.

    Only a glance, so that nobody waits some minutes for the libraries to read that a folder was
    mistaken; what is inside is judged by what reads it.
    """
    mend = f"give --data PATH, the folder or the zip of {NAME}"
    try:
        path = _path(text)
        if not text or not path.exists():
            return f"{text or '(nothing)'}: there is no such folder or file; give --data PATH"
        if path.is_dir():
            holds_data = any(any(folder.glob("*.dat")) for folder in (path, path / NAME))
            return "" if holds_data else f"{text}: holds no .dat files; {mend}"
        if not path.is_file() or not zipfile.is_zipfile(path):
            return f"{text}: is no readable zip; {mend}"
    except argparse.ArgumentTypeError as error:
        return f"{error}; give --data PATH"
    except OSError as error:
        return f"{text}: {error.strerror}; give --data PATH"
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quickstart.py",
        description="Get the data, train, and start Crossfade. With DISCORD_TOKEN set, in the "
        "environment or in .env, that is the Discord bot; otherwise the terminal front end.",
    )
    parser.add_argument(
        "--data",
        metavar="PATH",
        help="the Last.fm data, a folder or the published zip; 'demo' for the embedded catalogue",
    )
    parser.add_argument(
        "--out", metavar="STORE", type=_store, help="the store folder to train into"
    )
    parser.add_argument(
        "--console", action="store_true", help="the terminal front end even with a token"
    )
    return parser


def start_arguments(arguments: argparse.Namespace) -> list[str]:
    """What ``start.py`` is called with: paths made absolute, as it runs in the project's folder."""
    passed = ["--console"] if arguments.console else []
    if arguments.data is not None:
        data = arguments.data if arguments.data == DEMO else str(_path(arguments.data))
        passed += ["--data", data]
    if arguments.out is not None:
        passed += ["--out", str(arguments.out)]
    return passed


def main() -> int:
    """Run the script and return its exit code: 0, 2 for a fault named in one line, 130."""
    arguments = _parser().parse_args()
    if arguments.data not in {None, DEMO}:
        fault = fault_of_data(arguments.data)
        if fault:
            print(fault, file=sys.stderr)
            return 2
    try:
        python = prepare(["train"])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    command = [python, ROOT / "scripts" / "start.py", *start_arguments(arguments)]
    return run_child(command, cwd=ROOT, own_input=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
