"""What training may never fall below, measured through the published path.

On the Last.fm data where it lies beside the project, on the demo catalogue elsewhere; the floors
leave room for the noise of one split.
"""

from pathlib import Path

import numpy as np
import pytest

from model.baselines import item_knn, popularity
from model.configuration import preset
from model.dataset import Interactions, interactions
from model.demo import demo_tables
from model.evaluation import ranking_quality, split
from model.lastfm import read_tables
from model.recommender import Recommender
from model.tables import Tables
from model.training import learn
from tests.conftest import ROOT

LASTFM = ROOT.parent / "shared" / "lastfm"


class Quiet:
    def phase(self, name: str, steps: int | None) -> None: ...

    def step(self, done: int, note: str = "") -> None: ...


def quality(tables: Tables, seed: int) -> tuple[dict[str, float], Interactions, Interactions]:
    training, held_out = split(interactions(tables), "per-listener", 0.2, seed)
    recommender = Recommender(learn(tables, training, preset("default"), Quiet()).artifact())
    known = training.histories()

    def score(rows: np.ndarray) -> np.ndarray:
        return recommender.score_listeners([known[row] for row in rows])

    return dict(ranking_quality(score, training, held_out)), training, held_out


@pytest.mark.slow
@pytest.mark.skipif(not LASTFM.is_dir(), reason="the Last.fm data is not beside the project")
def test_the_default_ranks_for_listeners_as_well_as_it_is_known_to() -> None:
    found, training, held_out = quality(read_tables(Path(LASTFM)), seed=7)
    assert found["ndcg@20"] >= 0.303
    assert found["recall@20"] >= 0.300
    assert (
        found["ndcg@20"] > 3 * ranking_quality(popularity(training), training, held_out)["ndcg@20"]
    )


@pytest.mark.slow
def test_the_default_is_better_than_chance_and_popularity_on_the_demo() -> None:
    found, training, held_out = quality(demo_tables(), seed=7)
    popular = ranking_quality(popularity(training), training, held_out)["ndcg@20"]
    neighbours = ranking_quality(item_knn(training), training, held_out)["ndcg@20"]
    assert found["ndcg@20"] > 1.5 * popular
    assert found["ndcg@20"] > 0.8 * neighbours
