"""A version folder: what one training left behind for the bot.

::

    manifest.json               format, configuration, dataset, metrics, timings, checksums, also
                                its own
    artists.safetensors         artist_ids i64 [M], artist_embeddings f32 [M, d],
                                gravity_scale f32 [M]
    catalogue.safetensors       the artist table as columns (model.catalogue)
    similarity.safetensors      tag profiles and co-listening counts (model.tag_profiles,
                                model.co_listening)
    listeners.safetensors       listener_ids i64 [N], listener_embeddings f32 [N, d]; personal,
                                never opened by the bot
    curve.png                   the loss along the training

Nothing is pickled, so opening a foreign artifact runs no code.
"""

import hashlib
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file  # pyright: ignore[reportUnknownVariableType]

from model.catalogue import Catalogue
from model.co_listening import CoListening
from model.columns import Columns, float_column
from model.confidence import Calibration
from model.errors import ArtifactDamagedError, ArtifactFormatError, ArtifactMissingError
from model.shares import Shares
from model.tag_profiles import TagProfiles

FORMAT = 2
MANIFEST = "manifest.json"
ARTISTS = "artists.safetensors"
CATALOGUE = "catalogue.safetensors"
SIMILARITY = "similarity.safetensors"
LISTENERS = "listeners.safetensors"
CURVE = "curve.png"
READ_BY_THE_BOT = (ARTISTS, CATALOGUE, SIMILARITY)

_RETRAIN = "train again with scripts/train.py"
# What reading a foreign file as a manifest can raise.
_NO_MANIFEST = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_CHECKSUM = "sha256"
_KINDS = {"version": str, "created": str} | dict.fromkeys(
    (
        *("configuration", "dataset", "metrics", "timings", "files"),
        *("fold_in", "similarity", "calibration"),
    ),
    dict,
)
# No constant of folding in or blending is anywhere near.
_LARGEST = 1e10
_STEEPEST = 8.0


@dataclass(frozen=True)
class FoldIn:
    """What folding in a history needs beside the artist embeddings.

    Attributes:
        unobserved_weight: alpha, the weight of an unobserved pair.
        listener_l2: the L2 weight of a listener when the frequency scale is 1.
        frequency_exponent: nu of s = (n + alpha M)^nu.
        question_ridge: what the L2 weight is multiplied by when artists are asked about rather
            than a listener's history.
    """

    unobserved_weight: float
    listener_l2: float
    frequency_exponent: float
    question_ridge: float = 1.0


@dataclass(frozen=True)
class Manifest:
    """What an artifact says about itself.

    Attributes:
        format: of the files; ``FORMAT`` is the newest this release knows.
        version: the name of the version folder.
        created: when the training finished, ISO 8601 in UTC.
        configuration: every choice of the training, by name.
        dataset: ``name``, ``fingerprint``, ``listeners``, ``artists``, ``plays``.
        metrics: ``metrics[model][measure]`` on the holdout, the model beside its baselines.
        timings: seconds by phase; ``fit_s`` is from interactions in memory to finished factors.
        fold_in: the constants of folding in.
        similarity: what is blended beside the fold-in when artists are compared.
        calibration: how likely an answer is to hit.
        files: SHA-256 (hex) of every other file.
    """

    format: int
    version: str
    created: str
    configuration: dict[str, Any]
    dataset: dict[str, Any]
    metrics: dict[str, dict[str, float]]
    timings: dict[str, float]
    fold_in: FoldIn
    similarity: Shares
    calibration: Calibration
    files: dict[str, str]

    def to_json(self) -> str:
        """The text of ``manifest.json``: the attributes, and a checksum of them as ``sha256``."""
        content = asdict(self)
        content[_CHECKSUM] = _checksum(content)
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@dataclass(frozen=True)
class Artifact:
    """The part of a version folder that answers questions.

    Attributes:
        manifest: what the artifact says about itself.
        catalogue: the artist table, M rows.
        artist_embeddings: float32 [M, d], column by column in memory.
        gravity_scale: float32 [M], how strongly each artist's unobserved pairs pull to zero.
        profiles: what M artists are called.
        together: who shares listeners.
    """

    manifest: Manifest
    catalogue: Catalogue
    artist_embeddings: NDArray[np.float32]
    gravity_scale: NDArray[np.float32]
    profiles: TagProfiles
    together: CoListening


def load_artifact(folder: Path) -> Artifact:
    """Open a version folder and check every file that is read.

    Raises:
        ArtifactMissingError: the folder holds no manifest.
        ArtifactFormatError: a newer release wrote it, or an older one that is no longer read.
        ArtifactDamagedError: a file is missing, torn, changed or foreign; names the file.
    """
    manifest = load_manifest(folder)
    artists = _tensors(folder / ARTISTS, manifest)
    catalogue = Catalogue.from_columns(
        _tensors(folder / CATALOGUE, manifest), str(folder / CATALOGUE)
    )
    if not _describes(manifest, catalogue):
        raise _damaged(folder / MANIFEST, "does not describe the catalogue beside it")
    rows = len(catalogue)
    with _fitting(folder / ARTISTS):
        embeddings = float_column(artists, "artist_embeddings", (rows, None))
        scale = float_column(artists, "gravity_scale", (rows,))
        if embeddings.size == 0 or not np.array_equal(artists["artist_ids"], catalogue.ids):
            raise ValueError("does not belong to the catalogue beside it")
    # Column by column, which makes a product with one vector three times as fast.
    embeddings = np.asfortranarray(embeddings)
    del artists
    similarity = _tensors(folder / SIMILARITY, manifest)
    with _fitting(folder / SIMILARITY):
        profiles = TagProfiles.from_columns(similarity, rows, len(catalogue.tag_names))
        together = CoListening.from_columns(similarity, catalogue.listeners)
    return Artifact(manifest, catalogue, embeddings, scale, profiles, together)


@contextmanager
def _fitting(path: Path) -> Generator[None]:
    """Whatever does not fit in a file becomes the one error that names it."""
    try:
        yield
    except KeyError as error:
        raise _damaged(path, f"holds no {error}") from error
    except ValueError as error:
        raise _damaged(path, str(error)) from error


def _describes(manifest: Manifest, catalogue: Catalogue) -> bool:
    """Whether what the bot says and computes with is there and fits the artists."""
    dataset, configuration = manifest.dataset, manifest.configuration
    texts = (dataset.get("name"), configuration.get("preset"))
    counts = (dataset.get("listeners"), dataset.get("plays"), configuration.get("dimension"))
    return (
        all(isinstance(text, str) for text in texts)
        and all(type(count) is int and 0 < count < 2**63 for count in counts)
        and dataset.get("artists") == len(catalogue)
        and int(catalogue.listeners.max(initial=1)) <= dataset["listeners"]
    )


def load_manifest(folder: Path) -> Manifest:
    """Read ``manifest.json`` alone.

    Raises:
        ArtifactMissingError, ArtifactFormatError, ArtifactDamagedError: as ``load_artifact``.
    """
    path = folder / MANIFEST
    try:
        raw: dict[str, Any] = json.loads(path.read_bytes())
        written = raw["format"]
        if type(written) is not int:
            raise TypeError("format is no whole number")
    except FileNotFoundError:
        raise ArtifactMissingError(
            "no artifact here", where=str(folder), mend="train one with scripts/train.py"
        ) from None
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error
    except _NO_MANIFEST as error:
        raise _damaged(path, "is no manifest") from error
    if written > FORMAT:
        raise ArtifactFormatError(
            f"has format {written}, this release reads up to {FORMAT}",
            where=str(path),
            mend="update Crossfade, or train again with this release",
        )
    if written < FORMAT:
        raise ArtifactFormatError(
            f"has format {written}, which is no longer read", where=str(path), mend=_RETRAIN
        )
    try:
        return _manifest(raw)
    except _NO_MANIFEST as error:
        raise _damaged(path, f"is no manifest ({error})") from error


def _manifest(raw: dict[str, Any]) -> Manifest:
    """The record, or one of ``_NO_MANIFEST``; nothing else guards this file's content."""
    if raw.pop(_CHECKSUM, None) != _checksum(raw):
        raise ValueError("its checksum differs")
    if raw.keys() != {"format", *_KINDS}:
        raise ValueError("its entries are others")
    for name, kind in _KINDS.items():
        if not isinstance(raw[name], kind):
            raise TypeError(f"{name} is of another kind")
    for kind, name in ((FoldIn, "fold_in"), (Shares, "similarity"), (Calibration, "calibration")):
        raw[name] = kind(*(raw[name][field.name] for field in fields(kind)))
    _check_numbers(raw)
    return Manifest(**raw)


def _check_numbers(raw: dict[str, Any]) -> None:
    """Refuse what the recommender could not compute with."""
    fold_in = asdict(raw["fold_in"])
    chosen = fold_in | asdict(raw["similarity"]) | asdict(raw["calibration"])
    for numbers in (chosen, raw["timings"], *raw["metrics"].values()):
        # JSON's true and false are numbers to Python.
        if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers.values()):
            raise TypeError("text stands where a number belongs")
    if not all(0 <= constant <= _LARGEST for constant in fold_in.values()):
        raise ValueError("fold_in is out of range")
    if not all(abs(constant) <= _LARGEST for constant in chosen.values()):
        raise ValueError("similarity or calibration is out of range")
    if fold_in["frequency_exponent"] > _STEEPEST:
        raise ValueError("fold_in.frequency_exponent is out of range")


def _checksum(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of a manifest's content, however it is indented and ordered."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 (hex) of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tensors(path: Path, manifest: Manifest) -> Columns:
    """A safetensors file whose checksum is the manifest's."""
    try:
        if sha256(path) != manifest.files.get(path.name):
            raise _damaged(path, "is not the file that the training wrote (its checksum differs)")
        # Mapped rather than read, so that nothing is in memory twice.
        return load_file(path)
    except FileNotFoundError:
        raise _damaged(path, "is missing") from None
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        # A TypeError is a number type that numpy does not have.
        raise _damaged(path, "is no safetensors file") from error


def _damaged(path: Path, problem: str) -> ArtifactDamagedError:
    return ArtifactDamagedError(
        problem, where=str(path), mend=f"{_RETRAIN}, or go back with --use VERSION"
    )
