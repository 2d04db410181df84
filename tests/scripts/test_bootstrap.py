"""Making and mending ``.venv``, with pip and venv replaced: nothing is installed here."""

import contextlib
import importlib.util
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import bootstrap
import pytest
from bootstrap import Environment, SetupError, Stamp, prepare, read_stamp, wanted_stamp
from stamp import UNFINISHED, write_stamp

REAL_CREATE = bootstrap._create
VERSION = ".".join(map(str, sys.version_info[:2]))


class FakeTools:
    """Stands for venv and pip: remembers what it was asked for."""

    def __init__(self) -> None:
        self.created = 0
        self.requirements: list[str] = []
        self.outcome: bool | BaseException = True
        self.says = ""

    def create(self, environment: Environment) -> None:
        self.created += 1
        environment.python.parent.mkdir(parents=True)
        environment.python.write_text("")
        configuration = f"home = {Path(sys.executable).parent}\nversion = {VERSION}.4\n"
        (environment.folder / "pyvenv.cfg").write_text(configuration)

    def run_pip(self, python: Path, arguments: list[str], *, log: Path, **rest: object) -> bool:
        self.requirements.append(arguments[-1])
        log.write_text(self.says)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("rich==15.0.0\n")
    return tmp_path


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> FakeTools:
    fake = FakeTools()
    monkeypatch.setattr(bootstrap, "_create", fake.create)
    monkeypatch.setattr(bootstrap, "_has_pip", lambda _: True)
    monkeypatch.setattr(bootstrap, "run_pip", fake.run_pip)
    return fake


def prepared(project: Path, *extras: str) -> str:
    stream = io.StringIO()
    prepare(extras, root=project, stream=stream)
    return stream.getvalue()


def test_a_repeat_run_does_nothing_and_says_nothing(project: Path, tools: FakeTools) -> None:
    assert "Installing" in prepared(project, "train")
    assert prepared(project, "train") == ""
    assert (tools.created, tools.requirements) == (1, [".[train]"])


def test_extras_add_up(project: Path, tools: FakeTools) -> None:
    prepared(project, "train")
    prepared(project, "train", "dev")
    assert prepared(project, "train") == ""
    assert tools.requirements == [".[train]", ".[dev,train]"]


def test_an_extra_that_is_installed_stays_when_the_project_changes(
    project: Path, tools: FakeTools
) -> None:
    prepared(project, "train", "dev")
    (project / "pyproject.toml").write_text("[project]\nname='x'\n")
    prepared(project, "train")
    assert tools.requirements[-1] == ".[dev,train]"
    assert tools.created == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_installs_again(project: Path, tools: FakeTools, name: str) -> None:
    prepared(project, "train")
    (project / name).write_text("changed\n")
    assert "Installing" in prepared(project, "train")


def test_a_project_that_was_moved_is_another_installation(tmp_path: Path) -> None:
    for folder in (tmp_path / "here", tmp_path / "there"):
        folder.mkdir()
        for name in ("pyproject.toml", "constraints.txt"):
            (folder / name).write_text("same\n")
    here, there = (wanted_stamp(tmp_path / name, ["train"]) for name in ("here", "there"))
    assert here.digest != there.digest


def test_an_installation_that_was_cut_off_starts_over(project: Path, tools: FakeTools) -> None:
    tools.outcome = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        prepared(project, "train")
    (project / ".venv" / "half-written").write_text("")
    tools.outcome = True
    assert "its last installation was cut off" in prepared(project, "train")
    assert not (project / ".venv" / "half-written").exists()
    assert tools.created == 2


def test_a_virtual_environment_whose_making_was_cut_off_starts_over(
    project: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(command: list[str], **options: object) -> None:
        FakeTools().create(Environment(project))
        raise KeyboardInterrupt

    with monkeypatch.context() as before:
        before.setattr(bootstrap, "_create", REAL_CREATE)
        before.setattr(bootstrap, "subprocess", SimpleNamespace(run=cut_off, DEVNULL=None))
        with pytest.raises(KeyboardInterrupt):
            prepared(project, "train")
    assert "its last installation was cut off" in prepared(project, "train")
    assert tools.created == 1


def test_a_removal_that_was_cut_off_is_not_taken_for_a_foreign_folder(
    project: Path, tools: FakeTools
) -> None:
    environment = Environment(project)
    (environment.folder / "lib").mkdir(parents=True)
    write_stamp(environment.stamp, Stamp(UNFINISHED, frozenset({"dev"})))
    assert "Starting .venv over" in prepared(project, "train")
    assert tools.requirements == [".[dev,train]"]
    assert not (environment.folder / "lib").exists()


def test_what_another_command_set_up_meanwhile_is_not_done_again(
    project: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bootstrap.alone

    @contextlib.contextmanager
    def after_another(path: Path, *, say: Callable[[str], None]) -> Iterator[None]:
        monkeypatch.setattr(bootstrap, "alone", real)
        prepared(project, "train", "dev")
        yield

    monkeypatch.setattr(bootstrap, "alone", after_another)
    assert prepared(project, "train") == ""
    assert (tools.created, tools.requirements) == (1, [".[dev,train]"])


def test_a_failed_installation_is_one_line_and_tried_again(project: Path, tools: FakeTools) -> None:
    tools.outcome, tools.says = False, "NewConnectionError: [Errno 111] Connection refused\n"
    with pytest.raises(SetupError) as caught:
        prepared(project, "train")
    line = str(caught.value)
    assert "refuses connections" in line
    assert str(project / ".venv" / "pip.log") in line
    assert "\n" not in line
    tools.outcome = True
    assert "Installing" in prepared(project, "train")
    assert tools.created == 1


def test_an_environment_of_another_python_is_made_anew(project: Path, tools: FakeTools) -> None:
    prepared(project, "train")
    configuration = project / ".venv" / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace(VERSION, "3.7"))
    assert "it was made by Python 3.7" in prepared(project, "train")
    assert tools.created == 2


def test_an_environment_whose_python_is_gone_is_made_anew(project: Path, tools: FakeTools) -> None:
    prepared(project, "train")
    Environment(project).python.unlink()
    assert "its Python is gone" in prepared(project, "train")
    configuration = project / ".venv" / "pyvenv.cfg"
    configuration.write_text(f"home = {project / 'removed'}\nversion = {VERSION}.4\n")
    assert "its Python is gone" in prepared(project, "train")
    assert tools.created == 3


def test_an_environment_made_by_uv_tells_its_version_otherwise(
    project: Path, tools: FakeTools
) -> None:
    prepared(project, "train")
    configuration = project / ".venv" / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace("version =", "version_info ="))
    assert prepared(project, "train") == ""


def test_an_environment_is_kept_when_no_other_can_be_made(
    project: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(project, "train")
    Environment(project).python.unlink()
    monkeypatch.setattr(bootstrap, "missing_part", lambda: "it has no ensurepip")
    with pytest.raises(SetupError, match="it has no ensurepip"):
        prepared(project, "train")
    assert (project / ".venv" / "pyvenv.cfg").exists()


def test_a_fault_of_the_system_without_a_file_name_is_told_as_it_is(
    project: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(environment: Environment) -> bool:
        raise OSError("the system is out of processes")

    monkeypatch.setattr(bootstrap, "_has_pip", fail)
    with pytest.raises(SetupError) as caught:
        prepared(project, "train")
    assert str(caught.value) == "the system is out of processes; mend it and run this again"


def test_pip_is_not_led_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    settings = bootstrap._pip_environment()
    assert "/elsewhere" not in settings.values()
    assert settings["PIP_INDEX_URL"] == "https://index.example/simple"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_a_folder_whose_name_is_no_text_can_hold_the_project(
    tmp_path: Path, tools: FakeTools
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9 [1] #2")
    odd.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (odd / name).write_text("")
    assert "Installing" in prepared(odd, "train")
    assert prepared(odd, "train") == ""


def test_a_folder_that_is_no_environment_is_left_alone(project: Path, tools: FakeTools) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "diary.txt").write_text("mine")
    with pytest.raises(SetupError, match="no virtual environment; move it away"):
        prepared(project, "train")
    assert (project / ".venv" / "diary.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_environment_is_one_line(
    project: Path, tools: FakeTools
) -> None:
    (project / ".venv").write_text("")
    with pytest.raises(SetupError, match=r"\.venv"):
        prepared(project, "train")


def test_a_python_without_venv_names_the_package_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = importlib.util.find_spec

    def without_ensurepip(name: str) -> object:
        return None if name == "ensurepip" else present(name)

    without = SimpleNamespace(util=SimpleNamespace(find_spec=without_ensurepip))
    monkeypatch.setattr(bootstrap, "importlib", without)
    with pytest.raises(SetupError, match="sudo apt install python3-venv"):
        prepared(project, "train")
    assert not (project / ".venv").exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"digest": "x"}', '{"extras": 3, "digest": 1}']
)
def test_a_stamp_that_says_nothing_of_use_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "stamp").write_text(content)
    assert read_stamp(tmp_path / "stamp") is None


def test_a_stamp_covers_fewer_extras_of_the_same_installation() -> None:
    stamp = Stamp("a", frozenset({"train", "dev"}))
    assert stamp.covers(Stamp("a", frozenset({"dev"})))
    assert not stamp.covers(Stamp("a", frozenset({"gpu"})))
    assert not stamp.covers(Stamp("b", frozenset({"dev"})))
