from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.configuration import Configuration, preset
from model.dataset import interactions
from model.errors import DataError, TrainingError
from model.evaluation import evaluate, split
from model.factorisation import fit
from model.factors import CurvePoint, Factors
from model.objective import problem
from model.plots import curve_png
from model.publishing import Training
from model.tables import Tables
from model.training import same_weights, train

DEFAULT = replace(preset("default"), dimension=4, steps=3, holdout_share=0.3)
NOTEBOOK = replace(preset("notebook-regularised"), dimension=3, steps=25, holdout_share=0.3)
CONFIGURATIONS = {"default": DEFAULT, "notebook-regularised": NOTEBOOK}


class Told:
    """A progress that remembers what it was told, and may break off."""

    def __init__(self, *, break_off_at: tuple[int, int] | None = None) -> None:
        self.phases: list[tuple[str, int | None]] = []
        self.steps: list[list[tuple[int, str]]] = []
        self._break_off_at = break_off_at

    def phase(self, name: str, steps: int | None) -> None:
        self.phases.append((name, steps))
        self.steps.append([])

    def step(self, done: int, note: str = "") -> None:
        self.steps[-1].append((done, note))
        if self._break_off_at == (len(self.phases), done):
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Sequence[CurvePoint], str, str]]:
    """Curve, title and unit of every picture that ``trained`` asked for."""
    return []


@pytest.fixture(scope="module")
def trained(
    lastfm_tables: Tables, pictures: list[tuple[Sequence[CurvePoint], str, str]]
) -> Mapping[str, tuple[Training, Told]]:
    """A training and what was told of it, by preset."""

    def draw(curve: Sequence[CurvePoint], title: str, unit: str) -> bytes:
        pictures.append((curve, title, unit))
        return curve_png(curve, title, unit)

    made: dict[str, tuple[Training, Told]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.curve_png", draw)
        for name, configuration in CONFIGURATIONS.items():
            told = Told()
            made[name] = train(lastfm_tables, configuration, told), told
    return made


@pytest.fixture(params=CONFIGURATIONS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def equal(one: Factors, other: Factors) -> bool:
    return (
        one.listener_embeddings.tobytes() == other.listener_embeddings.tobytes()
        and one.artist_embeddings.tobytes() == other.artist_embeddings.tobytes()
    )


# --- what is told ---


def test_three_phases_are_told_with_their_steps(
    trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    _, told = trained[name]
    steps = CONFIGURATIONS[name].steps
    assert told.phases == [
        ("Training without the holdout", steps),
        ("Evaluating on the holdout", None),
        ("Training on everything", steps),
    ]


def test_every_look_at_the_loss_is_told(
    trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    training, told = trained[name]
    wanted = {"default": [0, 1, 2, 3], "notebook-regularised": [0, 20, 25]}[name]
    assert [[done for done, _ in phase] for phase in told.steps] == [wanted, [], wanted]
    notes = [note for _, note in told.steps[2]]
    assert notes == [f"loss {point.total:.6g}" for point in training.factors.curve]


@pytest.mark.parametrize("moment", [(1, 0), (1, 2), (3, 1)])
def test_an_interruption_ends_the_training_at_once(
    lastfm_tables: Tables, moment: tuple[int, int]
) -> None:
    told = Told(break_off_at=moment)
    with pytest.raises(KeyboardInterrupt):
        train(lastfm_tables, DEFAULT, told)
    assert (len(told.phases), told.steps[-1][-1][0]) == moment


# --- what is published, and what was measured ---


def test_the_published_factors_learnt_from_all_pairs(
    lastfm_tables: Tables, trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    configuration = CONFIGURATIONS[name]
    everything = interactions(lastfm_tables)
    learnt, _ = split(everything, configuration.holdout, 0.3, seed=0)
    final = same_weights(configuration, learnt.plays.size, everything.plays.size)
    factors = trained[name][0].factors
    assert equal(factors, fit(everything, final))
    assert not equal(factors, fit(learnt, configuration))
    assert factors.listener_embeddings.shape == (everything.shape[0], configuration.dimension)
    assert factors.artist_embeddings.shape == (everything.shape[1], configuration.dimension)
    factors.require_finite()


def test_the_quality_is_that_of_factors_without_the_holdout(
    lastfm_tables: Tables, trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    configuration = CONFIGURATIONS[name]
    learnt, held_out = split(interactions(lastfm_tables), configuration.holdout, 0.3, seed=0)
    judged = fit(learnt, configuration)
    metrics = trained[name][0].metrics
    assert metrics == evaluate(judged, configuration, learnt, held_out)
    assert list(metrics) == [name, "popularity", "item-knn"]
    for quality in metrics.values():
        assert {"ndcg@20", "recall@20", "hit_rate@20"} <= set(quality)
        assert all(0 <= value <= 1 for value in quality.values())
        assert quality["recall@20"] > 0, "20 of 28 artists are ranked"


def test_the_training_describes_itself(
    lastfm_tables: Tables, trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    training, _ = trained[name]
    configuration = CONFIGURATIONS[name]
    everything = interactions(lastfm_tables)
    _, held_out = split(everything, configuration.holdout, 0.3, seed=0)
    assert training.configuration == configuration
    assert training.dataset == {
        "name": "lastfm-hetrec-2011",
        "fingerprint": lastfm_tables.fingerprint,
        "listeners": 13,
        "artists": 28,
        "plays": len(lastfm_tables.plays),
        "held_out": held_out.plays.size,
        "dropped": lastfm_tables.dropped,
    }
    assert 0 < held_out.plays.size < len(lastfm_tables.plays) / 2
    assert training.listener_ids.tolist() == everything.listener_ids.tolist()
    assert training.catalogue.ids.tolist() == everything.artist_ids.tolist()


def test_the_seconds_are_those_of_the_phases(
    trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    timings = trained[name][0].timings
    assert list(timings) == ["prepare_s", "evaluate_s", "fit_s"]
    assert all(0 <= seconds < 60 for seconds in timings.values())
    assert timings["fit_s"] > 0


def test_the_picture_is_of_the_training_that_has_a_held_out_error(
    trained: Mapping[str, tuple[Training, Told]],
    pictures: list[tuple[Sequence[CurvePoint], str, str]],
) -> None:
    assert [(title, unit) for _, title, unit in pictures] == [
        ("default on lastfm-hetrec-2011", "sweeps"),
        ("notebook-regularised on lastfm-hetrec-2011", "gradient steps"),
    ]
    for (curve, _, _), (training, told) in zip(pictures, trained.values(), strict=True):
        assert all(point.test is not None for point in curve)
        assert [f"loss {point.total:.6g}" for point in curve] == [n for _, n in told.steps[0]]
        assert training.curve_png.startswith(b"\x89PNG")


# --- seeds and weights ---


def test_the_seed_decides_everything(
    lastfm_tables: Tables, trained: Mapping[str, tuple[Training, Told]]
) -> None:
    training, _ = trained["default"]
    again = train(lastfm_tables, DEFAULT, Told())
    assert equal(again.factors, training.factors)
    assert again.metrics == training.metrics
    assert again.curve_png == training.curve_png
    other = train(lastfm_tables, replace(DEFAULT, seed=3), Told())
    assert not equal(other.factors, training.factors)
    assert other.metrics["popularity"] != training.metrics["popularity"]


def test_a_pair_weighs_the_same_in_both_trainings(lastfm_tables: Tables) -> None:
    everything = interactions(lastfm_tables)
    learnt, _ = split(everything, "per-listener", 0.4, seed=1)
    final = same_weights(DEFAULT, learnt.plays.size, everything.plays.size)
    judged_on, published_on = problem(learnt, DEFAULT), problem(everything, final)
    assert learnt.plays.size < 0.8 * everything.plays.size
    for weight in ("unobserved_weight", "listener_l2", "artist_l2"):
        assert getattr(published_on, weight) == pytest.approx(getattr(judged_on, weight))
    assert replace(final, regularisation=0.001, gravity=24.0) == DEFAULT


# --- data that does not allow a training ---


def test_a_holdout_that_leaves_nothing_is_refused(lastfm_tables: Tables) -> None:
    greedy: Configuration = replace(DEFAULT, holdout="pairs", holdout_share=1 - 1e-12)
    with pytest.raises(TrainingError, match=r"^training: there are no plays to learn from$"):
        train(lastfm_tables, greedy, Told())


def test_a_single_listener_is_refused_before_anything_is_trained(lastfm_tables: Tables) -> None:
    alone = lastfm_tables.plays[lastfm_tables.plays["listener"] == 2]
    told = Told()
    with pytest.raises(DataError, match="1 listeners and 5 artists are too few"):
        train(replace(lastfm_tables, plays=alone), DEFAULT, told)
    assert told.phases == []


@pytest.mark.parametrize("target", ["binary", "z-score"])
def test_the_least_data_there_is_can_be_trained(lastfm_tables: Tables, target: str) -> None:
    """Two listeners, two artists, three equal plays: more dimensions than anything."""
    plays = pd.DataFrame({"listener": [2, 5, 5], "artist": [1, 1, 3], "plays": [9, 9, 9]})
    tables = replace(lastfm_tables, plays=plays)
    training = train(tables, replace(DEFAULT, target=target, holdout_share=0.5), Told())
    assert training.factors.artist_embeddings.shape == (2, 4)
    training.factors.require_finite()
    assert training.dataset["held_out"] == 1
    for quality in training.metrics.values():
        assert np.isfinite(list(quality.values())).all()
