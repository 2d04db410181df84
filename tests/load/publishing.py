"""A store of one's own, in which the version in use is published once more."""

import shutil
from dataclasses import replace
from pathlib import Path

from model.manifest import MANIFEST, load_manifest
from model.store import CURRENT, use_version, version_folder


def copied(store: Path, folder: Path) -> Path:
    """Copy the version in use into ``folder``, which must not exist; returns ``folder``.

    Raises:
        ArtifactError: there is no such version.
    """
    used = version_folder(store)
    shutil.copytree(used, folder / used.name)
    shutil.copy(store / CURRENT, folder / CURRENT)
    return folder


def publish_again(store: Path) -> str:
    """Publish the version in use under another name, and return that."""
    before = version_folder(store)
    after = before.with_name(f"{before.name}-again")
    shutil.copytree(before, after)
    manifest = replace(load_manifest(before), version=after.name)
    (after / MANIFEST).write_text(manifest.to_json(), "utf-8")
    use_version(store, after.name)
    return after.name
