"""The manifest of a version folder: foreign, newer, ill-typed ones are one line that names it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.artifact import ARTISTS, load_artifact
from model.errors import ArtifactError, ArtifactFormatError
from model.manifest import FORMAT, MANIFEST, Manifest, load_manifest
from tests.tampering import copy_of_version, manifest_of, refusal, seal, set_entry


@pytest.fixture
def version(tmp_path: Path, store: Path) -> Path:
    return copy_of_version(store, tmp_path / "version")


def outcome(version: Path) -> Manifest | str:
    try:
        return load_manifest(version)
    except ArtifactError as error:
        return str(error)


def test_a_manifest_survives_being_written(version: Path) -> None:
    manifest = load_manifest(version)
    (version / MANIFEST).write_text(manifest.to_json(), "utf-8")
    assert load_manifest(version) == manifest


def test_a_manifest_may_be_ordered_indented_and_encoded_otherwise(version: Path) -> None:
    manifest = load_manifest(version)
    content = dict(reversed(manifest_of(version).items()))
    (version / MANIFEST).write_text(json.dumps(content, indent=7), "utf-16")
    assert load_manifest(version) == manifest


NO_MANIFESTS = {
    "empty": b"",
    "no-json": b"no JSON",
    "list": b"[1, 2]",
    "null": b"null",
    "text": b'"format"',
    "no-format": b"{}",
    "format-alone": b'{"format": 2}',
    "format-text": b'{"format": "1"}',
    "format-true": b'{"format": true}',
    "format-float": b'{"format": 1.0}',
    "format-null": b'{"format": null}',
    "format-nan": b'{"format": NaN}',
    "endless-number": b'{"format": ' + b"9" * 5000 + b"}",
    "no-text": b"\xff\xfe\xfd",
    "deep-list": b"[" * 200_000,
    "deep-object": b'{"a":' * 200_000,
    "deep-metrics": b'{"format": 2, "metrics": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
}


@pytest.mark.parametrize("name", NO_MANIFESTS)
def test_a_file_that_is_no_manifest_is_named(version: Path, name: str) -> None:
    (version / MANIFEST).write_bytes(NO_MANIFESTS[name])
    line = refusal(version, MANIFEST)
    assert "is no manifest" in line
    assert len(line) < 300 + len(str(version))


WRONG_TYPES: Mapping[str, object] = {
    "version": 3,
    "created": None,
    "configuration": "default",
    "dataset": [],
    "metrics": {"default": {"ndcg@20": "0.3"}},
    "timings": {"fit_s": None},
    "fold_in": {"unobserved_weight": 0.1, "listener_l2": True, "frequency_exponent": 0.0},
    "files": [ARTISTS],
    "metrics.default": 0.3,
    "fold_in.unobserved_weight": "0.05",
    "fold_in.listener_l2": -0.1,
    "fold_in.frequency_exponent": 1e300,
    "fold_in.question_ridge": None,
    "similarity": [0.6, 0.3, 0.2],
    "similarity.tags": "0.3",
    "similarity.co_listening": 1e11,
    "similarity.latent_tags": -1e11,
    "calibration": 0.2,
    "calibration.intercept": False,
    "calibration.likely": -1e300,
    "unknown": 1,
}
UNSUITABLE: Mapping[str, object] = {
    "dataset.name": 7,
    "dataset.listeners": "240",
    "dataset.plays": None,
    "dataset.artists": 5,
    "configuration.preset": 0,
    "configuration.dimension": 0,
}


@pytest.mark.parametrize("entry", WRONG_TYPES)
def test_an_entry_of_the_wrong_type_is_no_manifest(version: Path, entry: str) -> None:
    set_entry(version, entry, WRONG_TYPES[entry])
    assert "is no manifest (" in refusal(version, MANIFEST)


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-1e-9"])
def test_a_constant_of_folding_in_that_is_no_number_is_refused(version: Path, name: str) -> None:
    set_entry(version, "fold_in.listener_l2", json.loads(name))
    assert "fold_in is out of range" in refusal(version, MANIFEST)


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("entry", ["similarity.tags", "calibration.intercept"])
def test_a_share_that_is_no_number_is_refused(version: Path, entry: str, name: str) -> None:
    set_entry(version, entry, json.loads(name))
    assert "similarity or calibration is out of range" in refusal(version, MANIFEST)


@pytest.mark.parametrize("entry", UNSUITABLE)
def test_a_manifest_of_another_catalogue_is_named(version: Path, entry: str) -> None:
    set_entry(version, entry, UNSUITABLE[entry])
    assert "does not describe the catalogue beside it" in refusal(version, MANIFEST)


def test_fewer_listeners_than_an_artist_has_are_a_contradiction(version: Path) -> None:
    most = int(load_artifact(version).catalogue.listeners.max())
    set_entry(version, "dataset.listeners", most)
    load_artifact(version)
    set_entry(version, "dataset.listeners", most - 1)
    assert "does not describe" in refusal(version, MANIFEST)


@pytest.mark.parametrize(
    "name", ["files", "fold_in", "similarity", "calibration", "dataset", "version"]
)
def test_a_missing_entry_is_no_manifest(version: Path, name: str) -> None:
    content = manifest_of(version)
    del content[name]
    seal(version, content)
    assert "is no manifest (its entries are others)" in refusal(version, MANIFEST)


@pytest.mark.parametrize("entries", [{}, {"anything": ["of", "another"], "time": 1}])
def test_a_newer_format_asks_for_an_update_whatever_else_it_holds(
    version: Path, entries: dict[str, Any]
) -> None:
    (version / MANIFEST).write_text(json.dumps({"format": FORMAT + 1, **entries}))
    line = refusal(version, MANIFEST, ArtifactFormatError)
    assert f"has format {FORMAT + 1}, this release reads up to {FORMAT}; update Crossfade" in line


@pytest.mark.parametrize("written", [0, -1, 1])
def test_an_older_format_says_to_train_again(version: Path, written: int) -> None:
    (version / MANIFEST).write_text(json.dumps({"format": written}))
    assert "no longer read; train again" in refusal(version, MANIFEST, ArtifactFormatError)


def test_a_changed_entry_is_noticed(version: Path) -> None:
    text = (version / MANIFEST).read_text("utf-8")
    assert '"unobserved_weight": 0.05' in text
    (version / MANIFEST).write_text(text.replace('weight": 0.05', 'weight": 0.15'), "utf-8")
    assert "is no manifest (its checksum differs)" in refusal(version, MANIFEST)


def test_one_flipped_bit_is_refused_or_changes_nothing(version: Path) -> None:
    manifest = load_manifest(version)
    intact = (version / MANIFEST).read_bytes()
    chance = np.random.default_rng(8)
    for position in chance.permutation(len(intact))[:300]:
        damaged = bytearray(intact)
        damaged[position] ^= 1 << int(chance.integers(8))
        (version / MANIFEST).write_bytes(damaged)
        found = outcome(version)
        if isinstance(found, str):
            assert found.startswith(f"{version / MANIFEST}: ")
        else:
            assert found == manifest
