"""The record of what ``.venv`` holds, by which a repeat run knows that nothing has to be done."""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Stamp:
    """What an environment holds.

    Attributes:
        digest: of everything the installation depends on; ``UNFINISHED`` while one is at work.
        extras: the extras of pyproject.toml that are installed.
    """

    digest: str
    extras: frozenset[str]

    def covers(self, wanted: "Stamp") -> bool:
        """Whether nothing has to be done for what is wanted."""
        return self.digest == wanted.digest and self.extras >= wanted.extras


def wanted_stamp(root: Path, extras: Iterable[str]) -> Stamp:
    """Compute the stamp of a complete installation for the running interpreter."""
    digest = hashlib.sha256()
    for part in (
        (root / "pyproject.toml").read_bytes(),
        (root / "constraints.txt").read_bytes(),
        os.fsencode(root),  # an editable installation knows its folder
        f"{sys.implementation.cache_tag} {platform.machine()}".encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return Stamp(digest.hexdigest(), frozenset(extras))


def read_stamp(path: Path) -> Stamp | None:
    """Read a stamp; None when there is none or it says nothing of use."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(str(content["digest"]), frozenset(map(str, content["extras"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write a stamp atomically."""
    temporary = path.with_suffix(".tmp")
    content = {"digest": stamp.digest, "extras": sorted(stamp.extras)}
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)
