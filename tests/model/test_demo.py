import hashlib
from collections import Counter
from dataclasses import fields
from typing import Any
from urllib.parse import unquote_plus

import numpy as np
import pandas as pd
import pytest

from model import demo
from model.demo import CatalogueArtist, demo_tables, read_catalogue
from model.demo_simulator import play_counts, simulate, tag_weights
from model.errors import ConfigurationError, DataError
from model.tables import Tables

COLUMNS = {
    "artists": ["id", "name", "url", "picture_url"],
    "tags": ["id", "name"],
    "plays": ["listener", "artist", "plays"],
    "taggings": ["listener", "artist", "tag", "day", "month", "year"],
    "tagging_times": ["listener", "artist", "tag", "timestamp_ms"],
    "friends": ["listener", "friend"],
}
TEXT = {"name", "url", "picture_url"}
HEADER = "name\tpopularity\tgenre\ttags\n"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return demo_tables()


@pytest.fixture(scope="module")
def catalogue() -> tuple[CatalogueArtist, ...]:
    return read_catalogue()


@pytest.fixture(scope="module")
def played(tables: Tables) -> np.ndarray:
    """[600, artists] 1.0 where the listener played the artist."""
    matrix = np.zeros((600, len(tables.artists)))
    matrix[tables.plays["listener"] - 1, tables.plays["artist"] - 1] = 1
    return matrix


def co_listening(played: np.ndarray) -> np.ndarray:
    """Cosine between the columns, 0 on the diagonal."""
    lengths = np.maximum(np.linalg.norm(played, axis=0), 1)
    cosine = played.T @ played / np.outer(lengths, lengths)
    np.fill_diagonal(cosine, 0)
    return cosine


# --- the catalogue ---


def test_the_catalogue_is_wide_enough_for_neighbourhoods(
    catalogue: tuple[CatalogueArtist, ...],
) -> None:
    genres = Counter(artist.genre for artist in catalogue)
    tags = Counter(tag for artist in catalogue for tag in artist.tags)
    assert len(catalogue) >= 450
    assert len(genres) >= 35
    assert min(genres.values()) >= 8
    assert len(tags) >= 80
    assert min(tags.values()) >= 2, "a tag that one artist has says nothing about others"


def test_no_name_appears_twice_whatever_its_case(catalogue: tuple[CatalogueArtist, ...]) -> None:
    names = Counter(artist.name.casefold() for artist in catalogue)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_row_is_well_formed(catalogue: tuple[CatalogueArtist, ...]) -> None:
    for artist in catalogue:
        assert artist.name == " ".join(artist.name.split())
        assert 1 <= artist.popularity <= 5
        assert 3 <= len(artist.tags) <= 7
        assert all(tag == tag.casefold().strip() and "," not in tag for tag in artist.tags)
    assert {artist.popularity for artist in catalogue} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "name",
    [
        "AC/DC",
        "Björk",
        "Sigur Rós",
        "!!!",
        "P!nk",
        "Ke$ha",
        "Guns N' Roses",
        "The The",
        "3OH!3",
        "植松伸夫",
        "Кино",
        "Simon & Garfunkel",
        "Johnny Cash",
        "blink-182",
        "Motörhead",
        "Godspeed You! Black Emperor",
        "A$AP Rocky",
        "Sunn O)))",
        "M.I.A.",
        "Earth, Wind & Fire",
        'Lee "Scratch" Perry',
        "Billie Eilish",
    ],
)
def test_hard_names_arrive_as_written(tables: Tables, name: str) -> None:
    row = tables.artists[tables.artists["name"] == name]
    assert len(row) == 1
    address = str(row["url"].iloc[0])
    assert address.startswith("https://www.last.fm/music/")
    slug = address.removeprefix("https://www.last.fm/music/")
    assert slug.isascii()
    assert "/" not in slug
    assert unquote_plus(slug) == name


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", "", "no header"),
        ("artist\tpopularity\tgenre\ttags\nA\t1\trock\t60s, raw\n", "", "no header"),
        (HEADER, "", "no artists"),
        (f"{HEADER}A\t1\trock\n", "line 2", "four columns"),
        (f"# origin\n{HEADER}A \t1\trock\t60s, raw\n", "line 3", "four columns"),
        (f"{HEADER}A\t6\trock\t60s, raw\n", "line 2", "popularity is 6"),
        (f"{HEADER}A\t1\trock\t60s\n", "line 2", "too few"),
        (f"{HEADER}A\t1\trock\t60s, rock\n", "line 2", "doubled"),
        (f"{HEADER}A\t1\trock\ta, b, c, d, e, f, g\n", "line 2", "too many"),
        (f"{HEADER}ab\t1\trock\t60s, raw\nAB\t1\trock\t60s, raw\n", "line 3", "second time"),
    ],
)
def test_a_broken_catalogue_names_line_and_problem(text: str, line: str, problem: str) -> None:
    with pytest.raises(DataError) as caught:
        read_catalogue(text)
    assert f"demo_catalogue.tsv{', ' if line else ''}{line}: " in str(caught.value)
    assert problem in str(caught.value)


def test_a_missing_catalogue_is_a_data_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "CATALOGUE_NAME", "missing.tsv")
    with pytest.raises(DataError, match=r"missing\.tsv: cannot be read; install"):
        read_catalogue()


# --- the tables ---


def test_the_tables_have_the_columns_and_types_of_the_record(tables: Tables) -> None:
    for name, columns in COLUMNS.items():
        frame: pd.DataFrame = getattr(tables, name)
        assert list(frame.columns) == columns
        assert len(frame) > 0
        for column in columns:
            if column in TEXT:
                assert all(type(value) is str for value in frame[column])
            else:
                assert frame[column].dtype == np.int64
    assert tables.name == "demo"
    assert set(COLUMNS) < {field.name for field in fields(tables)}


def test_ids_count_from_one(tables: Tables, catalogue: tuple[CatalogueArtist, ...]) -> None:
    assert tables.artists["id"].tolist() == list(range(1, len(catalogue) + 1))
    assert tables.artists["name"].tolist() == [artist.name for artist in catalogue]
    assert tables.tags["id"].tolist() == list(range(1, len(tables.tags) + 1))
    assert tables.tags["name"].is_unique
    assert sorted(tables.plays["listener"].unique()) == list(range(1, 601))


def test_every_row_refers_to_what_exists(tables: Tables) -> None:
    pairs = set(zip(tables.plays["listener"], tables.plays["artist"], strict=True))
    assert set(tables.plays["artist"]) == set(tables.artists["id"])
    assert set(tables.taggings["tag"]) <= set(tables.tags["id"])
    assert set(zip(tables.taggings["listener"], tables.taggings["artist"], strict=True)) <= pairs
    assert set(tables.friends["listener"]) <= set(tables.plays["listener"])
    key = ["listener", "artist", "tag"]
    assert tables.tagging_times[key].equals(tables.taggings[key])


def test_no_row_appears_twice(tables: Tables) -> None:
    assert not tables.plays.duplicated(["listener", "artist"]).any()
    assert not tables.taggings.duplicated(["listener", "artist", "tag"]).any()
    assert not tables.friends.duplicated().any()


def test_friendships_go_both_ways_and_never_to_oneself(tables: Tables) -> None:
    pairs = set(zip(tables.friends["listener"], tables.friends["friend"], strict=True))
    assert {(friend, listener) for listener, friend in pairs} == pairs
    assert all(listener != friend for listener, friend in pairs)


def test_timestamps_agree_with_dates(tables: Tables) -> None:
    dates = pd.to_datetime(tables.taggings[["year", "month", "day"]])
    stamps = pd.to_datetime(tables.tagging_times["timestamp_ms"], unit="ms")
    assert (dates.to_numpy() == stamps.to_numpy()).all()
    assert tables.taggings["year"].between(2018, 2024).all()
    assert tables.taggings["day"].max() == 31


@pytest.mark.parametrize(("seed", "listeners"), [(0, 600), (1, 97), (2, 2)])
def test_no_listener_and_no_artist_is_left_out(seed: int, listeners: int) -> None:
    tables = demo_tables(seed, listeners)
    histories = tables.plays.groupby("listener").size()
    assert len(histories) == listeners
    assert histories.min() >= 5
    assert set(tables.plays["artist"]) == set(tables.artists["id"])
    assert tables.plays["plays"].min() >= 1


# --- the simulation ---


def test_equal_seeds_give_equal_tables() -> None:
    first, second = demo_tables(3, 60), demo_tables(3, 60)
    assert first.fingerprint == second.fingerprint
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_other_seeds_and_sizes_give_other_fingerprints() -> None:
    prints = {demo_tables(*given).fingerprint for given in [(3, 60), (4, 60), (3, 61)]}
    assert len(prints) == 3
    assert all(len(bytes.fromhex(text)) == 32 for text in prints)


@pytest.mark.parametrize("table", list(COLUMNS))
def test_the_fingerprint_covers_every_column(tables: Tables, table: str) -> None:
    frames: dict[str, pd.DataFrame] = {name: getattr(tables, name) for name in COLUMNS}
    for column in COLUMNS[table]:
        changed: Any = frames[table].copy()
        changed.loc[7, column] += "x" if column in TEXT else 1
        assert demo._fingerprint({**frames, table: changed}) != tables.fingerprint
    assert demo._fingerprint(frames) == tables.fingerprint


def test_the_simulation_is_the_same_on_every_platform() -> None:
    """The digest changes with the model's parameters, never with the catalogue or the machine."""
    artists = np.arange(45)
    ranked = np.full((45, 7), -1)
    ranked[:, 0], ranked[:, 1], ranked[:, 2] = artists % 4, 4 + artists % 3, 7 + artists % 6
    done = simulate(ranked, artists % 4, 1 + artists % 5, seed=11, listeners=70)
    digest = hashlib.sha256()
    for part in (done.plays, done.taggings, done.tagged_on, done.friends):
        digest.update(part.astype("<i8").tobytes())
    assert digest.hexdigest() == "c247f29199269b235c9e17ad99980443d4f143a8a4629a87a2f63dc31b1787b0"


def test_early_and_rare_tags_weigh_more() -> None:
    ranked = np.full((5, 7), -1)
    ranked[:, :2] = [[0, 1], [1, 0], [1, 0], [1, 2], [1, 3]]
    weights = tag_weights(ranked)
    assert weights.shape == (5, 4)
    assert weights[1, 1] == weights[4, 1] > weights[0, 1]
    assert weights[4, 3] > weights[0, 1]
    assert weights[4].tolist() == [0, 12, 0, 8 * 3]


def test_no_play_count_is_rounded_near_a_half() -> None:
    exponents = np.arange(18 * 256 + 1)
    exact = np.exp2(exponents / 256)
    assert np.abs(exact - np.floor(exact) - 0.5).min() > 1e-5
    assert play_counts(exponents[::256]).tolist() == [2**power for power in range(19)]


def test_popularity_has_a_long_tail(tables: Tables) -> None:
    listeners = np.sort(np.bincount(tables.plays["artist"])[1:])[::-1]
    assert listeners[: len(listeners) // 10].sum() > 0.25 * listeners.sum()
    assert listeners[: len(listeners) // 2].sum() > 0.75 * listeners.sum()
    assert listeners.mean() > 1.3 * np.median(listeners)
    assert tables.plays["plays"].mean() > 2 * tables.plays["plays"].median()


def test_tags_given_are_mostly_the_artists_own(
    tables: Tables, catalogue: tuple[CatalogueArtist, ...]
) -> None:
    tag_names = tables.tags["name"].tolist()
    own = [
        tag_names[tag - 1] in catalogue[artist - 1].tags
        for artist, tag in zip(tables.taggings["artist"], tables.taggings["tag"], strict=True)
    ]
    assert 0.9 < np.mean(own) < 1


def test_artists_of_a_genre_are_listened_to_together(
    played: np.ndarray, catalogue: tuple[CatalogueArtist, ...]
) -> None:
    genres = np.array([artist.genre for artist in catalogue])
    same = genres[:, None] == genres
    np.fill_diagonal(same, val=False)
    cosine = co_listening(played)
    assert cosine[same].mean() > 5 * cosine[~same].mean()


def test_friends_share_more_artists_than_strangers(tables: Tables, played: np.ndarray) -> None:
    shared = played @ played.T
    friends = np.zeros_like(shared, dtype=bool)
    friends[tables.friends["listener"] - 1, tables.friends["friend"] - 1] = True
    strangers = ~friends & ~np.eye(len(shared), dtype=bool)
    assert shared[friends].mean() > 2 * shared[strangers].mean()


@pytest.mark.parametrize(
    ("name", "genres"),
    [
        ("Johnny Cash", {"outlaw country", "country", "folk", "singer-songwriter", "americana"}),
        ("Aphex Twin", {"idm", "electronica", "ambient", "techno"}),
        ("Metallica", {"thrash metal", "heavy metal", "hard rock"}),
        ("Miles Davis", {"jazz", "vocal jazz"}),
    ],
)
def test_known_artists_have_sensible_neighbours(
    played: np.ndarray, catalogue: tuple[CatalogueArtist, ...], name: str, genres: set[str]
) -> None:
    row = [artist.name for artist in catalogue].index(name)
    nearest = np.argsort(-co_listening(played)[row])[:10]
    assert sum(not genres.isdisjoint(catalogue[near].tags) for near in nearest) >= 8


def test_neighbours_predict_held_out_artists_far_better_than_popularity(
    played: np.ndarray,
) -> None:
    rng = np.random.default_rng(0)
    train, held_out = played.copy(), np.zeros_like(played)
    for listener, row in enumerate(played):
        history = rng.permutation(np.flatnonzero(row))
        hidden = history[: len(history) // 5]
        train[listener, hidden], held_out[listener, hidden] = 0, 1
    popularity = ndcg_at_20(np.tile(train.sum(axis=0), (len(train), 1)), train, held_out)
    neighbours = ndcg_at_20(train @ co_listening(train), train, held_out)
    assert neighbours > 3 * popularity


def ndcg_at_20(scores: np.ndarray, train: np.ndarray, held_out: np.ndarray) -> float:
    discounts = 1 / np.log2(np.arange(2, 22))
    ranked = np.argsort(-np.where(train > 0, -1, scores), axis=1, kind="stable")[:, :20]
    gains = np.take_along_axis(held_out, ranked, axis=1) @ discounts
    best = np.cumsum(discounts)[np.minimum(held_out.sum(axis=1).astype(int), 20) - 1]
    return float((gains / best).mean())


@pytest.mark.parametrize(("seed", "listeners"), [(-1, 600), (0, 1), (0, -5)])
def test_arguments_out_of_range_are_named(seed: int, listeners: int) -> None:
    with pytest.raises(ConfigurationError, match=r"^demo: .*; use \d or more$"):
        demo_tables(seed, listeners)
