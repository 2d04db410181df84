"""Who may import whom: read from the source, and seen in fresh interpreters."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Environment

HEAVY = {"tensorflow", "pandas", "scipy", "matplotlib", "sklearn", "keras"}
DISCORD = {"discord"}
SERVING = (
    *("model.recommender", "model.artifact", "model.manifest", "model.catalogue"),
    *("model.names", "model.name_correction"),
    *("model.errors", "model.store", "model.folding", "model.reasons", "model.name_keys"),
    *("model.artist_map", "model.map_labels", "model.card", "model.sources"),
)
# What a script may define beside ``main``: argument parsing and printing, not models.
LONGEST_SCRIPT = 250


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The full names of everything that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative imports hide where things come from"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(folder: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(folder)
        for name in imported(path)
        if name.split(".")[0] in forbidden
    ]


@pytest.fixture
def loaded(tmp_path: Path, environment: Environment) -> Callable[..., set[str]]:
    """Runs a program in a fresh interpreter; gives the modules that were loaded at its end."""

    def run(program: str, lines: str = "", **settings: str) -> set[str]:
        report = tmp_path / "modules.txt"
        ending = f"\nimport sys\nopen({str(report)!r}, 'w').write(' '.join(sys.modules))"
        subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", program + ending],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(**settings),
            timeout=60,
            check=True,
        )
        return set(report.read_text().split())

    return run


@pytest.mark.parametrize("folder", ["bot", "model", "scripts"])
def test_there_is_something_to_check(folder: str) -> None:
    assert len(modules(folder)) > 5


def test_the_model_knows_nothing_of_the_bot_or_of_discord() -> None:
    assert offenders("model", {"bot", "tests", "scripts"} | DISCORD) == []


def test_the_bot_never_names_a_training_library() -> None:
    assert offenders("bot", HEAVY | {"tests", "scripts"}) == []


def test_the_bot_uses_only_the_serving_half_of_the_model() -> None:
    used = {name for path in modules("bot") for name in imported(path) if name.startswith("model.")}
    foreign = {name for name in used if not name.startswith(SERVING)}
    assert foreign == set()


@pytest.mark.parametrize("folder", ["bot", "model"])
def test_nothing_imports_the_scripts(folder: str) -> None:
    names = {path.stem for path in modules("scripts")} | {"scripts"}
    assert offenders(folder, names - {"__init__"}) == []


@pytest.mark.parametrize(
    "folder", ["recommend", "lyrics", "about", "neighbours", "map", "preview", "from_message"]
)
def test_only_cogs_and_what_is_shown_know_discord(folder: str) -> None:
    knowing = {
        path.name
        for path in modules(f"bot/{folder}")
        if "discord" in {name.split(".")[0] for name in imported(path)}
    }
    assert knowing <= {"cog.py", "present.py", "view.py"}


def test_scripts_are_thin() -> None:
    for path in modules("scripts"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= LONGEST_SCRIPT, path.name
        assert not HEAVY & {name.split(".")[0] for name in imported(path)}, path.name


@pytest.mark.parametrize("module", SERVING)
def test_what_the_bot_uses_of_the_model_loads_no_training_library(
    loaded: Callable[..., set[str]], module: str
) -> None:
    names = {name.split(".")[0] for name in loaded(f"import {module}")}
    assert not names & (HEAVY | DISCORD | {"bot"})


def test_a_console_that_answers_has_loaded_no_training_library(
    loaded: Callable[..., set[str]], store: Path
) -> None:
    program = "from bot.__main__ import main\nassert main(['--console']) == 0"
    lines = "/recommend Johnny Cash\n/recommend jonny csh\n/about\n/help\n"
    names = loaded(program, lines, ARTIFACTS=str(store))
    assert "model.recommender" in names
    assert not {name.split(".")[0] for name in names} & HEAVY


def test_genius_costs_nothing_until_it_has_a_token(loaded: Callable[..., set[str]]) -> None:
    assert "lyricsgenius" not in loaded("import bot.client, bot.console")


@pytest.mark.parametrize("script", ["bootstrap", "quickstart", "check"])
def test_set_up_needs_nothing_but_the_standard_library(script: str) -> None:
    own = {path.stem for path in modules("scripts")}
    allowed = sys.stdlib_module_names | own
    names = {name.split(".")[0] for name in imported(ROOT / "scripts" / f"{script}.py")}
    assert names <= allowed
