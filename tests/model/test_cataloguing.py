"""From the six tables to the artist table: order, listeners, tags and page addresses."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.catalogue import Catalogue
from model.cataloguing import build_catalogue
from model.dataset import interactions
from model.tables import Tables


def tables_of(
    plays: list[tuple[int, int, int]],
    taggings: Sequence[tuple[int, int, int]] = (),
    urls: dict[int, str] | None = None,
) -> Tables:
    """Tables with artists 40, 30, 20 and 10 in this file order, and tags 8, 5, 6, 7, 9 and 4."""
    artists = [40, 30, 20, 10]
    tags = [8, 5, 6, 7, 9, 4]
    return Tables(
        name="by hand",
        fingerprint="",
        artists=pd.DataFrame(
            {
                "id": artists,
                "name": [f"artist {artist}" for artist in artists],
                "url": [(urls or {}).get(artist, "") for artist in artists],
                "picture_url": "",
            }
        ),
        tags=pd.DataFrame({"id": tags, "name": [f"tag {tag}" for tag in tags]}),
        plays=pd.DataFrame(plays, columns=pd.Index(["listener", "artist", "plays"])),
        taggings=pd.DataFrame(
            [(*tagging, 1, 2, 2009) for tagging in taggings],
            columns=pd.Index(["listener", "artist", "tag", "day", "month", "year"]),
            dtype=np.int64,
        ),
        tagging_times=pd.DataFrame(),
        friends=pd.DataFrame(),
    )


PLAYS = [(1, 40, 9), (1, 10, 1), (2, 40, 3), (3, 40, 700), (3, 20, 2)]


def catalogue_of(tables: Tables) -> Catalogue:
    return build_catalogue(tables, interactions(tables))


def test_artists_stand_in_the_order_of_the_interactions_whatever_the_files_order() -> None:
    catalogue = catalogue_of(tables_of(PLAYS))
    assert catalogue.ids.tolist() == [10, 20, 40]
    assert catalogue.names.texts() == ["artist 10", "artist 20", "artist 40"]
    assert catalogue.source_ids.texts() == ["10", "20", "40"]


def test_listeners_count_who_played_an_artist_not_how_often() -> None:
    assert catalogue_of(tables_of(PLAYS)).listeners.tolist() == [1, 1, 3]


def test_the_tags_that_most_listeners_applied_come_first() -> None:
    taggings = [
        *((listener, 40, 9) for listener in (1, 2, 3)),
        *((listener, 40, 5) for listener in (1, 2)),
        (2, 40, 4),
        (3, 10, 8),
    ]
    catalogue = catalogue_of(tables_of(PLAYS, taggings))
    assert catalogue.artist(2).tags == ("tag 9", "tag 5", "tag 4")
    assert catalogue.artist(1).tags == ()
    assert catalogue.artist(0).tags == ("tag 8",)


def test_at_most_five_tags_are_kept_and_equal_ones_by_their_id() -> None:
    taggings = [(1, 20, tag) for tag in (8, 5, 6, 7, 9, 4)] + [(2, 20, 9)]
    catalogue = catalogue_of(tables_of(PLAYS, taggings))
    assert catalogue.top_tags.shape == (3, 5)
    assert catalogue.top_tags.dtype == np.int32
    assert catalogue.artist(1).tags == ("tag 9", "tag 4", "tag 5", "tag 6", "tag 7")


def test_tags_on_artists_that_nobody_plays_are_left_out() -> None:
    catalogue = catalogue_of(tables_of(PLAYS, [(1, 30, 6), (1, 40, 7)]))
    assert catalogue.tag_names.texts() == ["tag 7"]
    assert catalogue.artist(2).tags == ("tag 7",)


def test_without_any_tag_the_table_is_whole() -> None:
    catalogue = catalogue_of(tables_of(PLAYS))
    assert (catalogue.top_tags == -1).all()
    assert len(catalogue.tag_names) == 0
    Catalogue.from_columns(catalogue.columns(), "there")


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("http://www.last.fm/music/Muse", "https://www.last.fm/music/Muse"),
        ("https://www.last.fm/music/Muse", "https://www.last.fm/music/Muse"),
        ("http://www.last.fm/music/a%2526b", "https://www.last.fm/music/a%26b"),
        ("http://www.last.fm/music/a%252Fb%2B", "https://www.last.fm/music/a%2Fb+"),
        ("http://www.last.fm/music/100%25", "https://www.last.fm/music/100%25"),
        ("http://www.last.fm/music/Sigur+R%C3%B3s", "https://www.last.fm/music/Sigur+R%C3%B3s"),
        ("http://music.example/http://www.last.fm.example", None),
        ("", None),
    ],
)
def test_a_page_is_on_https_and_encoded_once(url: str, page: str | None) -> None:
    catalogue = catalogue_of(tables_of(PLAYS, urls={20: url}))
    assert catalogue.artist(1).url == (url if page is None else page)


def test_every_row_says_what_the_tables_of_files_say(lastfm_tables: Tables) -> None:
    catalogue = catalogue_of(lastfm_tables)
    names = dict(zip(lastfm_tables.artists["id"], lastfm_tables.artists["name"], strict=True))
    tag_names = dict(zip(lastfm_tables.tags["id"], lastfm_tables.tags["name"], strict=True))
    players = lastfm_tables.plays["artist"].tolist()
    taggings = lastfm_tables.taggings
    assert catalogue.ids.tolist() == sorted(set(players))
    for row in range(len(catalogue)):
        artist = catalogue.artist(row)
        assert artist.name == names[artist.id]
        assert artist.listeners == players.count(artist.id)
        applied = set(taggings["tag"][taggings["artist"] == artist.id])
        assert set(artist.tags) <= {tag_names[tag] for tag in applied}
        assert len(artist.tags) == min(5, len(applied))


def test_an_artist_without_a_row_in_the_artist_table_is_no_silent_gap() -> None:
    tables = tables_of(PLAYS)
    without = replace(tables, artists=tables.artists[tables.artists["id"] != 20])
    with pytest.raises(KeyError, match="20"):
        catalogue_of(without)
