"""The embedded demo data: a catalogue of known artists and invented listeners.

For a newcomer without the published data, and for tests: the same six tables as Last.fm, from
nothing but ``demo_catalogue.tsv`` and a seed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote_plus

import numpy as np
import pandas as pd

from model.demo_simulator import Ints, Simulation, simulate
from model.errors import ConfigurationError, DataError
from model.sources import DEMO
from model.tables import Tables

CATALOGUE_NAME = "demo_catalogue.tsv"
HEADER = ("name", "popularity", "genre", "tags")
MOST_TAGS = 7
FEWEST_LISTENERS = 2
MILLISECONDS_A_DAY = 86_400_000


@dataclass(frozen=True)
class CatalogueArtist:
    """One row of the catalogue.

    Attributes:
        name: as the artist writes it.
        popularity: rough judgement, 1 (cult) to 5 (everywhere).
        tags: 3 to 7 distinct tags, most telling first; the first is the genre.
    """

    name: str
    popularity: int
    tags: tuple[str, ...]

    @property
    def genre(self) -> str:
        """The tag that files the artist."""
        return self.tags[0]


def read_catalogue(text: str | None = None) -> tuple[CatalogueArtist, ...]:
    """The catalogue in file order: ``text``, or the embedded file.

    Raises:
        DataError: the file is missing, or a line is no artist; names the line.
    """
    if text is None:
        try:
            text = (files("model") / CATALOGUE_NAME).read_text(encoding="utf-8")
        except OSError as error:
            mend = "install Crossfade again"
            raise DataError("cannot be read", where=CATALOGUE_NAME, mend=mend) from error
    return tuple(_artists(text))


def _artists(text: str) -> Iterator[CatalogueArtist]:
    seen: set[str] = set()
    lines = [
        (number, tuple(line.split("\t")))
        for number, line in enumerate(text.splitlines(), start=1)
        if line and not line.startswith("# ")
    ]
    if len(lines) < 2 or lines[0][1] != HEADER:
        mend = f"start with the columns {', '.join(HEADER)}, then one artist a line"
        raise DataError("has no header or no artists", where=CATALOGUE_NAME, mend=mend)
    for number, fields in lines[1:]:
        artist = _artist(fields, where=f"{CATALOGUE_NAME}, line {number}")
        if artist.name.casefold() in seen:
            problem = f"{artist.name} appears a second time"
            raise DataError(problem, where=f"{CATALOGUE_NAME}, line {number}", mend="keep one")
        seen.add(artist.name.casefold())
        yield artist


def _artist(fields: tuple[str, ...], *, where: str) -> CatalogueArtist:
    if len(fields) != len(HEADER) or any(not field or field != field.strip() for field in fields):
        mend = "separate name, popularity, genre and tags by single tabs, without spaces around"
        raise DataError("is not a row of four columns", where=where, mend=mend)
    name, popularity, genre, others = fields
    tags = (genre, *others.split(", "))
    if popularity not in {"1", "2", "3", "4", "5"}:
        raise DataError(f"popularity is {popularity}", where=where, mend="write 1 to 5")
    if not 3 <= len(tags) <= MOST_TAGS or len(set(tags)) != len(tags):
        mend = f"give 2 to {MOST_TAGS - 1} distinct tags beside the genre, separated by ', '"
        raise DataError("tags are too few, too many or doubled", where=where, mend=mend)
    return CatalogueArtist(name, int(popularity), tags)


def demo_tables(seed: int = 0, listeners: int = 600) -> Tables:
    """The catalogue with invented listeners, in the six tables of the data sources.

    ``model.demo_simulator`` describes the generative model and its parameters. Ids count from 1:
    artists in file order, tags in alphabetical order of code points, listeners as invented. Every
    artist has a listener, every listener at least 5 artists. Equal arguments give equal tables and
    an equal fingerprint on every platform.

    Args:
        seed: what the simulation starts from, not negative.
        listeners: how many to invent, at least 2.

    Raises:
        ConfigurationError: an argument is out of range.
        DataError: the embedded catalogue is missing or damaged.
    """
    if seed < 0:
        raise ConfigurationError(f"seed is {seed}", where=DEMO, mend="use 0 or more")
    if listeners < FEWEST_LISTENERS:
        mend = f"use {FEWEST_LISTENERS} or more"
        raise ConfigurationError(f"{listeners} listeners are too few", where=DEMO, mend=mend)
    artists = read_catalogue()
    tags = sorted({tag for artist in artists for tag in artist.tags})
    genres = sorted({artist.genre for artist in artists})
    simulation = simulate(
        _ranked_tags(artists, tags),
        np.array([genres.index(artist.genre) for artist in artists], dtype=np.int64),
        np.array([artist.popularity for artist in artists], dtype=np.int64),
        seed=seed,
        listeners=listeners,
    )
    return _tables(artists, tags, simulation)


def _ranked_tags(artists: tuple[CatalogueArtist, ...], tags: list[str]) -> Ints:
    """[A, 7] tag positions, most telling first, -1 where an artist has fewer."""
    position = {tag: index for index, tag in enumerate(tags)}
    ranked = np.full((len(artists), MOST_TAGS), -1, dtype=np.int64)
    for row, artist in zip(ranked, artists, strict=True):
        row[: len(artist.tags)] = [position[tag] for tag in artist.tags]
    return ranked


def _tables(
    artists: tuple[CatalogueArtist, ...], tags: list[str], simulation: Simulation
) -> Tables:
    names = [artist.name for artist in artists]
    frames = {
        "artists": pd.DataFrame(
            {
                "id": np.arange(1, len(names) + 1, dtype=np.int64),
                "name": names,
                "url": [f"https://www.last.fm/music/{quote_plus(name)}" for name in names],
                "picture_url": [""] * len(names),
            }
        ),
        "tags": pd.DataFrame({"id": np.arange(1, len(tags) + 1, dtype=np.int64), "name": tags}),
        "plays": pd.DataFrame(
            simulation.plays + np.array([1, 1, 0]), columns=["listener", "artist", "plays"]
        ),
        "taggings": _assignments(simulation).assign(**_calendar(simulation.tagged_on)),
        "tagging_times": _assignments(simulation).assign(
            timestamp_ms=simulation.tagged_on * MILLISECONDS_A_DAY
        ),
        "friends": pd.DataFrame(simulation.friends + 1, columns=["listener", "friend"]),
    }
    return Tables(
        name=DEMO,
        fingerprint=_fingerprint(frames),
        artists=frames["artists"],
        tags=frames["tags"],
        plays=frames["plays"],
        taggings=frames["taggings"],
        tagging_times=frames["tagging_times"],
        friends=frames["friends"],
    )


def _assignments(simulation: Simulation) -> pd.DataFrame:
    return pd.DataFrame(simulation.taggings + 1, columns=["listener", "artist", "tag"])


def _calendar(days: Ints) -> dict[str, Ints]:
    """Days since 1970-01-01 as columns ``day``, ``month``, ``year``."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return {
        "day": (dates - months.astype("datetime64[D]")).astype(np.int64) + 1,
        "month": months.astype(np.int64) % 12 + 1,
        "year": months.astype(np.int64) // 12 + 1970,
    }


def _fingerprint(frames: dict[str, pd.DataFrame]) -> str:
    """SHA-256 over the tables by name: each column's name, then its values.

    Numbers count as little-endian int64, texts as UTF-8 ended by a zero byte.
    """
    digest = hashlib.sha256()
    for name, frame in sorted(frames.items()):
        for column in frame.columns:
            digest.update(f"{name}.{column}:{len(frame)}\0".encode())
            values = frame[column].to_numpy()
            if values.dtype == np.int64:
                digest.update(values.astype("<i8").tobytes())
            else:
                digest.update("".join(f"{value}\0" for value in values).encode())
    return digest.hexdigest()
