"""The exploration command: exit codes, the one line on standard error, whole files or none."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import explore
import numpy as np
import pytest
from PIL import Image

from model.dataset import interactions
from model.lastfm import read_tables
from model.publishing import publish, training_lock
from tests import lastfm_double
from tests.small_trainings import LASTFM, needs_lastfm, training_by_chance

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


def test_with_a_store_the_page_is_whole_by_itself_and_its_pictures_are_the_files(
    run: Run, data: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anew(*_: object, **__: object) -> None:
        raise AssertionError("the positions that training stored are not taken")

    monkeypatch.setattr("model.explore_map.map_positions", anew)
    code, _, err = run("--data", data, "--out", tmp_path, "--store", store)
    assert code == 0, err
    assert err.splitlines()[-1] == f"Wrote index.html and 7 pictures in {tmp_path}."
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    text = files.pop("index.html").decode("utf-8")
    assert files.keys() == {f"{name}.png" for name in {*PICTURES, "map"}}
    for content in files.values():
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, min(picture.size) > 200) == ("PNG", True)
            assert np.asarray(picture.convert("L")).std() > 5, "nothing is drawn"
    addresses = re.findall(r"""(?:src|href|url|srcset|action)\s*[=(]\s*["']?([^"'\s>)]*)""", text)
    images = [address for address in addresses if not address.startswith("#")]
    inside = "data:image/png;base64,"
    assert all(image.startswith(inside) for image in images)
    shown = [base64.b64decode(image.removeprefix(inside)) for image in images]
    assert sorted(shown) == sorted(files.values())
    assert not re.search(r"<(script|link|iframe|object|embed|base)\b|@import", text)
    for name in ("artists", "tags", "plays", "taggings", "tagging_times", "friends"):
        assert re.search(rf"<h3>{name}: [\d,]+ rows</h3>", text)


def test_a_store_without_a_map_says_how_to_get_one(run: Run, data: Path, tmp_path: Path) -> None:
    tables = read_tables(data)
    unmapped = training_by_chance(tables, interactions(tables))
    with training_lock(tmp_path / "store"):
        version = publish(tmp_path / "store", unmapped)
    options = ("--data", data, "--out", tmp_path / "out", "--store", tmp_path / "store")
    assert refused(run(*options)) == (
        f"explore.py: {tmp_path / 'store' / version}: has no positions on a map; "
        "train again with scripts/train.py, or give --map to work them out"
    )
    assert not (tmp_path / "out").exists()
    assert run(*options, "--map")[0] == 0
    assert (tmp_path / "out" / "map.png").is_file()


@pytest.mark.slow
@needs_lastfm
def test_the_page_of_the_real_data_tells_the_published_figures(run: Run, tmp_path: Path) -> None:
    code, _, err = run("--data", LASTFM, "--out", tmp_path)
    assert code == 0, err
    assert err.splitlines()[-1] == f"Wrote index.html and 7 pictures in {tmp_path}."
    assert {file.stem for file in tmp_path.iterdir()} == {"index", "metal-tags", *PICTURES}
    text = (tmp_path / "index.html").read_text("utf-8")
    for said in (
        "the maximum 119.",
        "The most applied tags: rock 7,503, pop 5,418,",
        ", classic rock 2,287.",
        "306 tags end in “metal”",
        "3,923.8 plays on average",
        "and 2,393,140 at most",
        "10,679 of 17,632 artists (60.6%) have one listener, 2,828 have five or more",
    ):
        assert said in text
    for table in (
        *("artists: 17,632", "tags: 11,946", "plays: 92,834"),
        *("taggings: 186,479", "tagging_times: 186,479", "friends: 25,434"),
    ):
        assert f"<h3>{table} rows</h3>" in text


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
