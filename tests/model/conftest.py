"""What several model tests read: the double's tables and interactions, made once."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from model.dataset import Interactions, interactions
from model.lastfm import read_tables
from model.tables import Tables
from tests import lastfm_double

Pairs = Mapping[int, Mapping[int, int]]
"""Plays by listener id and artist id."""


@pytest.fixture(scope="session")
def lastfm_contents() -> Mapping[str, bytes]:
    """The six files of the double as bytes."""
    return lastfm_double.encode(lastfm_double.rows())


@pytest.fixture(scope="session")
def lastfm_tables(
    tmp_path_factory: pytest.TempPathFactory, lastfm_contents: Mapping[str, bytes]
) -> Tables:
    return read_tables(lastfm_double.write(tmp_path_factory.mktemp("lastfm"), lastfm_contents))


@pytest.fixture(scope="session")
def lastfm_interactions(lastfm_tables: Tables) -> Interactions:
    return interactions(lastfm_tables)


@pytest.fixture(scope="session")
def interactions_of() -> Callable[[Pairs], Interactions]:
    """Makes interactions of given plays, without tags."""
    return lambda pairs: interactions(_tables_of(pairs))


def _tables_of(pairs: Pairs) -> Tables:
    plays = [
        (listener, artist, count)
        for listener, played in pairs.items()
        for artist, count in played.items()
    ]
    artists = sorted({artist for _, artist, _ in plays})
    return Tables(
        name="by hand",
        fingerprint="",
        artists=pd.DataFrame(
            {"id": artists, "name": [f"artist {a}" for a in artists], "url": "", "picture_url": ""}
        ),
        tags=pd.DataFrame({"id": [7], "name": ["rock"]}),
        plays=pd.DataFrame(plays, columns=pd.Index(["listener", "artist", "plays"])),
        taggings=_no_rows("listener", "artist", "tag", "day", "month", "year"),
        tagging_times=_no_rows("listener", "artist", "tag", "timestamp_ms"),
        friends=_no_rows("listener", "friend"),
    )


def _no_rows(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="int64") for column in columns})
