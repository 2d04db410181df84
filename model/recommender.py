"""Answers questions about artists from a trained artifact.

Only numpy and small libraries are imported: this is what the bot loads.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from model.artifact import Artifact, Manifest, load_artifact
from model.catalogue import Artist, Catalogue
from model.errors import ConfigurationError
from model.folding import Floats, FoldingIn, Rows
from model.names import ArtistNames
from model.store import version_folder

Measure = Literal["fold-in", "cosine", "dot"]
Evidence = Literal["little", "some", "much"]


@dataclass(frozen=True)
class SharedTags:
    """A reason: listeners put these tags on both artists, the rarest of them first."""

    tags: tuple[str, ...]


@dataclass(frozen=True)
class Recommendation:
    """One recommended artist.

    Attributes:
        artist: who.
        score: the measure's own number; comparable within one answer only.
        reasons: true statements that connect the artist with the question; may be empty.
        confidence: how much listening stands behind the answer: ``little`` when the artist or
            every artist asked about has fewer than 5 listeners, ``much`` from 50 on.
    """

    artist: Artist
    score: float
    reasons: tuple[SharedTags, ...]
    confidence: Evidence


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
        self._embeddings = artifact.artist_embeddings
        norms = np.linalg.norm(self._embeddings, axis=1, keepdims=True)
        self._directions: Floats = self._embeddings / np.maximum(norms, np.finfo(np.float32).tiny)
        self._folding = FoldingIn(artifact)
        tags = artifact.catalogue.top_tags
        self._artists_per_tag = np.bincount(
            tags[tags >= 0], minlength=len(artifact.catalogue.tag_names)
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
        return self._folding.scores(np.split(asked, asked.size)) if asked.size else self._nobody()

    def score_listeners(self, histories: Sequence[Sequence[int] | Rows]) -> Floats:
        """Scores for listeners known by what they played: B histories -> float32 [B, M].

        An empty history is answered with popularity, the share of listeners each artist has.

        Raises:
            IndexError: a row is not in the catalogue.
        """
        scores = np.empty((len(histories), self.artist_ids.size), np.float32)
        for position, history in enumerate(histories):
            rows = self._valid(history)
            scores[position] = self._folding.scores([rows])[0] if rows.size else self._popularity()
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
        measure: Measure = "fold-in",
        exclude: Collection[int] = (),
    ) -> list[Recommendation]:
        """The k best artists beside those asked about, best first.

        Several rows are one question: a listener who played all of them. Rows that are no artist
        ("Various Artists", web addresses) are never answered.

        Args:
            rows: at least one row of the catalogue.
            k: how many; fewer come when the catalogue ends.
            measure: ``fold-in`` (default), or the published notebook's ``cosine`` and ``dot``
                with the mean of the rows' embeddings.
            exclude: rows to leave out.

        Raises:
            ConfigurationError: no rows are given, or the measure is unknown.
            IndexError: a row is not in the catalogue.
        """
        asked = np.unique(self._valid(rows))
        if asked.size == 0:
            raise ConfigurationError("at least one artist is needed", where="similar")
        scores = self._measured(asked, measure)
        allowed = ~self.names.no_artist
        allowed[asked] = False
        allowed[self._valid(list(exclude))] = False
        candidates = np.flatnonzero(allowed)
        k = min(max(k, 0), candidates.size)
        if k == 0:
            return []
        # Whatever ties with the last one takes part in the sorting, so that a longer answer begins
        # like a shorter one.
        least = np.partition(scores[candidates], -k)[-k]
        best = candidates[scores[candidates] >= least]
        best = best[np.lexsort((best, -scores[best]))][:k]
        return [self._recommendation(int(row), float(scores[row]), asked) for row in best]

    def _measured(self, asked: Rows, measure: Measure) -> Floats:
        if measure == "fold-in":
            return self._folding.scores([asked])[0]
        if measure == "cosine":
            return self._directions @ self._directions[asked].mean(axis=0)
        if measure == "dot":
            return self._embeddings @ self._embeddings[asked].mean(axis=0)
        raise ConfigurationError(
            f"no measure {measure!r}", where="similar", mend=f"give one of {get_args(Measure)}"
        )

    def _recommendation(self, row: int, score: float, asked: Rows) -> Recommendation:
        tags = self.catalogue.top_tags
        shared = np.intersect1d(tags[row][tags[row] >= 0], tags[asked])
        rarest = shared[np.argsort(self._artists_per_tag[shared], kind="stable")]
        listeners = self.catalogue.listeners
        evidence = min(int(listeners[row]), int(listeners[asked].max()))
        names = tuple(self.catalogue.tag_names[int(tag)] for tag in rarest)
        return Recommendation(
            artist=self.catalogue.artist(row),
            score=score,
            reasons=(SharedTags(names),) if names else (),
            confidence="little" if evidence < 5 else "some" if evidence < 50 else "much",
        )

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
