"""Writes a finished training into a store, all of it or nothing."""

import secrets
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from safetensors.numpy import save

from model import artifact as layout
from model.errors import ArtifactError, StoreBusyError
from model.store import (
    UNFINISHED,
    sync_folder,
    unwritable,
    use_version,
    version_folder,
    versions,
    write_atomically,
)
from model.trained import Training

KEPT_VERSIONS = 3
_STAMP = "%Y%m%dT%H%M%SZ"


@contextmanager
def training_lock(store: Path) -> Generator[None]:
    """Hold the store against a second training.

    The operating system releases the lock when the process ends, however it ends.

    Raises:
        StoreBusyError: another training holds it.
        ArtifactError: the store folder cannot be made.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock = FileLock(store / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise StoreBusyError(
            "another training is writing here",
            where=str(store),
            mend="wait for it to end, or choose another --out",
        ) from None
    except OSError as error:
        raise unwritable(store, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(store: Path, training: Training) -> str:
    """Write a version, make it the current one and drop all but the newest three.

    The caller holds ``training_lock``. The version becomes visible under its name only when every
    file is written, and current only after that. What killed trainings left is removed first.

    Returns:
        The name of the version.

    Raises:
        ArtifactError: the disk is full, the folder cannot be written, or what was written does not
            load; nothing is left behind.
        TrainingError: the factors are not finite.
    """
    training.factors.require_finite()
    now = datetime.now(UTC)
    version = f"{_later_than(versions(store), now)}-{training.configuration.preset}"
    try:
        _remove_unfinished(store)
        with _draft(store) as draft:
            _write(draft, training, version, now)
            draft.rename(store / version)
        sync_folder(store)
    except OSError as error:
        raise unwritable(store, error) from error
    try:
        use_version(store, version)
    except ArtifactError:
        _remove(store / version)
        raise
    _prune(store)
    return version


def _later_than(known: Sequence[str], now: datetime) -> str:
    """The time that begins a version's name, after those of the known ones.

    So the names sort by age even within a second, or when the clock was set back.
    """
    stamp = now.strftime(_STAMP)
    newest = known[-1].partition("-")[0] if known else ""
    if stamp > newest:
        return stamp
    following = datetime.strptime(newest, _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1)
    return following.strftime(_STAMP)


@contextmanager
def _draft(store: Path) -> Generator[Path]:
    """A folder to write into, gone at the end unless it was renamed."""
    draft = store / f"{UNFINISHED}{secrets.token_hex(8)}"
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(draft: Path, training: Training, version: str, now: datetime) -> None:
    factors = training.factors
    contents = {
        layout.ARTISTS: save(
            {
                "artist_ids": training.catalogue.ids,
                "artist_embeddings": factors.artist_embeddings,
                "gravity_scale": factors.gravity_scale,
            }
        ),
        layout.CATALOGUE: save(
            {name: np.ascontiguousarray(c) for name, c in training.catalogue.columns().items()}
        ),
        layout.SIMILARITY: save(
            {
                name: np.ascontiguousarray(column)
                for part in (training.profiles, training.together)
                for name, column in part.columns().items()
            }
        ),
        layout.LISTENERS: save(
            {
                "listener_ids": training.listener_ids,
                "listener_embeddings": factors.listener_embeddings,
            }
        ),
        layout.CURVE: training.curve_png,
    }
    for name, content in contents.items():
        write_atomically(draft / name, content)
    # Personal, and the bot, which may run as somebody else, never opens it.
    (draft / layout.LISTENERS).chmod(0o600)
    manifest = training.manifest(
        version=version,
        created=now.isoformat(timespec="seconds"),
        files={name: layout.sha256(draft / name) for name in contents},
    )
    write_atomically(draft / layout.MANIFEST, manifest.to_json().encode())


def _prune(store: Path) -> None:
    """Drop all versions but the newest and the one in use."""
    # Read again: somebody may have rolled back since this training became the current one.
    current = version_folder(store).name
    for name in versions(store)[:-KEPT_VERSIONS]:
        if name != current:
            _remove(store / name)


def _remove(version: Path) -> None:
    """Drop a version, or leave it whole: half removed it would still be listed and could be used.

    What cannot be removed stays for the next training; nothing depends on its being gone.
    """
    removed = version.with_name(f"{UNFINISHED}{version.name}")
    with suppress(OSError):
        version.rename(removed)
    shutil.rmtree(removed, ignore_errors=True)


def _remove_unfinished(store: Path) -> None:
    """Drop what trainings that were killed left; only with the lock held is it nobody's."""
    for left in store.glob(f"{UNFINISHED}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
