from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.configuration import preset
from model.dataset import interactions
from model.errors import DataError, TrainingError
from model.evaluation import evaluate, split
from model.factorisation import fit
from model.factors import CurvePoint, Factors
from model.publishing import Training
from model.tables import Tables
from model.training import learn, train

# Without reference plays, which would draw everything to zero where listeners have six artists.
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


def described(curve: Sequence[CurvePoint], title: str, unit: str) -> bytes:
    """Stands in for the picture, which takes longer to draw than these factors to train."""
    return repr((title, unit, tuple(curve))).encode()


@pytest.fixture(scope="module", autouse=True)
def quick_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.curve_png", described)
        yield


@pytest.fixture(scope="module")
def trained(lastfm_tables: Tables) -> Mapping[str, tuple[Training, Told]]:
    """A training and what was told of it, by preset."""
    made: dict[str, tuple[Training, Told]] = {}
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


def test_every_phase_is_told_with_its_steps(
    trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    _, told = trained[name]
    steps = CONFIGURATIONS[name].steps
    assert told.phases == [
        ("Training without the holdout", steps),
        ("Evaluating on the holdout", None),
        ("Training on everything", steps),
        ("Drawing the map", None),
    ]


def test_every_look_at_the_loss_is_told(
    trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    training, told = trained[name]
    wanted = {"default": [0, 1, 2, 3], "notebook-regularised": [0, 20, 25]}[name]
    assert [[done for done, _ in phase] for phase in told.steps] == [wanted, [], wanted, []]
    notes = [note for _, note in told.steps[2]]
    assert notes == [f"loss {point.total:.6g}" for point in training.factors.curve]


@pytest.mark.parametrize("moment", [(1, 2), (3, 0)])
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
    factors = trained[name][0].factors
    assert equal(factors, fit(everything, configuration))
    assert factors.listener_embeddings.shape == (everything.shape[0], configuration.dimension)
    assert factors.artist_embeddings.shape == (everything.shape[1], configuration.dimension)
    factors.require_finite()


def test_quality_and_picture_are_of_factors_without_the_holdout(
    lastfm_tables: Tables, trained: Mapping[str, tuple[Training, Told]], name: str
) -> None:
    configuration = CONFIGURATIONS[name]
    everything = interactions(lastfm_tables)
    learnt, held_out = split(everything, configuration.holdout, 0.3, seed=0)
    judged = fit(learnt, configuration, held_out=held_out)
    unit = {"default": "sweeps", "notebook-regularised": "gradient steps"}[name]
    training, _ = trained[name]
    title = f"{name} on lastfm-hetrec-2011"
    assert training.curve_png == described(judged.curve, title, unit)
    assert judged.curve[-1].test is not None
    metrics = training.metrics
    assert list(metrics) == [name, "popularity", "item-knn"]
    for model, quality in evaluate(judged, configuration, learnt, held_out).items():
        assert metrics[model].items() >= quality.items()
        assert {"ndcg@20", "recall@20", "hit_rate@20"} <= set(quality)
        assert all(0 <= value <= 1 for value in quality.values())
        assert quality["recall@20"] > 0, "20 of 28 artists are ranked"
        assert np.isfinite(list(metrics[model].values())).all()


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
    assert set(timings) - {"peak_memory_mb"} == {"fit_s", "evaluate_s"}
    assert all(0 <= timings[phase] < 60 for phase in ("fit_s", "evaluate_s"))
    assert timings["fit_s"] > 0


@pytest.mark.parametrize("peak", [812.04, None])
def test_the_peak_of_the_memory_is_noted_where_the_system_tells_it(
    lastfm_tables: Tables, peak: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.peak_memory_mb", lambda: peak)
    timings = train(lastfm_tables, DEFAULT, Told()).timings
    assert timings.get("peak_memory_mb") == (None if peak is None else 812.0)
    assert ("peak_memory_mb" in timings) == (peak is not None)


# --- seeds and parts ---


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


def test_learning_alone_judges_nothing_and_learns_exactly_what_it_is_given(
    lastfm_tables: Tables,
) -> None:
    part, _ = split(interactions(lastfm_tables), "per-listener", 0.4, seed=1)
    told = Told()
    learnt = learn(lastfm_tables, part, DEFAULT, told)
    assert equal(learnt.factors, fit(part, DEFAULT))
    assert learnt.metrics == {}
    assert learnt.dataset["plays"] == part.plays.size
    assert "held_out" not in learnt.dataset
    assert [phase for phase, _ in told.phases] == ["Training on everything"]


# --- data that does not allow a training ---


def test_a_holdout_that_leaves_nothing_is_refused(lastfm_tables: Tables) -> None:
    greedy = replace(DEFAULT, holdout="pairs", holdout_share=1 - 1e-12)
    told = Told()
    with pytest.raises(TrainingError) as caught:
        train(lastfm_tables, greedy, told)
    assert str(caught.value) == (
        "training: the holdout leaves no plays to learn from; hold out a smaller share"
    )
    assert told.phases == []


def test_a_single_listener_is_refused_before_anything_is_trained(lastfm_tables: Tables) -> None:
    alone = lastfm_tables.plays[lastfm_tables.plays["listener"] == 2]
    told = Told()
    with pytest.raises(DataError, match="1 listeners and 5 artists are too few"):
        train(replace(lastfm_tables, plays=alone), DEFAULT, told)
    assert told.phases == []


def test_the_least_data_there_is_can_be_trained(lastfm_tables: Tables) -> None:
    """Two listeners, two artists, three equal plays: more dimensions than anything."""
    plays = pd.DataFrame({"listener": [2, 5, 5], "artist": [1, 1, 3], "plays": [9, 9, 9]})
    tables = replace(lastfm_tables, plays=plays)
    training = train(tables, replace(DEFAULT, target="z-score", holdout_share=0.5), Told())
    assert training.factors.artist_embeddings.shape == (2, 4)
    training.factors.require_finite()
    assert training.dataset["held_out"] == 1
    for quality in training.metrics.values():
        assert np.isfinite(list(quality.values())).all()
