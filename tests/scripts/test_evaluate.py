"""The evaluation command: exit codes, the one line on standard error, what stands where."""

import json
from collections.abc import Callable
from pathlib import Path

import evaluate
import pytest

from model import comparison
from model.comparison import Comparison, Plan
from model.configuration import PRESETS
from model.intervals import Estimate
from model.search import Search
from model.similarity_evaluation import SimilarityQuality
from model.store import version_folder
from tests import lastfm_double

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process; gives its exit code, standard output and error."""

    def runner(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = evaluate.main([str(argument) for argument in arguments])
        except SystemExit as ending:
            code = int(ending.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return runner


def refused(result: tuple[int, str, str]) -> str:
    """The one line of a refusal."""
    code, out, err = result
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("evaluate.py: ")
    return line


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--presets", "default", "huge"], "evaluate.py: --preset: no preset 'huge'; give one of "),
        (["--seeds", "0", "-1"], "evaluate.py: --seeds: must not be negative"),
        (["--seeds", "one"], "evaluate.py: argument --seeds: invalid int value: 'one'; see"),
        (["--draws", "0"], "evaluate.py: --draws: must be at least 1"),
        (["--frobnicate"], "evaluate.py: unrecognized arguments: --frobnicate; see evaluate.py"),
        (["stray"], "evaluate.py: unrecognized arguments: stray; see evaluate.py --help"),
        (["tune", "--trials", "0"], "evaluate.py: --trials: must be at least 1"),
        (["tune", "--width", "1"], "evaluate.py: --width: must be above 1"),
        (["tune", "--seed", "-3"], "evaluate.py: --seed: must not be negative"),
        (["dial", "--questions", "0"], "evaluate.py: --questions: must be at least 1"),
        (["dial", "--seed", "-3"], "evaluate.py: --seed: must not be negative"),
    ],
)
def test_a_mistyped_option_is_one_line(run: Run, options: list[str], line: str) -> None:
    command = options[:1] if options[0] in {"tune", "dial"} else []
    given = options[len(command) :]
    assert refused(run(*command, "--data", "demo", *given)).startswith(line)


@pytest.mark.parametrize("command", [[], ["compare"], ["tune"], ["dial"]])
def test_data_that_is_not_there_is_named(run: Run, tmp_path: Path, command: list[str]) -> None:
    line = refused(run(*command, "--data", tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in line


def test_help_tells_every_command_and_how_to_tune(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert all(f"\n{command}\n" in out for command in ("compare", "tune", "dial", "card"))
    assert "hidden part is not touched" in run("tune", "--help")[1]
    # Lines of the help break inside a name.
    options = "".join(run("compare", "--help")[1].split())
    assert all(name in options for name in PRESETS)


@pytest.mark.parametrize("call", [["card"], ["--card"]])
def test_the_card_of_a_store_or_a_version_is_printed(
    run: Run, store: Path, call: list[str]
) -> None:
    code, out, err = run(*call, store)
    assert (code, err) == (0, "")
    version = version_folder(store)
    assert out.startswith(f"# Model card: `{version.name}`\n")
    assert run(*call, version) == (0, out, "")


def test_a_card_of_nothing_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "artifacts: nothing has been trained yet" in refused(run("--card"))


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("_compare", "evaluate.py: interrupted\n"),
        ("_tune", "evaluate.py: interrupted; finished trials are kept\n"),
    ],
)
def test_an_interruption_is_one_line_and_130(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, line: str
) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, command, interrupt)
    assert run(command.removeprefix("_"), "--data", "demo") == (130, "", line)


def measured(faults: list[str]) -> Comparison:
    """A comparison made by hand."""
    measures = ("ndcg@10", "ndcg@20", "recall@10", "recall@20", "hit_rate@10", "hit_rate@20")
    estimate = Estimate(0.31234, 0.2987, 0.3251)
    quality = SimilarityQuality(
        hit_rate=Estimate(0.0712, 0.06, 0.08),
        by_band=dict.fromkeys(("1-4", "5-19", "20+"), estimate),
        fresh_hit_rate=Estimate(0.1112, 0.1, 0.12),
        fresh_by_band=dict.fromkeys(("1-4", "5-19", "20+"), estimate),
        tag_agreement=None,
        coverage=0.2512,
        median_listeners=17.5,
    )
    return Comparison(
        dataset={"name": "made", "fingerprint": "", "listeners": 1_892, "artists": 7, "plays": 9},
        plan=Plan(),
        listeners={"default": dict.fromkeys(measures, estimate)},
        artists={"default: dot": quality},
        faults=faults,
    )


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Comparisons are answered by hand; gives the plans that were asked for."""
    plans: list[Plan] = []

    def compare(_: object, plan: Plan, __: object) -> Comparison:
        plans.append(plan)
        return measured([])

    monkeypatch.setattr(comparison, "compare", compare)
    return plans


def test_what_is_compared_follows_the_options(run: Run, planned: list[Plan]) -> None:
    assert run("--data", "demo")[0] == 0
    assert run("--data", "demo", "--quick", "--seeds", "7", "8")[0] == 0
    options = ("--presets", "default", "plain-64", "default", "--seeds", "5", "5", "1")
    assert run("compare", "--data", "demo", *options, "--no-artists")[0] == 0
    full, quick, chosen = planned
    assert full == Plan()
    assert quick == Plan(presets=("default",), seeds=(7,), without_tags=False)
    assert chosen == Plan(presets=("default", "plain-64"), seeds=(5, 1), draws=0)


def test_the_tables_hold_means_and_intervals(run: Run, planned: list[Plan]) -> None:
    _, out, _ = run("--data", "demo")
    assert "seeds 0, 1, 2" in out
    for text in ("0.3123", "0.299–0.325", "0.0712", "0.1112", "25.1%", "17.5", "–"):
        assert text in out
    assert max(map(len, out.splitlines())) <= 132


def test_json_stands_alone_on_standard_output(run: Run, planned: list[Plan]) -> None:
    _, out, _ = run("--data", "demo", "--json")
    assert json.loads(out) == json.loads(json.dumps(measured([]).as_dict()))


def test_a_broken_comparison_is_loud_and_exits_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = ["item-knn has NDCG@20 0.2000, under 0.255", "ease has NDCG@20 0.1, under 0.265"]
    monkeypatch.setattr(comparison, "compare", lambda *_: measured(faults))
    for options in ((), ("--json",)):
        code, out, err = run("--data", "demo", *options)
        assert code == 1
        assert out
        assert err.splitlines() == [f"evaluate.py: BROKEN COMPARISON: {fault}" for fault in faults]


def test_trials_are_json_lines_and_the_best_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model import tuning
    from model.trial_file import append_trial

    asked: list[Search] = []

    def tune(_: object, __: object, search: Search, path: Path, ___: object):
        asked.append(search)
        for number, ndcg in enumerate((0.29, 0.31, 0.3)):
            entry = {"trial": number, "search": {}, "validation": {"ndcg@20": ndcg}}
            append_trial(path, entry)
            yield entry

    monkeypatch.setattr(tuning, "tune", tune)
    monkeypatch.chdir(tmp_path)
    code, out, err = run("tune", "--data", "demo", "--seed", "4", "--trials", "3")
    assert code == 0
    assert [json.loads(line)["trial"] for line in out.splitlines()] == [0, 1, 2]
    assert err == (
        "evaluate.py: best of tuning-4.jsonl: trial 1, NDCG@20 0.3100 on the validation part\n"
    )
    assert asked == [Search(seed=4, trials=3)]


@pytest.mark.slow  # trains
def test_a_whole_evaluation_of_small_data(run: Run, tmp_path: Path) -> None:
    records = lastfm_double.rows(listeners=37, artists=31, seed=2)
    data = lastfm_double.write(tmp_path / "data", lastfm_double.encode(records))
    code, out, err = run("--data", data, "--quick", "--json")
    assert code == 0, err
    result = json.loads(out)
    assert list(result["listeners"]) == ["popularity", "item-knn", "ease", "default"]
    assert result["listeners"]["default"]["hit_rate@20"]["mean"] > 0
    assert result["faults"] == [], "only the whole Last.fm data has known baselines"
    code, out, err = run("dial", "--data", data, "--questions", "5")
    assert code == 0, err
    assert [line.split()[1] for line in out.splitlines() if line.startswith("│ +") or "│ -" in line]
