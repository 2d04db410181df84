"""Serving is measured on the real bot as a process; here briefly, and on bots that are broken."""

import cProfile
import json
import sys
from pathlib import Path
from typing import Any

import bench
import pytest

from tests.load import run as running
from tests.load.measuring import Line
from tests.load.profiling import shares
from tests.load.search import MOST, highest

# Where others keep the processors busy, all takes longer; what is broken takes longer still.
NOISE = "15"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def serve(store: Path, *arguments: str) -> int:
    given = ["--artifacts", str(store), "--rate", "10", "--seconds", "2", "--noise", NOISE]
    return bench.main(["serve", *given, *arguments, "--json"])


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told = json.loads(capsys.readouterr().out)
    for line in told["lines"]:
        bound, measured = line["bound"], line["measured"]
        assert line["holds"] == (bound is None or (measured is not None and measured <= bound))
    return told


def broken_lines(told: dict[str, Any]) -> set[str]:
    return {f"{line['run']}: {line['what']}" for line in told["lines"] if not line["holds"]}


@LINUX
@pytest.mark.slow
def test_a_little_load_a_new_artifact_and_an_end_lose_nothing(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "bot.pstats"
    code = serve(store, "--runs", "load", "swap", "end", "--profile", str(profile))
    told = found(capsys)
    assert broken_lines(told) == set()
    assert code == 0
    assert (told["rate"], told["seconds"], told["seed"]) == (10, 2, 0)
    lines = {(line["run"], line["what"]): line["measured"] for line in told["lines"]}
    assert {run for run, _ in lines} == {"load", "swap", "end", "start"}
    assert lines["load", "late of 20"] == 0
    assert lines["swap", "lost of 80"] == 0
    for doing in ("recommend", "autocomplete", "press"):
        half, most = (lines["load", f"{doing}, handler p{share} ms"] for share in (50, 99))
        assert 0 < half <= most
    assert lines["load", "round trip p50 ms"] > 0
    assert lines["load", "bot, processor s"] > 0
    assert lines["load", "local Discord, processor s"] > 0
    (before,) = (what for run, what in lines if run == "end" and "before SIGTERM" in what)
    assert int(before.split()[2]) > 5
    assert told["profile"]["discord"] > 0
    assert sum(told["profile"].values()) == pytest.approx(1)


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "noticed"),
    [
        ("deaf", "load: not answered"),
        ("failing", "load: answered wrongly"),
        ("late", "load: late of 20"),
        ("blocking", "load: recommend, handler p50 ms"),
    ],
)
def test_a_bot_that_is_broken_is_noticed(
    store: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    noticed: str,
) -> None:
    monkeypatch.setattr(running, "LAUNCH", ("tests.load.broken", how))
    assert serve(store, "--runs", "load") == 1
    assert noticed in broken_lines(found(capsys))


@LINUX
@pytest.mark.slow
def test_a_bot_that_does_not_start_is_one_line(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LAUNCH", ("tests.load.broken", "nobody"))
    assert serve(store, "--runs", "load") == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == "bench.py: the bot: ended at once (KeyError: 'nobody')"


@LINUX
def test_a_store_that_is_missing_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(tmp_path / "nowhere") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bench.py: ")
    assert "nowhere" in line


@pytest.mark.parametrize("value", ["0", "-3", "nan", "inf", "many"])
def test_a_rate_is_above_0(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["serve", f"--rate={value}"])
    assert ended.value.code == 2
    assert f"{value!r} is not a number above 0" in capsys.readouterr().err


@pytest.mark.parametrize(("start", "limit"), [(100.0, 333.0), (100.0, 70.0), (100.0, 7.0)])
async def test_the_highest_rate_is_found_within_a_tenth(start: float, limit: float) -> None:
    tried: list[float] = []

    async def held(rate: float) -> bool:
        tried.append(rate)
        return rate <= limit

    rate = await highest(held, start)
    assert limit / 1.1 <= rate <= limit
    assert len(set(tried)) == len(tried) <= 10


@pytest.mark.parametrize(("holds", "rate"), [(True, MOST), (False, 0.0)])
async def test_the_search_ends_where_everything_or_nothing_is_held(
    holds: bool, rate: float
) -> None:
    async def held(rate: float) -> bool:
        return holds

    assert await highest(held, 100.0) == rate


def test_what_could_not_be_measured_does_not_hold() -> None:
    assert not Line("load", "recommend, handler p50 ms", None, 5.0).holds
    assert Line("load", "press, handler p50 ms", None).holds


def test_time_in_c_code_counts_for_who_called_it(tmp_path: Path) -> None:
    profile = cProfile.Profile()
    with profile:
        json.dumps([list(range(500))] * 200, indent=1)
        sorted(range(50_000), key=lambda number: -number)
    profile.dump_stats(tmp_path / "some.pstats")
    within = shares(tmp_path / "some.pstats")
    assert within["json"] > 0.2
    assert within["the measuring itself"] > 0
    assert sum(within.values()) == pytest.approx(1)
