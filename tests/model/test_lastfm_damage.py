from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import DataError
from model.lastfm import read_tables
from model.tables import Tables
from tests import lastfm_double
from tests.lastfm_double import ENCODINGS
from tests.model.lastfm_rows import ARTISTS, FILES, TABLES, TAGS, TEXT, known_only, records

DEBRIS = (
    *(bytes([byte]) for byte in b"\t\n\r\0-+.e \"'#,0123456789\x1a\x80\xff"),
    b"\r\n",
    b"\n\n",
    b"\t\t",
    b"\xef\xbb\xbf",
    b"99999999999999999999",
    b"1e3",
    b"nan",
    "٣".encode(),
    "\u2028".encode(),
)


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, list[tuple[str, float, bytes]]]:
    """A file and what happens to it: kind of change, place (0 to 1) and bytes."""
    change = st.tuples(
        st.sampled_from(("insert", "replace", "cut", "drop line", "copy line", "swap lines")),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(DEBRIS) | st.binary(min_size=1, max_size=3),
    )
    return draw(st.sampled_from(FILES)), draw(st.lists(change, min_size=1, max_size=3))


def damaged(content: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """The content after the changes, one after the other."""
    for kind, place, debris in changes:
        lines = content.split(b"\n")
        at, row = int(place * len(content)), int(place * len(lines))
        if kind in {"insert", "replace"}:
            rest = content[at + len(debris) if kind == "replace" else at :]
            content = content[:at] + debris + rest
        elif kind == "cut":
            content = content[:at]
        else:
            if kind == "drop line":
                del lines[row]
            elif kind == "copy line":
                lines.insert(row // 2, lines[row])
            else:
                lines[row], lines[row // 2] = lines[row // 2], lines[row]
            content = b"\n".join(lines)
    return content


def plainly(file: str, content: bytes) -> list[tuple[Any, ...]]:
    """The rows read the slow and obvious way; fails where a field or a number is not plain."""
    text = content.decode(ENCODINGS.get(file, "utf-8")).removeprefix("\ufeff")
    _, *lines = text.replace("\r\n", "\n").rstrip("\r\n").split("\n")
    columns = TABLES[file][1]
    return [
        tuple(
            value if column in TEXT else int(value)
            for column, value in zip(columns, line.split("\t"), strict=True)
        )
        for line in lines
    ]


def tables_or_refusal(path: Path) -> Tables | DataError:
    try:
        return read_tables(path)
    except DataError as error:
        return error


@pytest.fixture(scope="module")
def sound_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lastfm_double.write(tmp_path_factory.mktemp("damage"))


@settings(derandomize=True, deadline=None, max_examples=120)
@given(case=damage())
def test_a_damaged_file_reads_as_it_stands_or_is_refused(
    sound_folder: Path,
    lastfm_contents: Mapping[str, bytes],
    case: tuple[str, list[tuple[str, float, bytes]]],
) -> None:
    file, changes = case
    contents = {**lastfm_contents, file: damaged(lastfm_contents[file], changes)}
    (sound_folder / file).write_bytes(contents[file])
    outcome = tables_or_refusal(sound_folder)
    (sound_folder / file).write_bytes(lastfm_contents[file])
    if isinstance(outcome, DataError):
        assert len(str(outcome).splitlines()) == 1
        assert outcome.mend
        return
    artists, tags = ({row[0] for row in plainly(f, contents[f])} for f in (ARTISTS, TAGS))
    for name in FILES:
        expected = known_only(name, plainly(name, contents[name]), artists, tags)
        assert records(outcome, name) == expected
