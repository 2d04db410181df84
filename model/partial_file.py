"""A file that arrives in pieces: what is here so far, beside the place where it will stand."""

import hashlib
from pathlib import Path


class PartialFile:
    """What has arrived of ``destination``, kept beside it with the suffix ``.part``.

    Every method may raise OSError.
    """

    def __init__(self, destination: Path) -> None:
        self.path = destination.with_name(destination.name + ".part")
        self._destination = destination
        destination.parent.mkdir(parents=True, exist_ok=True)

    def size(self) -> int:
        """Bytes that are here; 0 when there is no file yet."""
        return self.path.stat().st_size if self.path.exists() else 0

    def empty(self) -> None:
        """Start again at the first byte."""
        self.path.write_bytes(b"")

    def append(self, piece: bytes) -> None:
        """Add what came next."""
        with self.path.open("ab") as file:
            file.write(piece)

    def discard(self) -> None:
        """Remove what is here."""
        self.path.unlink(missing_ok=True)

    def is_whole(self, sha256: str) -> bool:
        """Whether all has arrived, by its SHA-256 (hex)."""
        return has_checksum(self.path, sha256)

    def publish(self) -> None:
        """Put the file in its place, atomically."""
        self.path.replace(self._destination)


def has_checksum(path: Path, sha256: str) -> bool:
    """Whether a file is there and has this SHA-256 (hex)."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
