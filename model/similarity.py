"""How close artists are: the fold-in, and what is blended beside it.

The factorisation answers "what would somebody play who played only this?" from all listening at
once, but of an artist with one listener it knows little more than that listener. Tags know such
artists from another side, and sharing listeners is evidence that needs no model. Each part is
divided by its best other artist, so that the shares mean the same for every question::

    score = fold-in + a * latent tag cosine + b * tag cosine + c * co-listening cosine
"""

from collections.abc import Iterator, Sequence

import numpy as np

from model.co_listening import CoListening
from model.folding import Floats, FoldingIn, Rows
from model.shares import Shares
from model.tag_profiles import TagProfiles

# Where the best other artist has less than this share of what those asked about have, it is
# rounding, and must not be blown up to 1.
_ROUNDING = 1e-5


class Similarity:
    """Scores all artists by how close they are to some.

    Args:
        folding: the factorisation's answer, the core.
        profiles: what the artists are called.
        together: who shares listeners.
        shares: what the last two count.
    """

    def __init__(
        self, *, folding: FoldingIn, profiles: TagProfiles, together: CoListening, shares: Shares
    ) -> None:
        self._folding = folding
        self._profiles = profiles
        self._together = together
        self._shares = shares

    def scores(self, questions: Sequence[Rows]) -> Floats:
        """B questions, each of at least one distinct row, -> float32 [B, M]."""
        scores = self._folding.answers(questions)
        for position, asked in enumerate(questions):
            _normalise(scores[position], asked)
            for share, part in self._beside(asked):
                _normalise(part, asked)
                scores[position] += np.float32(share) * part
        return scores

    def _beside(self, asked: Rows) -> Iterator[tuple[float, Floats]]:
        shares = self._shares
        if shares.latent_tags:
            yield shares.latent_tags, self._profiles.latent_cosines(asked)
        if shares.tags:
            yield shares.tags, self._profiles.cosines(asked)
        if shares.co_listening:
            yield shares.co_listening, self._together.cosines(asked)


def _normalise(part: Floats, asked: Rows) -> None:
    """Divide by the best artist that was not asked about, unless nobody is close at all."""
    own = part[asked]
    part[asked] = -np.inf
    best = float(part.max())
    part[asked] = own
    if best > _ROUNDING * max(float(own.max()), 0.0):
        part /= best
