"""One fit in a process of its own: how long, how good, how much memory. Prints JSON.

``scripts/bench.py`` runs ``python -m model.fit_benchmark`` for each measurement, so that none
inherits another's memory, threads or traced functions.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.configuration import preset
from model.dataset import Interactions, interactions
from model.evaluation import ranking_quality, split
from model.lastfm import read_tables
from model.synthetic import long_tail
from model.tensorflow_start import start_tensorflow

SEED = 0
ITERATIONS = 16
# What DESIGN calls a fair implicit on this data.
_REGULARISATION, _ALPHA, _THREADS = 100.0, 33.3, 2
# Sweeps looked at for the time to implicit's best; later ones hardly differ.
_LOOKED_AT = 16


def main() -> int:
    """Measure what the arguments name; progress and faults are the caller's business."""
    parser = argparse.ArgumentParser(prog="bench_fit.py")
    parser.add_argument("--engine", required=True, help="implicit or a preset")
    parser.add_argument("--dimension", type=int)
    parser.add_argument("--data", help="the Last.fm files")
    parser.add_argument("--synthetic", type=int, metavar="PLAYS", help="instead of --data")
    parser.add_argument("--target", type=float, help="the NDCG@20 whose time is asked for")
    options = parser.parse_args()
    if options.synthetic:
        print(json.dumps(_scaled(options.synthetic, options.dimension)))
        return 0
    training, held_out = _split(Path(options.data))
    measure = _implicit if options.engine == "implicit" else _preset
    print(json.dumps(measure(options, training, held_out)))
    return 0


def _split(data: Path) -> tuple[Interactions, Interactions]:

    return split(interactions(read_tables(data)), "per-listener", 0.2, SEED)


def _implicit(
    options: argparse.Namespace, training: Interactions, held_out: Interactions
) -> dict[str, Any]:
    import numpy as np
    from implicit.als import AlternatingLeastSquares  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
    from scipy import sparse

    ones = np.ones(training.plays.size, np.float32)
    plays = sparse.csr_matrix((ones, (training.listeners, training.artists)), shape=training.shape)
    level = resident_mb("VmRSS")

    def made() -> Any:
        return AlternatingLeastSquares(
            factors=options.dimension,
            regularization=_REGULARISATION,
            alpha=_ALPHA,
            iterations=ITERATIONS,
            num_threads=_THREADS,
            random_state=SEED,
        )

    model = made()
    curve: list[tuple[float, float]] = []

    def look(_iteration: int, elapsed: float, _loss: float) -> None:
        # Only implicit's own time adds up; looking at the quality in between does not count.
        before = curve[-1][0] if curve else 0.0
        curve.append(
            (before + elapsed, _ndcg(model.user_factors, model.item_factors, training, held_out))
        )

    started = time.perf_counter()
    model.fit(plays, show_progress=False)
    fit_s = time.perf_counter() - started
    peak = resident_mb("VmHWM") - level
    model = made()
    model.fit(plays, show_progress=False, callback=look)
    best = max(quality for _, quality in curve)
    return {
        "fit_s": fit_s,
        "ndcg@20": curve[-1][1],
        "peak_mb": peak,
        "best": best,
        "time_to_best_s": next(when for when, quality in curve if quality >= best),
    }


def _preset(
    options: argparse.Namespace, training: Interactions, held_out: Interactions
) -> dict[str, Any]:
    start_tensorflow()
    from model.factorisation import fit

    configuration = preset(options.engine)
    level = resident_mb("VmRSS")
    started = time.perf_counter()
    marks: list[float] = []
    factors = fit(
        training, configuration, watch=lambda _: marks.append(time.perf_counter() - started)
    )
    fit_s = time.perf_counter() - started
    found: dict[str, Any] = {
        "fit_s": fit_s,
        "peak_mb": resident_mb("VmHWM") - level,
        "ndcg@20": _ndcg(
            factors.listener_embeddings, factors.artist_embeddings, training, held_out
        ),
    }
    if options.target is not None:
        found["time_to_best_s"] = _time_to(
            options.target,
            marks,
            lambda steps: _quality_after(steps, options.engine, training, held_out),
        )
    return found


def _quality_after(steps: int, name: str, training: Interactions, held_out: Interactions) -> float:
    """The same seed gives the same sweeps, so a shorter fit shows what the timed one had then."""
    from model.factorisation import fit

    factors = fit(training, replace(preset(name), steps=steps))
    return _ndcg(factors.listener_embeddings, factors.artist_embeddings, training, held_out)


def _time_to(target: float, marks: list[float], quality: Callable[[int], float]) -> float | None:
    """The time of the first sweep that is as good as ``target``; None when none is."""
    for steps in range(1, min(len(marks), _LOOKED_AT + 1)):
        if quality(steps) >= target:
            return marks[steps]
    return None


def _ndcg(listeners: Any, artists: Any, training: Interactions, held_out: Interactions) -> float:

    return ranking_quality(lambda rows: listeners[rows] @ artists.T, training, held_out)["ndcg@20"]


def _scaled(plays: int, dimension: int) -> dict[str, Any]:
    """Seconds a sweep and peak memory on a synthetic set, above the level with TensorFlow."""
    start_tensorflow()
    from model.factorisation import fit

    level = resident_mb("VmRSS")
    pairs = long_tail(listeners=plays // 50, artists=plays // 100, plays=plays)
    _forget_peak()  # of making the set up, which is no part of a training
    marks: list[float] = []
    fit(
        pairs,
        replace(preset("plain-64"), dimension=dimension, steps=2),
        watch=lambda _: marks.append(time.perf_counter()),
    )
    factors_mb = 4 * dimension * sum(pairs.shape) / 2**20
    return {
        "listeners": pairs.shape[0],
        "artists": pairs.shape[1],
        "plays": int(pairs.plays.size),
        "sweep_s": (marks[-1] - marks[0]) / (len(marks) - 1),
        "peak_mb": resident_mb("VmHWM") - level,
        "allowed_mb": 144 * pairs.plays.size / 2**20 + 4 * factors_mb,
    }


def _forget_peak() -> None:
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5", "utf-8")


def resident_mb(field: str) -> float:
    """``VmRSS`` or ``VmHWM`` of this process in MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


if __name__ == "__main__":
    sys.exit(main())
