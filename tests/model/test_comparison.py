"""Every model on the same splits, and a comparison that says when it cannot be trusted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from model import comparison
from model.comparison import Comparison, Plan, StepsOnly, compare, faults, without_tags
from model.configuration import Configuration, preset
from model.dataset import Interactions, Ints, interactions
from model.errors import ConfigurationError
from model.evaluation import ranking_quality, split
from model.intervals import Estimate
from model.lastfm import read_tables
from model.published import Published, published
from model.recommender import Recommender
from model.tables import Tables
from model.trained import Training
from model.training import learn
from tests.conftest import ROOT

FULL = (1_892, 17_632, 92_834)
LASTFM = ROOT.parent / "shared" / "lastfm"


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.steps: list[int] = []

    def phase(self, name: str, steps: int | None) -> None:
        self.phases.append(name)

    def step(self, done: int, note: str = "") -> None:
        self.steps.append(done)


def small(name: str) -> Configuration:
    return replace(preset(name), dimension=5, steps=3)


@pytest.fixture(autouse=True)
def small_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "preset", small)


PLAN = Plan(presets=("notebook-plain", "default"), seeds=(3, 4), share=0.3, draws=2)


@pytest.fixture(scope="module")
def compared(lastfm_tables: Tables) -> tuple[Comparison, Told]:
    told = Told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "preset", small)
        return compare(lastfm_tables, PLAN, told), told


def test_every_model_is_measured_on_every_split(compared: tuple[Comparison, Told]) -> None:
    result, told = compared
    assert list(result.listeners) == [
        *("popularity", "item-knn", "ease", "notebook-plain", "default", "default-without-tags")
    ]
    for seed in PLAN.seeds:
        assert told.phases.count(f"Seed {seed}: default") == 1
    assert "Training on everything" not in told.phases, "only a part is learnt from"
    assert told.steps
    assert result.dataset["artists"] == 28
    for quality in result.listeners.values():
        assert all(0 <= e.low <= e.mean <= e.high <= 1 for e in quality.values())


def test_the_means_are_those_of_the_splits(
    compared: tuple[Comparison, Told], lastfm_interactions: Interactions
) -> None:
    parts = [split(lastfm_interactions, "per-listener", 0.3, seed) for seed in PLAN.seeds]
    for name, baseline in comparison.BASELINES.items():
        each = [ranking_quality(baseline(part[0]), *part) for part in parts]
        measured = compared[0].listeners[name]
        for measure in ("ndcg@10", "recall@20", "hit_rate@10"):
            mean = np.mean([quality[measure] for quality in each])
            assert measured[measure].mean == pytest.approx(mean)


def test_the_default_is_asked_through_its_published_artifact(
    compared: tuple[Comparison, Told], lastfm_tables: Tables, lastfm_interactions: Interactions
) -> None:
    each: list[float] = []
    for seed in PLAN.seeds:
        training, held_out = split(lastfm_interactions, "per-listener", 0.3, seed)
        learnt = learn(lastfm_tables, training, replace(small("default"), seed=seed), Told())
        recommender = Recommender(learnt.artifact())
        scores = recommender.score_listeners(training.histories())
        each.append(ranking_quality(lambda rows, s=scores: s[rows], training, held_out)["ndcg@20"])
    assert compared[0].listeners["default"]["ndcg@20"].mean == pytest.approx(
        np.mean(each), abs=1e-5
    )


def test_what_is_hidden_is_not_in_the_artifact_that_is_asked(
    lastfm_tables: Tables, lastfm_interactions: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Training] = []

    @contextmanager
    def watched(training: Training, artist_ids: Ints) -> Iterator[Published]:
        seen.append(training)
        with published(training, artist_ids) as asked:
            yield asked

    monkeypatch.setattr(comparison, "published", watched)
    compare(lastfm_tables, replace(PLAN, presets=("default",), seeds=(3,), draws=0), Told())
    training, _ = split(lastfm_interactions, "per-listener", 0.3, 3)
    (learnt,) = seen
    assert np.array_equal(learnt.catalogue.listeners, training.listeners_per_artist())
    assert learnt.dataset["plays"] == training.plays.size
    assert learnt.configuration.seed == 3


def test_tag_agreement_is_only_of_models_that_saw_no_tags(
    compared: tuple[Comparison, Told],
) -> None:
    artists = compared[0].artists
    measures = ("cosine", "dot", "fold-in", "score_artists")
    tagged = {f"default: {measure}" for measure in measures}
    assert set(artists) == {
        *("popularity", "item-knn"),
        *tagged,
        *(f"default-without-tags: {measure}" for measure in measures),
    }
    assert {name for name, quality in artists.items() if quality.tag_agreement is None} == tagged
    for quality in artists.values():
        assert 0 < quality.coverage <= 1
        assert quality.fresh_hit_rate.mean >= quality.hit_rate.mean


def test_without_tags_nothing_of_the_tags_is_left(
    lastfm_tables: Tables, lastfm_interactions: Interactions
) -> None:
    configuration = without_tags(small("default"))
    assert configuration.preset == "default-without-tags"
    assert configuration.similarity.co_listening == small("default").similarity.co_listening
    none = np.zeros(lastfm_interactions.taggings.tags.size, bool)
    untagged = replace(lastfm_interactions, taggings=lastfm_interactions.taggings.select(none))
    asked = np.arange(28)
    with_, without = (
        Recommender(learn(lastfm_tables, pairs, configuration, Told()).artifact())
        for pairs in (lastfm_interactions, untagged)
    )
    np.testing.assert_allclose(with_.score_artists(asked), without.score_artists(asked), atol=1e-4)


def test_a_comparison_is_ready_for_json(compared: tuple[Comparison, Told]) -> None:
    again = json.loads(json.dumps(compared[0].as_dict()))
    assert again["listeners"]["default"]["ndcg@20"].keys() == {"mean", "low", "high"}
    assert again["plan"]["seeds"] == [3, 4]
    assert again["faults"] == []


def test_an_unknown_preset_is_named(lastfm_tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "preset", preset)
    with pytest.raises(ConfigurationError, match="no preset 'huge'"):
        compare(lastfm_tables, replace(PLAN, presets=("huge",)), Told())


def sized(of: Interactions, shape: tuple[int, int, int]) -> Interactions:
    """As many listeners, artists and pairs as asked for, whatever they are."""
    listeners, artists, pairs = shape
    return replace(
        of,
        listener_ids=np.arange(listeners),
        artist_ids=np.arange(artists),
        plays=np.ones(pairs, np.int64),
    )


@pytest.mark.parametrize(
    ("means", "shape", "share", "expected"),
    [
        pytest.param((0.26, 0.27), FULL, 0.2, [], id="as they are known"),
        pytest.param((0.2549, 0.27), FULL, 0.2, ["item-knn"], id="item-kNN too weak"),
        pytest.param((0.26, 0.2649), FULL, 0.2, ["ease"], id="EASE too weak"),
        pytest.param((0.1, 0.1), FULL, 0.2, ["item-knn", "ease"], id="both"),
        pytest.param((0.1, 0.1), (1_892, 17_632, 92_833), 0.2, [], id="other data"),
        pytest.param((0.1, 0.1), FULL, 0.1, [], id="another share"),
    ],
)
def test_weak_baselines_on_the_whole_data_are_a_broken_comparison(
    lastfm_interactions: Interactions,
    means: tuple[float, float],
    shape: tuple[int, int, int],
    share: float,
    expected: list[str],
) -> None:
    ranking = {
        name: {"ndcg@20": Estimate(mean, mean, mean)}
        for name, mean in zip(("item-knn", "ease"), means, strict=True)
    }
    found = faults(sized(lastfm_interactions, shape), Plan(share=share), ranking)
    assert [fault.split()[0] for fault in found] == expected
    assert all(f"under {0.255 if 'knn' in fault else 0.265}" in fault for fault in found)


def test_steps_are_passed_on_and_phases_are_not() -> None:
    told = Told()
    inner = StepsOnly(told)
    inner.phase("Training on everything", 3)
    inner.step(2, "loss 1")
    assert (told.phases, told.steps) == ([], [2])


@pytest.mark.slow  # reads the whole data
@pytest.mark.skipif(not LASTFM.exists(), reason="the Last.fm data is not there")
def test_the_baselines_are_as_good_as_they_are_known_to_be() -> None:
    everything = interactions(read_tables(LASTFM))
    assert (*everything.shape, everything.plays.size) == FULL
    parts = split(everything, "per-listener", 0.2, seed=0)
    scores = {
        name: ranking_quality(comparison.BASELINES[name](parts[0]), *parts)["ndcg@20"]
        for name in ("popularity", "item-knn", "ease")
    }
    assert scores["item-knn"] >= 0.255
    assert scores["ease"] >= 0.265
    assert 0.07 < scores["popularity"] < 0.11
