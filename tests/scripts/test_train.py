"""The training command: exit codes, the one line on standard error, what stands on which stream."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import train

from model.artifact import ARTISTS, load_artifact
from model.configuration import PRESETS
from model.manifest import load_manifest
from model.publishing import publish, training_lock
from model.store import CURRENT, use_version, version_folder, versions
from tests import lastfm_double
from tests.conftest import ROOT, Environment
from tests.disk_faults import small_training

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process; gives its exit code, standard output and error."""

    def runner(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = train.main([str(argument) for argument in arguments])
        except SystemExit as ending:
            code = int(ending.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return runner


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, str, str]:
    """A store with two versions, and their names, the older first."""
    target = tmp_path / "store"
    training = small_training(tmp_path / "lastfm")
    with training_lock(target):
        return target, publish(target, training), publish(target, training)


def refused(result: tuple[int, str, str]) -> str:
    """The one line of a refusal."""
    code, out, err = result
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("train.py: ")
    return line


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--preset", "huge"], "train.py: --preset: no preset 'huge'; give one of default, "),
        (["--seed", "-1"], "train.py: seed: must not be negative"),
        (["--steps", "0"], "train.py: steps: must be at least 1"),
        (["--steps", "-5"], "train.py: steps: must be at least 1"),
        (["--steps", "many"], "train.py: argument --steps: invalid int value: 'many'; see train"),
        (["--seed", "1.5"], "train.py: argument --seed: invalid int value: '1.5'; see train.py"),
        (["--target", "raw"], "train.py: argument --target: invalid choice: 'raw'"),
        (["--frobnicate"], "train.py: unrecognized arguments: --frobnicate; see train.py --help"),
        (["stray"], "train.py: unrecognized arguments: stray; see train.py --help"),
        (["--use"], "train.py: argument --use: expected one argument; see train.py --help"),
    ],
)
def test_a_mistyped_option_is_one_line(
    run: Run, tmp_path: Path, options: list[str], line: str
) -> None:
    store = tmp_path / "store"
    assert refused(run("--data", "demo", "--out", store, *options)).startswith(line)
    assert not store.exists()


def test_every_preset_is_offered(run: Run) -> None:
    line = refused(run("--data", "demo", "--preset", ""))
    assert line.endswith(f"give one of {', '.join(PRESETS)}")
    assert all(name in run("--help")[1] for name in PRESETS)


@pytest.mark.parametrize("name", ["nowhere", "folder", "file", "broken.zip"])
def test_data_that_is_not_there_or_no_data_is_named(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    line = refused(run("--data", tmp_path / name, "--out", tmp_path / "store"))
    assert str(tmp_path / name) in line
    assert not (tmp_path / "store").exists()


def test_a_wrong_line_of_the_data_is_named(run: Run, tmp_path: Path) -> None:
    folder = lastfm_double.write(tmp_path / "lastfm")
    with (folder / "user_artists.dat").open("ab") as file:
        file.write(b"2\tseven\t9\r\n")
    number = len((folder / "user_artists.dat").read_bytes().splitlines())
    line = refused(run("--data", folder, "--out", tmp_path / "store"))
    assert "user_artists.dat" in line
    assert re.search(rf"\bline {number}\b", line)


def test_a_store_that_another_training_holds_is_one_line(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with training_lock(store):
        line = refused(run("--data", "demo", "--out", store))
    assert line.startswith(f"train.py: {store}: another training is writing here; wait for it")


def test_a_file_in_the_place_of_the_store_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    line = refused(run("--data", "demo", "--out", tmp_path / "file"))
    assert "file: cannot be written (File exists)" in line
    assert (tmp_path / "file").read_text() == "kept"


def test_the_versions_are_listed_with_a_mark_on_the_one_in_use(
    run: Run, two: tuple[Path, str, str]
) -> None:
    store, older, newer = two
    assert run("--list", "--out", store) == (0, f"  {older}\n* {newer}\n", "")
    use_version(store, older)
    assert run("--list", "--out", store) == (0, f"* {older}\n  {newer}\n", "")


def test_an_empty_store_has_nothing_to_list(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in (tmp_path, tmp_path / "nowhere"):
        line = refused(run("--list", "--out", store))
        assert line.startswith(
            f"train.py: {store}: nothing has been trained yet; run scripts/train"
        )
    assert not (tmp_path / "nowhere").exists()
    monkeypatch.chdir(tmp_path)
    assert refused(run("--list")).startswith("train.py: artifacts: nothing has been trained yet")


def test_where_the_one_in_use_is_unclear_the_choice_is_in_the_line(
    run: Run, two: tuple[Path, str, str]
) -> None:
    store, older, newer = two
    (store / CURRENT).unlink()
    line = refused(run("--list", "--out", store))
    assert line.endswith(f"go back with scripts/train.py --use VERSION, it holds {older}, {newer}")


def test_use_rolls_back_and_forth(run: Run, two: tuple[Path, str, str]) -> None:
    store, older, newer = two
    assert run("--use", older, "--out", store) == (0, f"{store} now uses {older}.\n", "")
    assert version_folder(store) == store / older
    assert run("--use", newer, "--out", store)[0] == 0
    assert version_folder(store) == store / newer
    assert versions(store) == [older, newer]


@pytest.mark.parametrize("version", ["20200101T000000Z-gone", "", "../store"])
def test_use_of_an_unknown_version_names_those_there_are(
    run: Run, two: tuple[Path, str, str], version: str
) -> None:
    store, older, newer = two
    line = refused(run("--use", version, "--out", store))
    assert line == f"train.py: {store}: holds no version {version!r}; it holds {older}, {newer}"
    assert version_folder(store) == store / newer


def test_use_of_a_damaged_version_keeps_the_one_in_use(
    run: Run, two: tuple[Path, str, str]
) -> None:
    store, older, newer = two
    (store / older / ARTISTS).write_bytes(b"torn")
    assert f"{older}/{ARTISTS}: is not the file" in refused(run("--use", older, "--out", store))
    assert version_folder(store) == store / newer


def test_an_interruption_is_one_line_and_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "_train", interrupt)
    code, out, err = run("--data", "demo")
    assert (code, out) == (130, "")
    assert err == "train.py: interrupted; the previous artifact stays in use\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files in the form of the Last.fm data."""
    records = lastfm_double.rows(listeners=37, artists=31, seed=2)
    return lastfm_double.write(tmp_path_factory.mktemp("data"), lastfm_double.encode(records))


def start(
    environment: Environment, folder: Path, arguments: Sequence[str | Path]
) -> subprocess.Popen[str]:
    """The command as a process of its own, in ``folder``."""
    return subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, str(ROOT / "scripts" / "train.py"), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder,
        env=environment(),
        start_new_session=True,
    )


@pytest.mark.slow  # starts TensorFlow
def test_json_stands_alone_on_standard_output(
    tmp_path: Path, data: Path, environment: Environment
) -> None:
    store = tmp_path / "a store of so long a name that its line fits into no narrow terminal"
    options = ("--steps", "2", "--seed", "7", "--target", "z-score", "--json")
    with start(environment, tmp_path, ("--data", data, "--out", store, *options)) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    manifest = json.loads(out)
    folder = version_folder(store)
    assert manifest == json.loads((folder / "manifest.json").read_text("utf-8"))
    configuration = manifest["configuration"]
    assert [configuration[name] for name in ("preset", "steps", "seed", "target")] == [
        *("default", 2, 7, "z-score")
    ]
    assert set(manifest["metrics"]) == {"default", "popularity", "item-knn"}
    assert 0 < manifest["timings"]["fit_s"] < 60
    *_, left_out, last = err.splitlines()
    assert left_out == (
        "Left out 3 of user_taggedartists-timestamps.dat: rows with an unknown artist id"
    )
    assert last == f"Published {folder.name} in {store}."
    assert "Traceback" not in err
    assert load_artifact(folder).artist_embeddings.shape == (30, 256)


@pytest.mark.slow  # starts TensorFlow
def test_without_json_the_model_stands_beside_its_baselines(
    run: Run, tmp_path: Path, data: Path
) -> None:
    options = ("--preset", "notebook-plain", "--steps", "3")
    code, out, err = run("--data", data, "--out", tmp_path / "store", *options)
    assert code == 0, err
    assert "37 listeners, 30 artists; 10% of all pairs held out" in " ".join(out.split())
    quality = load_manifest(version_folder(tmp_path / "store")).metrics
    for name in ("notebook-plain", "popularity", "item-knn"):
        assert re.search(rf"{name}\W+{quality[name]['ndcg@10']:.4f}\b", out)


@pytest.mark.slow  # starts TensorFlow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX does")
def test_ctrl_c_in_mid_training_leaves_the_store_as_it_was(
    data: Path, two: tuple[Path, str, str], environment: Environment
) -> None:
    store, older, newer = two
    before = {entry.name for entry in store.iterdir()}
    arguments = ("--data", data, "--out", store, "--steps", "1000000")
    with start(environment, store.parent, arguments) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Training without the holdout")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "train.py: interrupted; the previous artifact stays in use\n"
    assert {entry.name for entry in store.iterdir()} == before
    assert versions(store) == [older, newer]
    assert version_folder(store) == store / newer
    with training_lock(store):
        load_artifact(version_folder(store))
