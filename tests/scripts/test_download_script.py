"""Where ``scripts/download.py`` puts the data, and how it ends."""

from pathlib import Path

import download
import pytest

from model.errors import DownloadError

NAME = "hetrec2011-lastfm-2k.zip"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, no_stray_settings: None) -> list[tuple[str, Path]]:
    """The addresses asked for and the files made, in order."""
    calls: list[tuple[str, Path]] = []

    def fetch(url: str, destination: Path, **options: object) -> Path:
        calls.append((url, destination))
        if "broken" in url:
            raise DownloadError("is no zip file", where=url)
        return destination

    monkeypatch.setattr(download, "download_dataset", fetch)
    return calls


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["download.py", *arguments])
    return download.main()


def test_it_lands_where_the_quickstart_looks(
    monkeypatch: pytest.MonkeyPatch, fetched: list[tuple[str, Path]]
) -> None:
    monkeypatch.setenv("DATASET_URL", "https://copy.example/data.zip")
    assert run(monkeypatch) == 0
    place = Path(download.__file__).parent.parent / "data" / NAME
    assert fetched == [("https://copy.example/data.zip", place)]


def test_a_folder_holds_the_file_and_a_file_is_the_file(
    monkeypatch: pytest.MonkeyPatch, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "folder").mkdir()
    for to in ("folder", "~/folder", "folder/other.zip"):
        assert run(monkeypatch, "--url", "https://x.example/y", "--to", to) == 0
    assert [destination for _, destination in fetched] == [
        Path("folder") / NAME,
        tmp_path / "folder" / NAME,
        Path("folder") / "other.zip",
    ]


def test_a_fault_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    fetched: list[tuple[str, Path]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, "--url", "https://broken.example/") == 2
    assert capsys.readouterr().err.splitlines()[-1] == "https://broken.example/: is no zip file"
