"""Reads the Last.fm data of HetRec 2011 into the six tables.

Format, from the data set's readme and the files themselves: tab-separated with one header line and
no quoting (names contain ``"``); ``artists.dat`` is UTF-8 with LF, the others have CRLF, and
``tags.dat`` is Latin-1. The tag files name artists that ``artists.dat`` lacks; such rows are
dropped and counted, because a tag on an unknown artist says nothing about a known one.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from model import lastfm_files as files
from model.sources import LASTFM
from model.tab_separated import Fault, Layout, read_table
from model.tables import Tables

_ARTISTS = Layout(
    files.ARTISTS,
    "utf-8",
    header=("id", "name", "url", "pictureURL"),
    columns=("id", "name", "url", "picture_url"),
    key=("id",),
    text=frozenset({"name", "url", "picture_url"}),
)
_TAGS = Layout(
    files.TAGS,
    "latin-1",
    header=("tagID", "tagValue"),
    columns=("id", "name"),
    key=("id",),
    text=frozenset({"name"}),
)
_PLAYS = Layout(
    files.PLAYS,
    "utf-8",
    header=("userID", "artistID", "weight"),
    columns=("listener", "artist", "plays"),
    key=("listener", "artist"),
)
_FRIENDS = Layout(
    files.FRIENDS,
    "utf-8",
    header=("userID", "friendID"),
    columns=("listener", "friend"),
    key=("listener", "friend"),
)
_TAGGINGS = Layout(
    files.TAGGINGS,
    "utf-8",
    header=("userID", "artistID", "tagID", "day", "month", "year"),
    columns=("listener", "artist", "tag", "day", "month", "year"),
    key=("listener", "artist", "tag"),
)
_TAGGING_TIMES = Layout(
    files.TAGGING_TIMES,
    "utf-8",
    header=("userID", "artistID", "tagID", "timestamp"),
    columns=("listener", "artist", "tag", "timestamp_ms"),
    key=("listener", "artist", "tag"),
)


def read_tables(path: Path) -> Tables:
    """Read the six files from a folder or from the published zip.

    Raises:
        DataError: a file is missing, empty or broken; names file, line, problem and mend.
    """
    contents = files.read_files(path)
    artists = read_table(_ARTISTS, contents[files.ARTISTS])
    tags = read_table(_TAGS, contents[files.TAGS])
    plays = read_table(
        _PLAYS,
        contents[files.PLAYS],
        _no_plays,
        lambda table: (
            ~table["artist"].isin(artists["id"]),
            f"artist id {{artist}} is not in {files.ARTISTS}",
        ),
    )
    friends = read_table(_FRIENDS, contents[files.FRIENDS])
    taggings = read_table(_TAGGINGS, contents[files.TAGGINGS], _no_date)
    tagging_times = read_table(_TAGGING_TIMES, contents[files.TAGGING_TIMES])

    dropped: dict[str, int] = {}
    taggings = _drop_unknown(_TAGGINGS, taggings, artists, tags, dropped)
    tagging_times = _drop_unknown(_TAGGING_TIMES, tagging_times, artists, tags, dropped)
    return Tables(
        name=LASTFM,
        fingerprint=files.fingerprint_of(contents),
        artists=artists,
        tags=tags,
        plays=plays,
        taggings=taggings,
        tagging_times=tagging_times,
        friends=friends,
        dropped=dropped,
    )


def _no_plays(plays: pd.DataFrame) -> Fault:
    return plays["plays"] < 1, "plays must be at least 1, found {plays}"


def _no_date(taggings: pd.DataFrame) -> Fault:
    """Rows whose date no calendar has, in the years 1 to 9999."""
    day, month, year = taggings["day"], taggings["month"], taggings["year"]
    months = (year.clip(1, 9999) - 1970) * 12 + month.clip(1, 12) - 1
    start = months.to_numpy().astype("datetime64[M]")
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    known_month = year.between(1, 9999) & month.between(1, 12)
    known = known_month & (day >= 1) & (day <= length.astype(np.int64))
    return ~known, "no such date: day {day}, month {month}, year {year}"


def _drop_unknown(
    layout: Layout,
    table: pd.DataFrame,
    artists: pd.DataFrame,
    tags: pd.DataFrame,
    dropped: dict[str, int],
) -> pd.DataFrame:
    """Leave out tag rows whose artist or tag is unknown, and count them by reason."""
    known_artist = table["artist"].isin(artists["id"])
    known_tag = table["tag"].isin(tags["id"])
    for known, what in ((known_artist, "artist"), (known_tag | ~known_artist, "tag")):
        count = int((~known).sum())
        if count:
            dropped[f"{layout.file}: rows with an unknown {what} id"] = count
    return table[known_artist & known_tag].reset_index(drop=True)
