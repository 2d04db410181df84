"""Which data is used, when training is needed, and which front end opens."""

import errno
import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import start
from pydantic import SecretStr

from bot.settings import Settings
from model.artifact import ARTISTS, SIMILARITY
from model.confidence import Calibration
from model.errors import ArtifactDamagedError, CrossfadeError, DataError, DownloadError
from model.lastfm_files import FILES, fingerprint
from model.manifest import FORMAT, MANIFEST, FoldIn, Manifest, load_manifest
from model.shares import Shares
from model.store import CURRENT

VERSION = "20260102T030405Z-abc"


class World:
    """Remembers what a start did, in order."""

    def __init__(self, downloaded: Path | None = None) -> None:
        self.deeds: list[str] = []
        self.downloaded = downloaded
        self.exit_code = 0

    def effects(self) -> start.Effects:
        return start.Effects(
            train=self.train,
            download=self.download,
            say=lambda _: None,
            announce_demo=lambda _: self.deeds.append("announce demo"),
        )

    def train(self, source: str) -> int:
        self.deeds.append(f"train {Path(source).name}")
        return self.exit_code

    def download(self) -> Path:
        self.deeds.append("download")
        if self.downloaded is None:
            raise DownloadError("no connection")
        return self.downloaded


def write_data(folder: Path, salt: str = "") -> Path:
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(f"{name} {salt}\n")
    return folder


def write_zip(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in FILES:
            archive.writestr(name, f"{name} zipped\n")
    return path


def write_store(
    store: Path, name: str, content: str, written: int = FORMAT, artists: bytes | None = None
) -> Path:
    folder = store / VERSION
    folder.mkdir(parents=True)
    manifest = Manifest(
        format=written,
        version=VERSION,
        created="2026-01-02T03:04:05+00:00",
        configuration={},
        dataset={"name": name, "fingerprint": content},
        metrics={},
        timings={},
        fold_in=FoldIn(0.1, 0.1, 1.0),
        similarity=Shares(),
        calibration=Calibration(),
        files={} if artists is None else {ARTISTS: hashlib.sha256(artists).hexdigest()},
    )
    if artists is not None:
        (folder / ARTISTS).write_bytes(artists)
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    (store / CURRENT).write_text(VERSION, "utf-8")
    return store


def deeds(world: World, tmp_path: Path, given: str | None = None) -> list[str]:
    start.prepare_store(
        given, data_folder=tmp_path / "data", store=tmp_path / "store", effects=world.effects()
    )
    return world.deeds


def test_what_is_given_comes_before_the_folder_before_the_zip(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert start.local_source(None, data) is None
    archive = write_zip(data / "hetrec2011-lastfm-2k.zip")
    assert start.local_source(None, data) == str(archive)
    (data / "hetrec2011-lastfm-2k").mkdir()
    assert start.local_source(None, data) == str(archive)
    (data / "hetrec2011-lastfm-2k" / ".DS_Store").touch()
    assert start.local_source(None, data) == str(archive)
    (data / "hetrec2011-lastfm-2k" / ".DS_Store").unlink()
    (data / "hetrec2011-lastfm-2k").rmdir()
    folder = write_data(data / "hetrec2011-lastfm-2k")
    assert start.local_source(None, data) == str(folder)
    assert start.local_source("elsewhere", data) == "elsewhere"


def test_given_data_is_trained_and_nothing_is_downloaded(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    assert deeds(World(), tmp_path, str(given)) == ["train given"]


def test_without_any_data_the_download_is_trained(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "elsewhere" / "fetched.zip")
    assert deeds(World(archive), tmp_path) == ["download", "train fetched.zip"]


def test_without_a_download_the_demo_is_announced_and_trained(tmp_path: Path) -> None:
    assert deeds(World(), tmp_path) == ["download", "announce demo", "train demo"]


def test_a_second_run_on_the_same_data_does_not_train(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    write_store(tmp_path / "store", "lastfm-hetrec-2011", fingerprint(given))
    assert deeds(World(), tmp_path, str(given)) == []


def test_other_data_is_trained_although_something_is_there(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    other = write_data(tmp_path / "other", salt="other")
    write_store(tmp_path / "store", "lastfm-hetrec-2011", fingerprint(given))
    assert deeds(World(), tmp_path, str(other)) == ["train other"]


def test_a_store_from_data_that_is_gone_is_used_without_asking_the_internet(tmp_path: Path) -> None:
    write_store(tmp_path / "store", "lastfm-hetrec-2011", "f" * 64)
    assert deeds(World(), tmp_path) == []


def test_a_demo_store_is_announced_at_every_start_and_not_trained_again(tmp_path: Path) -> None:
    write_store(tmp_path / "store", "demo", "d" * 64)
    assert deeds(World(), tmp_path) == ["announce demo"]
    assert deeds(World(), tmp_path, "demo") == ["announce demo"]


def test_real_data_replaces_a_demo_store(tmp_path: Path) -> None:
    write_store(tmp_path / "store", "demo", "d" * 64)
    write_data(tmp_path / "data" / "hetrec2011-lastfm-2k")
    assert deeds(World(), tmp_path) == ["train hetrec2011-lastfm-2k"]


def test_a_store_of_another_format_is_trained_again(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    write_store(tmp_path / "store", "lastfm-hetrec-2011", fingerprint(given), written=FORMAT - 1)
    assert deeds(World(), tmp_path, str(given)) == ["train given"]


def test_a_store_that_lost_a_file_or_a_byte_is_trained_again(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    store = write_store(tmp_path / "store", "lastfm", fingerprint(given), artists=b"embeddings")
    assert deeds(World(), tmp_path, str(given)) == []
    (store / VERSION / ARTISTS).write_bytes(b"embedding")
    assert deeds(World(), tmp_path, str(given)) == ["train given"]
    (store / VERSION / ARTISTS).unlink()
    assert deeds(World(), tmp_path, str(given)) == ["train given"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is no manifest"),
        ("[1]", "is no manifest"),
        (f'{{"format": {FORMAT}, "files": {{}}}}', "is no manifest"),
        (f'{{"format": {FORMAT}, "files": 3, "dataset": []}}', "is no manifest"),
        ('{"format": 1}', "has format 1"),
    ],
)
def test_a_manifest_that_is_none_is_said_and_trained_again(
    tmp_path: Path, text: str, problem: str
) -> None:
    store = write_store(tmp_path / "store", "demo", "d" * 64)
    (store / VERSION / MANIFEST).write_text(text, "utf-8")
    said: list[str] = []
    assert start.present_origin(store, said.append) is None
    (line,) = said
    assert line.startswith(f"{store / VERSION / MANIFEST}: {problem}")
    assert line.endswith(" (training again)")


def test_what_similarity_is_computed_from_is_checked_too(tmp_path: Path) -> None:
    store = write_store(tmp_path / "store", "lastfm", "d" * 64)
    manifest = load_manifest(store / VERSION)
    sealed = replace(manifest, files={**manifest.files, SIMILARITY: "0" * 64})
    (store / VERSION / MANIFEST).write_text(sealed.to_json(), "utf-8")
    with pytest.raises(ArtifactDamagedError, match=SIMILARITY):
        start.read_origin(store / VERSION)


def test_the_demo_never_takes_the_place_of_what_was_trained_unasked(tmp_path: Path) -> None:
    store = write_store(tmp_path / "store", "lastfm", "d" * 64, written=FORMAT - 1)
    world = World()
    with pytest.raises(CrossfadeError, match=r"cannot be used.*give --data PATH, or --data demo"):
        deeds(world, tmp_path)
    assert world.deeds == ["download"]
    assert (store / CURRENT).read_text("utf-8") == VERSION
    assert deeds(World(), tmp_path, "demo") == ["announce demo", "train demo"]


def test_broken_data_is_named_before_any_training(tmp_path: Path) -> None:
    given = write_data(tmp_path / "given")
    (given / "user_artists.dat").unlink()
    world = World()
    with pytest.raises(DataError, match=r"user_artists\.dat"):
        deeds(world, tmp_path, str(given))
    assert world.deeds == []


def test_a_failed_training_passes_its_exit_code_on(tmp_path: Path) -> None:
    world = World()
    world.exit_code = 130
    code = start.prepare_store(
        str(write_data(tmp_path / "given")),
        data_folder=tmp_path / "data",
        store=tmp_path / "store",
        effects=world.effects(),
    )
    assert code == 130


def test_the_terminal_opens_without_a_token_or_when_it_was_asked_for() -> None:
    token = Settings(discord_token=SecretStr("abc"))
    none = Settings(discord_token=None)
    assert not start.wants_console(token, asked=False)
    assert start.wants_console(token, asked=True)
    assert start.wants_console(none, asked=False)


def test_the_box_names_the_demo_and_the_way_to_the_real_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start._announce_demo("The Last.fm data could not be fetched.")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "DEMO" in printed.err
    assert "scripts/download.py" in printed.err


def test_a_training_that_was_killed_is_not_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def killed(command: list[str], **options: object) -> int:
        return 137

    monkeypatch.setattr(start, "run_child", killed)
    assert start._train("demo", tmp_path) == 137
    said = capsys.readouterr().err
    assert (
        said == "Training was ended (exit code 137); if memory ran out, free some and try again\n"
    )


def test_a_folder_that_may_not_be_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], no_stray_settings: None
) -> None:
    def forbidden(given: str | None, **rest: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", "data")

    monkeypatch.setattr(start, "prepare_store", forbidden)
    monkeypatch.setattr("sys.argv", ["start.py"])
    assert start.main() == 2
    assert capsys.readouterr().err == "data: Permission denied; check its permissions\n"


# Opens a front end whose answer still lies in the buffer when the pipe turns out to be broken.
TALKATIVE = (
    "import sys, types; sys.path.insert(0, sys.argv[1]); import start\n"
    "front_end = types.ModuleType('bot.__main__')\n"
    "front_end.main = lambda arguments: print('Bob Dylan', flush=True) or 7\n"
    "sys.modules['bot.__main__'] = front_end\n"
    "sys.exit(start._open_front_end(console=True))\n"
)


def test_a_reader_who_leaves_is_no_fault() -> None:
    scripts = Path(start.__file__).parent
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, "-c", TALKATIVE, str(scripts)],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
        timeout=30,
        check=False,
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")
