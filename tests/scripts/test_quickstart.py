"""The first command of a newcomer: which Python it wants, what it passes on, how it fails."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import python_version
import quickstart

ROOT = Path(__file__).resolve().parents[2]
READ_BY_OLD_PYTHON = ("quickstart.py", "check.py", "python_version.py")


def run(
    script: Path, *arguments: str, python: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own command)
        [python, str(script), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("name", READ_BY_OLD_PYTHON)
def test_an_old_python_can_read_the_script(name: str) -> None:
    ast.parse((ROOT / "scripts" / name).read_text("utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("name", ["quickstart.py", "check.py"])
def test_the_version_is_judged_before_anything_newer_is_read(name: str) -> None:
    tree = ast.parse((ROOT / "scripts" / name).read_text("utf-8"))
    first = tree.body[1]
    assert ast.unparse(first) == "from python_version import refuse_unsupported_python"
    assert ast.unparse(tree.body[2]) == f"refuse_unsupported_python('scripts/{name}')"


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 8, 18), (3, 14, 0), (2, 7, 18), (4, 0, 0)])
def test_an_unsupported_version_is_named_with_its_path(version: tuple[int, int, int]) -> None:
    line = python_version.refusal(version, "/opt/old/python", "scripts/quickstart.py")
    this = ".".join(map(str, version))
    assert line.startswith(f"Crossfade needs Python 3.11 to 3.13; this is {this} (/opt/old/python)")
    assert line.endswith(" scripts/quickstart.py")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 1)])
def test_a_supported_version_is_not_refused(version: tuple[int, int, int]) -> None:
    assert python_version.refusal(version, "python", "scripts/check.py") == ""


def test_the_project_file_asks_for_the_same_oldest_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = ".".join(map(str, python_version.OLDEST))
    assert project["requires-python"].startswith(f">={oldest}")


def old_python() -> str | None:
    """An interpreter before 3.11 that is on PATH and runs (a version manager's shim may not)."""
    for minor in range(6, 11):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], check=False).returncode == 0:  # noqa: S603
            return found
    return None


@pytest.mark.parametrize("name", ["quickstart.py", "check.py"])
def test_a_real_old_python_gets_one_line(name: str) -> None:
    found = old_python()
    if found is None:
        pytest.skip("no Python before 3.11 on PATH")
    result = run(ROOT / "scripts" / name, python=found)
    assert result.returncode == 2
    assert re.fullmatch(r"Crossfade needs Python .*\n", result.stderr)


def test_data_that_is_not_there_is_named_before_anything_is_made(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    missing = str(tmp_path / "nowhere")
    result = run(tmp_path / "scripts" / "quickstart.py", "--data", missing)
    assert result.returncode == 2
    assert result.stderr == f"{missing}: there is no such folder or file; give --data PATH\n"
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "(nothing): there is no such folder or file"),
        ("~nobody-of-this-name/lastfm", "~nobody-of-this-name/lastfm: "),
        ("circle", "circle: "),
        ("x" * 300, "xxx"),
    ],
)
def test_a_path_that_makes_no_sense_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if data == "circle":
        (tmp_path / "circle").symlink_to(tmp_path / "circle")
    line = quickstart.fault_of_data(data)
    assert line.startswith(reason)
    assert line.endswith("; give --data PATH")
    assert "\n" not in line


@pytest.mark.parametrize("store", ["", "~nobody-of-this-name/store"])
def test_a_store_that_makes_no_sense_is_a_mistake_of_usage(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        quickstart._parser().parse_args(["--out", store])
    assert caught.value.code == 2
    assert "argument --out: " in capsys.readouterr().err


def test_what_is_no_data_is_named_before_minutes_of_installing(tmp_path: Path) -> None:
    wrong = tmp_path / "given"
    wrong.mkdir()
    (wrong / "readme.txt").write_text("not the data")
    assert quickstart.fault_of_data(str(wrong)).startswith(f"{wrong}: holds no .dat files; give")
    no_zip = str(wrong / "readme.txt")
    assert quickstart.fault_of_data(no_zip).startswith(f"{no_zip}: is no readable zip; give")


def test_data_is_taken_as_folder_as_the_folder_around_it_and_as_zip(tmp_path: Path) -> None:
    around = tmp_path / "Downloads ü"
    folder = around / "hetrec2011-lastfm-2k"
    folder.mkdir(parents=True)
    (folder / "artists.dat").write_text("")
    with zipfile.ZipFile(around / "data", "w") as archive:
        archive.write(folder / "artists.dat")
    for given in (folder, around, around / "data"):
        assert quickstart.fault_of_data(str(given)) == ""


def test_paths_are_passed_on_as_seen_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parse = quickstart._parser().parse_args
    here = tmp_path.resolve()
    assert quickstart.start_arguments(parse([])) == []
    assert quickstart.start_arguments(
        parse(["--console", "--data", "lastfm", "--out", "store"])
    ) == ["--console", "--data", str(here / "lastfm"), "--out", str(here / "store")]
    assert quickstart.start_arguments(parse(["--data", "demo"])) == ["--data", "demo"]


@pytest.mark.slow
def test_a_first_run_without_the_index_ends_with_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in ("pyproject.toml", "constraints.txt", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "README.md").write_text("A copy.\n")
    result = run(
        tmp_path / "scripts" / "quickstart.py",
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    faults = [line for line in result.stderr.splitlines() if line.startswith("Installing failed")]
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1:] == faults
    assert "the package index refuses connections (127.0.0.1)" in faults[0]
    assert "Traceback" not in result.stderr
    assert (tmp_path / ".venv" / "pip.log").is_file()
