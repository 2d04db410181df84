"""How sure a mean over listeners is: bootstrap confidence intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Resamples drawn at once; bounds memory to 64 numbers a listener.
_BATCH = 64


@dataclass(frozen=True)
class Estimate:
    """A mean and where it lies with 95% confidence, unless told otherwise."""

    mean: float
    low: float
    high: float


def bootstrap(
    totals: Floats,
    counts: Floats,
    *,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> list[Estimate]:
    """The mean of each of Q measures, with a percentile interval over L listeners.

    Listeners are drawn with replacement (Efron 1979), each with everything that was measured for
    them: several measurements of one listener, as on several splits, are not independent.

    Args:
        totals: float64 [L, Q], the sum of what was measured for each listener.
        counts: float64 [L, Q], how often it was measured; the mean is the sum of all totals by the
            sum of all counts.
        level: the chance that the interval holds the mean.
        resamples: how often all listeners are drawn.
        seed: of the draws; equal for two models, it draws the same listeners for both.

    Returns:
        Q estimates; zeros for a measure that nobody was measured with.
    """
    estimates: list[Estimate] = []
    for total, count in zip(totals.T, counts.T, strict=True):
        measured = count > 0
        if not measured.any():
            estimates.append(Estimate(0.0, 0.0, 0.0))
            continue
        means = _resampled(total[measured], count[measured], resamples, seed)
        low, high = np.quantile(means, ((1 - level) / 2, (1 + level) / 2))
        mean = float(total.sum() / count.sum())
        estimates.append(Estimate(mean, float(low), float(high)))
    return estimates


def _resampled(total: Floats, count: Floats, resamples: int, seed: int) -> Floats:
    """The mean of each resample, float64 [resamples]."""
    rng = np.random.default_rng(seed)
    alike = np.full(total.size, 1 / total.size)
    means: list[Floats] = []
    for start in range(0, resamples, _BATCH):
        drawn = rng.multinomial(total.size, alike, min(_BATCH, resamples - start))
        means.append((drawn @ total) / (drawn @ count))
    return np.concatenate(means)
