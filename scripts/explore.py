"""Show what listening data holds, as a page and PNGs: python scripts/explore.py --data PATH."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from children import INTERRUPTED
from rich.console import Console

from model.errors import ConfigurationError, CrossfadeError
from model.sources import DEMO
from model.store import write_atomically

PAGE = "index.html"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    try:
        return _explore(options)
    except CrossfadeError as error:
        print(f"explore.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("explore.py: interrupted; no half-written file is left behind", file=sys.stderr)
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Answers a mistyped option with one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="explore.py",
        description=f"Write {PAGE} and its pictures: tables, friends, tags, plays and time.",
        epilog="Exit codes: 0 done, 2 bad input or usage, 130 interrupted.",
    )
    parser.add_argument(
        "--data",
        default="data/hetrec2011-lastfm-2k",
        metavar="DIR|ZIP|demo",
        help="the Last.fm files as folder or zip, or 'demo' (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("plots"),
        metavar="DIR",
        help="the folder to write into (default: %(default)s)",
    )
    parser.add_argument(
        "--store", type=Path, help="also draw the map of the artists of this trained store"
    )
    parser.add_argument(
        "--map", action="store_true", help="work out the positions on the map of --store anew"
    )
    options = parser.parse_args(arguments)
    if options.map and options.store is None:
        parser.error("--map needs --store STORE, whose artists it places")
    return options


def _explore(options: argparse.Namespace) -> int:
    report = Console(stderr=True)
    # Imported late, so that a mistyped option is answered before pandas and matplotlib start.
    with report.status("Reading the data") as status:

        def phase(name: str) -> None:
            status.update(name)
            if not report.is_terminal:
                report.print(f"{name} …", highlight=False)

        from model.demo import demo_tables
        from model.explore import explore, read_whole
        from model.explore_figures import pictures
        from model.explore_map import map_picture
        from model.explore_page import page

        if options.data == DEMO:
            whole = known = demo_tables()
        else:
            whole, known = read_whole(Path(options.data))
        exploration = explore(whole, known)
        shown = []
        for picture in pictures(exploration):
            phase(f"Drawn: {picture.title}")
            shown.append(picture)
        if options.store is not None:
            phase("Placing the artists on a map")
            shown.append(map_picture(options.store, compute=options.map))
    files = {f"{picture.name}.png": picture.png for picture in shown}
    # The page comes last: where it is new, its pictures are.
    files[PAGE] = page(exploration, shown).encode()
    _write(options.out, files)
    report.print(
        f"Wrote {PAGE} and {len(shown)} pictures in {options.out}.", highlight=False, soft_wrap=True
    )
    return 0


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_atomically(folder / name, content)
    except OSError as error:
        raise ConfigurationError(
            f"cannot be written ({error.strerror})",
            where=str(folder),
            mend="give another folder as --out, or free some space",
        ) from error


if __name__ == "__main__":
    sys.exit(main())
