"""Answers questions about artists from a trained artifact.

Only numpy and small libraries are imported: this is what the bot loads.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from model.artifact import Artifact, load_artifact
from model.catalogue import Artist, Catalogue
from model.co_listening import CoListening
from model.confidence import Calibration, Words
from model.errors import ConfigurationError
from model.folding import Floats, FoldingIn, Rows
from model.manifest import Manifest
from model.names import ArtistNames
from model.reasons import Explainer, Reason
from model.similarity import Similarity
from model.store import version_folder

Measure = Literal["blend", "fold-in", "cosine", "dot"]

# How far the dial reaches: at its ends a score is multiplied by (listeners + 1) to this power. The
# bold end is chosen so that it keeps over half of the default's hits; the familiar end gains hits.
FAMILIAR_REACH = 0.35
BOLD_REACH = -0.1


@dataclass(frozen=True)
class Recommendation:
    """One recommended artist.

    Attributes:
        artist: who.
        score: the measure's own number; comparable within one answer only.
        reasons: true statements that connect the artist with the question; may be empty.
        confidence: the chance that somebody who plays the artist asked about also plays this one
            beyond what is known, as measured on hidden artists; see ``Calibration``.
        in_words: the same in words; ``a long shot`` whenever either artist has fewer than 5
            listeners.
    """

    artist: Artist
    score: float
    reasons: tuple[Reason, ...]
    confidence: float
    in_words: Words


class Recommender:
    """Scores and ranks the artists of one artifact.

    Attributes:
        manifest: what the artifact says about itself.
        catalogue: the artist table.
        names: finds artists by what people type.
        artist_ids: int64 [M], the order of every score column.
    """

    def __init__(self, artifact: Artifact) -> None:
        self.manifest: Manifest = artifact.manifest
        self.catalogue: Catalogue = artifact.catalogue
        self.artist_ids: Rows = artifact.catalogue.ids
        self.names = ArtistNames(artifact.catalogue.names.texts(), artifact.catalogue.listeners)
        folding = FoldingIn(artifact)
        self._folding = folding
        # In the rotated basis lengths and products are the same, so one copy serves every measure.
        self._norms: Floats = np.sqrt(np.einsum("md,md->m", folding.embeddings, folding.embeddings))
        self._similarity = Similarity(
            folding=folding,
            profiles=artifact.profiles,
            together=artifact.together,
            shares=artifact.manifest.similarity,
        )
        self._together: CoListening = artifact.together
        self._calibration: Calibration = artifact.manifest.calibration
        self._explainer = Explainer(
            catalogue=artifact.catalogue, profiles=artifact.profiles, together=artifact.together
        )

    @classmethod
    def load(cls, path: str | Path) -> "Recommender":
        """Open a store folder (its current version) or a version folder.

        Raises:
            ArtifactError: there is none, or it is damaged, foreign or of another release.
        """
        return cls(load_artifact(version_folder(Path(path))))

    def score_artists(self, rows: Sequence[int] | Rows) -> Floats:
        """What ``/recommend`` ranks by, before filters: rows int [B] -> float32 [B, M].

        Raises:
            IndexError: a row is not in the catalogue.
        """
        asked = self._valid(rows)
        questions = np.split(asked, asked.size) if asked.size else []
        return self._similarity.scores(questions) if questions else self._nobody()

    def score_listeners(self, histories: Sequence[Sequence[int] | Rows]) -> Floats:
        """Scores for listeners known by what they played: B histories -> float32 [B, M].

        An empty history is answered with popularity, the share of listeners each artist has.

        Raises:
            IndexError: a row is not in the catalogue.
        """
        asked = [self._valid(history) for history in histories]
        known = np.array([history.size > 0 for history in asked], bool)
        scores = np.empty((len(asked), self.artist_ids.size), np.float32)
        scores[~known] = self._popularity()
        if known.any():
            scores[known] = self._folding.scores([history for history in asked if history.size])
        return scores

    def score_group(self, histories: Sequence[Sequence[int] | Rows]) -> Floats:
        """One score an artist for several listeners together: float32 [M].

        The sum over members of 1 / log2(1 + rank), so that an artist near the top for one member
        counts however strong or weak that member's scores are. No members: popularity.

        Raises:
            IndexError: a row is not in the catalogue.
        """
        if not histories:
            return self._popularity()
        scores = self.score_listeners(histories)
        ranks = np.empty(scores.shape, np.int64)
        order: Rows = np.argsort(-scores, axis=1, kind="stable")
        for member, best_first in enumerate(order):
            ranks[member, best_first] = np.arange(1, self.artist_ids.size + 1)
        return (1 / np.log2(1 + ranks)).sum(axis=0).astype(np.float32)

    def similar(
        self,
        rows: Sequence[int] | Rows,
        k: int = 10,
        *,
        measure: Measure = "blend",
        dial: float = 0.0,
        exclude: Collection[int] = (),
    ) -> list[Recommendation]:
        """The k best artists beside those asked about, best first.

        Several rows are one question: a listener who played all of them. Rows that are no artist
        ("Various Artists", web addresses) are never answered.

        Args:
            rows: at least one row of the catalogue.
            k: how many; fewer come when the catalogue ends.
            measure: ``blend`` (default, what ``score_artists`` gives), the factorisation's
                ``fold-in`` alone, or the published notebook's ``cosine`` and ``dot`` with the
                mean of the rows' embeddings.
            dial: from -1, familiar, over 0 to 1, adventurous: scores are corrected for how many
                listeners an artist has.
            exclude: rows to leave out.

        Raises:
            ConfigurationError: no rows are given, the measure is unknown, or the dial is not
                between -1 and 1.
            IndexError: a row is not in the catalogue.
        """
        asked = np.unique(self._valid(rows))
        if asked.size == 0:
            raise ConfigurationError("at least one artist is needed", where="similar")
        scores = self._dialled(self._measured(asked, measure), dial)
        allowed = ~self.names.no_artist
        allowed[asked] = False
        allowed[self._valid(list(exclude))] = False
        best = _best(scores, np.flatnonzero(allowed), k)
        return self._recommendations(best, scores, asked)

    def _dialled(self, scores: Floats, dial: float) -> Floats:
        if not -1 <= dial <= 1:
            raise ConfigurationError(
                f"{dial:g} is out of range", where="dial", mend="give a number from -1 to 1"
            )
        if dial == 0:
            return scores
        power = BOLD_REACH * dial if dial > 0 else -FAMILIAR_REACH * dial
        correction = np.power(self.catalogue.listeners + 1.0, power)
        return np.where(scores > 0, scores * correction, scores).astype(np.float32)

    def _measured(self, asked: Rows, measure: Measure) -> Floats:
        if measure == "blend":
            return self._similarity.scores([asked])[0]
        if measure == "fold-in":
            return self._folding.answers([asked])[0]
        embeddings = self._folding.embeddings
        if measure == "cosine":
            lengths = np.maximum(self._norms, np.finfo(np.float32).tiny)
            directions = embeddings[asked] / lengths[asked, None]
            return (embeddings @ directions.mean(axis=0)) / lengths
        if measure == "dot":
            return embeddings @ embeddings[asked].mean(axis=0)
        raise ConfigurationError(
            f"no measure {measure!r}", where="similar", mend=f"give one of {get_args(Measure)}"
        )

    def _recommendations(self, best: Rows, scores: Floats, asked: Rows) -> list[Recommendation]:
        if best.size == 0:
            return []
        nearest = self._nearest(best, asked)
        listeners = self.catalogue.listeners
        known = (
            self._together.together(int(a), int(b)) for a, b in zip(nearest, best, strict=True)
        )
        together = np.array([count or 0 for count in known]) / np.maximum(listeners[nearest], 1)
        shares = np.clip(scores[best] / max(float(scores[best[0]]), 1e-9), 0, 1)
        chances = self._calibration.chances(
            listeners[nearest], listeners[best], shares.astype(np.float64), together
        )
        return [
            Recommendation(
                artist=self.catalogue.artist(row),
                score=float(scores[row]),
                reasons=self._explainer.reasons(row, asked, near),
                confidence=chance,
                in_words=self._calibration.words(chance, int(listeners[near]), int(listeners[row])),
            )
            for row, near, chance in zip(
                best.tolist(), nearest.tolist(), chances.tolist(), strict=True
            )
        ]

    def _nearest(self, best: Rows, asked: Rows) -> Rows:
        """Which of the artists asked about is closest to each of the best, int64 [B]."""
        if asked.size == 1:
            return np.repeat(asked, best.size)
        each = self._similarity.scores(np.split(asked, asked.size))[:, best]
        return asked[each.argmax(axis=0)]

    def _nobody(self) -> Floats:
        return np.empty((0, self.artist_ids.size), np.float32)

    def _popularity(self) -> Floats:
        return (self.catalogue.listeners / self.manifest.dataset["listeners"]).astype(np.float32)

    def _valid(self, rows: Collection[int] | Rows) -> Rows:
        found: Rows = np.asarray(list(rows), np.int64)
        outside = (found < 0) | (found >= self.artist_ids.size)
        if outside.any():
            raise IndexError(f"no row {found[outside][0]} among {self.artist_ids.size} artists")
        return found


def _best(scores: Floats, candidates: Rows, k: int) -> Rows:
    """The k candidates with the highest scores, best first; equal ones in row order."""
    k = min(max(k, 0), candidates.size)
    if k == 0:
        return candidates[:0]
    # Whatever ties with the last one takes part in the sorting, so that a longer answer begins
    # like a shorter one.
    values = scores[candidates]
    best = candidates[values >= np.partition(values, -k)[-k]]
    return best[np.lexsort((best, -scores[best]))][:k]
