"""What tests of several folders share: a store to read, and no stray settings."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.artifacts import write_store

ROOT = Path(__file__).resolve().parent.parent

Environment = Callable[..., dict[str, str]]
RunBot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store folder with the hand-made artifact, to be read only."""
    return write_store(tmp_path_factory.mktemp("artifact") / "store")


@pytest.fixture
def no_stray_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's environment or ``.env`` reaches a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def environment() -> Environment:
    """Makes the environment of a process: what Python needs, and only the settings given."""
    needed = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    kept = {name: os.environ[name] for name in needed if name in os.environ}

    def make(**settings: str) -> dict[str, str]:
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings

    return make


@pytest.fixture(scope="session")
def lastfm_store(tmp_path_factory: pytest.TempPathFactory, environment: Environment) -> Path:
    """A store trained on the real data as an admin does it, to be read only; for slow tests."""
    from tests.small_trainings import LASTFM

    if not LASTFM.is_dir():
        pytest.skip("the Last.fm files are not beside the project (../shared/lastfm)")
    folder = tmp_path_factory.mktemp("lastfm-store")
    subprocess.run(  # noqa: S603  our own program
        [
            sys.executable,
            ROOT / "scripts" / "train.py",
            "--data",
            LASTFM,
            "--out",
            folder / "store",
        ],
        cwd=folder,
        env=environment(),
        timeout=300,
        check=True,
    )
    return folder / "store"


@pytest.fixture
def run_bot(tmp_path: Path, environment: Environment) -> RunBot:
    """Runs ``python -m bot`` to its end in an empty folder."""

    def run(
        *arguments: str, lines: str = "", settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-m", "bot", *arguments],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(**(settings or {})),
            timeout=30,
            check=False,
        )

    return run
