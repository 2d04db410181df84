"""One whole training: from tables to what an artifact holds."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from model.cataloguing import build_catalogue
from model.configuration import Configuration
from model.dataset import Interactions, interactions
from model.evaluation import evaluate, split
from model.factorisation import fit
from model.factors import CurvePoint, Factors
from model.plots import curve_png
from model.publishing import Training
from model.tables import Tables


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
    started = time.perf_counter()
    everything = interactions(tables)
    training, held_out = split(
        everything, configuration.holdout, configuration.holdout_share, configuration.seed
    )
    prepared = time.perf_counter()
    judged, _ = _fit("Training without the holdout", training, held_out, configuration, progress)
    progress.phase("Evaluating on the holdout", None)
    metrics = evaluate(judged, configuration, training, held_out)
    evaluated = time.perf_counter()
    final = same_weights(configuration, training.plays.size, everything.plays.size)
    factors, fit_s = _fit("Training on everything", everything, None, final, progress)
    unit = "sweeps" if configuration.solver == "als" else "gradient steps"
    return Training(
        configuration=configuration,
        dataset={
            "name": tables.name,
            "fingerprint": tables.fingerprint,
            "listeners": everything.shape[0],
            "artists": everything.shape[1],
            "plays": int(everything.plays.size),
            "held_out": int(held_out.plays.size),
            "dropped": dict(tables.dropped),
        },
        listener_ids=everything.listener_ids,
        catalogue=build_catalogue(tables, everything),
        factors=factors,
        metrics=metrics,
        timings={
            "prepare_s": round(prepared - started, 3),
            "evaluate_s": round(evaluated - prepared, 3),
            "fit_s": round(fit_s, 3),
        },
        curve_png=curve_png(judged.curve, f"{configuration.preset} on {tables.name}", unit),
    )


def same_weights(configuration: Configuration, judged: int, final: int) -> Configuration:
    """The configuration that weighs a single pair for ``final`` pairs as it did for ``judged``.

    Regularisation and gravity are measured against the mean error of the observed pairs, so on
    more pairs the same coefficients would pull harder at each of them (alpha = g|Omega|/(NM)).
    """
    share = judged / final
    return replace(
        configuration,
        regularisation=configuration.regularisation * share,
        gravity=configuration.gravity * share,
    )


def _fit(
    name: str,
    pairs: Interactions,
    held_out: Interactions | None,
    configuration: Configuration,
    progress: Progress,
) -> tuple[Factors, float]:
    """The factors and the seconds from interactions in memory to finished factors."""
    progress.phase(name, configuration.steps)
    started = time.perf_counter()
    factors = fit(pairs, configuration, held_out=held_out, watch=_told(progress.step))
    return factors, time.perf_counter() - started


def _told(step: Callable[[int, str], None]) -> Callable[[CurvePoint], None]:
    return lambda point: step(point.step, f"loss {point.total:.6g}")
