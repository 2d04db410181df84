"""Holdout evaluation: hide some artists of each listener and see where they are ranked."""

from collections.abc import Callable, Mapping

import numpy as np

from model.baselines import Scorer, item_knn, popularity
from model.configuration import Configuration, Holdout
from model.dataset import Interactions, Ints
from model.factors import Factors
from model.metrics import hits, ndcg, recall, top_k

CUTOFFS = (10, 20)
# Listeners scored at once; bounds memory to a few tens of MB at 17,632 artists.
_BATCH = 256

Quality = Mapping[str, float]


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

    The whole catalogue is ranked, without the artists that a listener has in training.

    Args:
        score: scores of every artist for given listener rows.
        training: what the scorer learnt from; masked in the ranking.
        held_out: the relevant artists.
        tick: called after each batch of listeners.

    Returns:
        ``ndcg@k``, ``recall@k`` and ``hit_rate@k`` for each k of ``CUTOFFS``, each in [0, 1].
    """
    known: list[Ints] = training.histories()
    wanted: list[Ints] = held_out.histories()
    rows = np.array([row for row, artists in enumerate(wanted) if artists.size], np.int64)
    sums = {f"{name}@{k}": 0.0 for name in ("ndcg", "recall", "hit_rate") for k in CUTOFFS}
    for start in range(0, rows.size, _BATCH):
        batch = rows[start : start + _BATCH]
        scores = np.array(score(batch), np.float32)
        for position in range(batch.size):
            scores[position, known[int(batch[position])]] = -np.inf
        top = top_k(scores, max(CUTOFFS))
        for position in range(batch.size):
            row = int(batch[position])
            hit = hits(top[position], wanted[row])
            relevant = len(wanted[row])
            for k in CUTOFFS:
                sums[f"ndcg@{k}"] += ndcg(hit, relevant, k)
                sums[f"recall@{k}"] += recall(hit, relevant, k)
                sums[f"hit_rate@{k}"] += float(hit[:k].any())
        if tick is not None:
            tick()
    return {name: total / max(rows.size, 1) for name, total in sums.items()}


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
    """Quality of the factors and of the baselines on one split, by model name."""
    models = {
        configuration.preset: factor_scorer(factors),
        "popularity": popularity(training),
        "item-knn": item_knn(training),
    }
    return {
        name: ranking_quality(score, training, held_out, tick=tick)
        for name, score in models.items()
    }
