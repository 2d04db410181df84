"""A store folder: one folder a version, and ``CURRENT`` naming the one in use.

``CURRENT`` is replaced atomically after its version is complete, so that whoever reads the store
at any moment, even after a crash, finds a whole artifact.
"""

import contextlib
import os
import re
import secrets
from pathlib import Path

from model.artifact import load_artifact
from model.errors import ArtifactDamagedError, ArtifactError, ArtifactMissingError
from model.manifest import MANIFEST

CURRENT = "CURRENT"
UNFINISHED = ".draft-"
"""How everything begins that is not complete yet; what a crash leaves behind is known by it."""

# Version names sort by age: the UTC time of publishing, then what tells equal times apart.
_VERSION = re.compile(r"\d{8}T\d{6}Z-[a-z0-9-]+")


def version_folder(path: Path) -> Path:
    """The folder to read: ``path`` itself if it is a version, else the store's current version.

    Raises:
        ArtifactMissingError: there is no store, or nothing was published in it.
        ArtifactDamagedError: ``CURRENT`` is missing beside versions, or names none that is there.
        ArtifactError: the folder cannot be read.
    """
    try:
        if (path / MANIFEST).exists():
            return path
        name = (path / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        raise _nothing_in_use(path) from None
    except NotADirectoryError:
        raise ArtifactMissingError(
            "is no folder", where=str(path), mend="give the folder of a store, or of a version"
        ) from None
    except (OSError, ValueError) as error:
        raise ArtifactDamagedError(
            "cannot be read", where=str(path / CURRENT), mend=_way_back(path)
        ) from error
    if not _VERSION.fullmatch(name) or not (path / name / MANIFEST).exists():
        raise ArtifactDamagedError(
            f"names the version {name[:80]!r}, which is not there",
            where=str(path / CURRENT),
            mend=_way_back(path),
        )
    return path / name


def _nothing_in_use(store: Path) -> ArtifactError:
    if versions(store):
        return ArtifactDamagedError("is missing", where=str(store / CURRENT), mend=_way_back(store))
    return ArtifactMissingError(
        "nothing has been trained yet",
        where=str(store),
        mend="run scripts/train.py, or point ARTIFACTS at another store",
    )


def _way_back(store: Path) -> str:
    known = versions(store)
    if not known:
        return "train again with scripts/train.py"
    return f"go back with scripts/train.py --use VERSION, it holds {', '.join(known)}"


def versions(store: Path) -> list[str]:
    """The complete versions of a store, oldest first; none where there is no store.

    Raises:
        ArtifactError: the folder cannot be read.
    """
    try:
        return sorted(
            entry.name
            for entry in store.iterdir()
            if _VERSION.fullmatch(entry.name) and (entry / MANIFEST).exists()
        )
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        raise ArtifactError(
            f"cannot be read ({_reason(error)})",
            where=str(store),
            mend="check its path and its permissions",
        ) from error


def use_version(store: Path, version: str) -> None:
    """Make ``version`` the current one, after seeing that it loads.

    Raises:
        ArtifactMissingError: the store holds no such version; names those it holds.
        ArtifactError: the version does not load, or the store cannot be written.
    """
    known = versions(store)
    if version not in known:
        raise ArtifactMissingError(
            f"holds no version {version!r}",
            where=str(store),
            mend=f"it holds {', '.join(known)}" if known else "train one with scripts/train.py",
        )
    load_artifact(store / version)
    try:
        write_atomically(store / CURRENT, f"{version}\n".encode())
    except OSError as error:
        raise unwritable(store, error) from error


def unwritable(store: Path, error: OSError) -> ArtifactError:
    """What to say when writing to a store failed."""
    return ArtifactError(
        f"cannot be written ({_reason(error)})",
        where=str(store),
        mend="free some space or check its permissions; the previous version stays in use",
    )


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file's content so that a reader sees the old or the new one, never a part.

    Raises:
        OSError: it could not be written; the old content stands.
    """
    # Not tempfile's, which only its owner could read: the bot may run as somebody else.
    draft = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed inside a folder survive a power cut, in the order of the renaming."""
    # Not every system can (Windows, some network shares); the rename itself is done all the same.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
