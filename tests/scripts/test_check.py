"""The developer's command: its order, its exit code, and what it installs."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import check
import pytest
from auditing import Verdict
from bootstrap import SetupError

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, list[list[str]]]]


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs check.py with tools that end with the given exit codes; what was run comes back."""

    def runner(*arguments: str, **codes: int) -> tuple[int, list[list[str]]]:
        commands: list[list[str]] = []

        def searched(name: str) -> Verdict:
            commands.append([name])
            found = codes.get(name, 0)
            return Verdict(
                bool(found), "FAILED" if found else "clean, 3 files", ("a:1: x",) * found
            )

        def run_child(command: list[str], **rest: object) -> int:
            commands.append([str(part) for part in command[2:]])
            return codes.get(command[2], 0)

        monkeypatch.setattr(check, "prepare", lambda _: Path("python"))
        monkeypatch.setattr(check, "run_child", run_child)
        monkeypatch.setattr(check, "audit_libraries", lambda *_: searched("libraries"))
        monkeypatch.setattr(check, "scan_for_secrets", lambda *_: searched("secrets"))
        monkeypatch.setattr("sys.argv", ["check.py", *arguments])
        return check.main(), commands

    return runner


def test_lint_format_types_and_tests_run_in_this_order(run: Run) -> None:
    assert run() == (
        0,
        [
            ["ruff", "check", "."],
            ["ruff", "format", "--check", "."],
            ["basedpyright"],
            ["pytest", "--numprocesses=auto"],
        ],
    )


@pytest.mark.parametrize("tool", ["ruff", "basedpyright", "pytest"])
def test_one_failure_fails_the_whole_but_every_step_runs(run: Run, tool: str) -> None:
    code, commands = run(**{tool: 5})
    assert code == 1
    assert len(commands) == 4


def test_each_step_is_named_with_its_result_and_nothing_follows_the_tests(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run(basedpyright=1)
    output = capsys.readouterr().out
    assert re.search(r"== lint: clean, \d+\.\d s", output)
    assert re.search(r"== types: FAILED \(exit code 1\), \d+\.\d s", output)
    assert "FAILED so far: types" in output
    assert output.endswith("== tests: pytest\n")


@pytest.mark.parametrize("arguments", [["--ci"], []])
def test_for_ci_libraries_and_secrets_are_searched_before_the_tests(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    if not arguments:
        monkeypatch.setenv("CI", "true")
    code, commands = run(*arguments)
    assert code == 0
    assert [command[0] for command in commands] == [
        *("ruff", "ruff", "basedpyright"),
        *("libraries", "secrets", "pytest"),
    ]


@pytest.mark.parametrize("said", ["", "false", "0", " No "])
def test_who_says_that_this_is_no_ci_is_believed(
    run: Run, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("CI", said)
    assert len(run()[1]) == 4


@pytest.mark.parametrize("search", ["libraries", "secrets"])
def test_what_a_search_finds_fails_the_whole_and_is_shown(
    run: Run, capsys: pytest.CaptureFixture[str], search: str
) -> None:
    code, commands = run("--ci", **{search: 2})
    output = capsys.readouterr().out
    assert code == 1
    assert len(commands) == 6
    assert re.search(rf"a:1: x\na:1: x\n== {search}: FAILED, \d+\.\d s", output)
    assert f"FAILED so far: {search}" in output
    assert output.endswith("== tests: pytest\n")


def test_options_for_pytest_are_passed_on(run: Run) -> None:
    _, commands = run("--fast", "--", "-k", "names", "tests/model")
    assert commands[-1] == [
        *("pytest", "--numprocesses=auto", "-m", "not slow"),
        *("-k", "names", "tests/model"),
    ]


def test_an_interruption_ends_the_run(run: Run) -> None:
    code, commands = run(basedpyright=130)
    assert code == 130
    assert len(commands) == 3


def test_an_interruption_of_the_tests_is_one_although_something_failed_before(run: Run) -> None:
    code, _ = run(basedpyright=1, pytest=130)
    assert code == 130


def test_a_failed_set_up_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(extras: list[str]) -> Path:
        raise SetupError("the disk is full")

    monkeypatch.setattr(check, "prepare", fail)
    monkeypatch.setattr("sys.argv", ["check.py"])
    assert check.main() == 2
    assert capsys.readouterr().err == "the disk is full\n"


def pins() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([\w.]+)(; python_version [<>=]+ '[\d.]+')?", line)
        assert pin, f"constraints.txt: not a plain pin: {line}"
        found[re.sub(r"[-_.]+", "-", pin[1]).lower()] = pin[2]
    return found


def test_everything_the_project_asks_for_is_pinned_plainly() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *extras["train"],
        *extras["training-libraries"],
        *extras["dev"],
    ]
    names = {re.split(r"[^A-Za-z0-9._-]", text)[0].replace(".", "-").lower() for text in asked}
    assert names - {"crossfade"} <= set(pins())


def test_both_builds_of_tensorflow_have_one_version() -> None:
    assert pins()["tensorflow"] == pins()["tensorflow-cpu"]


def test_ci_runs_the_same_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "\npython3 scripts/check.py\n" in script
    assert "\nexport CI=true\n" in script
