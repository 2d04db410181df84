"""The six published files as bytes, from a folder or from the published zip.

Only the standard library is imported, so that asking "is this the data I trained on?" is cheap.
"""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from model.errors import DataError

ARTISTS = "artists.dat"
TAGS = "tags.dat"
PLAYS = "user_artists.dat"
FRIENDS = "user_friends.dat"
TAGGINGS = "user_taggedartists.dat"
TAGGING_TIMES = "user_taggedartists-timestamps.dat"
FILES = (ARTISTS, TAGS, PLAYS, FRIENDS, TAGGINGS, TAGGING_TIMES)

# The largest published file has 5.3 MB; more than this is another file or a zip bomb.
_MAX_FILE_BYTES = 256 * 2**20

_MEND = "give the folder or the zip of hetrec2011-lastfm-2k, or fetch it with scripts/download.py"


def read_files(path: Path) -> Mapping[str, bytes]:
    """The content of the six files, by file name.

    Args:
        path: the folder that holds them, or the published zip.

    Raises:
        DataError: the path or one of the files is missing, empty, too large or unreadable.
    """
    try:
        path = _existing(path)
        contents = _from_folder(path) if path.is_dir() else _from_zip(path)
    except OSError as error:
        raise DataError(
            f"cannot be read ({error.strerror})",
            where=str(error.filename or path),
            mend="check its permissions",
        ) from error
    for name, content in contents.items():
        if not content.strip():
            raise DataError("is empty", where=f"{path}: {name}", mend="fetch the data again")
    return contents


def fingerprint(path: Path) -> str:
    """SHA-256 (hex) over the content of the six files, equal for a folder and its zip.

    Raises:
        DataError: as ``read_files``.
    """
    return fingerprint_of(read_files(path))


def fingerprint_of(contents: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over files already read."""
    whole = hashlib.sha256()
    for name in FILES:
        whole.update(f"{name} {hashlib.sha256(contents[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _existing(path: Path) -> Path:
    """The path with the home folder in place of ``~``, once it is known to lead somewhere."""
    try:
        path = path.expanduser()
        found = path.is_dir() or path.is_file()
    except PermissionError:
        raise
    except (OSError, RuntimeError, ValueError):  # too long, or in the home of nobody
        found = False
    if not found:
        raise DataError("no such folder or zip", where=str(path), mend=_MEND)
    return path


def _from_folder(folder: Path) -> dict[str, bytes]:
    # The published zip unpacks into a folder of its own name; accept the folder around it too.
    nested = folder / "hetrec2011-lastfm-2k"
    root = folder if (folder / ARTISTS).exists() or not nested.is_dir() else nested
    contents: dict[str, bytes] = {}
    for name in FILES:
        file = root / name
        try:
            if file.stat().st_size > _MAX_FILE_BYTES:
                raise DataError("is far too large", where=str(file), mend=_MEND)
            contents[name] = file.read_bytes()
        except FileNotFoundError:
            raise DataError("is missing", where=str(file), mend=_MEND) from None
    return contents


def _from_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _members(path, archive)
    except (DataError, PermissionError):
        raise
    # A damaged zip ends in whatever zipfile or a decompressor trips over: BadZipFile, zlib.error,
    # LZMAError, UnicodeDecodeError, EOFError and others, which have no base of their own.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"is no readable zip ({reason})", where=str(path), mend=_MEND) from error


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = {PurePosixPath(info.filename).name: info for info in archive.infolist()}
    contents: dict[str, bytes] = {}
    for name in FILES:
        info = members.get(name)
        if info is None:
            raise DataError(f"holds no {name}", where=str(path), mend=_MEND)
        if info.file_size > _MAX_FILE_BYTES:
            raise DataError(f"{name} is far too large", where=str(path), mend=_MEND)
        contents[name] = archive.read(info)
    return contents
