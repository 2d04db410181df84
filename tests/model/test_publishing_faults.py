"""Publishing on a disk that fails: at every point the store serves a whole version."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.artifact import load_artifact
from model.errors import ArtifactError
from model.publishing import Training, publish, training_lock
from model.store import version_folder, versions
from tests.conftest import Environment
from tests.disk_faults import Dies, Disk, small_training

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.fixture(autouse=True)
def no_syncing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut, and real syncing takes most of the time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return small_training(tmp_path_factory.mktemp("lastfm"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, training: Training) -> Path:
    """A store with as many versions as are kept, so that publishing removes one."""
    store = tmp_path_factory.mktemp("full") / "store"
    for _ in range(3):
        published(store, training)
    return store


def published(store: Path, training: Training) -> str:
    with training_lock(store):
        return publish(store, training)


def entries(store: Path) -> set[str]:
    return {entry.name for entry in store.iterdir()} - {".lock"}


def serving(store: Path) -> str:
    """The version in use, after every version listed was seen to load."""
    for name in versions(store):
        load_artifact(store / name)
    return load_artifact(version_folder(store)).manifest.version


class Fresh:
    """Copies of a store, each to be published into while the disk fails at one more point."""

    def __init__(self, full: Path, folder: Path, training: Training) -> None:
        self._full, self._folder, self._training = full, folder, training
        self.old = serving(full)

    def points(self) -> list[str]:
        """Every call that changes the disk while nothing fails."""
        with pytest.MonkeyPatch.context() as patch, training_lock(store := self._copy()):
            disk = Disk(patch)
            publish(store, self._training)
        return disk.calls

    def failing(
        self, error: BaseException, *, lasts: bool = False
    ) -> Iterator[tuple[Path, BaseException | None]]:
        """For each point a store that it happened to, and what publishing raised."""
        for point in range(len(self.points())):
            store = self._copy()
            raised: BaseException | None = None
            with pytest.MonkeyPatch.context() as patch, training_lock(store):
                Disk(patch, point, error, lasts=lasts)
                try:
                    publish(store, self._training)
                except (ArtifactError, Dies) as problem:
                    raised = problem
                patch.undo()
            yield store, raised

    def _copy(self) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        return Path(shutil.copytree(self._full, self._folder))


@pytest.fixture
def fresh(full: Path, tmp_path: Path, training: Training) -> Fresh:
    return Fresh(full, tmp_path / "copy", training)


def test_every_kind_of_call_is_among_the_points(fresh: Fresh) -> None:
    points = fresh.points()
    assert {name: points.count(name) for name in ("open", "write", "replace", "rename")} == {
        "open": 7,
        "write": 7,
        "replace": 7,
        "rename": 2,
    }
    assert points.count("fsync") >= 6
    assert {"mkdir", "unlink", "rmdir"} <= set(points)


def test_dying_at_any_point_leaves_a_whole_version_in_use_and_the_next_training_tidies_up(
    fresh: Fresh, training: Training
) -> None:
    found: list[bool] = []
    for store, raised in fresh.failing(Dies()):
        assert isinstance(raised, Dies)
        found.append(serving(store) == fresh.old)
        newest = published(store, training)
        assert serving(store) == newest
        assert len(versions(store)) == 3
        assert entries(store) == {"CURRENT", *versions(store)}
    assert found == sorted(found, reverse=True), "the old version came back"
    assert set(found) == {True, False}


@pytest.mark.parametrize("error", [NO_SPACE, READ_ONLY], ids=["disk-full", "read-only"])
def test_one_failure_at_any_point_leaves_the_old_version_and_nothing_else(
    fresh: Fresh, full: Path, error: OSError
) -> None:
    refused = 0
    for store, raised in fresh.failing(error):
        if raised is None:
            assert serving(store) != fresh.old
            continue
        refused += 1
        assert str(raised).startswith(f"{store}: cannot be written ({error.strerror}); free some")
        assert serving(store) == fresh.old
        assert entries(store) == entries(full)
    assert refused >= 20


def test_a_disk_that_stays_full_leaves_the_old_version_in_use(fresh: Fresh) -> None:
    for store, raised in fresh.failing(NO_SPACE, lasts=True):
        assert (serving(store) == fresh.old) == (raised is not None)


def test_space_that_killed_trainings_took_is_freed_before_anything_is_written(
    fresh: Fresh, full: Path, tmp_path: Path, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(shutil.copytree(full, tmp_path / "store"))
    (store / ".draft-left").mkdir()
    (store / ".draft-left" / "artists.safetensors").write_bytes(b"x" * 999)
    with training_lock(store), monkeypatch.context() as patch:
        disk = Disk(patch)
        publish(store, training)
    assert disk.calls.index("rmdir") < disk.calls.index("write")


def test_a_file_that_the_system_refuses_to_write_is_one_line(
    full: Path, tmp_path: Path, training: Training
) -> None:
    resource = pytest.importorskip("resource", reason="limits as POSIX has them")
    store = Path(shutil.copytree(full, tmp_path / "store"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with training_lock(store):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            with pytest.raises(ArtifactError, match=r"cannot be written \(File too large\)"):
                publish(store, training)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert serving(store) == serving(full)
    assert entries(store) == entries(full)


KILLED = (
    "import os, signal, sys\n"
    "from pathlib import Path\n"
    "from model.publishing import publish, training_lock\n"
    "from tests.disk_faults import small_training\n"
    "store, folder, call, number = sys.argv[1:]\n"
    "training = small_training(Path(folder))\n"
    "real, left = getattr(os, call), int(number)\n"
    "def deadly(*arguments, **options):\n"
    "    global left\n"
    "    left -= 1\n"
    "    if left < 0:\n"
    "        os.kill(os.getpid(), signal.SIGKILL)\n"
    "    return real(*arguments, **options)\n"
    "setattr(os, call, deadly)\n"
    "with training_lock(Path(store)):\n"
    "    publish(Path(store), training)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("call", "number", "old"),
    [("replace", 2, True), ("replace", 5, True), ("rename", 0, True), ("rename", 1, False)],
    ids=["mid-files", "before-current", "before-the-name", "before-pruning"],
)
def test_a_training_that_is_killed_leaves_a_whole_version_in_use(
    full: Path,
    tmp_path: Path,
    training: Training,
    environment: Environment,
    *,
    call: str,
    number: int,
    old: bool,
) -> None:
    store = Path(shutil.copytree(full, tmp_path / "store"))
    command = [sys.executable, "-c", KILLED, str(store), str(tmp_path / "raw"), call, str(number)]
    done = subprocess.run(  # noqa: S603  (our own command)
        command, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (serving(store) == serving(full)) is old
    assert entries(store) != entries(full)
    newest = published(store, training)
    assert entries(store) == {"CURRENT", *versions(store)}
    assert serving(store) == newest
