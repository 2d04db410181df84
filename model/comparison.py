"""The whole evaluation: every model beside its baselines on the same splits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from model.baselines import Scorer, item_knn, popularity
from model.cataloguing import build_catalogue
from model.configuration import Configuration, preset
from model.dataset import Interactions, interactions
from model.ease import ease
from model.evaluation import MEASURES, Floats, factor_scorer, listener_quality, split
from model.factorisation import fit
from model.intervals import Estimate, bootstrap
from model.published import published
from model.similarity_evaluation import (
    ArtistScorer,
    Questions,
    SimilarityQuality,
    SimilarityTally,
    answer,
    baseline_artist_scorers,
    draw,
)
from model.tables import Tables
from model.training import Progress, learn

DEFAULT = "default"
_FULL_LASTFM = (1_892, 17_632, 92_834)
_FLOORS = {"item-knn": 0.255, "ease": 0.265}
"""NDCG@20 under which a baseline was not built or measured as it should be, on Last.fm at 20%."""

BASELINES: Mapping[str, Callable[[Interactions], Scorer]] = {
    "popularity": popularity,
    "item-knn": item_knn,
    "ease": ease,
}


@dataclass(frozen=True)
class Plan:
    """What is compared.

    Attributes:
        presets: names of configurations, each measured on every split.
        seeds: one split each.
        share: of each listener's artists that is held out.
        draws: questions about artists for each listener and split; 0 leaves artists out.
        without_tags: whether the default is also trained without tags, for the tag agreement.
    """

    presets: Sequence[str] = (
        *("notebook-plain", "notebook-low-init", "notebook-regularised", DEFAULT),
    )
    seeds: Sequence[int] = (0, 1, 2)
    share: float = 0.2
    draws: int = 3
    without_tags: bool = True


@dataclass(frozen=True)
class Comparison:
    """What was measured.

    Attributes:
        dataset: ``name``, ``fingerprint``, ``listeners``, ``artists``, ``plays``.
        plan: what was compared.
        listeners: quality of the ranking for listeners: model -> measure -> estimate.
        artists: quality of the answers about artists, by model.
        faults: why the comparison cannot be trusted, one sentence each; empty when it can.
    """

    dataset: Mapping[str, Any]
    plan: Plan
    listeners: Mapping[str, Mapping[str, Estimate]]
    artists: Mapping[str, SimilarityQuality]
    faults: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Everything by name, ready for JSON."""
        return asdict(self)


class StepsOnly:
    """Passes on the steps of a training, but not its phases: the caller has named its own."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def phase(self, name: str, steps: int | None) -> None:
        """Say nothing."""

    def step(self, done: int, note: str = "") -> None:
        """So many steps of the phase are done."""
        self._progress.step(done, note)


@dataclass
class _Tallies:
    """What is gathered along the splits."""

    everything: Interactions
    tags: np.ndarray[tuple[int, int], np.dtype[np.int32]]
    listeners: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    artists: dict[str, SimilarityTally] = field(default_factory=dict)

    def add_listeners(
        self, name: str, score: Scorer, training: Interactions, held_out: Interactions
    ) -> None:
        shape = (self.everything.shape[0], len(MEASURES))
        empty = (np.zeros(shape), np.zeros(shape))
        totals, counts = self.listeners.setdefault(name, empty)
        rows, values = listener_quality(score, training, held_out)
        totals[rows] += values
        counts[rows] += 1

    def add_artists(
        self, name: str, score: ArtistScorer, asked: tuple[Questions, Interactions], *, tagged: bool
    ) -> None:
        questions, training = asked
        fresh = SimilarityTally(self.everything.shape[0], None if tagged else self.tags)
        tally = self.artists.setdefault(name, fresh)
        tally.add(questions, answer(score, questions, training), training.listeners_per_artist())


def compare(tables: Tables, plan: Plan, progress: Progress) -> Comparison:
    """Train and measure everything in the plan.

    A configuration solved by alternating least squares is measured through its published artifact,
    asked by ``Recommender.score_listeners`` and ``score_artists``; one solved by gradient descent
    ranks by its own listeners' embeddings, as the published notebook does.

    Raises:
        CrossfadeError: the data or the numbers do not allow it.
    """
    everything = interactions(tables)
    catalogue = build_catalogue(tables, everything)
    tallies = _Tallies(everything, catalogue.top_tags)
    for seed in plan.seeds:
        training, held_out = split(everything, "per-listener", plan.share, seed)
        questions = draw(training, held_out, draws=plan.draws, seed=seed)
        _measure_baselines(tallies, training, held_out, questions, progress)
        for configuration in _configurations(plan, seed):
            progress.phase(f"Seed {seed}: {configuration.preset}", configuration.steps)
            _measure(tallies, tables, configuration, (training, held_out, questions), progress)
    ranking = {
        name: dict(zip(MEASURES, bootstrap(*tally), strict=True))
        for name, tally in tallies.listeners.items()
    }
    dataset = {
        "name": tables.name,
        "fingerprint": tables.fingerprint,
        "listeners": everything.shape[0],
        "artists": everything.shape[1],
        "plays": int(everything.plays.size),
    }
    return Comparison(
        dataset=dataset,
        plan=plan,
        listeners=ranking,
        artists={name: tally.quality() for name, tally in tallies.artists.items()},
        faults=faults(everything, plan, ranking),
    )


def without_tags(configuration: Configuration) -> Configuration:
    """The same training by somebody who has seen no tag."""
    return replace(
        configuration,
        preset=f"{configuration.preset}-without-tags",
        tag_weight=0.0,
        tagger_weight=0.0,
        similarity=replace(configuration.similarity, latent_tags=0.0, tags=0.0),
    )


def faults(
    everything: Interactions, plan: Plan, ranking: Mapping[str, Mapping[str, Estimate]]
) -> list[str]:
    """The baselines that score less than they are known to on the whole Last.fm data."""
    if (*everything.shape, everything.plays.size) != _FULL_LASTFM or plan.share != 0.2:
        return []
    return [
        f"{name} has NDCG@20 {ranking[name]['ndcg@20'].mean:.4f}, under {floor}"
        for name, floor in _FLOORS.items()
        if ranking[name]["ndcg@20"].mean < floor
    ]


def _configurations(plan: Plan, seed: int) -> Iterator[Configuration]:
    for name in plan.presets:
        yield replace(preset(name), seed=seed)
    if plan.draws and plan.without_tags and DEFAULT in plan.presets:
        yield replace(without_tags(preset(DEFAULT)), seed=seed)


def _measure_baselines(
    tallies: _Tallies,
    training: Interactions,
    held_out: Interactions,
    questions: Questions,
    progress: Progress,
) -> None:
    for name, baseline in BASELINES.items():
        progress.phase(f"Baseline {name}", None)
        tallies.add_listeners(name, baseline(training), training, held_out)
    if questions.asked.size:
        for name, score in baseline_artist_scorers(training).items():
            tallies.add_artists(name, score, (questions, training), tagged=False)


def _measure(
    tallies: _Tallies,
    tables: Tables,
    configuration: Configuration,
    parts: tuple[Interactions, Interactions, Questions],
    progress: Progress,
) -> None:
    training, held_out, questions = parts
    name = configuration.preset
    if configuration.solver == "gradient-descent":
        factors = fit(training, configuration, watch=lambda point: progress.step(point.step))
        tallies.add_listeners(name, factor_scorer(factors), training, held_out)
        return
    learnt = learn(tables, training, configuration, StepsOnly(progress))
    with published(learnt, tallies.everything.artist_ids) as asked:
        tallies.add_listeners(name, asked.listener_scorer(training), training, held_out)
        if not questions.asked.size or not name.startswith(DEFAULT):
            return
        for measure, score in asked.artist_scorers().items():
            tallies.add_artists(
                f"{name}: {measure}", score, (questions, training), tagged=name == DEFAULT
            )
