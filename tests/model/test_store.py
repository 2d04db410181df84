"""A store folder: which version is in use, which are there, going back, and writing atomically."""

import errno
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from model import store as store_module
from model.artifact import ARTISTS
from model.errors import ArtifactDamagedError, ArtifactError, ArtifactMissingError
from model.manifest import MANIFEST
from model.store import CURRENT, use_version, version_folder, versions, write_atomically
from tests.tampering import copy_of_version

OLD, MIDDLE, NEW = (
    "20251231T235959Z-notebook-plain",
    "20260102T030405Z-default",
    "20260102T030406Z-default",
)


@pytest.fixture
def three(tmp_path: Path, store: Path) -> Path:
    """A store of three versions of which the middle one is in use."""
    for name in (NEW, OLD, MIDDLE):
        copy_of_version(store, tmp_path / "three" / name)
    (tmp_path / "three" / CURRENT).write_text(f"{MIDDLE}\n")
    return tmp_path / "three"


def line_of(error: pytest.ExceptionInfo[ArtifactError]) -> str:
    line = str(error.value)
    assert len(line.splitlines()) == 1
    return line


def test_the_version_in_use_is_the_one_that_current_names(three: Path) -> None:
    assert version_folder(three) == three / MIDDLE
    (three / CURRENT).write_text(f"  {OLD}  \r\n")
    assert version_folder(three) == three / OLD


def test_a_version_folder_stands_for_itself(three: Path) -> None:
    assert version_folder(three / NEW) == three / NEW


def test_versions_are_listed_by_age_and_nothing_else_is(three: Path) -> None:
    (three / ".draft-0123").mkdir()
    shutil.copy(three / NEW / MANIFEST, three / ".draft-0123" / MANIFEST)
    (three / "backup").mkdir()
    shutil.copy(three / NEW / MANIFEST, three / "backup" / MANIFEST)
    (three / "20260103T000000Z-no-manifest").mkdir()
    (three / "20260104T000000Z-a-file").write_text("")
    assert versions(three) == [OLD, MIDDLE, NEW]


def test_where_there_is_no_store_there_are_no_versions(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for nowhere in (tmp_path, tmp_path / "missing", tmp_path / "file", tmp_path / "file" / "x"):
        assert versions(nowhere) == []


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_an_empty_store_says_to_train(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArtifactMissingError) as caught:
        version_folder(tmp_path / name)
    line = line_of(caught)
    assert line.startswith(f"{tmp_path / name}: nothing has been trained yet; run scripts/train.py")


def test_a_missing_current_beside_versions_says_how_to_choose_one(three: Path) -> None:
    (three / CURRENT).unlink()
    with pytest.raises(ArtifactDamagedError) as caught:
        version_folder(three)
    line = line_of(caught)
    assert line.startswith(f"{three / CURRENT}: is missing; go back with scripts/train.py --use")
    assert f"it holds {OLD}, {MIDDLE}, {NEW}" in line


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"20260102T030405Z-gone",
        MIDDLE.encode() + b"\n" + OLD.encode(),
        MIDDLE.encode() + b"\0",
        MIDDLE.encode("utf-16"),
        f"../three/{MIDDLE}".encode(),
        f"./{MIDDLE}".encode(),
        b"..",
        b"/etc",
        b"x" * 100_000,
    ],
    ids=lambda content: str(content[:24]),
)
def test_a_damaged_current_is_named_with_the_way_back(three: Path, content: bytes) -> None:
    (three / CURRENT).write_bytes(content)
    with pytest.raises(ArtifactDamagedError) as caught:
        version_folder(three)
    line = line_of(caught)
    assert line.startswith(f"{three / CURRENT}: ")
    assert "--use VERSION" in line
    assert NEW in line
    assert len(line) < 1000


def test_a_folder_in_the_place_of_current_is_named(three: Path) -> None:
    (three / CURRENT).unlink()
    (three / CURRENT).mkdir()
    with pytest.raises(ArtifactDamagedError, match="CURRENT: cannot be read; go back"):
        version_folder(three)


def test_a_current_without_any_version_says_to_train_again(tmp_path: Path) -> None:
    (tmp_path / CURRENT).write_text(f"{MIDDLE}\n")
    with pytest.raises(ArtifactDamagedError, match="which is not there; train again with"):
        version_folder(tmp_path)


def test_a_file_in_the_place_of_a_store_is_named(three: Path) -> None:
    with pytest.raises(ArtifactMissingError) as caught:
        version_folder(three / CURRENT)
    assert line_of(caught).startswith(f"{three / CURRENT}: is no folder; ")


@pytest.mark.parametrize("path", ["y" * 300, "nul\0nul"])
def test_a_path_that_cannot_be_is_one_line(path: str) -> None:
    for read in (version_folder, versions):
        with pytest.raises(ArtifactError) as caught:
            read(Path(path))
        assert "cannot be read (" in line_of(caught)


def test_going_back_and_forth_changes_what_is_in_use(three: Path) -> None:
    for name in (OLD, NEW, MIDDLE):
        use_version(three, name)
        assert version_folder(three) == three / name
    assert versions(three) == [OLD, MIDDLE, NEW]


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"], ids=["missing", "empty", "binary"])
def test_going_back_mends_a_damaged_current(three: Path, content: bytes | None) -> None:
    (three / CURRENT).unlink()
    if content is not None:
        (three / CURRENT).write_bytes(content)
    use_version(three, OLD)
    assert version_folder(three) == three / OLD


@pytest.mark.parametrize("name", ["20250101T000000Z-gone", "", ".", "..", "backup", f"{OLD}/"])
def test_an_unknown_version_is_refused_with_those_there_are(three: Path, name: str) -> None:
    with pytest.raises(ArtifactMissingError) as caught:
        use_version(three, name)
    line = line_of(caught)
    assert line == f"{three}: holds no version {name!r}; it holds {OLD}, {MIDDLE}, {NEW}"
    assert version_folder(three) == three / MIDDLE


def test_in_an_empty_store_every_version_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissingError, match=r"holds no version '.*'; train one with"):
        use_version(tmp_path, NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_version_that_does_not_load_is_not_gone_back_to(three: Path) -> None:
    (three / OLD / ARTISTS).write_bytes(b"torn")
    with pytest.raises(ArtifactDamagedError, match=f"{OLD}/{ARTISTS}: "):
        use_version(three, OLD)
    assert version_folder(three) == three / MIDDLE


def test_a_store_that_cannot_be_written_keeps_its_version(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(store_module, "write_atomically", refuse)
    with pytest.raises(ArtifactError) as caught:
        use_version(three, OLD)
    assert line_of(caught).startswith(f"{three}: cannot be written (Permission denied); ")
    assert version_folder(three) == three / MIDDLE


def test_a_folder_that_may_not_be_read_is_one_line(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> list[Path]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ArtifactError) as caught:
        versions(three)
    assert line_of(caught).startswith(f"{three}: cannot be read (Permission denied); ")


def test_a_write_replaces_the_content_and_leaves_nothing_beside(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", b"one and more")
    write_atomically(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_content_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write_atomically(tmp_path / "file", b"one")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o007, 0o660)])
def test_what_is_written_may_be_read_by_whom_the_umask_allows(
    tmp_path: Path, mask: int, mode: int
) -> None:
    previous = os.umask(mask)
    try:
        write_atomically(tmp_path / "file", b"x")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode
