"""Bad or odd data all the way from tables into a store: a named error or finite numbers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load

from model.artifact import ARTISTS, LISTENERS
from model.confidence import Calibration
from model.configuration import Configuration, preset
from model.errors import ArtifactDamagedError, DataError, TrainingError
from model.publishing import publish, training_lock
from model.recommender import Recommender
from model.store import version_folder
from model.tables import Tables
from model.trained import Training
from model.training import train
from tests.disk_faults import small_training
from tests.small_trainings import Unwatched

ALS = replace(preset("default"), dimension=4, steps=3, holdout_share=0.3)
DESCENT = replace(
    preset("notebook-regularised"),
    dimension=3,
    steps=25,
    target="binary",
    learning_rate=0.3,
)
SOLVERS = {"als": ALS, "gradient-descent": DESCENT}


@pytest.fixture(params=SOLVERS)
def configuration(request: pytest.FixtureRequest) -> Configuration:
    """A quick training by either solver."""
    return SOLVERS[request.param]


@pytest.fixture(scope="module", autouse=True)
def quick_pictures() -> Iterator[None]:
    """The picture of the loss takes longer to draw than these factors to train."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.curve_png", lambda *_: b"no picture")
        yield


def train_and_publish(tables: Tables, configuration: Configuration, store: Path) -> Path:
    """The version folder of what was trained, after everything in it was found to be finite."""
    with training_lock(store):
        folder = store / publish(store, train(tables, configuration, Unwatched()))
    require_finite(folder)
    return folder


def require_finite(folder: Path) -> None:
    """Fail if a number of a version folder, or one that is computed with it, is NaN or infinite."""
    for file in folder.glob("*.safetensors"):
        for name, column in load(file.read_bytes()).items():
            assert np.isfinite(column).all(), f"{file.name} {name}"
    text = (folder / "manifest.json").read_text("utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"manifest.json holds {name}"))
    recommender = Recommender.load(folder)
    rows = range(len(recommender.catalogue))
    assert np.isfinite(recommender.score_artists(rows)).all()
    assert np.isfinite(recommender.score_listeners([[], *([row] for row in rows)])).all()
    for row in rows:
        for item in recommender.similar([row], dial=0.5):
            assert np.isfinite((item.score, item.confidence)).all()


def stored(folder: Path, file: str = ARTISTS) -> Mapping[str, Any]:
    return load((folder / file).read_bytes())


def with_plays(tables: Tables, rows: list[tuple[int, int, int]]) -> Tables:
    columns = pd.Index(["listener", "artist", "plays"])
    return replace(tables, plays=pd.DataFrame(rows, columns=columns, dtype="int64"))


# --- data that is too little or one-sided ---


@pytest.mark.parametrize("listeners", [0, 1])
def test_fewer_than_two_listeners_are_a_named_error_and_no_store_changes(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path, listeners: int
) -> None:
    known = lastfm_tables.plays["listener"].unique()[:listeners]
    few = lastfm_tables.plays[lastfm_tables.plays["listener"].isin(known)]
    with pytest.raises(DataError) as caught:
        train_and_publish(replace(lastfm_tables, plays=few), configuration, tmp_path / "store")
    assert str(caught.value) == (
        f"lastfm-hetrec-2011: {listeners} listeners and {len(few)} artists are too few; "
        "at least 2 of each are needed"
    )
    assert {entry.name for entry in (tmp_path / "store").iterdir()} <= {".lock"}


@pytest.mark.parametrize("dimension", [1, 77])
def test_two_listeners_are_enough_even_with_more_dimensions_than_anything(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path, dimension: int
) -> None:
    two = with_plays(lastfm_tables, [(2, 1, 9), (5, 1, 4), (5, 3, 30)])
    wide = replace(configuration, dimension=dimension)
    folder = train_and_publish(two, wide, tmp_path / "store")
    assert stored(folder)["artist_embeddings"].shape == (2, dimension)
    assert stored(folder, LISTENERS)["listener_embeddings"].shape == (2, dimension)


def test_more_dimensions_than_the_data_have_are_published_whole(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path
) -> None:
    wide = replace(configuration, dimension=77)
    folder = train_and_publish(lastfm_tables, wide, tmp_path / "store")
    assert stored(folder)["artist_embeddings"].shape == (28, 77)
    assert Recommender.load(folder).manifest.configuration["dimension"] == 77


def test_an_artist_nobody_plays_is_left_out_and_asked_for_in_vain(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path
) -> None:
    artists = lastfm_tables.artists
    unplayed = artists[~artists["id"].isin(lastfm_tables.plays["artist"])]
    assert not unplayed.empty
    folder = train_and_publish(lastfm_tables, configuration, tmp_path / "store")
    assert stored(folder)["artist_ids"].tolist() == sorted(set(artists["id"]) - set(unplayed["id"]))
    recommender = Recommender.load(folder)
    assert set(unplayed["name"]).isdisjoint(recommender.catalogue.names.texts())


def test_a_listener_without_plays_is_left_out_whatever_they_tagged(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path
) -> None:
    mute = int(lastfm_tables.plays["listener"].max()) + 4
    tagged = lastfm_tables.taggings.assign(listener=mute)
    tables = replace(
        lastfm_tables,
        taggings=pd.concat([lastfm_tables.taggings, tagged]),
        friends=pd.concat(
            [lastfm_tables.friends, pd.DataFrame({"listener": [mute], "friend": [2]})]
        ),
    )
    folder = train_and_publish(tables, configuration, tmp_path / "store")
    found = stored(folder, LISTENERS)
    assert found["listener_ids"].tolist() == sorted(set(lastfm_tables.plays["listener"]))
    assert len(found["listener_embeddings"]) == found["listener_ids"].size


def test_pairs_that_nobody_shares_are_published_whole(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path
) -> None:
    """Each listener has an artist alone, so nothing of an artist is left once it is held out."""
    pairs = [(2, 1, 9), (2, 3, 4), (5, 5, 30), (8, 7, 2), (8, 9, 6), (8, 12, 1)]
    folder = train_and_publish(with_plays(lastfm_tables, pairs), configuration, tmp_path / "store")
    assert Recommender.load(folder).catalogue.listeners.tolist() == [1] * 6


@pytest.mark.parametrize("target", ["min-max", "z-score"])
def test_plays_that_are_all_equal_are_learnt_as_if_binary(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path, target: Any
) -> None:
    equal = replace(lastfm_tables, plays=lastfm_tables.plays.assign(plays=7))
    folders = [
        train_and_publish(equal, replace(configuration, target=chosen), tmp_path / chosen)
        for chosen in (target, "binary")
    ]
    found, binary = map(stored, folders)
    assert found["artist_embeddings"].tobytes() == binary["artist_embeddings"].tobytes()
    assert np.abs(binary["artist_embeddings"]).max() > 0.1


# --- numbers that are none, or stop being numbers ---


@pytest.mark.parametrize("column", ["listener", "artist", "plays"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_plays_with_nan_are_a_named_error(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path, column: str, value: float
) -> None:
    plays = lastfm_tables.plays.astype({column: "float64"})
    plays.loc[3, column] = value
    with pytest.raises(DataError, match="no whole number; mend the source"):
        train_and_publish(replace(lastfm_tables, plays=plays), configuration, tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} <= {".lock"}


@pytest.mark.parametrize("count", [0, -3])
def test_a_play_count_below_one_is_a_named_error(
    lastfm_tables: Tables, configuration: Configuration, tmp_path: Path, count: int
) -> None:
    plays = lastfm_tables.plays.copy()
    plays.loc[3, "plays"] = count
    with pytest.raises(DataError, match="a play count is below 1; mend the source"):
        train_and_publish(replace(lastfm_tables, plays=plays), configuration, tmp_path)


@pytest.mark.parametrize("steps", [1, 25])
def test_gradient_descent_that_diverges_is_a_named_error_and_the_store_stays(
    lastfm_tables: Tables, tmp_path: Path, steps: int
) -> None:
    """After one step the numbers are still finite; after twenty they are none."""
    store = tmp_path / "store"
    before = train_and_publish(lastfm_tables, DESCENT, store)
    wild = replace(DESCENT, learning_rate=150_000.0, steps=steps)
    with pytest.raises(TrainingError) as caught:
        train_and_publish(lastfm_tables, wild, store)
    assert str(caught.value) == (
        f"notebook-regularised: gradient descent diverged within {min(steps, 20)} steps; "
        "lower the learning rate, it is 150000"
    )
    assert version_folder(store) == before
    assert {entry.name for entry in store.iterdir()} == {".lock", "CURRENT", before.name}


def test_least_squares_that_single_precision_cannot_solve_are_a_named_error(
    lastfm_tables: Tables, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    before = train_and_publish(lastfm_tables, ALS, store)
    open_ended = replace(ALS, dimension=40, gravity=0.0, regularisation=1e-20)
    with pytest.raises(TrainingError, match="raise the regularisation, it is 1e-20"):
        train_and_publish(lastfm_tables, open_ended, store)
    assert version_folder(store) == before


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return small_training(tmp_path_factory.mktemp("lastfm"))


def broken(array: np.ndarray[Any, Any], value: float) -> np.ndarray[Any, Any]:
    """The same array with another number somewhere in it."""
    array = np.array(array)
    array.flat[3] = value
    return array


ARRAYS = {
    "factors": ("listener_embeddings", "artist_embeddings", "gravity_scale"),
    "catalogue": ("positions",),
    "profiles": ("weights", "latent"),
}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("part", "name"), [(part, name) for part, names in ARRAYS.items() for name in names]
)
def test_no_array_with_nan_is_ever_published(
    finished: Training, tmp_path: Path, part: str, name: str, value: float
) -> None:
    with training_lock(tmp_path):
        before = publish(tmp_path, finished)
        whole = getattr(finished, part)
        bad = replace(whole, **{name: broken(getattr(whole, name), value)})
        with pytest.raises((TrainingError, ArtifactDamagedError), match="finite"):
            publish(tmp_path, replace(finished, **{part: bad}))
    assert {entry.name for entry in tmp_path.iterdir()} == {".lock", "CURRENT", before}
    require_finite(tmp_path / before)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("field", ["metrics", "timings", "calibration", "factors"])
def test_no_manifest_with_nan_is_ever_published(
    finished: Training, tmp_path: Path, field: str, value: float
) -> None:
    bad = {
        "metrics": {"default": {"ndcg@20": value}},
        "timings": {"fit_s": value},
        "calibration": Calibration(intercept=value),
        "factors": replace(finished.factors, unobserved_weight=value),
    }
    with training_lock(tmp_path):
        before = publish(tmp_path, finished)
        with pytest.raises((TrainingError, ArtifactDamagedError)):
            publish(tmp_path, replace(finished, **{field: bad[field]}))
    assert {entry.name for entry in tmp_path.iterdir()} == {".lock", "CURRENT", before}
    require_finite(tmp_path / before)
