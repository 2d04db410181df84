"""The evaluation asks a training as everybody else does, whatever artists it lacks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.dataset import Ints, interactions
from model.lastfm import read_tables
from model.published import Published, positions, published
from model.recommender import Recommender
from model.tables import Tables
from model.trained import Training
from tests import lastfm_double
from tests.artifacts import training_of

MISSING = (0, 8, 1_000)
"""Ids before, between and behind those of the artifact."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    records = lastfm_double.rows(listeners=37, artists=31, seed=2)
    folder = tmp_path_factory.mktemp("lastfm")
    return read_tables(lastfm_double.write(folder, lastfm_double.encode(records)))


@pytest.fixture(scope="module")
def training(tables: Tables) -> Training:
    return training_of(tables)


@pytest.fixture(scope="module")
def whole(training: Training) -> Ints:
    """The artists of data that has some more."""
    assert not np.isin(MISSING, training.catalogue.ids).any()
    return np.sort(np.concatenate([training.catalogue.ids, MISSING]))


@pytest.fixture(scope="module")
def served(training: Training, whole: Ints) -> Iterator[Published]:
    with published(training, whole) as asked:
        yield asked


@pytest.fixture(scope="module")
def direct(training: Training) -> Recommender:
    return Recommender(training.artifact())


def test_positions_do_not_depend_on_the_order_of_the_artists() -> None:
    found = positions(np.array([30, 7, 12, 9]), np.array([9, 8, 7, 30, 31, 1]))
    assert found.tolist() == [3, -1, 1, 0, -1, -1]


def missing(whole: Ints, training: Training) -> Ints:
    return np.flatnonzero(~np.isin(whole, training.catalogue.ids))


def test_histories_and_scores_are_in_rows_of_the_whole(
    served: Published, direct: Recommender, whole: Ints, tables: Tables
) -> None:
    pairs = interactions(tables)
    positions = np.searchsorted(whole, pairs.artist_ids)
    moved = type(pairs)(
        listener_ids=pairs.listener_ids,
        artist_ids=whole,
        listeners=pairs.listeners,
        artists=positions[pairs.artists],
        plays=pairs.plays,
        summary=pairs.summary,
        taggings=pairs.taggings,
    )
    rows = np.array([11, 0, 36, 5])
    scores = served.listener_scorer(moved)(rows)
    assert scores.dtype == np.float32
    histories = pairs.histories()
    expected = direct.score_listeners([histories[int(row)] for row in rows])
    assert np.array_equal(scores[:, positions], expected)
    assert np.isneginf(np.delete(scores, positions, axis=1)).all()


def test_artists_are_asked_about_in_rows_of_the_whole(
    served: Published, direct: Recommender, training: Training, whole: Ints
) -> None:
    scorers = served.artist_scorers()
    assert list(scorers) == ["cosine", "dot", "fold-in", "score_artists"]
    known = np.flatnonzero(np.isin(whole, training.catalogue.ids))
    asked = known[[9, 2, 17]]
    own = np.searchsorted(training.catalogue.ids, whole[asked])
    embeddings = training.factors.artist_embeddings
    lengths = np.linalg.norm(embeddings, axis=1)
    products = embeddings[own] @ embeddings.T
    expected = {
        "dot": products,
        "cosine": products / lengths / lengths[own, None],
        "score_artists": direct.score_artists(own),
    }
    columns = np.searchsorted(training.catalogue.ids, whole[known])
    for name, scores in expected.items():
        answers = scorers[name](asked)
        np.testing.assert_allclose(answers[:, known], scores[:, columns], atol=1e-5, err_msg=name)
        assert np.isneginf(answers[:, missing(whole, training)]).all()
    best = direct.similar([int(own[0])], 1, measure="fold-in")[0]
    fold_in = scorers["fold-in"](asked)[0]
    assert fold_in[np.flatnonzero(whole == best.artist.id)[0]] == pytest.approx(best.score)


def test_an_artist_the_artifact_lacks_has_no_answer(
    served: Published, training: Training, whole: Ints
) -> None:
    lacking = missing(whole, training)
    assert served.rows(lacking).tolist() == [-1] * lacking.size
    known = int(np.flatnonzero(np.isin(whole, training.catalogue.ids))[0])
    for score in served.artist_scorers().values():
        answers = score(np.array([lacking[0], known]))
        assert np.isneginf(answers[0]).all()
        assert np.isfinite(answers[1]).any()


def test_the_store_is_gone_at_the_end(
    training: Training, whole: Ints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with published(training, whole) as asked:
        assert len(list(tmp_path.iterdir())) == 1
        assert asked.recommender.manifest.version.endswith("-default")
    assert list(tmp_path.iterdir()) == []
