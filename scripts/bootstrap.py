"""Make ``.venv`` and install Crossfade into it; standard library only.

What is installed is remembered in a stamp, written last, so a repeat run does nothing and needs no
network, and an installation that was cut off is noticed and started over.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from children import stop_unwinds
from pip_run import name_fault, run_pip
from setup_lock import alone
from stamp import UNFINISHED, Stamp, read_stamp, wanted_stamp, write_stamp

ROOT = Path(__file__).resolve().parent.parent
# What would make pip install somewhere else than into the virtual environment.
_ELSEWHERE = frozenset({"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"})


class SetupError(Exception):
    """A problem with the set-up that a person can act on, in one line."""


@dataclass(frozen=True)
class Environment:
    """The project's virtual environment and the files in it."""

    root: Path

    @property
    def folder(self) -> Path:
        """The environment itself."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where packages are installed."""
        if sys.platform == "win32":
            return self.folder / "Lib" / "site-packages"
        major, minor = sys.version_info[:2]
        return self.folder / "lib" / f"python{major}.{minor}" / "site-packages"

    @property
    def configuration(self) -> Path:
        """Python's own record, which makes a folder a virtual environment."""
        return self.folder / "pyvenv.cfg"

    @property
    def lock(self) -> Path:
        """Held by the set-up that is at work."""
        return self.folder / "setup.lock"

    @property
    def stamp(self) -> Path:
        """The record of what is installed."""
        return self.folder / "crossfade.json"

    @property
    def log(self) -> Path:
        """What pip said last."""
        return self.folder / "pip.log"


def _configuration(environment: Environment) -> dict[str, str]:
    try:
        # A folder's name may be no UTF-8, and then stands in this file as it is.
        text = environment.configuration.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def fault_of(environment: Environment) -> str:
    """Say why an existing environment cannot be kept; empty when it can."""
    configuration = _configuration(environment)
    # uv writes the second name, Python the first, virtualenv both.
    made_by = configuration.get("version") or configuration.get("version_info", "")
    version = ".".join(made_by.split(".")[:2])
    if not environment.python.exists() or not Path(configuration.get("home", "")).is_dir():
        return "its Python is gone"
    if version != ".".join(map(str, sys.version_info[:2])):
        return f"it was made by Python {version}" if version else "its pyvenv.cfg names no Python"
    stamp = read_stamp(environment.stamp)
    if stamp is not None and stamp.digest == UNFINISHED:
        return "its last installation was cut off"
    return ""


def missing_part() -> str:
    """Name what this interpreter lacks to make an environment; empty when nothing."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return ""
    return (
        f"{sys.executable} cannot make virtual environments (it has no venv or ensurepip); "
        "on Debian and Ubuntu run: sudo apt install python3-venv"
    )


def _refuse_without_venv() -> None:
    missing = missing_part()
    if missing:
        raise SetupError(missing)


def _create(environment: Environment) -> None:
    write_stamp(environment.stamp, Stamp(UNFINISHED, frozenset()))  # until pip is there and done
    command = [sys.executable, "-m", "venv", str(environment.folder)]
    made = subprocess.run(  # noqa: S603  (our own command)
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if made.returncode != 0:
        said = " ".join((made.stderr or made.stdout).decode(errors="replace").split())
        raise SetupError(f"{environment.folder} could not be made: {said[:300]}")


def _empty(environment: Environment, entries: Iterable[Path]) -> None:
    # What tells that the folder is ours goes last, so that it can be told after a cut, too.
    ours = {environment.configuration, environment.stamp}
    for entry in sorted(entries, key=lambda entry: entry in ours):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _ensure_environment(environment: Environment, stream: TextIO) -> None:
    folder = environment.folder
    if Path(sys.prefix).resolve() == folder.resolve():
        return  # started with the environment's own Python, which cannot replace itself
    entries = [entry for entry in folder.iterdir() if entry != environment.lock]
    if entries:
        fault = fault_of(environment)
        if not fault:
            return
        if not environment.configuration.is_file() and read_stamp(environment.stamp) is None:
            raise SetupError(f"{folder} is no virtual environment; move it away and run this again")
        _refuse_without_venv()
        print(f"Starting .venv over: {fault}.", file=stream, flush=True)
        _empty(environment, entries)
    print("Making the virtual environment .venv", file=stream, flush=True)
    _create(environment)


def _has_pip(environment: Environment) -> bool:
    command = [str(environment.python), "-m", "pip", "--version"]
    asked = subprocess.run(  # noqa: S603  (our own command)
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return asked.returncode == 0


def _pip_environment() -> dict[str, str]:
    """Settings for pip: a person's own win, except those that stand in the way."""
    settings = {
        "PIP_RETRIES": "2",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUTF8": "1",
        **{name: value for name, value in os.environ.items() if name not in _ELSEWHERE},
        "PIP_USER": "0",  # has no place in a virtual environment
    }
    if settings["PIP_RETRIES"] == "0":
        settings["PIP_RETRIES"] = "1"  # pip says why it cannot connect only when it tries again
    return settings


def _install(environment: Environment, stamp: Stamp, stream: TextIO) -> None:
    extras = ",".join(sorted(stamp.extras))
    print(f"Installing Crossfade's libraries ({extras}); a minute or two", file=stream, flush=True)
    write_stamp(environment.stamp, Stamp(UNFINISHED, stamp.extras))
    succeeded = run_pip(
        environment.python,
        ["install", "--no-input", "-c", "constraints.txt", "-e", f".[{extras}]"],
        environment=_pip_environment(),
        cwd=environment.root,
        log=environment.log,
        site=environment.site,
        stream=stream,
    )
    if succeeded:
        write_stamp(environment.stamp, stamp)
        return
    environment.stamp.unlink()
    log = environment.log
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    problem, mend = name_fault(said)
    raise SetupError(f"Installing failed: {problem}; {mend} (pip's log: {log})")


def _bring_up_to_date(environment: Environment, wanted: Stamp, stream: TextIO) -> None:
    present = read_stamp(environment.stamp)
    kept = present.extras if present is not None else frozenset[str]()
    _ensure_environment(environment, stream)
    if not _has_pip(environment):
        raise SetupError(f"{environment.folder} has no pip; remove that folder and run this again")
    _install(environment, Stamp(wanted.digest, wanted.extras | kept), stream)


def _is_ready(environment: Environment, wanted: Stamp) -> bool:
    present = read_stamp(environment.stamp)
    return present is not None and present.covers(wanted) and not fault_of(environment)


def prepare(extras: Iterable[str], *, root: Path = ROOT, stream: TextIO | None = None) -> Path:
    """Bring ``.venv`` up to date with the given extras and return its interpreter.

    Extras that are already there stay. Progress goes to ``stream``, standard error by default.

    Raises:
        SetupError: the environment cannot be made or filled; its text is one line.
    """
    environment, output = Environment(root), stream or sys.stderr
    try:
        wanted = wanted_stamp(root, extras)
        if _is_ready(environment, wanted):
            return environment.python
        if not environment.folder.exists():
            _refuse_without_venv()
        environment.folder.mkdir(exist_ok=True)
        with (
            stop_unwinds(),
            alone(environment.lock, say=lambda line: print(line, file=output, flush=True)),
        ):
            if not _is_ready(environment, wanted):  # it is when somebody else did it meanwhile
                _bring_up_to_date(environment, wanted, output)
    except OSError as error:
        named = error.filename and error.strerror
        problem = f"{error.filename}: {error.strerror}" if named else str(error)
        raise SetupError(f"{problem}; mend it and run this again") from error
    return environment.python
