"""What the model would answer a listener who played exactly these artists.

The listener's embedding is the exact minimiser of the objective for a new row with the history's
artists as its observed pairs (targets and weights 1) and everything else unobserved::

    u = argmin sum_{j in history} (1 - u.v_j)^2 + alpha sum_j h_j (u.v_j)^2 + lambda s |u|^2

with s = (n + alpha M)^nu, and the scores are u.v_j for all artists. For a single artist q this is
s = V (alpha V'HV + lambda s I + v_q v_q')^-1 v_q. A model trained without gravity and
regularisation leaves u open; a very small ridge then picks the shortest one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

# The least ridge, as a share of the artists' mean squared norm.
_LEAST_RIDGE = 1e-6
_BLOCK = 1024
# Up to so many products with one vector each are faster than one with a narrow matrix.
_FEW = 5
# Cosines of two columns of V below this are what float32 leaves of 0.
_ROUNDING = 1e-5


class FoldingIn:
    """Folds histories into trained artist embeddings.

    Everything that does not depend on the history is computed once: V is rotated into the
    eigenbasis of alpha V'HV, where the shared part of every system is diagonal.

    Attributes:
        embeddings: float32 [M, d], V in that basis.
    """

    def __init__(self, artifact: Artifact) -> None:
        constants = artifact.manifest.fold_in
        embeddings = artifact.artist_embeddings
        gramian = _gramian(embeddings, artifact.gravity_scale) * constants.unobserved_weight
        if _is_diagonal(gramian):
            # As alternating least squares leaves it; then there is one copy of V in memory.
            eigenvalues, self.embeddings = np.diag(gramian), np.asfortranarray(embeddings)
        else:
            eigenvalues, basis = np.linalg.eigh(gramian)
            self.embeddings: Floats = np.asfortranarray(embeddings @ basis.astype(np.float32))
        self._shared = np.maximum(eigenvalues, 0.0)
        self._constants = constants
        mean_square = float(np.einsum("md,md->", embeddings, embeddings)) / len(embeddings)
        self._least = max(_LEAST_RIDGE * mean_square, float(np.finfo(np.float32).tiny))

    def embed(self, history: Rows, ridge: float = 1.0) -> Floats:
        """The rotated embedding of a history of n >= 1 distinct rows, float32 [d].

        Args:
            history: the rows.
            ridge: what the L2 weight is multiplied by.
        """
        count = history.size
        unobserved = self._constants.unobserved_weight * self.embeddings.shape[0]
        scale = (count + unobserved) ** self._constants.frequency_exponent
        diagonal = np.maximum(
            self._shared + ridge * self._constants.listener_l2 * scale, self._least
        )
        observed = self.embeddings[history].astype(np.float64)
        scaled = observed / diagonal
        if count <= diagonal.size:
            # Woodbury: n x n instead of d x d.
            system = np.eye(len(history)) + scaled @ observed.T
            dual = _solve(system, np.ones((len(history), 1)))
            return np.asarray((scaled.T @ dual)[:, 0], np.float32)
        system = observed.T @ observed + np.diag(diagonal)
        return np.asarray(_solve(system, observed.sum(axis=0, keepdims=True).T)[:, 0], np.float32)

    def scores(self, histories: Sequence[Rows]) -> Floats:
        """Scores of every artist for B histories, each of at least one row: float32 [B, M]."""
        return self._products([self.embed(np.unique(history)) for history in histories])

    def answers(self, questions: Sequence[Rows]) -> Floats:
        """The same for artists that somebody asks about, float32 [B, M].

        Who names an artist surely means it, while a history may hold chance; so the answer is
        pulled to zero less (``FoldIn.question_ridge``).
        """
        ridge = self._constants.question_ridge
        return self._products([self.embed(np.unique(asked), ridge) for asked in questions])

    def _products(self, embedded: Sequence[Floats]) -> Floats:
        if len(embedded) <= _FEW:
            return np.stack([self.embeddings @ one for one in embedded])
        return np.stack(embedded) @ self.embeddings.T


def _gramian(embeddings: Floats, scale: Floats) -> NDArray[np.float64]:
    """V'HV, [d, d], block by block, so that V is not in memory twice."""
    total = np.zeros((embeddings.shape[1], embeddings.shape[1]))
    for start in range(0, embeddings.shape[0], _BLOCK):
        block = embeddings[start : start + _BLOCK]
        total += block.T @ (block * scale[start : start + _BLOCK, None])
    return total


def _is_diagonal(gramian: NDArray[np.float64]) -> bool:
    """Whether nothing but the rounding of float32 stands beside the diagonal."""
    lengths = np.sqrt(np.diag(gramian))
    beside = np.abs(gramian - np.diag(np.diag(gramian)))
    return bool((beside <= _ROUNDING * np.outer(lengths, lengths)).all())


def _solve(system: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.solve(system, right), np.float64)
