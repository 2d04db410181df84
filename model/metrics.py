"""How good a ranking is, measured on held-out artists."""

import numpy as np
from numpy.typing import NDArray


def top_k(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The k best columns of each row, best first; equal scores go to the lower column.

    Args:
        scores: float [B, M]; minus infinity marks what must not be ranked.
        k: how many, at least 1, cut to M.

    Returns:
        int64 [B, min(k, M)].
    """
    k = min(k, scores.shape[1])
    descent = -scores
    best = np.argpartition(descent, k - 1, axis=1)[:, :k]
    # The partition takes any of the scores that equal the last one taken: where some are left over,
    # only a full sort knows the lowest columns.
    last = np.take_along_axis(descent, best[:, -1:], axis=1)
    left_over = np.count_nonzero(descent <= last, axis=1) > k
    best[left_over] = np.argsort(descent[left_over], axis=1, kind="stable")[:, :k]
    best.sort(axis=1)
    order = np.argsort(np.take_along_axis(descent, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1)


def hits(ranked: NDArray[np.int64], relevant: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the ranked artists (int [k]) are among the relevant ones, bool [k]."""
    return np.isin(ranked, relevant)


def ndcg(hit: NDArray[np.bool_], relevant: int, k: int) -> float:
    """Normalised discounted cumulative gain at k with binary relevance (Järvelin & Kekäläinen).

    Args:
        hit: bool [>= k], whether each rank holds a relevant artist, best rank first.
        relevant: how many relevant artists there are, at least 1.
        k: how many ranks count.
    """
    discount = 1 / np.log2(np.arange(2, k + 2))
    found = hit[:k]
    gain = float((found * discount[: found.size]).sum())
    return gain / float(discount[: min(k, relevant)].sum())


def recall(hit: NDArray[np.bool_], relevant: int, k: int) -> float:
    """Share of the relevant artists among the first k, of the most that k ranks can hold."""
    return float(hit[:k].sum()) / min(k, relevant)
