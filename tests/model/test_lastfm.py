from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.dataset import interactions
from model.lastfm import read_tables
from model.lastfm_files import fingerprint
from model.sources import LASTFM
from model.tables import Tables
from tests import lastfm_double
from tests.lastfm_double import ENCODINGS
from tests.model.lastfm_rows import (
    ARTISTS,
    FILES,
    TABLES,
    TAGGINGS,
    TAGS,
    TEXT,
    TIMES,
    body,
    known_only,
    records,
    with_field,
    with_line,
)

REAL = Path(__file__).parents[3] / "shared" / "lastfm"


@pytest.fixture
def reading(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes]
) -> Callable[[Mapping[str, bytes]], Tables]:
    """Reads the double with some files replaced."""
    return lambda replaced: read_tables(
        lastfm_double.write(tmp_path / "lastfm", {**lastfm_contents, **replaced})
    )


@pytest.mark.parametrize("file", FILES)
def test_each_table_has_the_published_columns_and_every_row(
    lastfm_tables: Tables, file: str
) -> None:
    attribute, columns = TABLES[file]
    table: pd.DataFrame = getattr(lastfm_tables, attribute)
    assert list(table.columns) == columns
    for column in columns:
        if column in TEXT:
            assert {type(value) for value in table[column]} == {str}
        else:
            assert table[column].dtype == np.int64
    assert list(table.index) == list(range(len(table)))
    rows = lastfm_double.rows()
    artists, tags = ({row[0] for row in rows[f]} for f in (ARTISTS, TAGS))
    assert records(lastfm_tables, file) == known_only(file, rows[file], artists, tags)


def test_names_keep_their_quotes_spaces_and_letters(lastfm_tables: Tables) -> None:
    names = list(lastfm_tables.artists["name"])
    for name in ('The "Paper" Lanterns', '"', "夜の灯台", "NA", "null", "  Two Spaces  ", "1999"):
        assert name in names
    assert "chanson française" in list(lastfm_tables.tags["name"])
    assert "NaN" in list(lastfm_tables.tags["name"])


def test_the_double_has_the_bytes_of_the_published_form(
    lastfm_contents: Mapping[str, bytes],
) -> None:
    for file, content in lastfm_contents.items():
        ends = content.count(b"\n")
        assert content.count(b"\r\n") == (0 if file == ARTISTS else ends)
    assert "夜の灯台".encode() in lastfm_contents[ARTISTS]
    assert "française".encode("latin-1") in lastfm_contents[TAGS]


def test_folder_and_zips_give_the_same_tables(
    tmp_path: Path, lastfm_contents: Mapping[str, bytes], lastfm_tables: Tables
) -> None:
    places = (("a.zip", ""), ("b.zip", "hetrec2011-lastfm-2k"), ("c", "hetrec2011-lastfm-2k"))
    for place, under in places:
        path = lastfm_double.write(tmp_path / place, lastfm_contents, under=under)
        tables = read_tables(path)
        assert tables.name == LASTFM == "lastfm-hetrec-2011"
        assert tables.fingerprint == lastfm_tables.fingerprint == fingerprint(path)
        assert tables.dropped == lastfm_tables.dropped
        for file in FILES:
            assert records(tables, file) == records(lastfm_tables, file)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "rewrite",
    [
        pytest.param(lambda content: content.rstrip(b"\r\n"), id="no newline at the end"),
        pytest.param(lambda content: content + b"\r\n\n", id="blank lines at the end"),
        pytest.param(lambda content: content.replace(b"\r\n", b"\n"), id="LF"),
        pytest.param(
            lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), id="CRLF"
        ),
    ],
)
def test_line_ends_do_not_change_what_is_read(
    reading: Callable[[Mapping[str, bytes]], Tables],
    lastfm_contents: Mapping[str, bytes],
    lastfm_tables: Tables,
    file: str,
    rewrite: Callable[[bytes], bytes],
) -> None:
    tables = reading({file: rewrite(lastfm_contents[file])})
    assert records(tables, file) == records(lastfm_tables, file)


@pytest.mark.parametrize("file", [file for file in FILES if file not in ENCODINGS])
def test_a_byte_order_mark_is_not_part_of_the_header(
    reading: Callable[[Mapping[str, bytes]], Tables],
    lastfm_contents: Mapping[str, bytes],
    lastfm_tables: Tables,
    file: str,
) -> None:
    tables = reading({file: b"\xef\xbb\xbf" + lastfm_contents[file]})
    assert records(tables, file) == records(lastfm_tables, file)


def test_tag_rows_with_unknown_ids_are_dropped_and_counted(lastfm_tables: Tables) -> None:
    assert lastfm_tables.dropped == {
        f"{TAGGINGS}: rows with an unknown artist id": 3,
        f"{TIMES}: rows with an unknown artist id": 3,
    }
    assert not lastfm_tables.taggings["artist"].isin(lastfm_double.UNKNOWN_ARTISTS).any()
    assert len(lastfm_tables.taggings) == len(lastfm_double.rows()[TAGGINGS]) - 3


def test_unknown_tags_are_counted_apart_from_unknown_artists(
    reading: Callable[[Mapping[str, bytes]], Tables],
) -> None:
    rows = lastfm_double.rows()[TAGGINGS]
    unknown_artist = next(
        n for n, row in enumerate(rows) if row[1] in lastfm_double.UNKNOWN_ARTISTS
    )
    for number, tag in ((0, 999), (unknown_artist, 998)):
        rows[number] = (*rows[number][:2], tag, 1, 1, 2009)
    tables = reading({TAGGINGS: lastfm_double.file_bytes(TAGGINGS, lastfm_double.lines(rows))})
    assert tables.dropped == {
        f"{TAGGINGS}: rows with an unknown artist id": 3,
        f"{TAGGINGS}: rows with an unknown tag id": 1,
        f"{TIMES}: rows with an unknown artist id": 3,
    }


def test_dates_before_the_data_was_collected_are_kept(
    reading: Callable[[Mapping[str, bytes]], Tables],
) -> None:
    fields = body(TAGGINGS)[0].split("\t")
    tables = reading(with_line(TAGGINGS, 2, "\t".join([*fields[:3], "29", "2", "1956"])))
    assert tuple(tables.taggings.iloc[0])[3:] == (29, 2, 1956)


@pytest.mark.parametrize("date", [(29, 2, 2000), (31, 12, 9999), (1, 1, 1)])
def test_leap_days_and_the_ends_of_the_calendar_are_kept(
    reading: Callable[[Mapping[str, bytes]], Tables], date: tuple[int, int, int]
) -> None:
    fields = body(TAGGINGS)[0].split("\t")[:3] + [str(part) for part in date]
    tables = reading(with_line(TAGGINGS, 2, "\t".join(fields)))
    assert tuple(tables.taggings.iloc[0])[3:] == date


def test_times_before_1970_are_kept(reading: Callable[[Mapping[str, bytes]], Tables]) -> None:
    assert reading(with_field(TIMES, 3, 3, "-428198400000")).tagging_times["timestamp_ms"][1] == (
        -428198400000
    )


# --- the real files, where they are at hand ---


@pytest.fixture(scope="module")
def real() -> Tables:
    if not REAL.is_dir():
        pytest.skip("the Last.fm files are not beside the project (../shared/lastfm)")
    return read_tables(REAL)


@pytest.mark.slow
def test_the_real_files_have_their_published_sizes(real: Tables) -> None:
    assert real.plays["listener"].nunique() == 1_892
    assert len(real.artists) == real.plays["artist"].nunique() == 17_632
    assert len(real.plays) == 92_834
    assert len(real.tags) == 11_946
    assert len(real.friends) == 25_434


@pytest.mark.slow
def test_the_real_tag_rows_with_unknown_artists_are_dropped(real: Tables) -> None:
    assert real.dropped == {
        f"{TAGGINGS}: rows with an unknown artist id": 1_538,
        f"{TIMES}: rows with an unknown artist id": 1_538,
    }
    assert len(real.taggings) == len(real.tagging_times) == 186_479 - 1_538
    assert real.taggings["year"].lt(1980).any()


@pytest.mark.slow
def test_the_real_artists_are_spread_as_published(real: Tables) -> None:
    listeners = interactions(real).listeners_per_artist()
    assert int((listeners == 1).sum()) == 10_679
    assert int((listeners >= 5).sum()) == 2_828
    assert len(set(real.artists["id"]) - set(real.taggings["artist"])) == 5_499
    assert real.artists["name"].str.contains('"').any()
