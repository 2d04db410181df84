"""The objective of ``model.objective`` once more: in float64, dense, and from its definition alone.

Everything is derived again from the interactions and the configuration, pair by pair, so that no
fault of ``model.weighting``, ``model.objective`` or a solver can be in here as well.
"""

import math
import statistics
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from model.configuration import Configuration
from model.dataset import Interactions

Matrix = NDArray[np.float64]

TAG_NEEDS_ARTISTS = 5


@dataclass(frozen=True)
class DenseObjective:
    """The objective for R rows (listeners, then tags, then taggers) and M artists.

    Attributes:
        weights: float64 [R, M], c_ij, 0 where the pair is not observed.
        targets: float64 [R, M], a_ij.
        row_l2: float64 [R], r s_i / N.
        artist_l2: float64 [M], r s_j / M.
        pull: float64 [R, M], g h_i h_j / (NM).
        pairs: |Omega|, the observed pairs of listeners.
    """

    weights: Matrix
    targets: Matrix
    row_l2: Matrix
    artist_l2: Matrix
    pull: Matrix
    pairs: int

    def terms(self, u: Matrix, v: Matrix) -> tuple[float, float, float]:
        """Observed error, regularisation and gravity, by a double loop over U [R, d], V [M, d]."""
        observed = gravity = regularisation = 0.0
        for i, own in enumerate(u):
            regularisation += float(self.row_l2[i] * (own @ own))
            for j, other in enumerate(v):
                product = float(own @ other)
                observed += float(self.weights[i, j]) * (self.targets[i, j] - product) ** 2
                gravity += float(self.pull[i, j]) * product**2
        for j, other in enumerate(v):
            regularisation += float(self.artist_l2[j] * (other @ other))
        return observed / self.pairs, regularisation, gravity

    def loss(self, u: Matrix, v: Matrix) -> float:
        """The sum of the three terms."""
        return self._loss_and_gradient(u, v)[0]

    def gradient(self, u: Matrix, v: Matrix) -> tuple[Matrix, Matrix]:
        """The derivative by U [R, d] and by V [M, d]."""
        return self._loss_and_gradient(u, v)[1:]

    def best_rows(self, v: Matrix) -> Matrix:
        """U [R, d] that minimises the loss for this V, by one dense system for each row."""
        best = [
            _ridge_regression(v, weights / self.pairs, targets, pull, l2)
            for weights, targets, pull, l2 in zip(
                self.weights, self.targets, self.pull, self.row_l2, strict=True
            )
        ]
        return np.array(best)

    def best_artists(self, u: Matrix) -> Matrix:
        """V [M, d] that minimises the loss for this U, by one dense system for each artist."""
        best = [
            _ridge_regression(u, weights / self.pairs, targets, pull, l2)
            for weights, targets, pull, l2 in zip(
                self.weights.T, self.targets.T, self.pull.T, self.artist_l2, strict=True
            )
        ]
        return np.array(best)

    def minimum(self, dimension: int, starts: int = 6) -> tuple[float, Matrix]:
        """The least loss that L-BFGS finds from several starts, and U V' [R, M] there."""
        rows, artists = self.weights.shape

        def both(flat: Matrix) -> tuple[Matrix, Matrix]:
            u, v = np.split(flat, [rows * dimension])
            return u.reshape(rows, dimension), v.reshape(artists, dimension)

        def loss_and_gradient(flat: Matrix) -> tuple[float, Matrix]:
            loss, by_u, by_v = self._loss_and_gradient(*both(flat))
            return loss, np.concatenate((by_u.ravel(), by_v.ravel()))

        found = [
            minimize(
                loss_and_gradient,
                np.random.default_rng(seed).normal(0, 0.3, (rows + artists) * dimension),
                jac=True,
                method="L-BFGS-B",
                options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9},
            )
            for seed in range(starts)
        ]
        best = min(found, key=lambda result: result.fun)
        u, v = both(best.x)
        return float(best.fun), u @ v.T

    def _loss_and_gradient(self, u: Matrix, v: Matrix) -> tuple[float, Matrix, Matrix]:
        products = u @ v.T
        missed = products - self.targets
        observed = (self.weights * missed**2).sum() / self.pairs
        norms = self.row_l2 @ (u * u).sum(axis=1) + self.artist_l2 @ (v * v).sum(axis=1)
        by_product = 2 * (self.weights * missed / self.pairs + self.pull * products)
        return (
            float(observed + norms + (self.pull * products**2).sum()),
            by_product @ v + 2 * self.row_l2[:, None] * u,
            by_product.T @ u + 2 * self.artist_l2[:, None] * v,
        )


def dense_objective(of: Interactions, configuration: Configuration) -> DenseObjective:
    """The objective for these interactions and this configuration."""
    n, m = of.shape
    played = list(zip(of.listeners.tolist(), of.artists.tolist(), of.plays.tolist(), strict=True))
    tags = _tag_rows(of, configuration.tag_weight)
    beside = tags + _tagger_rows(of, configuration.tagger_weight)
    rows = n + len(beside)
    weights, targets = np.zeros((rows, m)), np.zeros((rows, m))
    row_presence, artist_presence = np.zeros(rows), np.zeros(m)
    for i, j, plays in played:
        logs = [math.log1p(count) for listener, _, count in played if listener == i]
        z = (math.log1p(plays) - statistics.fmean(logs)) / (statistics.pstdev(logs) + 0.3)
        weights[i, j] = math.exp(configuration.plays_exponent * z)
        targets[i, j] = _target(of, configuration, plays)
        row_presence[i] += 1
        artist_presence[j] += 1
    row_gravity = np.ones(rows)
    for i, row in enumerate(beside, start=n):
        row_gravity[i] = configuration.side_gravity * len(row)
        for j, weight in row.items():
            weights[i, j], targets[i, j] = weight, 1
            row_presence[i] += weight
            artist_presence[j] += weight
    r, g = configuration.regularisation, configuration.gravity
    if configuration.per_pair:
        r, g = r * math.sqrt(n * m) / len(played), g * n * m / len(played)
    alpha, nu = g * len(played) / (n * m), configuration.frequency_exponent
    listeners = np.array([sum(artist == j for _, artist, _ in played) for j in range(m)])
    scale = (listeners + 0.5) ** configuration.gravity_exponent
    return DenseObjective(
        weights=weights,
        targets=targets,
        row_l2=r / n * (row_presence + alpha * m * row_gravity) ** nu,
        artist_l2=r / m * (artist_presence + alpha * row_gravity.sum()) ** nu,
        pull=g / (n * m) * row_gravity[:, None] * scale / scale.mean(),
        pairs=len(played),
    )


def _target(of: Interactions, configuration: Configuration, plays: int) -> float:
    if configuration.target == "binary":
        return 1.0
    if configuration.target == "min-max":
        return (plays - of.summary.minimum) / (of.summary.maximum - of.summary.minimum)
    return (plays - of.summary.mean) / of.summary.sd


def _tag_rows(of: Interactions, weight: float) -> list[dict[int, float]]:
    """The artists and weights of each tag that is on enough artists."""
    counts = Counter(zip(of.taggings.tags.tolist(), of.taggings.artists.tolist(), strict=True))
    rows: dict[int, dict[int, float]] = {}
    for (tag, artist), count in sorted(counts.items()):
        rows.setdefault(tag, {})[artist] = weight * math.log2(1 + count)
    wide = [row for row in rows.values() if len(row) >= TAG_NEEDS_ARTISTS]
    return wide if weight else []


def _tagger_rows(of: Interactions, weight: float) -> list[dict[int, float]]:
    """The artists that each listener with plays put any tag on."""
    rows: dict[int, dict[int, float]] = {}
    pairs = zip(of.taggings.listeners.tolist(), of.taggings.artists.tolist(), strict=True)
    for listener, artist in sorted(pairs):
        if listener >= 0 and weight:
            rows.setdefault(listener, {})[artist] = weight
    return list(rows.values())


def _ridge_regression(
    fixed: Matrix, weights: Matrix, targets: Matrix, pull: Matrix, l2: float
) -> Matrix:
    """argmin over u of sum_j weights_j (targets_j - u.v_j)^2 + pull_j (u.v_j)^2 + l2 |u|^2."""
    system = (fixed.T * (weights + pull)) @ fixed + l2 * np.eye(fixed.shape[1])
    return np.array(np.linalg.solve(system, fixed.T @ (weights * targets)), float)
