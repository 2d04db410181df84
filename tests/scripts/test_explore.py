"""The exploration command: exit codes, the one line on standard error, whole files or none."""

from collections.abc import Callable
from pathlib import Path

import explore
import pytest

from tests import lastfm_double

Run = Callable[..., tuple[int, str, str]]
PICTURES = {"friends", "top-tags", "plays", "plays-by-rank", "long-tail", "tagging-over-time"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process; gives its exit code, standard output and error."""

    def runner(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = explore.main([str(argument) for argument in arguments])
        except SystemExit as ending:
            code = int(ending.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return runner


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lastfm_double.write(tmp_path_factory.mktemp("data"))


def refused(result: tuple[int, str, str]) -> str:
    """The last line of a refusal, after the phases."""
    code, out, err = result
    assert (code, out) == (2, "")
    *phases, line = err.splitlines()
    assert all(phase.endswith(" …") for phase in phases)
    assert line.startswith("explore.py: ")
    return line


def test_the_page_and_its_pictures_are_written(run: Run, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "a" / "plots"
    code, out, err = run("--data", data, "--out", target)
    assert (code, out) == (0, ""), err
    assert err.splitlines()[-1] == f"Wrote index.html and 6 pictures in {target}."
    assert {file.name for file in target.iterdir()} == {
        "index.html",
        *(f"{name}.png" for name in PICTURES),
    }
    assert "lastfm-hetrec-2011" in (target / "index.html").read_text("utf-8")


def test_the_map_of_a_store_is_drawn(run: Run, data: Path, store: Path, tmp_path: Path) -> None:
    code, _, err = run("--data", data, "--out", tmp_path / "out", "--store", store, "--map")
    assert code == 0, err
    assert (tmp_path / "out" / "map.png").read_bytes().startswith(b"\x89PNG")
    assert 'id="map"' in (tmp_path / "out" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--frobnicate"], "explore.py: unrecognized arguments: --frobnicate; see explore.py"),
        (["--map"], "explore.py: --map needs --store STORE, whose artists it places; see"),
        (["--out"], "explore.py: argument --out: expected one argument; see explore.py --help"),
        (["--data", "no/where"], "explore.py: no/where: no such folder or zip; give"),
        (["--data", "demo", "--store", "no"], "explore.py: no: nothing has been trained yet; run"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(run(*options)).startswith(line)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_line(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    line = refused(run("--data", data, "--out", tmp_path / "file"))
    assert line.startswith(
        f"explore.py: {tmp_path / 'file'}: cannot be written (File exists); give"
    )
    assert (tmp_path / "file").read_text() == "kept"


def test_an_interruption_is_one_line_and_130_and_leaves_the_page_as_it_was(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    (tmp_path / "index.html").write_text("the page before")
    monkeypatch.setattr("model.explore_page.page", interrupt)
    code, out, err = run("--data", data, "--out", tmp_path)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == ("explore.py: interrupted; no half-written file is left behind")
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "the page before"
