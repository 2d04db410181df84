"""One whole training: from tables to what an artifact holds."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from model.artist_map import map_positions
from model.calibrating import calibrate
from model.cataloguing import build_catalogue
from model.configuration import Configuration
from model.dataset import Interactions, interactions
from model.errors import TrainingError
from model.evaluation import evaluate, split
from model.factorisation import fit
from model.factors import CurvePoint
from model.peak_memory import peak_memory_mb
from model.plots import curve_png
from model.profiling import co_listening, tag_profiles
from model.tables import Tables
from model.trained import Training


class Progress(Protocol):
    """Somebody who is told how far a training is."""

    def phase(self, name: str, steps: int | None) -> None:
        """A phase begins; it has so many steps, or nobody knows."""
        ...

    def step(self, done: int, note: str = "") -> None:
        """So many steps of the phase are done."""
        ...


def train(tables: Tables, configuration: Configuration, progress: Progress) -> Training:
    """Evaluate on a holdout, then train on everything.

    The published factors learn from all pairs. The quality written beside them was measured with
    factors that the same configuration learnt without the held-out pairs. The curve is that of
    the holdout fit, because only there is a test error.

    Raises:
        CrossfadeError: the data or the numbers do not allow a training.
    """
    everything = interactions(tables)
    training, held_out = split(
        everything, configuration.holdout, configuration.holdout_share, configuration.seed
    )
    if training.plays.size == 0:
        raise TrainingError(
            "the holdout leaves no plays to learn from",
            where="training",
            mend="hold out a smaller share",
        )
    judged = _learn(tables, training, configuration, progress, held_out)
    progress.phase("Evaluating on the holdout", None)
    started = time.perf_counter()
    metrics = {**evaluate(judged.factors, configuration, training, held_out)}
    calibration, measured = calibrate(judged, training, held_out, seed=configuration.seed)
    metrics[configuration.preset] = {**metrics[configuration.preset], **measured}
    evaluated = time.perf_counter() - started
    learnt = learn(tables, everything, configuration, progress)
    progress.phase("Drawing the map", None)
    positions = map_positions(
        learnt.factors.artist_embeddings, learnt.catalogue.listeners, seed=configuration.seed
    )
    timings = {**learnt.timings, "evaluate_s": round(evaluated, 3)}
    peak = peak_memory_mb()
    if peak is not None:
        timings["peak_memory_mb"] = round(peak, 1)
    return replace(
        learnt,
        catalogue=replace(learnt.catalogue, positions=positions),
        dataset={**learnt.dataset, "held_out": int(held_out.plays.size)},
        metrics=metrics,
        timings=timings,
        curve_png=judged.curve_png,
        calibration=calibration,
    )


def learn(
    tables: Tables, pairs: Interactions, configuration: Configuration, progress: Progress
) -> Training:
    """Train on exactly these pairs and judge nothing: the metrics are empty.

    Args:
        tables: where names, pages and tags of the artists are.
        pairs: what is learnt from, all of ``interactions(tables)`` or a selection.
        configuration: how.
        progress: told how far it is.

    Raises:
        TrainingError: the numbers do not allow a training.
    """
    return _learn(tables, pairs, configuration, progress, None)


def _learn(
    tables: Tables,
    pairs: Interactions,
    configuration: Configuration,
    progress: Progress,
    held_out: Interactions | None,
) -> Training:
    progress.phase(
        "Training on everything" if held_out is None else "Training without the holdout",
        configuration.steps,
    )
    started = time.perf_counter()
    factors = fit(pairs, configuration, held_out=held_out, watch=_told(progress.step))
    profiles = tag_profiles(pairs, seed=configuration.seed)
    together = co_listening(pairs)
    finished = time.perf_counter()
    unit = "sweeps" if configuration.solver == "als" else "gradient steps"
    return Training(
        configuration=configuration,
        dataset={
            "name": tables.name,
            "fingerprint": tables.fingerprint,
            "listeners": pairs.shape[0],
            "artists": pairs.shape[1],
            "plays": int(pairs.plays.size),
            "dropped": dict(tables.dropped),
        },
        listener_ids=pairs.listener_ids,
        catalogue=build_catalogue(tables, pairs),
        profiles=profiles,
        together=together,
        factors=factors,
        metrics={},
        timings={"fit_s": round(finished - started, 3)},
        curve_png=curve_png(factors.curve, f"{configuration.preset} on {tables.name}", unit),
    )


def _told(step: Callable[[int, str], None]) -> Callable[[CurvePoint], None]:
    return lambda point: step(point.step, f"loss {point.total:.6g}")
