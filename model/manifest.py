"""``manifest.json``: what a version folder says about itself.

A checksum of its own stands in it, so that a changed number is found before it is computed with.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from model.confidence import Calibration
from model.errors import (
    ArtifactDamagedError,
    ArtifactFormatError,
    ArtifactMissingError,
    TrainingError,
)
from model.shares import Shares

FORMAT = 2
MANIFEST = "manifest.json"

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
            ``peak_memory_mb`` (10^6 bytes, absent on Windows) is the most that the process took.
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
        """The text of ``manifest.json``: the attributes, and a checksum of them as ``sha256``.

        Raises:
            TrainingError: a number is NaN or infinite.
        """
        content = asdict(self)
        content[_CHECKSUM] = _checksum(content)
        try:
            return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        except ValueError as error:
            raise TrainingError(
                "a number of the manifest is not finite",
                where="training",
                mend="train again with another seed or more regularisation",
            ) from error


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
        raise damaged(path, f"cannot be read ({error.strerror})") from error
    except _NO_MANIFEST as error:
        raise damaged(path, "is no manifest") from error
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
        raise damaged(path, f"is no manifest ({error})") from error


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


def damaged(path: Path, problem: str) -> ArtifactDamagedError:
    """The error for a file of a version folder that cannot be used."""
    return ArtifactDamagedError(
        problem, where=str(path), mend=f"{_RETRAIN}, or go back with --use VERSION"
    )
