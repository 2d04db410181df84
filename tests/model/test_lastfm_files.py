import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import lastfm_files
from model.errors import DataError
from model.lastfm_files import FILES, fingerprint, read_files
from tests import lastfm_double

MEND = "give the folder or the zip of hetrec2011-lastfm-2k, or fetch it with scripts/download.py"
NESTED = "hetrec2011-lastfm-2k"


def refusal(path: Path) -> str:
    """The one line with which reading ``path`` is refused."""
    with pytest.raises(DataError) as caught:
        read_files(path)
    line = str(caught.value)
    assert "\n" not in line
    assert "\r" not in line
    return line


# --- where the files may be ---


@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("folder", ""),
        ("around", NESTED),
        ("flat.zip", ""),
        ("nested.zip", NESTED),
        ("deep.zip", f"downloads/{NESTED}"),
    ],
)
def test_a_folder_and_its_zips_hold_the_same(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], name: str, under: str
) -> None:
    path = lastfm_double.write(tmp_path / name, lastfm_contents, under=under)
    plain = lastfm_double.write(tmp_path / "plain", lastfm_contents)
    assert read_files(path) == lastfm_contents
    assert fingerprint(path) == fingerprint(plain)


def test_what_else_lies_beside_the_files_changes_nothing(tmp_path: Path) -> None:
    plain = fingerprint(lastfm_double.write(tmp_path / "plain"))
    extra = {
        "readme.txt": b"about",
        **lastfm_double.encode(lastfm_double.rows()),
        f"__MACOSX/{NESTED}/._artists.dat": b"\0\5\x16\7",
    }
    path = lastfm_double.write(tmp_path / "extra.zip", extra)
    assert set(read_files(path)) == set(FILES)
    assert fingerprint(path) == plain


def test_a_tilde_means_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    lastfm_double.write(tmp_path / "music")
    assert set(read_files(Path("~/music"))) == set(FILES)


# --- the fingerprint ---


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_in_any_file_changes_the_fingerprint(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], name: str
) -> None:
    changed = bytearray(lastfm_contents[name])
    changed[-3] ^= 1
    before = fingerprint(lastfm_double.write(tmp_path / "a.zip", lastfm_contents))
    after = fingerprint(
        lastfm_double.write(tmp_path / "b.zip", {**lastfm_contents, name: bytes(changed)})
    )
    assert len(before) == 64
    assert before != after


def test_the_same_bytes_in_another_file_change_the_fingerprint(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes]
) -> None:
    swapped = {
        **lastfm_contents,
        "tags.dat": lastfm_contents["artists.dat"],
        "artists.dat": lastfm_contents["tags.dat"],
    }
    before = lastfm_double.write(tmp_path / "a.zip", lastfm_contents)
    assert fingerprint(lastfm_double.write(tmp_path / "b.zip", swapped)) != fingerprint(before)


def test_asking_for_the_fingerprint_loads_no_array_library(tmp_path: Path) -> None:
    path = lastfm_double.write(tmp_path / "lastfm")
    program = (
        "import sys, pathlib; from model.lastfm_files import fingerprint;"
        "print(fingerprint(pathlib.Path(sys.argv[1])));"
        "print(*sorted({'numpy', 'pandas', 'tensorflow'} & set(sys.modules)))"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter, a fixed program
        [sys.executable, "-c", program, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert answer.stdout.splitlines() == [fingerprint(path), ""]


# --- what is refused ---


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"
    assert refusal(path) == f"{path}: no such folder or zip; {MEND}"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], name: str
) -> None:
    rest = {other: content for other, content in lastfm_contents.items() if other != name}
    folder = lastfm_double.write(tmp_path / "folder", rest)
    archive = lastfm_double.write(tmp_path / "archive.zip", rest, under=NESTED)
    assert refusal(folder) == f"{folder / name}: is missing; {MEND}"
    assert refusal(archive) == f"{archive}: holds no {name}; {MEND}"


def test_an_empty_folder_misses_the_first_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path / 'artists.dat'}: is missing; {MEND}"


@pytest.mark.parametrize("content", [b"", b"\r\n", b" \n\n"])
@pytest.mark.parametrize("place", ["folder", "archive.zip"])
def test_an_empty_file_is_named(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], place: str, content: bytes
) -> None:
    path = lastfm_double.write(tmp_path / place, {**lastfm_contents, "user_friends.dat": content})
    assert refusal(path) == f"{path}: user_friends.dat: is empty; fetch the data again"


def test_a_folder_in_the_place_of_a_file_is_refused(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes]
) -> None:
    path = lastfm_double.write(tmp_path / "folder", lastfm_contents)
    (path / "tags.dat").unlink()
    (path / "tags.dat").mkdir()
    assert refusal(path).startswith(f"{path / 'tags.dat'}: cannot be read (")


@pytest.mark.parametrize("place", ["folder", "archive.zip"])
def test_a_file_beyond_the_size_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = lastfm_double.write(tmp_path / place)
    monkeypatch.setattr(lastfm_files, "_MAX_FILE_BYTES", 100)
    line = refusal(path)
    assert "artists.dat" in line
    assert "far too large" in line


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    path.write_text("<html>not found</html>")
    assert refusal(path) == f"{path}: is no readable zip (File is not a zip file); {MEND}"


def test_a_zip_cut_short_is_refused(tmp_path: Path) -> None:
    path = lastfm_double.write(tmp_path / "archive.zip")
    path.write_bytes(path.read_bytes()[:-40])
    assert refusal(path).startswith(f"{path}: is no readable zip (")


def test_a_zip_with_a_damaged_stream_is_refused(tmp_path: Path) -> None:
    path = lastfm_double.write(tmp_path / "archive.zip")
    content = bytearray(path.read_bytes())
    start = 30 + len("artists.dat")
    content[start : start + 60] = b"\xff" * 60
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: is no readable zip (")


def test_a_zip_with_a_damaged_file_name_is_refused(tmp_path: Path) -> None:
    path = lastfm_double.write(tmp_path / "archive.zip")
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, directory + 8, 0x800)  # flag: the name is UTF-8
    content[directory + 46] = 0xFF
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: is no readable zip (")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = lastfm_double.write(tmp_path / "archive.zip")
    content = bytearray(path.read_bytes())
    for start, flags in ((0, 6), (content.index(b"PK\x01\x02"), 8)):
        struct.pack_into("<H", content, start + flags, 1)
    path.write_bytes(content)
    line = refusal(path)
    assert line.startswith(f"{path}: is no readable zip (")
    assert "encrypted" in line


def test_a_zip_made_with_other_compression_reads_too(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes]
) -> None:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in lastfm_contents.items():
            archive.writestr(name, content)
    assert read_files(path) == lastfm_contents


@pytest.mark.parametrize("name", ["x" * 5000, "~no-such-person/music", "a\0b", "two\nlines"])
def test_an_impossible_path_is_refused_like_a_missing_one(name: str) -> None:
    assert refusal(Path(name)).endswith(MEND)


@pytest.mark.parametrize("place", ["folder", "archive.zip"])
def test_what_may_not_be_read_is_named(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], place: str
) -> None:
    path = lastfm_double.write(tmp_path / place, lastfm_contents)
    path.chmod(0)
    try:
        if os.access(path, os.R_OK):
            pytest.skip("whoever runs this may read everything")
        assert " cannot be read (Permission denied); check its permissions" in refusal(path)
    finally:
        path.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.zip"
    os.mkfifo(path)
    assert refusal(path) == f"{path}: no such folder or zip; {MEND}"


def contents_or_refusal(path: Path) -> Mapping[str, bytes] | DataError:
    try:
        return read_files(path)
    except DataError as error:
        return error


@pytest.fixture(scope="module")
def sound_zip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    path = lastfm_double.write(tmp_path_factory.mktemp("zip") / "archive.zip")
    return path, path.read_bytes()


@settings(derandomize=True, deadline=None, max_examples=150)
@given(data=st.data())
def test_a_damaged_zip_reads_or_is_refused(
    sound_zip: tuple[Path, bytes], data: st.DataObject
) -> None:
    path, sound = sound_zip
    content = bytearray(sound)
    directory = sound.index(b"PK\x01\x02")
    somewhere = st.integers(0, len(sound) - 1) | st.integers(directory, len(sound) - 1)
    changes = data.draw(st.lists(st.tuples(somewhere, st.integers(0, 255)), max_size=4))
    for position, byte in changes:
        content[position] = byte
    path.write_bytes(content[: data.draw(st.just(len(sound)) | somewhere)])
    outcome = contents_or_refusal(path)
    if isinstance(outcome, DataError):
        assert len(str(outcome).splitlines()) == 1
    else:
        assert set(outcome) == set(FILES)
