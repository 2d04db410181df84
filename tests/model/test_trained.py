from dataclasses import asdict, replace

import numpy as np
import pytest

from model.confidence import Calibration
from model.dataset import Interactions
from model.manifest import FORMAT, load_manifest
from model.publishing import publish, training_lock
from model.recommender import Recommender
from model.tables import Tables
from model.trained import Training
from tests.small_trainings import training_by_chance

CALIBRATION = Calibration(-4.5, -0.2, 0.6, 1.1, 0.9, likely=0.3, unlikely=0.07)


@pytest.fixture(scope="module")
def training(lastfm_tables: Tables, lastfm_interactions: Interactions) -> Training:
    drawn = training_by_chance(lastfm_tables, lastfm_interactions)
    configuration = replace(drawn.configuration, question_ridge=0.4)
    metrics = {"default": {"ndcg@20": 0.3, "calibration_error": 0.02}}
    return replace(drawn, configuration=configuration, metrics=metrics, calibration=CALIBRATION)


def test_the_manifest_says_what_the_training_says(training: Training) -> None:
    manifest = training.manifest(version="v", created="now", files={"a": "b"})
    assert (manifest.format, manifest.version, manifest.created) == (FORMAT, "v", "now")
    assert manifest.configuration == asdict(training.configuration)
    assert manifest.metrics == {"default": {"ndcg@20": 0.3, "calibration_error": 0.02}}
    assert manifest.calibration == CALIBRATION
    assert manifest.similarity == training.configuration.similarity
    assert manifest.files == {"a": "b"}
    assert asdict(manifest.fold_in) == {
        "unobserved_weight": 0.05,
        "listener_l2": 0.02,
        "frequency_exponent": 0.9,
        "question_ridge": 0.4,
    }


def test_unpublished_it_answers_as_it_does_when_published(
    training: Training, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = tmp_path_factory.mktemp("trained") / "store"
    with training_lock(store):
        version = publish(store, training)
    unpublished, published = Recommender(training.artifact()), Recommender.load(store)
    assert load_manifest(store / version).calibration == CALIBRATION
    np.testing.assert_array_equal(unpublished.artist_ids, published.artist_ids)
    for row in range(len(unpublished.catalogue)):
        for dial in (-1, 0, 0.5):
            assert unpublished.similar([row], dial=dial) == published.similar([row], dial=dial)


def test_unpublished_it_is_of_no_version_and_no_file(training: Training) -> None:
    manifest = training.artifact().manifest
    assert (manifest.version, manifest.created, manifest.files) == ("unpublished", "", {})


def test_a_training_that_was_not_calibrated_has_the_default(training: Training) -> None:
    fields = {name: getattr(training, name) for name in vars(training) if name != "calibration"}
    assert Training(**fields).artifact().manifest.calibration == Calibration()
