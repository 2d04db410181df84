"""Transport compression of the gateway: one compressor a connection, flushed after each message."""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Protocol


class Compressor(Protocol):
    """Turns one gateway message into one frame that the client's stream context can read."""

    def frame(self, text: str) -> bytes:
        """Return the compressed message, complete up to its end."""
        ...


class ZlibStream:
    """``compress=zlib-stream``: every frame ends in the four bytes of a sync flush."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def frame(self, text: str) -> bytes:
        """Return the compressed message, complete up to its end."""
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """``compress=zstd-stream``: discord.py asks for it when the zstandard library is there."""

    def __init__(self) -> None:
        zstandard: Any = importlib.import_module("zstandard")
        self._stream = zstandard.ZstdCompressor().compressobj()
        self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def frame(self, text: str) -> bytes:
        """Return the compressed message, complete up to its end."""
        return self._stream.compress(text.encode()) + self._stream.flush(self._flush)


def compressor(name: str | None) -> Compressor | None:
    """Return the compressor for the query's ``compress``; None for plain text.

    Raises:
        ValueError: a compression that Discord does not have.
    """
    match name:
        case None | "":
            return None
        case "zlib-stream":
            return ZlibStream()
        case "zstd-stream":
            return ZstdStream()
        case _:
            raise ValueError(f"compress={name}: zlib-stream and zstd-stream exist")
