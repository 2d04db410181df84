"""What publishing writes, which versions it keeps, and who may publish."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from model import publishing
from model.artifact import CURVE, LISTENERS, load_artifact
from model.errors import ArtifactDamagedError, ArtifactError, StoreBusyError, TrainingError
from model.manifest import MANIFEST, load_manifest, sha256
from model.publishing import Training, publish, training_lock
from model.store import use_version, version_folder, versions
from tests.conftest import Environment
from tests.disk_faults import small_training

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return small_training(tmp_path_factory.mktemp("lastfm"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "new" / "store"


def published(store: Path, training: Training, times: int = 1) -> list[str]:
    with training_lock(store):
        return [publish(store, training) for _ in range(times)]


def entries(store: Path) -> set[str]:
    return {entry.name for entry in store.iterdir()} - {".lock"}


def test_the_first_publication_makes_the_store(target: Path, training: Training) -> None:
    (version,) = published(target, training)
    assert re.fullmatch(r"\d{8}T\d{6}Z-default", version)
    assert version_folder(target) == target / version
    assert entries(target) == {"CURRENT", version}
    assert {file.name for file in (target / version).iterdir()} == {
        "manifest.json",
        "artists.safetensors",
        "catalogue.safetensors",
        "similarity.safetensors",
        "listeners.safetensors",
        "curve.png",
    }


def test_what_was_trained_can_be_read_again(target: Path, training: Training) -> None:
    (version,) = published(target, training)
    artifact = load_artifact(target / version)
    factors = training.factors
    np.testing.assert_array_equal(artifact.artist_embeddings, factors.artist_embeddings)
    np.testing.assert_array_equal(artifact.gravity_scale, factors.gravity_scale)
    for part in ("catalogue", "profiles", "together"):
        stored, trained = getattr(artifact, part).columns(), getattr(training, part).columns()
        assert stored.keys() == trained.keys()
        for name, column in trained.items():
            np.testing.assert_array_equal(stored[name], column)
    np.testing.assert_array_equal(artifact.together.listeners, training.together.listeners)
    listeners = load((target / version / LISTENERS).read_bytes())
    np.testing.assert_array_equal(listeners["listener_ids"], training.listener_ids)
    np.testing.assert_array_equal(listeners["listener_embeddings"], factors.listener_embeddings)
    assert (target / version / CURVE).read_bytes() == training.curve_png


def test_the_manifest_says_what_was_trained_and_seals_every_other_file(
    target: Path, training: Training
) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    (version,) = published(target, training)
    manifest = load_manifest(target / version)
    assert before <= datetime.fromisoformat(manifest.created) <= datetime.now(UTC)
    assert manifest.version == version
    assert manifest.configuration == training.configuration.as_dict()
    assert manifest.dataset == training.dataset
    assert manifest.metrics == training.metrics
    assert manifest.timings == training.timings
    assert manifest.fold_in.listener_l2 == training.factors.listener_l2
    assert manifest.fold_in.question_ridge == training.configuration.question_ridge != 1
    assert manifest.similarity == training.configuration.similarity
    assert all(asdict(manifest.similarity).values())
    assert manifest.calibration == training.calibration
    files = {file.name: sha256(file) for file in (target / version).iterdir()}
    del files[MANIFEST]
    assert manifest.files == files
    assert json.loads((target / version / MANIFEST).read_text("utf-8"))["format"] == 2


def test_the_three_newest_versions_are_kept(target: Path, training: Training) -> None:
    names = published(target, training, 5)
    assert names == sorted(set(names))
    assert versions(target) == names[-3:]
    assert entries(target) == {"CURRENT", *names[-3:]}
    assert version_folder(target).name == names[-1]


def test_a_version_gone_back_to_makes_way_once_another_is_in_use(
    target: Path, training: Training
) -> None:
    names = published(target, training, 3)
    use_version(target, names[0])
    (newest,) = published(target, training)
    assert version_folder(target).name == newest
    assert versions(target) == [*names[1:], newest]


def test_the_version_in_use_is_kept_even_when_somebody_goes_back_meanwhile(
    target: Path, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest, *others = published(target, training, 3)

    def overtaken(store: Path, version: str) -> None:
        use_version(store, version)
        use_version(store, oldest)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "use_version", overtaken)
        (newest,) = published(target, training)
    assert version_folder(target).name == oldest
    assert versions(target) == [oldest, *others, newest]
    load_artifact(version_folder(target))


class Clock(datetime):
    """A clock that stands still, or is set by hand."""

    moment = datetime(2026, 2, 28, 23, 59, 58, 900_000, UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # noqa: ARG003  (datetime's signature)
        return cls.moment


@pytest.mark.parametrize(
    ("set_by", "second", "third"),
    [
        (timedelta(0), "20260228T235959Z", "20260301T000000Z"),
        (timedelta(hours=-7), "20260228T235959Z", "20260301T000000Z"),
        (timedelta(hours=2), "20260301T015958Z", "20260301T015959Z"),
    ],
    ids=["within-one-second", "clock-set-back", "two-hours-later"],
)
def test_names_sort_by_age_whatever_the_clock_says(
    target: Path,
    training: Training,
    monkeypatch: pytest.MonkeyPatch,
    *,
    set_by: timedelta,
    second: str,
    third: str,
) -> None:
    plain = replace(training.configuration, preset="another")
    monkeypatch.setattr(publishing, "datetime", Clock)
    names = published(target, training)
    monkeypatch.setattr(Clock, "moment", Clock.moment + set_by)
    names += published(target, replace(training, configuration=plain))
    names += published(target, training)
    assert names == ["20260228T235958Z-default", f"{second}-another", f"{third}-default"]
    assert versions(target) == names
    assert version_folder(target).name == names[-1]
    assert load_manifest(target / names[1]).created == Clock.moment.isoformat(timespec="seconds")


def test_drafts_of_trainings_that_were_killed_are_removed(target: Path, training: Training) -> None:
    (old,) = published(target, training)
    (target / ".draft-0123").mkdir()
    (target / ".draft-0123" / "artists.safetensors").write_bytes(b"x" * 999)
    (target / ".draft-4567").write_text(old)
    (new,) = published(target, training)
    assert entries(target) == {"CURRENT", old, new}


@pytest.mark.parametrize("side", ["listener_embeddings", "artist_embeddings"])
def test_embeddings_that_are_no_numbers_are_not_published(
    target: Path, training: Training, side: str
) -> None:
    (old,) = published(target, training)
    broken = np.array(getattr(training.factors, side))
    broken[1, 2] = np.nan
    factors = replace(training.factors, **{side: broken})
    with pytest.raises(TrainingError, match="no longer finite"):
        published(target, replace(training, factors=factors))
    assert entries(target) == {"CURRENT", old}


def test_what_would_not_load_is_not_published(target: Path, training: Training) -> None:
    (old,) = published(target, training)
    diverged = training.factors.artist_embeddings * np.float32(1e30)
    factors = replace(training.factors, artist_embeddings=diverged)
    with pytest.raises(ArtifactDamagedError, match="no finite float32 numbers; train again"):
        published(target, replace(training, factors=factors))
    assert entries(target) == {"CURRENT", old}
    load_artifact(version_folder(target))


@POSIX
def test_another_user_may_read_what_the_bot_reads_but_no_listeners(
    target: Path, training: Training
) -> None:
    previous = os.umask(0o022)
    try:
        (version,) = published(target, training)
    finally:
        os.umask(previous)
    modes = {
        file.name: stat.S_IMODE(file.stat().st_mode)
        for file in (target / version, target / "CURRENT", *(target / version).iterdir())
    }
    assert modes.pop(version) == 0o755
    assert modes.pop(LISTENERS) == 0o600
    assert set(modes.values()) == {0o644}


HOLDER = (
    "import sys; from pathlib import Path; from model.publishing import training_lock\n"
    "with training_lock(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


@contextmanager
def held_elsewhere(store: Path, environment: Environment) -> Iterator[subprocess.Popen[str]]:
    """The lock in the hands of a real second process."""
    with subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", HOLDER, str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_training_at_the_same_time_refuses_until_the_first_is_gone(
    target: Path, training: Training, environment: Environment
) -> None:
    with held_elsewhere(target, environment) as process:
        with pytest.raises(StoreBusyError) as caught:
            published(target, training)
        line = f"{target}: another training is writing here; wait for it to end, or choose another"
        assert str(caught.value).startswith(line)
        assert entries(target) == set()
        process.kill()
        process.wait(20)
        (version,) = published(target, training)
    assert version_folder(target).name == version


def test_the_lock_is_free_again_after_a_failed_training(target: Path, training: Training) -> None:
    def fail() -> None:
        with training_lock(target):
            with pytest.raises(StoreBusyError), training_lock(target):
                pytest.fail("two hold one lock")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert published(target, training)


def test_a_store_that_cannot_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ArtifactError, match=r"file: cannot be written \(File exists\); free"),
        training_lock(tmp_path / "file"),
    ):
        pytest.fail("a file is no store")

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", read_only)
    with (
        pytest.raises(ArtifactError, match=r"cannot be written \(Read-only file system\); free"),
        training_lock(tmp_path),
    ):
        pytest.fail("the lock cannot be written")
