from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from model.errors import DataError
from model.lastfm import read_tables
from tests import lastfm_double
from tests.lastfm_double import HEADERS
from tests.model.lastfm_rows import (
    ARTISTS,
    FILES,
    FRIENDS,
    PLAYS,
    TABLES,
    TAGGINGS,
    TAGS,
    TEXT,
    body,
    with_field,
    with_line,
)

MEND_LINE = "mend the line or fetch the data again"


@pytest.fixture
def refusal(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes]
) -> Callable[[Mapping[str, bytes]], str]:
    """Reads the double with some files replaced; gives the line with which it is refused."""

    def read(replaced: Mapping[str, bytes]) -> str:
        path = lastfm_double.write(tmp_path / "lastfm", {**lastfm_contents, **replaced})
        with pytest.raises(DataError) as caught:
            read_tables(path)
        assert "\n" not in str(caught.value)
        assert "\r" not in str(caught.value)
        return str(caught.value)

    return read


@pytest.mark.parametrize("file", FILES)
def test_a_header_without_rows_is_refused(
    refusal: Callable[[Mapping[str, bytes]], str], file: str
) -> None:
    for content in (lastfm_double.file_bytes(file, []), HEADERS[file].encode()):
        assert refusal({file: content}) == (
            f"{file}: has a header but no rows; fetch the data again"
        )


@pytest.mark.parametrize("file", FILES)
def test_a_missing_header_is_refused(
    refusal: Callable[[Mapping[str, bytes]], str], file: str
) -> None:
    first, *rest = body(file)
    line = refusal({file: lastfm_double.file_bytes(file, rest, header=first)})
    found, wanted = first.rstrip()[:80], HEADERS[file].replace("\t", " ")
    assert line == (
        f"{file} line 1: the header is {found!r}; it must be {wanted} with tabs between"
    )


@pytest.mark.parametrize(
    "header", ["userID\tartistID", "userID,artistID,weight", "artistID\tuserID\tweight", "\t"]
)
def test_another_header_is_refused(
    refusal: Callable[[Mapping[str, bytes]], str], header: str
) -> None:
    line = refusal({PLAYS: lastfm_double.file_bytes(PLAYS, body(PLAYS), header=header)})
    assert line.startswith(f"{PLAYS} line 1: the header is ")
    assert line.endswith("; it must be userID artistID weight with tabs between")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("number", [2, 5, -1])
@pytest.mark.parametrize("change", [-1, 1, 2])
def test_a_row_with_too_few_or_too_many_fields_is_named(
    refusal: Callable[[Mapping[str, bytes]], str], file: str, number: int, change: int
) -> None:
    lines = body(file)
    number = len(lines) + 1 if number < 0 else number
    fields = lines[number - 2].split("\t")
    wrong = [*fields, *["9"] * change] if change > 0 else fields[:change]
    line = refusal(with_line(file, number, "\t".join(wrong)))
    assert line == (
        f"{file} line {number}: {len(fields) + change} where {len(fields)} tab-separated fields "
        f"belong; {MEND_LINE}"
    )


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("long", "short"), [(2, 3), (3, 2), (4, 7), (7, 4)])
def test_a_field_too_many_does_not_make_up_for_one_too_few(
    refusal: Callable[[Mapping[str, bytes]], str], file: str, long: int, short: int
) -> None:
    lines = body(file)
    width = HEADERS[file].count("\t") + 1
    lines[long - 2] += "\t9"
    lines[short - 2] = lines[short - 2].rpartition("\t")[0]
    line = refusal({file: lastfm_double.file_bytes(file, lines)})
    first, found = min((long, width + 1), (short, width - 1))
    assert line == (
        f"{file} line {first}: {found} where {width} tab-separated fields belong; {MEND_LINE}"
    )


@pytest.mark.parametrize("file", FILES)
def test_a_blank_line_in_the_middle_is_named(
    refusal: Callable[[Mapping[str, bytes]], str], file: str
) -> None:
    lines = body(file)
    lines.insert(3, "")
    width = HEADERS[file].count("\t") + 1
    assert refusal({file: lastfm_double.file_bytes(file, lines)}) == (
        f"{file} line 5: 1 where {width} tab-separated fields belong; {MEND_LINE}"
    )


@pytest.mark.parametrize(
    ("file", "field"),
    [
        (file, field)
        for file, (_, columns) in TABLES.items()
        for field, column in enumerate(columns)
        if column not in TEXT
    ],
)
def test_every_number_column_names_what_is_no_number(
    refusal: Callable[[Mapping[str, bytes]], str], file: str, field: int
) -> None:
    original = HEADERS[file].split("\t")[field]
    assert refusal(with_field(file, 4, field, "seven")) == (
        f"{file} line 4: {original} must be a whole number, found 'seven'; {MEND_LINE}"
    )


@pytest.mark.parametrize(
    "value",
    [
        "12.5",
        "12.0",
        "1e3",
        "",
        " ",
        " 12",
        "12 ",
        "+12",
        "NaN",
        "NA",
        "inf",
        "True",
        "0x10",
        "1_000",
        "1,000",
        '"12"',
        "99999999999999999999",
        "-99999999999999999999",
        "1" * 400,
        "٣",
        "１２",
        "12\0",
        "1\x002",
        "12\r",
    ],
)
def test_a_play_count_that_is_no_whole_number_names_file_and_line(
    refusal: Callable[[Mapping[str, bytes]], str], value: str
) -> None:
    assert refusal(with_field(PLAYS, 6, 2, value)) == (
        f"{PLAYS} line 6: weight must be a whole number, found {value[:40]!r}; {MEND_LINE}"
    )


@pytest.mark.parametrize("count", ["0", "-1", "-372"])
def test_a_play_count_below_one_names_file_and_line(
    refusal: Callable[[Mapping[str, bytes]], str], count: str
) -> None:
    assert refusal(with_field(PLAYS, 9, 2, count)) == (
        f"{PLAYS} line 9: plays must be at least 1, found {count}; {MEND_LINE}"
    )


def test_the_broken_line_is_named_not_an_earlier_odd_one(
    refusal: Callable[[Mapping[str, bytes]], str],
) -> None:
    lines = body(PLAYS)
    lines[0] = "\t".join([*lines[0].split("\t")[:2], "00012"])
    lines[6] = lines[6].replace("\t", " ")
    line = refusal({PLAYS: lastfm_double.file_bytes(PLAYS, lines)})
    assert line.startswith(f"{PLAYS} line 8: ")


@pytest.mark.parametrize("value", ["0", "-4"])
@pytest.mark.parametrize(
    ("file", "field"), [(ARTISTS, 0), (TAGS, 0), (PLAYS, 0), (FRIENDS, 1), (TAGGINGS, 2)]
)
def test_an_id_below_one_names_file_and_line(
    refusal: Callable[[Mapping[str, bytes]], str], file: str, field: int, value: str
) -> None:
    line = refusal(with_field(file, 3, field, value))
    assert line.startswith(f"{file} line 3: ")
    assert line.endswith(f"found {value}; {MEND_LINE}")


def test_an_unknown_artist_in_the_plays_names_file_and_line(
    refusal: Callable[[Mapping[str, bytes]], str],
) -> None:
    assert refusal(with_field(PLAYS, 5, 1, "777")) == (
        f"{PLAYS} line 5: artist id 777 is not in artists.dat; {MEND_LINE}"
    )


@pytest.mark.parametrize("file", FILES)
def test_a_key_that_is_there_twice_names_its_second_line(
    refusal: Callable[[Mapping[str, bytes]], str], file: str
) -> None:
    lines = body(file)
    lines.append(lines[2])
    line = refusal({file: lastfm_double.file_bytes(file, lines)})
    assert line.startswith(f"{file} line {len(lines) + 1}: ")
    assert line.endswith(f" is there twice; {MEND_LINE}")


def test_a_duplicate_pair_is_named_by_its_ids(
    refusal: Callable[[Mapping[str, bytes]], str],
) -> None:
    lines = body(PLAYS)
    listener, artist, _ = lines[4].split("\t")
    lines.insert(9, f"{listener}\t{artist}\t1")
    assert refusal({PLAYS: lastfm_double.file_bytes(PLAYS, lines)}) == (
        f"{PLAYS} line 11: listener {listener}, artist {artist} is there twice; {MEND_LINE}"
    )


def test_bytes_that_are_not_utf8_name_the_line(
    refusal: Callable[[Mapping[str, bytes]], str], lastfm_contents: Mapping[str, bytes]
) -> None:
    broken = lastfm_contents[ARTISTS].replace("Ö".encode(), "Ö".encode("latin-1"))
    number = body(ARTISTS).index(next(line for line in body(ARTISTS) if "Ö" in line)) + 2
    assert refusal({ARTISTS: broken}) == (
        f"{ARTISTS} line {number}: is not UTF-8 text; {MEND_LINE}"
    )


@pytest.mark.parametrize("control", ["\r", "\0"])
@pytest.mark.parametrize(("file", "field"), [(ARTISTS, 1), (ARTISTS, 3), (TAGS, 1)])
def test_a_control_character_inside_a_name_names_the_line(
    refusal: Callable[[Mapping[str, bytes]], str], file: str, field: int, control: str
) -> None:
    line = refusal(with_field(file, 6, field, f"half{control}name"))
    assert line.startswith(f"{file} line 6: ")
    assert line.endswith(f"; {MEND_LINE}")


def test_a_lone_carriage_return_in_place_of_a_line_end_names_the_line(
    refusal: Callable[[Mapping[str, bytes]], str],
) -> None:
    lines = body(PLAYS)
    lines[3:5] = ["\r".join(lines[3:5])]
    assert refusal({PLAYS: lastfm_double.file_bytes(PLAYS, lines)}) == (
        f"{PLAYS} line 5: 5 where 3 tab-separated fields belong; {MEND_LINE}"
    )


@pytest.mark.parametrize(
    "date",
    [
        (0, 1, 2009),
        (32, 1, 2009),
        (1, 0, 2009),
        (1, 13, 2009),
        (31, 4, 2009),
        (29, 2, 2009),
        (30, 2, 2008),
        (1, 1, 0),
        (1, 1, -2009),
        (1, 1, 99999),
        (1, 1, 10**17),
    ],
)
def test_a_date_outside_the_calendar_names_file_and_line(
    refusal: Callable[[Mapping[str, bytes]], str], date: tuple[int, int, int]
) -> None:
    fields = body(TAGGINGS)[3].split("\t")[:3] + [str(part) for part in date]
    line = refusal(with_line(TAGGINGS, 5, "\t".join(fields)))
    day, month, _ = date
    assert line.startswith(f"{TAGGINGS} line 5: no such date: day {day}, month {month}")
    assert line.endswith(f"; {MEND_LINE}")
