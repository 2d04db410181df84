from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from model.dataset import Interactions, PlaysSummary, Taggings, interactions
from model.errors import DataError
from model.tables import Tables

Pairs = Mapping[int, Mapping[int, int]]

PLAYS = [(9, 40, 7), (3, 12, 5), (9, 11, 1), (5, 40, 30), (3, 40, 2), (5, 31, 8), (9, 31, 6)]
TAGGINGS = [(3, 40, 8), (3, 12, 8), (5, 12, 8), (4, 12, 2), (1, 40, 2), (77, 11, 8), (9, 99, 4)]
"""Listeners 1, 4 and 77 have no plays, artist 99 neither, and tag 4 is only on that."""


def table(columns: str, rows: Sequence[tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(columns.split())).astype("int64")


@pytest.fixture
def tables(lastfm_tables: Tables) -> Tables:
    return replace(
        lastfm_tables,
        plays=table("listener artist plays", PLAYS),
        taggings=table(
            "listener artist tag day month year", [(*row, 1, 2, 2009) for row in TAGGINGS]
        ),
    )


@pytest.fixture
def played(tables: Tables) -> Interactions:
    """Three listeners, four artists, seven pairs."""
    return interactions(tables)


def tagged(of: Taggings) -> list[tuple[int, int, int]]:
    """(listener row, artist row, tag id) of each assignment."""
    ids = of.tag_ids[of.tags]
    return list(zip(of.listeners.tolist(), of.artists.tolist(), ids.tolist(), strict=True))


# --- from tables to rows ---


def test_ids_become_rows_in_ascending_order(played: Interactions) -> None:
    assert played.listener_ids.tolist() == [3, 5, 9]
    assert played.artist_ids.tolist() == [11, 12, 31, 40]
    assert played.shape == (3, 4)


def test_pairs_are_sorted_by_listener_then_artist_with_their_plays(played: Interactions) -> None:
    assert played.listeners.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert played.artists.tolist() == [1, 3, 2, 3, 0, 2, 3]
    assert played.plays.tolist() == [5, 2, 8, 30, 1, 6, 7]


def test_every_row_of_the_table_is_there_whatever_its_order(lastfm_tables: Tables) -> None:
    shuffled = lastfm_tables.plays.sample(frac=1, random_state=3)
    made = interactions(replace(lastfm_tables, plays=shuffled))
    found = zip(
        made.listener_ids[made.listeners].tolist(),
        made.artist_ids[made.artists].tolist(),
        made.plays.tolist(),
        strict=True,
    )
    assert list(found) == sorted(lastfm_tables.plays.itertuples(index=False, name=None))


def test_arrays_are_int64(played: Interactions) -> None:
    for array in (played.listener_ids, played.artist_ids, played.listeners, played.plays):
        assert array.dtype == np.int64
    for array in (played.taggings.listeners, played.taggings.artists, played.taggings.tags):
        assert array.dtype == np.int64


def test_an_artist_nobody_plays_has_no_row(lastfm_tables: Tables) -> None:
    made = interactions(lastfm_tables)
    unplayed = set(lastfm_tables.artists["id"]) - set(lastfm_tables.plays["artist"])
    assert unplayed
    assert unplayed.isdisjoint(made.artist_ids.tolist())


def test_a_listener_without_plays_has_no_row(played: Interactions) -> None:
    assert {1, 4, 77}.isdisjoint(played.listener_ids.tolist())


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([(3, 11, 5), (3, 12, 9), (3, 40, 1)], "1 listeners and 3 artists"),
        ([(3, 11, 5), (5, 11, 9)], "2 listeners and 1 artists"),
        ([], "0 listeners and 0 artists"),
    ],
)
def test_too_few_listeners_or_artists_are_refused_by_name(
    tables: Tables, rows: list[tuple[int, int, int]], counts: str
) -> None:
    few = replace(tables, name="some-source", plays=table("listener artist plays", rows))
    with pytest.raises(DataError) as caught:
        interactions(few)
    assert str(caught.value) == (
        f"some-source: {counts} are too few; at least 2 of each are needed"
    )


def test_the_summary_is_of_all_plays(played: Interactions) -> None:
    plays = [5, 2, 8, 30, 1, 6, 7]
    mean = sum(plays) / 7
    sd = (sum((count - mean) ** 2 for count in plays) / 7) ** 0.5
    assert played.summary.minimum == 1
    assert played.summary.maximum == 30
    assert played.summary.mean == pytest.approx(mean)
    assert played.summary.sd == pytest.approx(sd)


def test_the_summary_of_a_single_pair_has_no_spread() -> None:
    assert PlaysSummary.of(np.array([41])) == PlaysSummary(41, 41, 41, 0)


# --- views of the pairs ---


def test_histories_are_each_listeners_artists(played: Interactions) -> None:
    assert [history.tolist() for history in played.histories()] == [[1, 3], [2, 3], [0, 2, 3]]


@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}])
def test_a_listener_without_pairs_has_an_empty_history(
    played: Interactions, gone: set[int]
) -> None:
    left = played.select(~np.isin(played.listeners, list(gone)))
    everything = [[1, 3], [2, 3], [0, 2, 3]]
    wanted = [[] if row in gone else history for row, history in enumerate(everything)]
    assert [history.tolist() for history in left.histories()] == wanted
    assert left.artists_per_listener().tolist() == [len(history) for history in wanted]


def test_listeners_are_counted_for_every_artist(played: Interactions) -> None:
    assert played.listeners_per_artist().tolist() == [1, 1, 2, 3]
    assert played.artists_per_listener().tolist() == [2, 2, 3]
    without_last = played.select(played.artists != 3)
    assert without_last.listeners_per_artist().tolist() == [1, 1, 2, 0]


# --- choosing pairs ---


def test_choosing_keeps_rows_and_summary_and_drops_pairs(played: Interactions) -> None:
    chosen = np.array([True, False, False, True, False, True, True])
    kept = played.select(chosen)
    assert kept.shape == (3, 4)
    assert kept.summary == played.summary
    assert kept.listeners.tolist() == [0, 1, 2, 2]
    assert kept.artists.tolist() == [1, 3, 2, 3]
    assert kept.plays.tolist() == [5, 30, 6, 7]


def test_the_tags_of_a_pair_go_with_it_and_no_others(played: Interactions) -> None:
    # Listener 3 (row 0) tagged artists 40 and 12, and plays both; only 40 stays.
    kept = played.select((played.listeners != 0) | (played.artists == 3))
    assert tagged(kept.taggings) == [row for row in tagged(played.taggings) if row != (0, 1, 8)]
    assert len(tagged(kept.taggings)) == 5


def test_tags_of_listeners_without_plays_never_go(played: Interactions) -> None:
    nothing = played.select(np.zeros(7, bool))
    assert nothing.plays.size == 0
    assert tagged(nothing.taggings) == [(1, 1, 8), (-1, 1, 2), (-1, 3, 2), (-1, 0, 8)]


# --- tags ---


def test_taggings_are_of_artists_somebody_plays(played: Interactions) -> None:
    assert played.taggings.tag_ids.tolist() == [2, 8]
    assert tagged(played.taggings) == [
        (0, 3, 8),
        (0, 1, 8),
        (1, 1, 8),
        (-1, 1, 2),
        (-1, 3, 2),
        (-1, 0, 8),
    ]


def test_tags_are_counted_by_tag_and_artist(played: Interactions) -> None:
    tags, artists, counts = played.taggings.counts()
    found = zip(tags.tolist(), artists.tolist(), counts.tolist(), strict=True)
    assert sorted(found) == [(0, 1, 1), (0, 3, 1), (1, 0, 1), (1, 1, 2), (1, 3, 1)]


def test_chosen_taggings_keep_their_tag_positions(played: Interactions) -> None:
    chosen = played.taggings.select(played.taggings.listeners >= 0)
    assert chosen.tag_ids.tolist() == [2, 8]
    assert chosen.tags.tolist() == [1, 1, 1]


def test_without_taggings_there_is_nothing_to_count(
    interactions_of: Callable[[Pairs], Interactions],
) -> None:
    made = interactions_of({4: {1: 3, 2: 1}, 6: {2: 9, 7: 4}})
    counted: tuple[NDArray[np.int64], ...] = made.taggings.counts()
    assert [array.size for array in counted] == [0, 0, 0]
    assert made.taggings.tag_ids.size == 0
