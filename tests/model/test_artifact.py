"""Opening a version folder: whole ones load, every damage is one line that names the file."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load, save

from model.artifact import ARTISTS, CATALOGUE, CURVE, LISTENERS, SIMILARITY, Artifact, load_artifact
from model.errors import ArtifactError, ArtifactMissingError
from model.manifest import MANIFEST, load_manifest
from tests import artifacts
from tests.tampering import copy_of_version, refusal, replace_file

Array = NDArray[Any]
READ = (MANIFEST, ARTISTS, CATALOGUE, SIMILARITY)


@pytest.fixture
def version(tmp_path: Path, store: Path) -> Path:
    return copy_of_version(store, tmp_path / "version")


def outcome(version: Path) -> Artifact | str:
    try:
        return load_artifact(version)
    except ArtifactError as error:
        return str(error)


def assert_equal(one: Artifact, other: Artifact) -> None:
    assert one.manifest == other.manifest
    np.testing.assert_array_equal(one.artist_embeddings, other.artist_embeddings)
    np.testing.assert_array_equal(one.gravity_scale, other.gravity_scale)
    for mine, others in (
        (one.catalogue, other.catalogue),
        (one.profiles, other.profiles),
        (one.together, other.together),
    ):
        for name, column in mine.columns().items():
            np.testing.assert_array_equal(column, others.columns()[name])


def test_a_whole_folder_loads_with_the_documented_types(version: Path) -> None:
    artifact = load_artifact(version)
    rows = len(artifact.catalogue)
    assert artifact.artist_embeddings.shape == (rows, artifacts.DIMENSION)
    assert artifact.gravity_scale.shape == (rows,)
    assert artifact.profiles.latent.shape == (rows, 16)
    assert artifact.profiles.offsets.shape == artifact.together.offsets.shape == (rows + 1,)
    assert artifact.together.listeners is artifact.catalogue.listeners
    assert artifact.profiles.tags.size > 0 < artifact.together.shared.size
    assert artifact.artist_embeddings.dtype == artifact.gravity_scale.dtype == np.float32
    assert artifact.manifest.dataset["artists"] == rows
    assert artifact.manifest.dataset["listeners"] == artifacts.LISTENERS
    assert artifact.manifest.fold_in.unobserved_weight == 0.05
    assert artifact.manifest == load_manifest(version)


def test_what_the_bot_never_opens_may_be_missing(version: Path) -> None:
    (version / LISTENERS).unlink()
    (version / CURVE).unlink()
    load_artifact(version)


def test_a_folder_without_a_manifest_is_no_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissingError, match="no artifact here; train one with"):
        load_artifact(tmp_path)
    with pytest.raises(ArtifactMissingError):
        load_artifact(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [ARTISTS, CATALOGUE, SIMILARITY])
def test_a_missing_file_is_named(version: Path, name: str) -> None:
    (version / name).unlink()
    assert "is missing; " in refusal(version, name)


@pytest.mark.parametrize("name", READ)
def test_a_folder_in_the_place_of_a_file_is_named(version: Path, name: str) -> None:
    (version / name).unlink()
    (version / name).mkdir()
    assert "cannot be read (Is a directory); " in refusal(version, name)


def test_a_file_in_the_place_of_the_folder_is_named(version: Path) -> None:
    refusal(version / CURVE, MANIFEST)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.9999])
def test_a_truncated_file_is_named(version: Path, name: str, kept: float) -> None:
    content = (version / name).read_bytes().rstrip()
    (version / name).write_bytes(content[: int(len(content) * kept)])
    refusal(version, name)


@pytest.mark.parametrize("name", [ARTISTS, CATALOGUE, SIMILARITY])
def test_a_file_of_another_training_is_named(version: Path, name: str) -> None:
    tensors = load((version / name).read_bytes())
    (version / name).write_bytes(save({key: column[:] for key, column in tensors.items()}) + b" ")
    assert "its checksum differs" in refusal(version, name)


def test_the_files_of_two_trainings_do_not_mix_even_with_right_checksums(version: Path) -> None:
    tensors = load((version / ARTISTS).read_bytes())
    fewer = {name: np.ascontiguousarray(column[:-1]) for name, column in tensors.items()}
    replace_file(version, ARTISTS, save(fewer))
    assert "does not belong to the catalogue" in refusal(version, ARTISTS)


@pytest.mark.parametrize(
    "foreign",
    [
        b"",
        b"PK\x03\x04 a zip",
        pickle.dumps({"artist_ids": [1, 2]}),
        b"\xff" * 4000,
        (2**63).to_bytes(8, "little") + b"{}",
        (20).to_bytes(8, "little") + b"[" * 20,
    ],
    ids=["empty", "zip", "pickle", "noise", "huge-header", "no-header"],
)
@pytest.mark.parametrize("name", [ARTISTS, CATALOGUE, SIMILARITY])
def test_a_foreign_file_is_named(version: Path, name: str, foreign: bytes) -> None:
    replace_file(version, name, foreign)
    assert "is no safetensors file" in refusal(version, name)


@pytest.mark.parametrize("name", [ARTISTS, CATALOGUE, SIMILARITY])
def test_a_file_of_a_type_that_numpy_lacks_is_named(version: Path, name: str) -> None:
    header = b'{"x":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}'.ljust(63)
    replace_file(version, name, (63).to_bytes(8, "little") + header + b"\0" * 6)
    line = refusal(version, name)
    # Where TensorFlow is loaded, numpy knows the type, and only the columns are missing.
    assert any(problem in line for problem in ("no safetensors", "holds no", "no whole catalogue"))


Change = Callable[[Array], Array]


def with_one(value: float) -> Change:
    def change(column: Array) -> Array:
        column = column.copy()
        column.flat[column.size // 3] = value
        return column

    return change


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("artist_embeddings", with_one(np.nan), "holds artist_embeddings that are no finite"),
        ("artist_embeddings", with_one(-np.inf), "holds artist_embeddings that are no finite"),
        ("artist_embeddings", lambda v: v * np.float32(1e30), "no finite float32"),
        ("artist_embeddings", lambda v: v.astype(np.float64), "no finite float32"),
        ("artist_embeddings", lambda v: v.astype(np.float16), "no finite float32"),
        ("artist_embeddings", lambda v: v.T, "does not belong"),
        ("artist_embeddings", lambda v: v[:, 0], "does not belong"),
        ("artist_embeddings", lambda v: v[:, :0], "does not belong"),
        ("artist_embeddings", lambda v: v[:-1], "does not belong"),
        ("gravity_scale", with_one(np.nan), "holds gravity_scale that are no finite"),
        ("gravity_scale", lambda h: h[:, None], "does not belong"),
        ("gravity_scale", lambda h: h.astype(np.int8), "no finite float32"),
        ("artist_ids", lambda ids: ids[::-1], "does not belong"),
        ("artist_ids", lambda ids: ids[1:], "does not belong"),
    ],
)
def test_embeddings_of_the_wrong_kind_are_named(
    version: Path, name: str, change: Change, problem: str
) -> None:
    tensors = dict(load((version / ARTISTS).read_bytes()))
    tensors[name] = np.ascontiguousarray(change(tensors[name]))
    replace_file(version, ARTISTS, save(tensors))
    assert problem in refusal(version, ARTISTS)


@pytest.mark.parametrize("name", ["artist_ids", "artist_embeddings", "gravity_scale"])
def test_a_missing_column_is_named(version: Path, name: str) -> None:
    tensors = dict(load((version / ARTISTS).read_bytes()))
    del tensors[name]
    replace_file(version, ARTISTS, save(tensors))
    assert f"holds no '{name}'" in refusal(version, ARTISTS)


def test_a_catalogue_that_contradicts_itself_is_named(version: Path) -> None:
    tensors = dict(load((version / CATALOGUE).read_bytes()))
    tensors["name.offsets"] = np.ascontiguousarray(tensors["name.offsets"][::-1])
    replace_file(version, CATALOGUE, save(tensors))
    assert "name.offsets does not fit name.data" in refusal(version, CATALOGUE)


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("tag_profiles.offsets", lambda at: at[:-1], "does not belong"),
        ("tag_profiles.offsets", lambda at: at[::-1], "do not ascend from 0"),
        ("tag_profiles.tags", lambda tags: tags + np.int32(10**6), "point outside"),
        ("tag_profiles.weights", with_one(np.nan), "no finite float32"),
        ("tag_profiles.latent", with_one(np.inf), "no finite float32"),
        ("tag_profiles.latent", lambda latent: latent[1:], "does not belong"),
        ("co_listening.offsets", lambda at: at[1:], "does not belong"),
        ("co_listening.neighbours", with_one(-1), "point outside"),
        ("co_listening.neighbours", lambda rows: rows + np.int32(10**6), "point outside"),
        ("co_listening.shared", lambda counts: counts[:-1], "does not belong"),
        ("co_listening.shared", lambda counts: counts.astype(np.int64), "does not belong"),
    ],
)
def test_a_similarity_that_does_not_fit_is_named(
    version: Path, name: str, change: Change, problem: str
) -> None:
    tensors = dict(load((version / SIMILARITY).read_bytes()))
    tensors[name] = np.ascontiguousarray(change(tensors[name]))
    replace_file(version, SIMILARITY, save(tensors))
    assert problem in refusal(version, SIMILARITY)
    del tensors[name]
    replace_file(version, SIMILARITY, save(tensors))
    assert f"holds no '{name}'" in refusal(version, SIMILARITY)


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Path]]:
        return Path.touch, (self._target,)


@pytest.mark.parametrize("name", READ)
def test_nothing_is_ever_unpickled(version: Path, tmp_path: Path, name: str) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "exploded"))
    if name == MANIFEST:
        (version / name).write_bytes(bomb)
    else:
        replace_file(version, name, bomb)
    refusal(version, name)
    assert not (tmp_path / "exploded").exists()
    pickle.loads(bomb)  # noqa: S301  (our own)
    assert (tmp_path / "exploded").exists()


@pytest.fixture(scope="module")
def whole(store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Artifact]:
    """A folder that each example damages and mends, and what it holds."""
    folder = copy_of_version(store, tmp_path_factory.mktemp("whole") / "version")
    return folder, load_artifact(folder)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(READ), st.data())
def test_flipped_bytes_are_refused_or_change_nothing(
    whole: tuple[Path, Artifact], name: str, data: st.DataObject
) -> None:
    folder, artifact = whole
    intact = (folder / name).read_bytes()
    place = st.integers(0, len(intact) - 1)
    flips = data.draw(st.lists(st.tuples(place, st.integers(1, 255)), min_size=1, max_size=4))
    damaged = bytearray(intact)
    for position, mask in flips:
        damaged[position] ^= mask
    (folder / name).write_bytes(damaged)
    found = outcome(folder)
    (folder / name).write_bytes(intact)
    if isinstance(found, str):
        assert found.startswith(f"{folder / name}: ")
    else:
        assert_equal(found, artifact)
