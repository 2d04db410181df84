"""The numbers of the exploration: counted again by hand, and beside the published ones."""

import datetime
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from model.demo import demo_tables
from model.explore import ColumnSummary, Exploration, TagCount, explore, read_whole
from tests import lastfm_double
from tests.conftest import ROOT

LASTFM = ROOT.parent / "shared" / "lastfm"


@pytest.fixture(scope="module")
def explored(
    tmp_path_factory: pytest.TempPathFactory, lastfm_contents: Mapping[str, bytes]
) -> Exploration:
    """What the double holds."""
    folder = lastfm_double.write(tmp_path_factory.mktemp("lastfm"), lastfm_contents)
    return explore(*read_whole(folder))


def column(exploration: Exploration, table: str, name: str) -> ColumnSummary:
    (found,) = (
        column
        for summary in exploration.tables
        if summary.name == table
        for column in summary.columns
        if column.name == name
    )
    return found


def test_each_table_is_there_with_every_row_of_its_file(explored: Exploration) -> None:
    rows = [len(records) for records in lastfm_double.rows().values()]
    artists, tags, plays, friends, taggings, times = rows
    assert [(table.name, table.rows) for table in explored.tables] == [
        *(("artists", artists), ("tags", tags), ("plays", plays)),
        *(("taggings", taggings), ("tagging_times", times), ("friends", friends)),
    ]


def test_empty_text_is_null_and_neither_is_the_text_null(explored: Exploration) -> None:
    pictures = [row[3] for row in lastfm_double.rows()["artists.dat"]]
    found = column(explored, "artists", "picture_url")
    assert (found.kind, found.statistics) == ("text", {})
    assert found.nulls == pictures.count("") > 0
    assert found.distinct == len(set(pictures) - {""})
    assert column(explored, "artists", "name").nulls == 0


def test_numbers_are_described_as_pandas_does(explored: Exploration) -> None:
    counts = [row[2] for row in lastfm_double.rows()["user_artists.dat"]]
    found = column(explored, "plays", "plays")
    assert (found.kind, found.nulls, found.distinct) == ("int64", 0, len(set(counts)))
    low, middle, high = np.percentile(counts, (25, 50, 75))
    mean = sum(counts) / len(counts)
    sd = (sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)) ** 0.5
    assert dict(found.statistics) == pytest.approx(
        {"mean": mean, "sd": sd, "min": min(counts), "25%": low}
        | {"50%": middle, "75%": high, "max": max(counts)}
    )


def test_tags_are_counted_over_all_assignments_and_over_known_artists(
    explored: Exploration,
) -> None:
    names = dict(lastfm_double.rows()["tags.dat"])
    rows = lastfm_double.rows()["user_taggedartists.dat"]
    applied = Counter(names[row[2]] for row in rows)
    known = Counter(names[row[2]] for row in rows if row[1] not in lastfm_double.UNKNOWN_ARTISTS)
    assert explored.unknown == 3
    assert {c.tag: (c.applied, c.known) for c in explored.tags} == {
        name: (applied[name], known[name]) for name in names.values()
    }
    assert [c.applied for c in explored.tags] == sorted(applied.values(), reverse=True)


def test_an_ending_is_an_ending(explored: Exploration) -> None:
    assert [count.tag for count in explored.tags_ending_in("e")] == [
        count.tag for count in explored.tags if count.tag in {"chanson française", "müde", "½ time"}
    ]
    assert explored.tags_ending_in("metal") == ()


def test_plays_and_listeners_of_the_played_artists(explored: Exploration) -> None:
    plays: Counter[int] = Counter()
    listeners: Counter[int] = Counter()
    for _, artist, count in lastfm_double.rows()["user_artists.dat"]:
        plays[artist] += count
        listeners[artist] += 1
    assert explored.plays.tolist() == sorted(plays.values(), reverse=True)
    assert explored.listeners.tolist() == sorted(listeners.values(), reverse=True)


def test_a_listener_without_friends_counts_as_none(tmp_path: Path, explored: Exploration) -> None:
    records = lastfm_double.rows()
    friends = Counter(row[0] for row in records["user_friends.dat"])
    assert explored.friends.tolist() == sorted(friends.values())
    lonely = records["user_artists.dat"][0][0]
    records["user_friends.dat"] = [
        row for row in records["user_friends.dat"] if lonely not in row[:2]
    ]
    folder = lastfm_double.write(tmp_path / "lastfm", lastfm_double.encode(records))
    assert explore(*read_whole(folder)).friends.tolist().count(0) == 1


def test_months_have_no_gap_and_impossible_dates_are_told(tmp_path: Path) -> None:
    records = lastfm_double.rows()
    rows = records["user_taggedartists.dat"]
    rows[0] = (*rows[0][:3], 1, 6, 1956)
    rows[1] = (*rows[1][:3], 31, 12, 2001)
    folder = lastfm_double.write(tmp_path / "lastfm", lastfm_double.encode(records))
    explored = explore(*read_whole(folder))
    dates = sorted(datetime.date(row[5], row[4], 1) for row in rows[2:])
    assert explored.misdated == 2
    assert [str(month) for month in explored.months[[0, -1]]] == [
        *(f"{dates[0]:%Y-%m}", f"{dates[-1]:%Y-%m}")
    ]
    assert (np.diff(explored.months).astype(int) == 1).all()
    counts = Counter(f"{date:%Y-%m}" for date in dates)
    shown = zip(explored.months.tolist(), explored.taggings.tolist(), strict=True)
    assert {f"{month:%Y-%m}": count for month, count in shown if count} == counts


def test_demo_data_is_explored_too() -> None:
    tables = demo_tables()
    explored = explore(tables, tables)
    assert explored.unknown == explored.misdated == 0
    assert explored.plays.sum() == tables.plays["plays"].sum()


@pytest.mark.slow  # reads the published files
@pytest.mark.skipif(not LASTFM.is_dir(), reason="the Last.fm data is not here")
def test_the_published_figures_come_out() -> None:
    explored = explore(*read_whole(LASTFM))
    assert explored.friends.size == 1892
    assert (explored.friends.max(), round(explored.friends.mean(), 3)) == (119, 13.443)
    assert [(count.tag, count.applied) for count in explored.tags[:10]] == [
        *(("rock", 7503), ("pop", 5418), ("alternative", 5251), ("electronic", 4672)),
        *(("indie", 4458), ("female vocalists", 4228), ("80s", 2791), ("dance", 2739)),
        *(("alternative rock", 2631), ("classic rock", 2287)),
    ]
    assert explored.tags[0] == TagCount("rock", 7503, 7459)
    assert explored.unknown == 1538
    assert len(explored.tags_ending_in("metal")) == 306
    assert explored.plays.size == 17632
    assert (round(explored.plays.mean(), 1), explored.plays[0]) == (3923.8, 2393140)
    assert ((explored.listeners == 1).sum(), (explored.listeners >= 5).sum()) == (10679, 2828)
    rows = {table.name: table.rows for table in explored.tables}
    assert (rows["artists"], rows["tags"], rows["plays"]) == (17632, 11946, 92834)
    assert (rows["taggings"], rows["tagging_times"], rows["friends"]) == (186479, 186479, 25434)
    assert column(explored, "artists", "picture_url").nulls == 444
