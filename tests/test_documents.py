"""What the documents say is so: names, defaults, commands, files."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.conftest import ROOT, RunBot

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".env.example", "docs/operating.md")
SECRETS = {"discord_token", "genius_token", "lastfm_api_key", "listenbrainz_token"}
_SETTING = re.compile(r"^# ([A-Z_]+)=(.*)$", re.MULTILINE)
_COMMAND = re.compile(r"python3? (scripts/\w+\.py)([^\n`|#]*)")
# Files that somebody makes while using the project.
_MADE = {".env", ".venv", "data", "artifacts", "curve.png", "manifest.json"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def example() -> dict[str, str]:
    found = _SETTING.findall(text_of(".env.example"))
    assert len(found) == len(dict(found)), "a variable is there twice"
    return dict(found)


def as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def test_every_setting_is_in_the_example_with_its_default() -> None:
    assert example() == {
        name.upper(): as_text(field.default) for name, field in Settings.model_fields.items()
    }


def test_the_example_sets_nothing_by_itself() -> None:
    lines = [line for line in text_of(".env.example").splitlines() if line.strip()]
    assert all(line.startswith("#") for line in lines)


def test_the_example_taken_as_it_is_changes_nothing(
    tmp_path: Path, no_stray_settings: None
) -> None:
    uncommented = _SETTING.sub(r"\1=\2", text_of(".env.example"))
    (tmp_path / ".env").write_text(uncommented, "utf-8")
    assert Settings() == Settings(_env_file=None)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_variable_that_a_document_names_exists(document: str) -> None:
    known = {name.upper() for name in Settings.model_fields}
    shaped = re.compile(r"\b[A-Z]+_(?:TOKEN|URL|ORDER|GUILD|IDS|COUNT|FORMAT|LEVEL|KEY|PORT)\b")
    assert set(shaped.findall(text_of(document))) <= known


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text = text_of(document)
    named = set(re.findall(r"\]\(([^)#:]+)\)", text))
    named |= set(re.findall(r"`((?:bot|model|scripts|tests)/[\w./]*)`", text))
    named |= {path for path, _ in _COMMAND.findall(text)}
    assert named
    missing = {name for name in named if name.split("/")[0] not in _MADE}
    assert {name for name in missing if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/operating.md"])
def test_every_option_of_a_command_in_a_document_exists(document: str) -> None:
    options = {
        (script, option)
        for script, rest in _COMMAND.findall(text_of(document))
        for option in re.findall(r"(?<!\S)--[a-z]+", rest)
    }
    # The quickstart hands its options on to the half of it that runs inside .venv.
    halves = {"scripts/quickstart.py": ("scripts/quickstart.py", "scripts/start.py")}
    unknown = {
        (script, option)
        for script, option in options
        if not any(f'"{option}"' in text_of(half) for half in halves.get(script, (script,)))
    }
    assert unknown == set()


def test_every_preset_in_the_readme_exists_and_every_preset_is_there() -> None:
    presets = set(re.findall(r'preset="([\w-]+)"', text_of("model/configuration.py")))
    readme = text_of("README.md")
    assert set(re.findall(r"--preset ([\w-]+)", readme)) <= presets
    assert {name for name in presets if f"`{name}`" not in readme} == set()


def test_the_readme_shows_every_command_of_the_bot(run_bot: RunBot, store: Path) -> None:
    shown = set(re.findall(r"^\| `/(\w+)", text_of("README.md"), re.MULTILINE))
    listed = run_bot("--console", lines="/help\n", settings={"ARTIFACTS": str(store)}).stdout
    in_terminal = set(re.findall(r"^/(\w+)", listed, re.MULTILINE)) - {"quit"}
    # A picture and a server's settings are Discord's alone.
    assert shown == in_terminal | {"map", "settings"}


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = {path for path, _ in _COMMAND.findall(text_of(".ci/run"))}
    assert commands == {"scripts/check.py"}
    assert "python3 scripts/check.py" in text_of("README.md")


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[([^\]]+)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings
    assert headings[0] in {"Unreleased", version}


def test_the_readme_is_finished() -> None:
    assert re.findall(r"@[A-Z]{3,}@|\bTODO\b|\bTBD\b", text_of("README.md")) == []


def project_files() -> list[Path]:
    """What git keeps or would keep; every text file of the folders where there is no git."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        folders = ("bot", "model", "scripts", "tests")
        files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
        files += [path for path in ROOT.iterdir() if path.name not in _MADE]
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]


def test_no_file_of_the_project_knows_a_machine() -> None:
    places = {str(path) for path in (ROOT, Path.home()) if len(path.parts) > 1}
    # Built from pieces, so that this file does not find itself.
    telling = [*map(re.escape, places), "/" + r"(?:home|Users)/[a-z]", "extra-" + "index-url"]
    pattern = re.compile("|".join(rf"{place}\b" for place in telling).encode())
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in project_files()
        if (match := pattern.search(path.read_bytes()))
    ]
    assert found == []


def test_no_data_and_no_artifact_is_kept() -> None:
    kept = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert not [name for name in kept if name.endswith((".dat", ".safetensors", ".zip", ".npz"))]
    assert ".env" not in kept
    assert sys.version_info >= (3, 11)
