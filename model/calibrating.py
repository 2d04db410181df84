"""Fits how likely an answer is to hit, on artists that were hidden from the training."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.confidence import Calibration, features, sigmoid
from model.dataset import Interactions
from model.recommender import Recommender
from model.trained import Training

Floats = NDArray[np.float64]

# Questions asked, and answers looked at for each.
_QUESTIONS = 800
_ANSWERS = 10
_BINS = 10
# Keeps a coefficient finite when the data hold no hit, or nothing but hits.
_RIDGE = 1.0


@dataclass(frozen=True)
class _Trials:
    """B answers to questions of listeners: what was known of each, and whether it hit.

    Attributes:
        listeners: int64 [B], who asked.
        design: float64 [B, 5], the features.
        hit: float64 [B], 1 for a hit.
    """

    listeners: NDArray[np.int64]
    design: Floats
    hit: Floats


def calibrate(
    judged: Training, training: Interactions, held_out: Interactions, *, seed: int
) -> tuple[Calibration, Mapping[str, float]]:
    """The calibration, and how far it is off for listeners it was not fitted on.

    One training artist of a listener is the question; an answer that the listener is not known to
    play hits when it is among their hidden artists. Half of the listeners are fitted on, the other
    half measured.

    Args:
        judged: knows only ``training``.
        training: what was learnt from.
        held_out: the hidden artists.
        seed: of the questions and the halves.

    Returns:
        The calibration, and ``calibration_error`` (expected calibration error over ten bins of
        equally many answers), ``hit_rate`` and ``answers`` of the measured half.
    """
    rng = np.random.default_rng(seed)
    trials = _ask(judged, training, held_out, rng)
    half = rng.random(training.shape[0]) < 0.5
    fitted = half[trials.listeners]
    hits = trials.hit[fitted].sum()
    # Without misses beside hits there is no chance to learn, without other listeners none to check.
    if not 0 < hits < fitted.sum() or fitted.all():
        return Calibration(), {}
    weights = logistic(trials.design[fitted], trials.hit[fitted])
    chances = sigmoid(trials.design @ weights)
    unlikely, likely = np.quantile(chances[fitted], (1 / 3, 2 / 3))
    names = ("intercept", "asked", "recommended", "score", "together")
    calibration = Calibration(
        **dict(zip(names, weights.tolist(), strict=True)),
        likely=float(likely),
        unlikely=float(unlikely),
    )
    measured, hit = chances[~fitted], trials.hit[~fitted]
    return calibration, {
        "calibration_error": expected_calibration_error(measured, hit),
        "hit_rate": float(hit.mean()),
        "answers": float(hit.size),
    }


def expected_calibration_error(chances: Floats, hit: Floats, bins: int = _BINS) -> float:
    """Mean distance between promised and measured hit rate over bins of equally many answers.

    Args:
        chances: float64 [B], what was promised.
        hit: float64 [B], 1 for a hit.
        bins: how many (Naeini et al. 2015, with equal-mass bins).
    """
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    gaps = [abs(float(chances[part].mean() - hit[part].mean())) * part.size for part in parts]
    return sum(gaps) / max(chances.size, 1)


def logistic(design: Floats, hit: Floats, *, steps: int = 50) -> Floats:
    """Coefficients [F] of a ridge-regularised logistic regression, by Newton's method.

    Args:
        design: float64 [B, F], a constant first, which is not regularised.
        hit: float64 [B], 0 or 1.
        steps: at most.
    """
    ridge = np.full(design.shape[1], _RIDGE)
    ridge[0] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        chances = sigmoid(design @ weights)
        gradient = design.T @ (hit - chances) - ridge * weights
        spread = np.maximum(chances * (1 - chances), 1e-9)
        step = np.linalg.solve(design.T @ (spread[:, None] * design) + np.diag(ridge), gradient)
        weights += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _ask(
    judged: Training, training: Interactions, held_out: Interactions, rng: np.random.Generator
) -> _Trials:
    recommender = Recommender(judged.artifact())
    listeners = judged.catalogue.listeners
    known, hidden = training.histories(), held_out.histories()
    able = np.array([bool(k.size and h.size) for k, h in zip(known, hidden, strict=True)])
    able = np.flatnonzero(able)
    drawn = rng.choice(able, min(_QUESTIONS, 4 * able.size)) if able.size else able
    who: list[int] = []
    design: list[tuple[int, int, float, float]] = []
    hits: list[bool] = []
    for listener in drawn.tolist():
        asked = int(rng.choice(known[listener]))
        found = recommender.similar([asked], _ANSWERS)
        for item in found:
            row = item.artist.row
            if row in known[listener]:
                continue
            count = judged.together.together(asked, row) or 0
            share = float(np.clip(item.score / max(found[0].score, 1e-9), 0, 1))
            design.append((listeners[asked], listeners[row], share, count / listeners[asked]))
            who.append(listener)
            hits.append(row in hidden[listener])
    asked_listeners, own, shares, together = np.array(design, np.float64).reshape(-1, 4).T
    return _Trials(
        listeners=np.array(who, np.int64),
        design=features(asked_listeners, own, shares, together),
        hit=np.array(hits, np.float64),
    )
