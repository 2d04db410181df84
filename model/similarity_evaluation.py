"""How good answers to "artists like this one?" are, measured without anybody's judgement.

The next-artist hit rate asks with one training artist of a listener and looks for one of their
held-out artists among the ten best. Tag agreement compares what listeners call the artist asked
about and those recommended; it means nothing for a model that learnt from the tags.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.baselines import shrunk_cosines
from model.dataset import Interactions, Ints
from model.intervals import Estimate, bootstrap
from model.metrics import top_k

K = 10
BANDS = {"1-4": (1, 4), "5-19": (5, 19), "20+": (20, np.inf)}
"""Listeners in training of the artist asked about, both ends included."""

_BATCH = 256

ArtistScorer = Callable[[Ints], NDArray[np.float32]]
"""Artist rows int64 [B] -> how close every artist is, float32 [B, M]."""


@dataclass(frozen=True)
class Questions:
    """D draws of a listener, one of their training artists and one of their held-out artists.

    Attributes:
        listeners: int64 [D].
        asked: int64 [D].
        targets: int64 [D].
    """

    listeners: Ints
    asked: Ints
    targets: Ints


@dataclass(frozen=True)
class Answers:
    """What came back.

    Attributes:
        top: int64 [D, 10], the best artists beside the one asked about, -1 where there is none.
        hit: bool [D], whether the target is among them.
        fresh_hit: bool [D], whether it is once all that the listener is known to play is left out.
    """

    top: Ints
    hit: NDArray[np.bool_]
    fresh_hit: NDArray[np.bool_]


def draw(training: Interactions, held_out: Interactions, *, draws: int, seed: int) -> Questions:
    """``draws`` questions of every listener who has both training and held-out artists."""
    rng = np.random.default_rng(seed)
    both = [training.artists_per_listener() > 0, held_out.artists_per_listener() > 0]
    listeners = np.repeat(np.flatnonzero(np.logical_and(*both)), draws)
    return Questions(
        listeners, _one_each(training, listeners, rng), _one_each(held_out, listeners, rng)
    )


def _one_each(part: Interactions, listeners: Ints, rng: np.random.Generator) -> Ints:
    """A random artist of each of D listeners, all of whom have some."""
    counts = part.artists_per_listener()
    first = np.cumsum(counts) - counts
    return part.artists[first[listeners] + rng.integers(counts[listeners])]


def answer(score: ArtistScorer, questions: Questions, training: Interactions) -> Answers:
    """Ask every question.

    Equal scores rank in the order of the artists, so that a model which cannot tell artists apart
    gains nothing; an artist with a score of minus infinity is never recommended.

    Args:
        score: the model.
        questions: drawn from ``training``.
        training: what the listeners are known to play.
    """
    known = training.histories()
    # Questions about the same artist stand together, so that it is scored once.
    order = np.argsort(questions.asked, kind="stable")
    top = np.empty((order.size, K), np.int64)
    fresh = np.empty_like(top)
    for start in range(0, order.size, _BATCH):
        batch = order[start : start + _BATCH]
        asked, question = np.unique(questions.asked[batch], return_inverse=True)
        scores = np.array(score(asked), np.float32)[question]
        scores[np.arange(batch.size), questions.asked[batch]] = -np.inf
        top[batch] = _best(scores)
        for position, listener in enumerate(questions.listeners[batch]):
            scores[position, known[int(listener)]] = -np.inf
        fresh[batch] = _best(scores)
    targets = questions.targets[:, None]
    return Answers(top, (top == targets).any(axis=1), (fresh == targets).any(axis=1))


def _best(scores: NDArray[np.float32]) -> Ints:
    """int64 [B, 10], -1 where no artist is left."""
    top = top_k(scores, K)
    found = np.where(np.isfinite(np.take_along_axis(scores, top, axis=1)), top, -1)
    return np.pad(found, ((0, 0), (0, K - found.shape[1])), constant_values=-1)


@dataclass(frozen=True)
class SimilarityQuality:
    """One model over all splits.

    Attributes:
        hit_rate: the share of questions whose target is among the ten best.
        by_band: the same by popularity of the artist asked about (``BANDS``).
        fresh_hit_rate: as the hit rate, once all that the listener is known to play is left out;
            without that an artist with one listener is best answered with that listener's other
            known artists, which are never the target.
        fresh_by_band: the same by popularity.
        tag_agreement: mean Jaccard index of most applied tags; None where the model learnt from
            tags.
        coverage: share of the catalogue that is recommended to at least one question of a split.
        median_listeners: of the recommended artists, in training.
    """

    hit_rate: Estimate
    by_band: dict[str, Estimate]
    fresh_hit_rate: Estimate
    fresh_by_band: dict[str, Estimate]
    tag_agreement: Estimate | None
    coverage: float
    median_listeners: float


class SimilarityTally:
    """Gathers one model's answers over several splits.

    Args:
        listeners: N.
        tags: int [M, t], the most applied tags of each artist, -1 where there are fewer; None for
            a model that learnt from tags.
    """

    def __init__(self, listeners: int, tags: NDArray[np.integer] | None) -> None:
        self._tags = tags
        shape = (listeners, 1 + 2 * (1 + len(BANDS)))
        self._totals = np.zeros(shape)
        self._counts = np.zeros(shape)
        self._coverage: list[float] = []
        self._median: list[float] = []

    def add(self, questions: Questions, answers: Answers, popularity: Ints) -> None:
        """Count the answers of one split; ``popularity`` int64 [M] is listeners in training."""
        asked = questions.asked
        agreed, comparable = np.zeros(asked.size), np.zeros(asked.size)
        if self._tags is not None:
            comparable = (self._tags[asked] >= 0).any(axis=1).astype(np.float64)
            agreed = comparable * agreement(self._tags, asked, answers.top)
        banded = [np.ones(asked.size), *(_within(popularity[asked], band) for band in BANDS)]
        counted = np.column_stack([comparable, *banded, *banded])
        worth = [
            agreed,
            *(hit * band for hit in (answers.hit, answers.fresh_hit) for band in banded),
        ]
        np.add.at(self._totals, questions.listeners, np.column_stack(worth))
        np.add.at(self._counts, questions.listeners, counted)
        recommended = answers.top[answers.top >= 0]
        self._coverage.append(np.unique(recommended).size / popularity.size)
        self._median.append(float(np.median(popularity[recommended])) if recommended.size else 0.0)

    def quality(self) -> SimilarityQuality:
        """What was gathered, with 95% bootstrap intervals over listeners."""
        tags, *rates = bootstrap(self._totals, self._counts)
        hits, fresh = rates[: 1 + len(BANDS)], rates[1 + len(BANDS) :]
        return SimilarityQuality(
            hit_rate=hits[0],
            by_band=dict(zip(BANDS, hits[1:], strict=True)),
            fresh_hit_rate=fresh[0],
            fresh_by_band=dict(zip(BANDS, fresh[1:], strict=True)),
            tag_agreement=tags if self._tags is not None else None,
            coverage=float(np.mean(self._coverage)),
            median_listeners=float(np.mean(self._median)),
        )


def _within(listeners: Ints, band: str) -> NDArray[np.float64]:
    """1 where the number of listeners belongs to the band."""
    least, most = BANDS[band]
    return ((listeners >= least) & (listeners <= most)).astype(np.float64)


def agreement(tags: NDArray[np.integer], asked: Ints, top: Ints) -> NDArray[np.float64]:
    """Mean Jaccard index of the tags of the artist asked about and each recommended one.

    Args:
        tags: int [M, t], distinct tags of each artist, -1 where there are fewer.
        asked: int64 [D].
        top: int64 [D, k], -1 for none, which agrees in nothing.

    Returns:
        float64 [D].
    """
    total = np.zeros(asked.size)
    own = tags[asked]
    for recommended in top.T:
        other = np.where((recommended >= 0)[:, None], tags[recommended], -1)
        shared = ((own[:, :, None] == other[:, None, :]) & (own >= 0)[:, :, None]).sum(axis=(1, 2))
        either = (own >= 0).sum(axis=1) + (other >= 0).sum(axis=1) - shared
        total += shared / np.maximum(either, 1)
    return total / top.shape[1]


def baseline_artist_scorers(training: Interactions) -> dict[str, ArtistScorer]:
    """What needs no model: the best known artists for everybody, and the shrunk cosine."""
    listeners = training.listeners_per_artist().astype(np.float32)
    near = shrunk_cosines(training)
    return {
        "popularity": lambda rows: np.tile(listeners, (rows.size, 1)),
        "item-knn": lambda rows: near[rows].toarray(),
    }
