"""What a training hands over, and that every field of it is in the artifact that is published."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load

from model.artifact import CURVE, LISTENERS, Artifact, load_artifact
from model.artist_map import map_positions
from model.calibrating import calibrate
from model.catalogue import TOP_TAGS, Catalogue
from model.co_listening import CoListening
from model.confidence import Calibration
from model.configuration import Configuration, preset
from model.dataset import Interactions, interactions
from model.evaluation import evaluate, split
from model.lastfm import read_tables
from model.manifest import FORMAT, load_manifest, sha256
from model.peak_memory import peak_memory_mb
from model.profiling import co_listening, tag_profiles
from model.publishing import publish, training_lock
from model.recommender import Recommender
from model.tables import Tables
from model.tag_profiles import TagProfiles
from model.trained import Training
from tests import lastfm_double
from tests.small_trainings import Unwatched, training_by_chance

Part = Catalogue | TagProfiles | CoListening
TEXTS = ("names", "source_ids", "urls", "tag_names")
CALIBRATION = Calibration(-4.5, -0.2, 0.6, 1.1, 0.9, likely=0.3, unlikely=0.07)


@pytest.fixture(scope="module")
def training(lastfm_tables: Tables, lastfm_interactions: Interactions) -> Training:
    drawn = training_by_chance(lastfm_tables, lastfm_interactions)
    configuration = replace(drawn.configuration, question_ridge=0.4)
    metrics = {"default": {"ndcg@20": 0.3, "calibration_error": 0.02}}
    timings = {"fit_s": 1.25, "evaluate_s": 0.5, "peak_memory_mb": 812.5}
    drawn = replace(drawn, configuration=configuration, metrics=metrics, timings=timings)
    return replace(drawn, calibration=CALIBRATION)


def test_the_manifest_says_what_the_training_says(training: Training) -> None:
    manifest = training.manifest(version="v", created="now", files={"a": "b"})
    assert asdict(manifest) == {
        "format": FORMAT,
        "version": "v",
        "created": "now",
        "configuration": asdict(training.configuration),
        "dataset": training.dataset,
        "metrics": {"default": {"ndcg@20": 0.3, "calibration_error": 0.02}},
        "timings": {"fit_s": 1.25, "evaluate_s": 0.5, "peak_memory_mb": 812.5},
        "fold_in": {
            "unobserved_weight": 0.05,
            "listener_l2": 0.02,
            "frequency_exponent": 0.9,
            "question_ridge": 0.4,
        },
        "similarity": asdict(training.configuration.similarity),
        "calibration": asdict(CALIBRATION),
        "files": {"a": "b"},
    }
    assert manifest.similarity == training.configuration.similarity
    assert manifest.calibration == CALIBRATION


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


# --- what a whole training makes of files, field by field ---


@dataclass(frozen=True)
class Published:
    """One training from files, and where it was published."""

    tables: Tables
    everything: Interactions
    configuration: Configuration
    training: Training
    folder: Path
    artifact: Artifact


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    from model.training import train

    folder = tmp_path_factory.mktemp("published")
    records = lastfm_double.rows(listeners=83, artists=41, seed=2)
    tables = read_tables(lastfm_double.write(folder / "raw", lastfm_double.encode(records)))
    configuration = replace(preset("default"), dimension=5, steps=4, seed=3)
    training = train(tables, configuration, Unwatched())
    with training_lock(folder / "store"):
        version = folder / "store" / publish(folder / "store", training)
    everything = interactions(tables)
    return Published(tables, everything, configuration, training, version, load_artifact(version))


def judged(of: Published) -> tuple[Training, Interactions, Interactions]:
    """What the quality was measured with: learnt without the holdout."""
    from model.training import learn

    configuration = of.configuration
    training, held_out = split(of.everything, "per-listener", configuration.holdout_share, 3)
    return learn(of.tables, training, configuration, Unwatched()), training, held_out


def most_applied(taggings: pd.DataFrame, artist: int, names: dict[int, str]) -> tuple[str, ...]:
    """The tags that most listeners put on an artist; of equals the one with the lower id first."""
    counts = Counter(taggings[taggings["artist"] == artist]["tag"].tolist())
    best = sorted(counts, key=lambda tag: (-counts[tag], tag))[:TOP_TAGS]
    return tuple(names[tag] for tag in best)


def columns_are_equal(one: Part, other: Part) -> bool:
    stored, made = one.columns(), other.columns()
    return stored.keys() == made.keys() and all(
        np.array_equal(stored[name], made[name]) for name in made
    )


@pytest.mark.slow  # starts TensorFlow
def test_every_field_of_the_manifest_is_what_was_trained_and_measured(
    published: Published,
) -> None:
    manifest = load_manifest(published.folder)
    learnt, training, held_out = judged(published)
    calibration, measured = calibrate(learnt, training, held_out, seed=3)
    assert calibration != Calibration()
    quality = {**evaluate(learnt.factors, published.configuration, training, held_out)}
    quality["default"] = {**quality["default"], **measured}
    pairs = published.everything.plays.size
    checked = {
        "format": FORMAT,
        "version": published.folder.name,
        "created": manifest.created,
        "configuration": asdict(published.configuration),
        "dataset": {
            "name": "lastfm-hetrec-2011",
            "fingerprint": published.tables.fingerprint,
            "listeners": 83,
            "artists": 40,
            "plays": pairs,
            "held_out": held_out.plays.size,
            "dropped": published.tables.dropped,
        },
        "metrics": quality,
        "timings": manifest.timings,
        "fold_in": {
            # The default gives alpha and lambda themselves; the loss knows only the product of the
            # L2 weights of both sides, and a listener's is lambda sqrt(M / N).
            "unobserved_weight": pytest.approx(published.configuration.gravity),
            "listener_l2": pytest.approx(published.configuration.regularisation * (40 / 83) ** 0.5),
            "frequency_exponent": published.configuration.frequency_exponent,
            "question_ridge": published.configuration.question_ridge,
        },
        "similarity": {"latent_tags": 0.6, "tags": 0.3, "co_listening": 0.2},
        "calibration": asdict(calibration),
        "files": {
            file.name: sha256(file)
            for file in published.folder.iterdir()
            if file.name != "manifest.json"
        },
    }
    assert asdict(manifest) == checked
    finished = datetime.fromisoformat(manifest.created)
    assert published.folder.name == f"{finished:%Y%m%dT%H%M%SZ}-default"
    assert finished.utcoffset() == timedelta(0)
    told = {"fit_s", "evaluate_s"} | ({"peak_memory_mb"} if peak_memory_mb() else set())
    assert set(manifest.timings) == told
    assert all(0 < seconds < 60 for name, seconds in manifest.timings.items() if name[-2:] == "_s")
    # TensorFlow alone takes more than 100 MB, and this training far less than 10 GB.
    assert 100 < manifest.timings.get("peak_memory_mb", 101) < 10_000


@pytest.mark.slow  # starts TensorFlow
def test_every_field_of_the_artifact_is_what_the_data_say(published: Published) -> None:
    artifact, training, everything = published.artifact, published.training, published.everything
    checks: dict[str, Callable[[], bool]] = {
        "manifest": lambda: artifact.manifest == load_manifest(published.folder),
        "catalogue": lambda: columns_are_equal(artifact.catalogue, training.catalogue),
        "artist_embeddings": lambda: np.array_equal(
            artifact.artist_embeddings, training.factors.artist_embeddings
        ),
        "gravity_scale": lambda: np.array_equal(
            artifact.gravity_scale, training.factors.gravity_scale
        ),
        "profiles": lambda: columns_are_equal(
            artifact.profiles, tag_profiles(everything, seed=published.configuration.seed)
        ),
        "together": lambda: columns_are_equal(artifact.together, co_listening(everything)),
    }
    assert checks.keys() == {field.name for field in fields(Artifact)}
    assert {name: holds() for name, holds in checks.items()} == dict.fromkeys(checks, True)
    assert artifact.artist_embeddings.shape == (40, 5)
    assert artifact.profiles.tags.size > 0
    assert artifact.together.shared.sum() > 0
    assert np.unique(artifact.gravity_scale).size > 5
    listeners = load((published.folder / LISTENERS).read_bytes())
    assert listeners["listener_ids"].tolist() == everything.listener_ids.tolist()
    assert np.array_equal(listeners["listener_embeddings"], training.factors.listener_embeddings)
    assert (published.folder / CURVE).read_bytes() == training.curve_png
    assert training.curve_png.startswith(b"\x89PNG")


@pytest.mark.slow  # starts TensorFlow
def test_every_column_of_the_catalogue_is_what_the_files_say(published: Published) -> None:
    catalogue, tables = published.artifact.catalogue, published.tables
    plays = Counter(tables.plays["artist"].tolist())
    played = tables.artists[tables.artists["id"].isin(plays)].sort_values("id")
    positions = map_positions(published.artifact.artist_embeddings, catalogue.listeners, seed=3)
    known = tables.taggings[tables.taggings["artist"].isin(plays)]
    names = dict(zip(tables.tags["id"], tables.tags["name"], strict=True))
    checked = {
        "ids": played["id"].tolist(),
        "listeners": [plays[artist] for artist in played["id"]],
        "names": played["name"].tolist(),
        "source_ids": played["id"].astype(str).tolist(),
        "urls": played["url"].tolist(),
        "tag_names": [names[tag] for tag in sorted(set(known["tag"]))],
        "top_tags": [most_applied(known, artist, names) for artist in played["id"]],
        "positions": positions.tolist(),
    }
    found = {
        "ids": catalogue.ids.tolist(),
        "listeners": catalogue.listeners.tolist(),
        **{name: getattr(catalogue, name).texts() for name in TEXTS},
        "top_tags": [catalogue.artist(row).tags for row in range(len(catalogue))],
        "positions": catalogue.positions.tolist(),
    }
    assert checked.keys() == found.keys() == {field.name for field in fields(Catalogue)}
    assert found == checked
    assert np.abs(catalogue.positions).max() == 1
    assert np.unique(catalogue.positions, axis=0).shape[0] > 30
