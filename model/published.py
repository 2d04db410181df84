"""Measures a training the way everybody else meets it: published, loaded, asked.

A recommender learnt from a part of the data may lack artists of the whole; here its rows and
columns are brought into the order of the whole.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact, load_artifact
from model.baselines import Scorer
from model.dataset import Interactions, Ints
from model.folding import FoldingIn
from model.publishing import publish, training_lock
from model.recommender import Recommender
from model.similarity_evaluation import ArtistScorer
from model.store import version_folder
from model.trained import Training

Floats = NDArray[np.float32]


class Published:
    """An artifact that was written and read again, in rows of the whole data.

    Args:
        store: a store folder.
        artist_ids: int64 [M], ascending, the artists of the whole.
    """

    def __init__(self, store: Path, artist_ids: Ints) -> None:
        self.recommender = Recommender.load(store)
        self._artifact: Artifact = load_artifact(version_folder(store))
        self._row: Ints = positions(self.recommender.artist_ids, artist_ids)

    def listener_scorer(self, training: Interactions) -> Scorer:
        """``score_listeners`` for the training's histories; unknown artists get minus infinity."""
        histories = [self._own(artists) for artists in training.histories()]
        return lambda rows: self._widened(
            self.recommender.score_listeners([histories[int(row)] for row in rows])
        )

    def artist_scorers(self) -> dict[str, ArtistScorer]:
        """Scores for artists asked about: the notebook's two measures, the fold-in, the blend."""
        embeddings = self._artifact.artist_embeddings
        lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
        directions = embeddings / np.maximum(lengths, np.finfo(np.float32).tiny)
        folding = FoldingIn(self._artifact)
        return {
            "cosine": self._asking(lambda rows: directions[rows] @ directions.T),
            "dot": self._asking(lambda rows: embeddings[rows] @ embeddings.T),
            "fold-in": self._asking(lambda rows: folding.answers(np.split(rows, rows.size))),
            "score_artists": self._asking(self.recommender.score_artists),
        }

    def rows(self, artists: Ints) -> Ints:
        """The recommender's own row of each of B artists of the whole, -1 for one it lacks."""
        return self._row[artists]

    def _own(self, artists: Ints) -> Ints:
        rows = self._row[artists]
        return rows[rows >= 0]

    def _asking(self, score: ArtistScorer) -> ArtistScorer:
        def scores(artists: Ints) -> Floats:
            known = self._row[artists] >= 0
            answers = np.full((artists.size, self._row.size), -np.inf, np.float32)
            if known.any():
                answers[known] = self._widened(score(self._row[artists[known]]))
            return answers

        return scores

    def _widened(self, scores: Floats) -> Floats:
        """float32 [B, own artists] -> [B, M]."""
        return np.where(self._row >= 0, scores[:, self._row], -np.inf).astype(np.float32)


def positions(ids: Ints, wanted: Ints) -> Ints:
    """Where each of the wanted ids is among ``ids``, in whatever order they are; -1 where not."""
    order = np.argsort(ids)
    at = np.minimum(np.searchsorted(ids[order], wanted), ids.size - 1)
    return np.where(ids[order][at] == wanted, order[at], -1)


@contextmanager
def published(training: Training, artist_ids: Ints) -> Generator[Published]:
    """Publish into a temporary store and load it again; the store is gone at the end.

    Raises:
        ArtifactError: the temporary folder cannot be written.
        TrainingError: the factors are not finite.
    """
    with TemporaryDirectory(prefix="crossfade-") as folder:
        store = Path(folder) / "store"
        with training_lock(store):
            publish(store, training)
        yield Published(store, artist_ids)
