"""The half of the quickstart that runs inside ``.venv``: data, then training, then the front end.

Standard output is left to the front end's answers; everything else goes to standard error.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bootstrap import ROOT
from children import INTERRUPTED, run_child

sys.path.insert(0, str(ROOT))

from bot.settings import Settings, load_settings
from model.artifact import READ_BY_THE_BOT
from model.errors import (
    ArtifactDamagedError,
    ArtifactError,
    ArtifactMissingError,
    CrossfadeError,
    DownloadError,
)
from model.lastfm_files import fingerprint
from model.manifest import load_manifest, sha256
from model.sources import DEMO
from model.store import version_folder, versions

DATA = ROOT / "data"
NAME = "hetrec2011-lastfm-2k"
_STDERR = 2


@dataclass(frozen=True)
class Origin:
    """The data that an artifact was trained from.

    Attributes:
        name: of the data set.
        fingerprint: of its files, as ``model.lastfm_files.fingerprint`` tells it.
    """

    name: str
    fingerprint: str


@dataclass(frozen=True)
class Effects:
    """What preparing a store does to the world.

    Attributes:
        train: trains a store from a source and returns the exit code.
        download: fetches the published data and returns its path; raises DownloadError.
        say: tells the person one thing, in a line.
        announce_demo: says loudly that answers come from the demo catalogue, and why.
    """

    train: Callable[[str], int]
    download: Callable[[], Path]
    say: Callable[[str], None]
    announce_demo: Callable[[str], None]


def local_source(given: str | None, data_folder: Path) -> str | None:
    """The data to use without asking the internet: what was given, else what lies in ``data/``."""
    if given is not None:
        return given
    folder, archive = data_folder / NAME, data_folder / f"{NAME}.zip"
    # A file manager leaves hidden files in a folder that is empty otherwise.
    if folder.is_dir() and not all(entry.name.startswith(".") for entry in folder.iterdir()):
        return str(folder)
    return str(archive) if archive.is_file() else None


def trained_from(origin: Origin | None, source: str) -> bool:
    """Whether an artifact was trained from just this data.

    Raises:
        DataError: the source cannot be read.
    """
    if source == DEMO:
        return origin is not None and origin.name == DEMO
    content = fingerprint(Path(source))  # read first, so that broken data is named before training
    return origin is not None and origin.fingerprint == content


def read_origin(folder: Path) -> Origin:
    """What a version folder was trained from, if its files are those that the training wrote.

    Raises:
        ArtifactDamagedError: a file is missing, torn or foreign.
        ArtifactFormatError: another release wrote it.
    """
    manifest = load_manifest(folder)
    for name in READ_BY_THE_BOT:
        file = folder / name
        known = manifest.files.get(name)
        if known is not None and not (file.is_file() and sha256(file) == known):
            raise ArtifactDamagedError("is not what the training wrote", where=str(file))
    return Origin(str(manifest.dataset["name"]), str(manifest.dataset["fingerprint"]))


def present_origin(store: Path, say: Callable[[str], None]) -> Origin | None:
    """What the store's current version was trained from; None when it cannot be used."""
    try:
        return read_origin(version_folder(store))
    except ArtifactMissingError:
        return None
    except ArtifactError as error:
        say(f"{error} (training again)")
        return None


def prepare_store(given: str | None, *, data_folder: Path, store: Path, effects: Effects) -> int:
    """See to it that the store holds what there is to answer from; the exit code, 0 when it does.

    Data is taken from ``given``, ``data/``, the internet or the demo catalogue, in this order. A
    store that is already trained is used as it is unless there is other data at hand.

    Raises:
        DataError: the data at hand cannot be read.
        CrossfadeError: the store holds what can no longer be used, and there is nothing to train
            from but the demo catalogue, which must not take the place of real data unasked.
    """
    origin = present_origin(store, effects.say)
    source = local_source(given, data_folder)
    if source is None and origin is not None:
        if origin.name == DEMO:
            effects.announce_demo("The store was trained from it.")
        return 0
    if source is None:
        try:
            source = str(effects.download())
        except DownloadError as error:
            if versions(store):
                raise CrossfadeError(
                    f"what was trained here cannot be used, and its data is not at hand ({error})",
                    where=str(store),
                    mend="give --data PATH, or --data demo to train on the demo catalogue instead",
                ) from error
            effects.announce_demo(f"The Last.fm data could not be fetched. {error}")
            source = DEMO
    elif source == DEMO:
        effects.announce_demo("It was asked for with --data demo.")
    if trained_from(origin, source):
        return 0
    effects.say(f"Training from {'the demo catalogue' if source == DEMO else source}")
    return effects.train(source)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _announce_demo(reason: str) -> None:
    # Imported where they are needed: most starts print no box, and each one should be quick.
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    text = (
        "Answers come from the embedded DEMO CATALOGUE: known artists, invented listeners.\n"
        f"{reason}\n"
        "For the real data run scripts/download.py, or give --data PATH (its folder or zip)."
    )
    Console(stderr=True).print(Panel(Text(text), title="DEMO DATA", border_style="bold yellow"))


def _download(url: str) -> Path:
    from rich.console import Console

    from model.download import LICENCE, download_dataset

    _say(f"Fetching the Last.fm data from {url}\n{LICENCE}")
    return download_dataset(url, DATA / f"{NAME}.zip", console=Console(stderr=True))


def _train(source: str, store: Path) -> int:
    script = ROOT / "scripts" / "train.py"
    command = [sys.executable, script, "--data", source, "--out", store]
    # The bot computes on one thread (bot/__init__.py); a training must not inherit that.
    os.environ.pop("OPENBLAS_NUM_THREADS", None)
    code = run_child(command, cwd=ROOT, own_input=False, stdout=_STDERR)
    if code > INTERRUPTED:  # ended by a signal, so it could not say a word itself
        _say(f"Training was ended (exit code {code}); if memory ran out, free some and try again")
    return code


def wants_console(settings: Settings, *, asked: bool) -> bool:
    """Whether the terminal front end opens rather than the Discord bot."""
    return asked or settings.discord_token is None


def _open_front_end(*, console: bool) -> int:
    # Only now: a training just before must not wait for, nor pay for, the bot's libraries.
    from bot.__main__ import main as front_end

    try:
        return front_end(["--console"] if console else [])
    except BrokenPipeError:
        # Whoever read the answers has left (``| head``): no fault, and nobody to tell. What is
        # still in the buffer must go somewhere, or Python complains when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def main() -> int:
    """Run the script: 0, 2 for a fault named in one line, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    parser.add_argument("--data", metavar="PATH", help="a folder, a zip, or 'demo'")
    parser.add_argument("--out", metavar="STORE", help="the store folder; ARTIFACTS when left out")
    parser.add_argument("--console", action="store_true", help="the terminal even with a token")
    arguments = parser.parse_args()
    if arguments.out is not None:
        os.environ["ARTIFACTS"] = arguments.out
    try:
        settings = load_settings()
        store = settings.artifacts
        effects = Effects(
            train=lambda source: _train(source, store),
            download=lambda: _download(settings.dataset_url),
            say=_say,
            announce_demo=_announce_demo,
        )
        code = prepare_store(arguments.data, data_folder=DATA, store=store, effects=effects)
    except CrossfadeError as error:
        _say(str(error))
        return 2
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}; check its permissions")
        return 2
    if code != 0:
        return code
    return _open_front_end(console=wants_console(settings, asked=arguments.console))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
