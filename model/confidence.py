"""How likely an answer is to hit, as measured on listeners' hidden artists."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = Literal["a safe bet", "worth a try", "a long shot"]

# Fewer listeners than this say little, whatever the score.
FEW_LISTENERS = 5


@dataclass(frozen=True)
class Calibration:
    """A logistic model of the chance that an answer hits.

    A hit is what the evaluation calls one: somebody who plays the artist asked about also plays
    the recommended one, which was hidden from the training. The features are log(1 + listeners)
    of both artists, the score as a share of the best answer's, and the share of the asked artist's
    listeners known to play the other.

    Attributes:
        intercept: of the logit.
        asked, recommended, score, together: the coefficients.
        likely: the chance from which an answer is a safe bet, a third of all measured ones.
        unlikely: the chance below which an answer is a long shot, a third of all measured ones.
    """

    intercept: float = -3.0
    asked: float = 0.0
    recommended: float = 0.0
    score: float = 0.0
    together: float = 0.0
    likely: float = 0.05
    unlikely: float = 0.02

    def chances(
        self,
        asked: NDArray[np.number],
        recommended: NDArray[np.number],
        score: Floats,
        together: Floats,
    ) -> Floats:
        """The chance of each of B answers to hit, float64 [B] between 0 and 1.

        Args:
            asked: int64 [B], listeners of the artist asked about.
            recommended: int64 [B], listeners of the recommended artist.
            score: float64 [B], share of the best answer's score.
            together: float64 [B], share of the asked artist's listeners who also play the other.
        """
        weights = [self.intercept, self.asked, self.recommended, self.score, self.together]
        return sigmoid(features(asked, recommended, score, together) @ np.array(weights))

    def words(self, chance: float, asked: int, recommended: int) -> Words:
        """The chance in words; never more than a long shot where few listeners stand behind it."""
        if min(asked, recommended) < FEW_LISTENERS or chance < self.unlikely:
            return "a long shot"
        return "a safe bet" if chance >= self.likely else "worth a try"


def sigmoid(logits: Floats) -> Floats:
    """The chances with these logits, which are cut to where a float still tells them apart."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def features(
    asked: NDArray[np.number],
    recommended: NDArray[np.number],
    score: Floats,
    together: Floats,
) -> Floats:
    """The design matrix of the logistic model, float64 [B, 5], a constant first."""
    columns = (np.ones(asked.size), np.log1p(asked), np.log1p(recommended), score, together)
    return np.column_stack(columns)
