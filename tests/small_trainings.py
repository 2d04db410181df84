"""Trainings for tests that need answers but no good factors, and some learnt on a part."""

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.cataloguing import build_catalogue
from model.configuration import Configuration, preset
from model.dataset import Interactions, interactions
from model.demo import demo_tables
from model.evaluation import split
from model.factors import Factors
from model.lastfm import read_tables
from model.profiling import co_listening, tag_profiles
from model.tables import Tables
from model.trained import Training

LASTFM = Path(__file__).parents[2] / "shared" / "lastfm"
needs_lastfm = pytest.mark.skipif(
    not LASTFM.is_dir(), reason="the Last.fm files are not beside the project (../shared/lastfm)"
)


def training_by_chance(tables: Tables, pairs: Interactions, *, dimension: int = 5) -> Training:
    """A training whose embeddings are drawn, not learnt; all else is what ``pairs`` say."""
    chance = np.random.default_rng(8)
    listeners, artists = pairs.shape
    return Training(
        configuration=replace(preset("default"), dimension=dimension, steps=1),
        dataset={
            "name": tables.name,
            "fingerprint": tables.fingerprint,
            "listeners": listeners,
            "artists": artists,
            "plays": int(pairs.plays.size),
        },
        listener_ids=pairs.listener_ids,
        catalogue=build_catalogue(tables, pairs),
        profiles=tag_profiles(pairs, dimension=16),
        together=co_listening(pairs),
        factors=Factors(
            listener_embeddings=chance.normal(0, 0.6, (listeners, dimension)).astype(np.float32),
            artist_embeddings=chance.normal(0, 0.6, (artists, dimension)).astype(np.float32),
            unobserved_weight=0.05,
            listener_l2=0.02,
            frequency_exponent=0.9,
            gravity_scale=chance.uniform(0.5, 1.5, artists).astype(np.float32),
            curve=(),
        ),
        metrics={},
        timings={},
        curve_png=b"",
    )


class Unwatched:
    """Nobody is told how far a training is."""

    def phase(self, name: str, steps: int | None) -> None: ...

    def step(self, done: int, note: str = "") -> None: ...


@functools.cache
def learnt_without_holdout() -> tuple[Training, Interactions, Interactions]:
    """The default with fewer sweeps and dimensions, learnt on four fifths of the real data.

    Returns:
        What was learnt, the pairs it was learnt from, and the held-out ones.
    """
    return _learnt(read_tables(LASTFM), replace(preset("default"), dimension=128, steps=3))


@functools.cache
def demo_learnt_without_holdout() -> tuple[Training, Interactions, Interactions]:
    """The default as it is, learnt on four fifths of the demo data."""
    return _learnt(demo_tables(), preset("default"))


def _learnt(
    tables: Tables, configuration: Configuration
) -> tuple[Training, Interactions, Interactions]:
    from model.training import learn

    training, held_out = split(interactions(tables), "per-listener", 0.2, seed=3)
    return learn(tables, training, configuration, Unwatched()), training, held_out
