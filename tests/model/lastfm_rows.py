"""Lines of the double's files to change, and the rows that reading them must give."""

from typing import Any

import pandas as pd

from model.lastfm_files import FILES
from model.tables import Tables
from tests import lastfm_double

ARTISTS, TAGS, PLAYS, FRIENDS, TAGGINGS, TIMES = FILES
TABLES = {
    ARTISTS: ("artists", ["id", "name", "url", "picture_url"]),
    TAGS: ("tags", ["id", "name"]),
    PLAYS: ("plays", ["listener", "artist", "plays"]),
    FRIENDS: ("friends", ["listener", "friend"]),
    TAGGINGS: ("taggings", ["listener", "artist", "tag", "day", "month", "year"]),
    TIMES: ("tagging_times", ["listener", "artist", "tag", "timestamp_ms"]),
}
TEXT = {"name", "url", "picture_url"}


def records(tables: Tables, file: str) -> list[tuple[Any, ...]]:
    """The rows of the table that ``file`` becomes."""
    table: pd.DataFrame = getattr(tables, TABLES[file][0])
    return list(table.itertuples(index=False, name=None))


def known_only(file: str, rows: list[tuple[Any, ...]], artists: set[int], tags: set[int]) -> Any:
    """The rows without those of the tag files whose artist or tag is unknown."""
    if file not in {TAGGINGS, TIMES}:
        return rows
    return [row for row in rows if row[1] in artists and row[2] in tags]


def body(file: str) -> list[str]:
    """The lines of one file of the double, without header and ends."""
    return lastfm_double.lines(lastfm_double.rows()[file])


def with_line(file: str, number: int, line: str) -> dict[str, bytes]:
    """One file of the double whose line ``number`` (the header is 1) is another."""
    lines = body(file)
    lines[number - 2] = line
    return {file: lastfm_double.file_bytes(file, lines)}


def with_field(file: str, number: int, field: int, value: str) -> dict[str, bytes]:
    """One file of the double with another value in one field of line ``number``."""
    fields = body(file)[number - 2].split("\t")
    fields[field] = value
    return with_line(file, number, "\t".join(fields))
