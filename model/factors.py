"""What a training engine delivers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import TrainingError

Floats = NDArray[np.float32]


class CurvePoint(NamedTuple):
    """The loss after a number of steps.

    ``test`` is the observed error on the held-out pairs, or None without any.
    """

    step: int
    observed: float
    regularisation: float
    gravity: float
    test: float | None

    @property
    def total(self) -> float:
        """What the solver minimises."""
        return self.observed + self.regularisation + self.gravity


Watch = Callable[[CurvePoint], None]
"""Called after each sweep or so many gradient steps; raising from it interrupts the training."""


@dataclass(frozen=True)
class Factors:
    """Finished factors.

    Attributes:
        listener_embeddings: float32 [N, d].
        artist_embeddings: float32 [M, d].
        unobserved_weight: alpha, what an unobserved pair weighs against an observed one.
        listener_l2: the L2 weight of a listener's row when s_i = 1 and the loss is times |Omega|.
        frequency_exponent: nu of s_i = (n_i + alpha M)^nu.
        gravity_scale: float32 [M], how strongly each artist's unobserved pairs pull to zero.
        curve: the loss along the way, at least the first and the last point.
    """

    listener_embeddings: Floats
    artist_embeddings: Floats
    unobserved_weight: float
    listener_l2: float
    frequency_exponent: float
    gravity_scale: Floats
    curve: tuple[CurvePoint, ...]

    def require_finite(self) -> None:
        """Refuse factors that hold NaN or infinity.

        Raises:
            TrainingError: they do.
        """
        for side in (self.listener_embeddings, self.artist_embeddings):
            if not np.isfinite(side).all():
                raise TrainingError(
                    "the embeddings are no longer finite numbers",
                    where="training",
                    mend="lower the learning rate or raise the regularisation",
                )
