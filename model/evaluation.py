"""Holdout evaluation: hide some artists of each listener and see where they are ranked."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from model.baselines import Scorer, item_knn, popularity
from model.configuration import Configuration, Holdout
from model.dataset import Interactions, Ints
from model.errors import TrainingError
from model.factors import Factors
from model.intervals import bootstrap
from model.metrics import hits, ndcg, recall, top_k

CUTOFFS = (10, 20)
# Listeners scored at once; bounds memory to a few tens of MB at 17,632 artists.
_BATCH = 256

MEASURES = tuple(f"{name}@{k}" for name in ("ndcg", "recall", "hit_rate") for k in CUTOFFS)
"""What is measured for each listener, each in [0, 1]."""

Quality = Mapping[str, float]
Floats = NDArray[np.float64]


def split(
    interactions: Interactions, holdout: Holdout, share: float, seed: int
) -> tuple[Interactions, Interactions]:
    """Training and held-out pairs, disjoint and together everything.

    Args:
        interactions: what is split.
        holdout: ``per-listener`` holds out ``share`` of each listener's artists (rounded, at least
            one artist stays for training); ``pairs`` holds out each pair with that probability.
        share: between 0 and 1.
        seed: of the random choice.
    """
    key = np.random.default_rng(seed).random(interactions.plays.size)
    if holdout == "pairs":
        held = key < share
    else:
        counts = interactions.artists_per_listener()
        first = np.cumsum(counts) - counts
        shuffled = np.lexsort((key, interactions.listeners))
        rank = np.empty(key.size, np.int64)
        rank[shuffled] = np.arange(key.size) - np.repeat(first, counts)
        hidden = np.minimum(np.rint(counts * share).astype(np.int64), np.maximum(counts - 1, 0))
        held = rank < hidden[interactions.listeners]
    return interactions.select(~held), interactions.select(held)


def ranking_quality(
    score: Scorer,
    training: Interactions,
    held_out: Interactions,
    *,
    tick: Callable[[], None] | None = None,
) -> Quality:
    """Mean NDCG, recall and hit rate at 10 and 20 over the listeners with held-out artists.

    Arguments and errors are those of ``listener_quality``.

    Returns:
        The mean of each of ``MEASURES``; zeros when nothing was held out.
    """
    _, values = listener_quality(score, training, held_out, tick=tick)
    means = values.sum(axis=0) / max(len(values), 1)
    return dict(zip(MEASURES, means.tolist(), strict=True))


def listener_quality(
    score: Scorer,
    training: Interactions,
    held_out: Interactions,
    *,
    tick: Callable[[], None] | None = None,
) -> tuple[Ints, Floats]:
    """How well each listener's held-out artists are ranked.

    The whole catalogue is ranked, without the artists that a listener has in training.

    Args:
        score: scores of every artist for given listener rows; minus infinity for an artist that
            the scorer does not know, which is then never recommended.
        training: what the scorer learnt from; masked in the ranking.
        held_out: the relevant artists.
        tick: called after each batch of listeners.

    Returns:
        The L listeners with held-out artists, int64 [L] rows, and ``MEASURES`` of each,
        float64 [L, 6].

    Raises:
        TrainingError: a score is not a number.
    """
    known: list[Ints] = training.histories()
    wanted: list[Ints] = held_out.histories()
    rows = np.array([row for row, artists in enumerate(wanted) if artists.size], np.int64)
    values = np.empty((rows.size, len(MEASURES)))
    for start in range(0, rows.size, _BATCH):
        batch = rows[start : start + _BATCH]
        scores = np.array(score(batch), np.float32)
        if np.isnan(scores).any():
            raise TrainingError("a score is not a number", where="evaluation")
        for position in range(batch.size):
            scores[position, known[int(batch[position])]] = -np.inf
        top = top_k(scores, max(CUTOFFS))
        ranked = np.isfinite(np.take_along_axis(scores, top, axis=1))
        for position in range(batch.size):
            relevant = wanted[int(batch[position])]
            hit = hits(top[position], relevant) & ranked[position]
            values[start + position] = _measures(hit, relevant.size)
        if tick is not None:
            tick()
    return rows, values


def _measures(hit: NDArray[np.bool_], relevant: int) -> list[float]:
    """``MEASURES`` of one ranking."""
    return [
        *(ndcg(hit, relevant, k) for k in CUTOFFS),
        *(recall(hit, relevant, k) for k in CUTOFFS),
        *(float(hit[:k].any()) for k in CUTOFFS),
    ]


def factor_scorer(factors: Factors) -> Scorer:
    """Scores of trained factors: u_i.v_j."""
    artists = factors.artist_embeddings.T
    return lambda rows: factors.listener_embeddings[rows] @ artists


def evaluate(
    factors: Factors,
    configuration: Configuration,
    training: Interactions,
    held_out: Interactions,
    *,
    tick: Callable[[], None] | None = None,
) -> Mapping[str, Quality]:
    """Quality of the factors and of the baselines on one split, by model name.

    Beside each measure stand ``<measure>_low`` and ``<measure>_high``, its 95% bootstrap interval
    over listeners.
    """
    models = {
        configuration.preset: factor_scorer(factors),
        "popularity": popularity(training),
        "item-knn": item_knn(training),
    }
    return {
        name: _with_intervals(listener_quality(score, training, held_out, tick=tick)[1])
        for name, score in models.items()
    }


def _with_intervals(values: Floats) -> Quality:
    estimates = dict(zip(MEASURES, bootstrap(values, np.ones_like(values)), strict=True))
    quality = {measure: estimate.mean for measure, estimate in estimates.items()}
    for measure, estimate in estimates.items():
        quality[f"{measure}_low"] = estimate.low
        quality[f"{measure}_high"] = estimate.high
    return quality
