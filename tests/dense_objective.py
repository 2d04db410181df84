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
    """The objective for R rows (listeners, then tags) and M artists.

    Attributes:
        weights: float64 [R, M], c_ij, 0 where the pair is not observed.
        targets: float64 [R, M], a_ij.
        row_l2: float64 [R], r s_i / N.
        artist_l2: float64 [M], r s_j / M.
        pull: float64 [M], g h_j / (NM).
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
                gravity += float(self.pull[j]) * product**2
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
            np.linalg.solve(
                (v.T * (weights / self.pairs + self.pull)) @ v + l2 * np.eye(v.shape[1]),
                v.T @ (weights * targets / self.pairs),
            )
            for weights, targets, l2 in zip(self.weights, self.targets, self.row_l2, strict=True)
        ]
        return np.array(best)

    def best_artists(self, u: Matrix) -> Matrix:
        """V [M, d] that minimises the loss for this U, by one dense system for each artist."""
        best = [
            np.linalg.solve(
                (u.T * (self.weights[:, j] / self.pairs + self.pull[j])) @ u
                + self.artist_l2[j] * np.eye(u.shape[1]),
                u.T @ (self.weights[:, j] * self.targets[:, j] / self.pairs),
            )
            for j in range(self.pull.size)
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
            float(observed + norms + (products**2 @ self.pull).sum()),
            by_product @ v + 2 * self.row_l2[:, None] * u,
            by_product.T @ u + 2 * self.artist_l2[:, None] * v,
        )


def dense_objective(of: Interactions, configuration: Configuration) -> DenseObjective:
    """The objective for these interactions and this configuration."""
    n, m = of.shape
    played = list(zip(of.listeners.tolist(), of.artists.tolist(), of.plays.tolist(), strict=True))
    tagged = _tag_pairs(of, configuration.tag_weight)
    rows = n + len({tag for tag, _, _ in tagged})
    weights, targets = np.zeros((rows, m)), np.zeros((rows, m))
    row_presence, artist_presence = np.zeros(rows), np.zeros(m)
    for i, j, plays in played:
        logs = [math.log1p(count) for listener, _, count in played if listener == i]
        z = (math.log1p(plays) - statistics.fmean(logs)) / (statistics.pstdev(logs) + 0.3)
        weights[i, j] = math.exp(configuration.plays_exponent * z)
        targets[i, j] = _target(of, configuration, plays)
        row_presence[i] += 1
        artist_presence[j] += 1
    for tag, j, weight in tagged:
        weights[n + tag, j], targets[n + tag, j] = weight, 1
        row_presence[n + tag] += weight
        artist_presence[j] += weight
    alpha = configuration.gravity * len(played) / (n * m)
    nu = configuration.frequency_exponent
    listeners = np.array([sum(artist == j for _, artist, _ in played) for j in range(m)])
    scale = (listeners + 0.5) ** configuration.gravity_exponent
    return DenseObjective(
        weights=weights,
        targets=targets,
        row_l2=configuration.regularisation / n * (row_presence + alpha * m) ** nu,
        artist_l2=configuration.regularisation / m * (artist_presence + alpha * rows) ** nu,
        pull=configuration.gravity / (n * m) * scale / scale.mean(),
        pairs=len(played),
    )


def _target(of: Interactions, configuration: Configuration, plays: int) -> float:
    if configuration.target == "binary":
        return 1.0
    if configuration.target == "min-max":
        return (plays - of.summary.minimum) / (of.summary.maximum - of.summary.minimum)
    return (plays - of.summary.mean) / of.summary.sd


def _tag_pairs(of: Interactions, weight: float) -> list[tuple[int, int, float]]:
    """(row below the listeners, artist, weight) of each tag's pairs."""
    taggings = of.taggings
    counts = Counter(zip(taggings.tags.tolist(), taggings.artists.tolist(), strict=True))
    spread = Counter(tag for tag, _ in counts)
    wide = sorted(tag for tag, artists in spread.items() if artists >= TAG_NEEDS_ARTISTS)
    if weight == 0:
        return []
    return [
        (wide.index(tag), artist, weight * math.log2(1 + count))
        for (tag, artist), count in counts.items()
        if tag in wide
    ]
