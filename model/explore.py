"""What the listening data looks like, as numbers: the published analysis and a little more.

The published figures count every tag assignment of the files. Reading for training leaves out
those that name an artist which ``artists.dat`` lacks (1,538 of 186,479: 44 of "rock" alone), so the
whole files are read here, and both counts are told where they differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import lastfm_files as files
from model.dataset import Ints
from model.lastfm import read_tables
from model.tab_separated import Layout, read_table
from model.tables import Tables

_NAMES = ("artists", "tags", "plays", "taggings", "tagging_times", "friends")
# Nothing was tagged on Last.fm before Last.fm began.
_FIRST_YEAR = 2002


@dataclass(frozen=True)
class ColumnSummary:
    """One column of a table.

    Attributes:
        name: of the column.
        kind: ``int64`` or ``text``.
        nulls: cells without a value; an empty text is none.
        distinct: different values, nulls not counted.
        statistics: ``mean, sd, min, 25%, 50%, 75%, max`` of numbers as pandas describes them (sd of
            a sample), empty for text.
    """

    name: str
    kind: str
    nulls: int
    distinct: int
    statistics: Mapping[str, float]


@dataclass(frozen=True)
class TableSummary:
    """One of the six tables: its name, number of rows and columns."""

    name: str
    rows: int
    columns: tuple[ColumnSummary, ...]


@dataclass(frozen=True)
class TagCount:
    """How often a tag was applied: in all rows, and in those on artists that are known."""

    tag: str
    applied: int
    known: int


@dataclass(frozen=True)
class Exploration:
    """What is shown of N listeners and M played artists.

    Attributes:
        name, fingerprint: of the data.
        tables: the six tables, tag assignments on unknown artists included.
        friends: int64 [N], friends of each listener, ascending.
        tags: every tag, most applied first.
        plays: int64 [M], total plays of each played artist, descending.
        listeners: int64 [M], listeners of each played artist, descending.
        months: datetime64[M], every month from the first to the last believable tag assignment.
        taggings: int64, tag assignments in each month.
        misdated: tag assignments from before 2002, in no month.
        unknown: tag assignments on artists or tags that are not known, as counted in ``applied``.
    """

    name: str
    fingerprint: str
    tables: tuple[TableSummary, ...]
    friends: Ints
    tags: tuple[TagCount, ...]
    plays: Ints
    listeners: Ints
    months: NDArray[np.datetime64]
    taggings: Ints
    misdated: int
    unknown: int

    def tags_ending_in(self, ending: str) -> tuple[TagCount, ...]:
        """The tags whose name ends so, most applied first."""
        return tuple(count for count in self.tags if count.tag.endswith(ending))


def read_whole(path: Path) -> tuple[Tables, Tables]:
    """The tables with every tag assignment of the files, and as training reads them.

    Raises:
        DataError: as ``model.lastfm.read_tables``.
    """
    tables = read_tables(path)
    contents = files.read_files(path)
    taggings, times = (
        read_table(_layout(file, columns), contents[file])
        for file, columns in (
            (files.TAGGINGS, ("day", "month", "year")),
            (files.TAGGING_TIMES, ("timestamp",)),
        )
    )
    times = times.rename(columns={"timestamp": "timestamp_ms"})
    return replace(tables, taggings=taggings, tagging_times=times), tables


def _layout(file: str, when: tuple[str, ...]) -> Layout:
    key = ("listener", "artist", "tag")
    return Layout(file, "utf-8", ("userID", "artistID", "tagID", *when), (*key, *when), key)


def explore(tables: Tables, known: Tables) -> Exploration:
    """Count everything that is shown.

    Args:
        tables: with every tag assignment.
        known: the same with the tag assignments that training uses.
    """
    plays = tables.plays.groupby("artist")["plays"]
    months, taggings, misdated = _over_time(tables.taggings)
    return Exploration(
        name=tables.name,
        fingerprint=tables.fingerprint,
        tables=tuple(_table_summary(name, getattr(tables, name)) for name in _NAMES),
        friends=_friends(tables),
        tags=_tag_counts(tables, known),
        plays=_descending(plays.sum()),
        listeners=_descending(plays.size()),
        months=months,
        taggings=taggings,
        misdated=misdated,
        unknown=len(tables.taggings) - len(known.taggings),
    )


def _table_summary(name: str, table: pd.DataFrame) -> TableSummary:
    columns = tuple(_column_summary(str(column), table[column]) for column in table.columns)
    return TableSummary(name, len(table), columns)


def _column_summary(name: str, column: "pd.Series[int] | pd.Series[str]") -> ColumnSummary:
    empty = column.isna() | (column == "")
    nulls, distinct = int(empty.sum()), int(column[~empty].nunique())
    if not pd.api.types.is_integer_dtype(column):
        return ColumnSummary(name, "text", nulls, distinct, {})
    values = column.to_numpy(np.int64)
    if not values.size:
        return ColumnSummary(name, "int64", nulls, distinct, {})
    quartiles = np.percentile(values, (0, 25, 50, 75, 100)).tolist()
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    statistics = {"mean": float(values.mean()), "sd": sd}
    statistics |= dict(zip(("min", "25%", "50%", "75%", "max"), quartiles, strict=True))
    return ColumnSummary(name, "int64", nulls, distinct, statistics)


def _friends(tables: Tables) -> Ints:
    """Friends of everyone who played something or has a friend, ascending."""
    everyone = np.union1d(
        tables.plays["listener"].to_numpy(), tables.friends["listener"].to_numpy()
    )
    befriended, counts = np.unique(tables.friends["listener"].to_numpy(), return_counts=True)
    friends = np.zeros(everyone.size, np.int64)
    friends[np.searchsorted(everyone, befriended)] = counts
    return np.sort(friends)


def _tag_counts(tables: Tables, known: Tables) -> tuple[TagCount, ...]:
    ids = tables.tags["id"].to_numpy(np.int64)
    counted = (
        whole["tag"].value_counts().reindex(ids, fill_value=0).to_numpy(np.int64)
        for whole in (tables.taggings, known.taggings)
    )
    counts = (
        TagCount(str(name), int(applied), int(of_known))
        for name, applied, of_known in zip(tables.tags["name"], *counted, strict=True)
    )
    return tuple(sorted(counts, key=lambda count: (-count.applied, count.tag)))


def _descending(totals: "pd.Series[int]") -> Ints:
    return np.sort(totals.to_numpy(np.int64)).astype(np.int64)[::-1]


def _over_time(taggings: pd.DataFrame) -> tuple[NDArray[np.datetime64], Ints, int]:
    """Months without a gap, tag assignments in each, and how many are dated impossibly early."""
    year, month = (taggings[name].to_numpy(np.int64) for name in ("year", "month"))
    believable = year >= _FIRST_YEAR
    since_1970 = (year[believable] - 1970) * 12 + month[believable] - 1
    misdated = int((~believable).sum())
    if not since_1970.size:
        return np.zeros(0, "datetime64[M]"), np.zeros(0, np.int64), misdated
    first = int(since_1970.min())
    counts = np.bincount(since_1970 - first)
    months = np.arange(first, first + counts.size).astype("datetime64[M]")
    return months, counts, misdated
