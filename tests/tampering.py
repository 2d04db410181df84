"""Damages to a version folder, from torn files to well-formed ones that no training wrote."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from model.artifact import load_artifact
from model.errors import ArtifactDamagedError, ArtifactError
from model.manifest import MANIFEST
from model.store import version_folder


def copy_of_version(store: Path, folder: Path) -> Path:
    """The store's current version, copied to ``folder`` where it may be damaged."""
    return Path(shutil.copytree(version_folder(store), folder))


def manifest_of(version: Path) -> dict[str, Any]:
    """The content of the manifest, to be changed and sealed again."""
    return json.loads((version / MANIFEST).read_bytes())


def seal(version: Path, content: dict[str, Any]) -> None:
    """Write a manifest whose own checksum is right, as somebody would who knows the format."""
    content.pop("sha256", None)
    content["sha256"] = _sha256(json.dumps(content, sort_keys=True).encode())
    (version / MANIFEST).write_text(json.dumps(content), "utf-8")


def set_entry(version: Path, entry: str, value: object) -> None:
    """Change ``name`` or ``outer.name`` of a manifest."""
    content = manifest_of(version)
    *outer, last = entry.split(".")
    target = content[outer[0]] if outer else content
    target[last] = value
    seal(version, content)


def replace_file(version: Path, name: str, written: bytes) -> None:
    """Put another file into the folder, with its checksum in the manifest."""
    (version / name).write_bytes(written)
    set_entry(version, "files", manifest_of(version)["files"] | {name: _sha256(written)})


def refusal(version: Path, name: str, kind: type[ArtifactError] = ArtifactDamagedError) -> str:
    """The one line with which a folder is refused, seen to begin with the file ``name``."""
    with pytest.raises(ArtifactError) as caught:
        load_artifact(version)
    assert type(caught.value) is kind
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert line.startswith(f"{version / name}: ")
    assert "scripts/train.py" in line or "update Crossfade" in line
    return line


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
