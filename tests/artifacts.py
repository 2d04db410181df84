"""A small artifact made by hand: the demo's interactions, factors from a plain SVD, no TensorFlow.

Published with the project's own code, so whatever reads it reads a real store. The catalogue has
four rows that no demo has: a name full of markup, one in Arabic, one of an emoji alone, and one
that does not fit into an autocomplete choice.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.cataloguing import build_catalogue
from model.configuration import preset
from model.dataset import Interactions, interactions
from model.demo import demo_tables
from model.factors import CurvePoint, Factors
from model.profiling import co_listening, tag_profiles
from model.publishing import Training, publish, training_lock
from model.tables import Tables

DIMENSION = 24
LISTENERS = 240

MARKUP = "**Bold** [click](//evil.example) @everyone <@17> discord.gg/abcde"
ARABIC = "فيروز الصغيرة"
EMOJI = "🎸🔥"
LONG = "The " + "Very " * 30 + "Long Band"
STRANGE_NAMES = (MARKUP, ARABIC, EMOJI, LONG)


def write_store(store: Path, *, dataset: str = "demo") -> Path:
    """Publish the artifact in ``store``; returns ``store``.

    Args:
        store: the folder to make.
        dataset: the name that the artifact gives to its data.
    """
    tables = with_strange_artists(demo_tables(seed=3, listeners=LISTENERS))
    with training_lock(store):
        publish(store, training_of(replace(tables, name=dataset)))
    return store


def with_strange_artists(tables: Tables, names: Sequence[str] = STRANGE_NAMES) -> Tables:
    """The same tables with further artists, each played by listeners 1, 2 and 3."""
    first = int(tables.artists["id"].max()) + 1
    ids = list(range(first, first + len(names)))
    artists = pd.DataFrame(
        {"id": ids, "name": list(names), "url": "https://www.last.fm/music/x", "picture_url": ""}
    )
    plays = pd.DataFrame(
        [(listener, artist, 9 + artist % 4) for artist in ids for listener in (1, 2, 3)],
        columns=pd.Index(["listener", "artist", "plays"]),
    )
    return replace(
        tables,
        artists=pd.concat([tables.artists, artists], ignore_index=True),
        plays=pd.concat([tables.plays, plays], ignore_index=True),
    )


def training_of(tables: Tables) -> Training:
    """What a training would hand over."""
    pairs = interactions(tables)
    factors = svd_factors(pairs)
    catalogue = build_catalogue(tables, pairs)
    configuration = replace(preset("default"), dimension=DIMENSION, steps=1)
    listeners, artists = pairs.shape
    return Training(
        configuration=configuration,
        dataset={
            "name": tables.name,
            "fingerprint": tables.fingerprint,
            "listeners": listeners,
            "artists": artists,
            "plays": int(pairs.plays.size),
        },
        listener_ids=pairs.listener_ids,
        catalogue=replace(catalogue, positions=flat_positions(factors.artist_embeddings)),
        profiles=tag_profiles(pairs, dimension=16),
        together=co_listening(pairs),
        factors=factors,
        metrics={"default": {"ndcg@20": 0.3071}, "popularity": {"ndcg@20": 0.0812}},
        timings={"fit_s": 0.1},
        curve_png=b"\x89PNG no picture",
    )


def flat_positions(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map without t-SNE: the directions of the embeddings seen from one side, [M, 2]."""
    lengths = np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)
    return np.clip(embeddings[:, 1:3] / lengths, -1, 1).astype(np.float32)


def svd_factors(pairs: Interactions) -> Factors:
    """Truncated singular vectors of the plays, each pair weighed down by its artist's popularity.

    The matrix is listeners x artists and 1/sqrt(listeners of the artist) where a pair is; its
    singular vectors come from the small Gramian of the listeners.
    """
    matrix = np.zeros(pairs.shape)
    popularity = pairs.listeners_per_artist()
    matrix[pairs.listeners, pairs.artists] = 1 / np.sqrt(popularity[pairs.artists])
    squares, left = np.linalg.eigh(matrix @ matrix.T)
    values, left = np.sqrt(squares[::-1][:DIMENSION]), left[:, ::-1][:, :DIMENSION]
    right = matrix.T @ left / values
    return Factors(
        listener_embeddings=np.asarray(left * np.sqrt(values), np.float32),
        artist_embeddings=np.asarray(right * np.sqrt(values), np.float32),
        unobserved_weight=0.05,
        listener_l2=0.02,
        frequency_exponent=0.0,
        gravity_scale=np.ones(pairs.artist_ids.size, np.float32),
        curve=(CurvePoint(0, 1.0, 0.0, 0.0, None), CurvePoint(1, 0.5, 0.1, 0.0, None)),
    )
