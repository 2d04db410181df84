"""The benchmark measures real fits; here on small data, for its form and not for its numbers."""

import json
from pathlib import Path

import bench
import pytest

from tests import lastfm_double


@pytest.fixture
def data(tmp_path: Path) -> Path:
    records = lastfm_double.rows(listeners=37, artists=31, seed=2)
    return lastfm_double.write(tmp_path / "raw", lastfm_double.encode(records))


def test_data_that_is_missing_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["fit"]) == 2
    assert (
        capsys.readouterr().err == "bench.py: --data: is needed; give the Last.fm folder or zip\n"
    )
    assert bench.main(["fit", "--data", "nowhere"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bench.py: nowhere: no such folder or zip")


def test_a_measurement_that_fails_names_its_engine(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["fit", "--scale", "--plays", "10"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("bench.py: plain: a measurement")


@pytest.mark.slow
def test_every_engine_is_measured_beside_implicit(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("implicit")
    monkeypatch.setattr(bench, "DIMENSIONS", (64,))
    monkeypatch.setattr(bench, "DEFAULT_DIMENSION", 64)
    assert bench.main(["fit", "--data", str(data), "--repeats", "1", "--json"]) == 0
    rows = {row["model"]: row for row in json.loads(capsys.readouterr().out)}
    assert list(rows) == ["implicit, d=64", "plain-64", "default"]
    for row in rows.values():
        assert row["fit_s"] > 0
        assert row["peak_mb"] >= 0
        assert 0 <= row["ndcg@20"] <= 1
    assert rows["implicit, d=64"]["ratio"] == 1
    assert rows["implicit, d=64"]["time_to_best_ratio"] == 1


@pytest.mark.slow
def test_a_synthetic_set_tells_time_and_memory(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["fit", "--scale", "--plays", "20000", "--dimension", "8", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["plays"] == pytest.approx(20_000, rel=0.01)
    assert row["sweep_s"] > 0
    assert row["allowed_mb"] == pytest.approx(
        (144 * row["plays"] + 4 * 4 * 8 * (row["listeners"] + row["artists"])) / 2**20
    )


def test_names_are_measured_on_the_demo_data(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["names", "--seed", "3", "--absent", "5", "--invented", "50"]
    assert bench.main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["what"]: row for row in found["requirements"]}
    assert len(rows) == 9
    for row in rows.values():
        kept = row["measured"] >= row["bound"] if row["least"] else row["measured"] <= row["bound"]
        assert row["holds"] == kept
    assert rows["absent: answered as another"]["asked"] == found["absent"]["asked"] == 5
    slips = found["slips"].values()
    first = sum(kind["acted_on"] + kind["offered_first"] for kind in slips)
    measured = rows["one typo: acted on or offered first"]["measured"]
    assert measured == pytest.approx(first / sum(kind["asked"] for kind in slips))
    assert measured >= 0.98


def test_names_are_also_told_in_a_table(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    arguments = ["names", "--data", str(data), "--absent", "2", "--invented", "20"]
    assert bench.main(arguments) == 0
    told = capsys.readouterr().out
    assert "30 names, seed 0" in told
    assert "one typo: acted on or offered first" in told
    assert told.count("≥") == 4
    assert told.count("≤") == 5


def test_names_of_data_that_is_missing_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["names", "--data", "nowhere"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bench.py: nowhere: no such folder or zip")
