from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model.configuration import Configuration, preset
from model.dataset import Interactions, interactions
from model.demo import demo_tables
from model.evaluation import ranking_quality, split
from model.factorisation import fit
from model.objective import Problem, problem
from model.spectral_start import spectral_start
from tests.dense_objective import dense_objective

CONFIGURATION = replace(preset("default"), dimension=4)


@pytest.fixture
def of(lastfm_interactions: Interactions) -> Problem:
    """32 rows (13 listeners, 6 tags, 13 taggers) and 28 artists."""
    return problem(lastfm_interactions, CONFIGURATION)


def singular(of: Interactions, configuration: Configuration) -> tuple[NDArray, NDArray]:
    """Singular values and right vectors of the half-normalised weights, in float64."""
    weights = dense_objective(of, configuration).weights
    by_row, by_artist = weights.sum(axis=1) ** -0.25, weights.sum(axis=0) ** -0.25
    _, values, vectors = np.linalg.svd(by_row[:, None] * weights * by_artist)
    return values, vectors.T


def projection(onto: NDArray) -> NDArray:
    basis, _ = np.linalg.qr(onto)
    return basis @ basis.T


def test_it_spans_the_leading_singular_vectors(
    lastfm_interactions: Interactions, of: Problem
) -> None:
    values, vectors = singular(lastfm_interactions, CONFIGURATION)
    # With all directions asked for nothing is left to chance, but what is too weak to be kept.
    rank = int((values > 0.1 * values[0]).sum())
    everything = projection(spectral_start(of, 28, sd=1.0, seed=1))
    assert 5 < rank < 28
    assert everything @ vectors[:, :rank] == pytest.approx(vectors[:, :rank], abs=1e-3)
    few = spectral_start(of, 3, sd=1.0, seed=1)
    held = np.linalg.norm(projection(vectors[:, :3]) @ few) / np.linalg.norm(few)
    assert held > 0.95


def test_the_deviation_is_as_wanted_and_the_seed_decides(of: Problem) -> None:
    start = spectral_start(of, 4, sd=0.3, seed=2)
    assert start.dtype == np.float32
    assert start.shape == (28, 4)
    assert np.sqrt(np.mean(start**2)) == pytest.approx(0.3, rel=1e-5)
    assert spectral_start(of, 4, sd=0.3, seed=2).tobytes() == start.tobytes()
    assert np.abs(spectral_start(of, 4, sd=0.3, seed=3) - start).max() > 0.01


def test_directions_beyond_the_rank_are_drawn(of: Problem) -> None:
    start = spectral_start(of, 60, sd=0.2, seed=0)
    assert start.shape == (28, 60)
    assert np.linalg.matrix_rank(start) == 28
    strengths = np.linalg.norm(start, axis=0)
    drawn = strengths < 0.1
    assert 28 <= np.count_nonzero(drawn) < 60
    assert strengths[drawn] == pytest.approx(0.01 * 0.2 * np.sqrt(28), rel=0.5)


def test_artists_and_listeners_without_pairs_start_at_zero(
    lastfm_interactions: Interactions,
) -> None:
    gone = (lastfm_interactions.listeners == 4) | (lastfm_interactions.artists == 7)
    plain = replace(CONFIGURATION, tag_weight=0.0, tagger_weight=0.0)
    start = spectral_start(problem(lastfm_interactions.select(~gone), plain), 3, sd=0.3, seed=0)
    assert np.isfinite(start).all()
    assert not start[7].any()
    assert np.delete(start, 7, axis=0).any(axis=1).all()


def test_one_sweep_from_it_ranks_better_than_two_from_noise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from model import alternating

    training, held_out = split(interactions(demo_tables()), "per-listener", 0.2, 0)
    plain = replace(preset("plain-64"), dimension=24)

    def quality(steps: int) -> float:
        found = fit(training, replace(plain, steps=steps))
        u, v = found.listener_embeddings, found.artist_embeddings
        return ranking_quality(lambda rows: u[rows] @ v.T, training, held_out)["ndcg@20"]

    spectral = quality(1)

    def noise(of: Problem, dimension: int, *, sd: float, seed: int) -> NDArray[np.float32]:
        draw = np.random.default_rng(seed)
        return draw.normal(0, sd, (of.artist_scale.size, dimension)).astype(np.float32)

    monkeypatch.setattr(alternating, "spectral_start", noise)
    assert spectral > quality(2) > quality(1)
