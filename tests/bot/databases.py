"""Databases for tests: a SQLite file, and a real PostgreSQL server where its programs are there."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_STARTS_WITHIN_S = 30


@contextmanager
def postgres() -> Iterator[str]:
    """A server of its own on loopback; gives its address and ends with the block."""
    if not _PROGRAMS:
        pytest.skip("no PostgreSQL server is installed")
    # Not in pytest's own folder, which only its user may enter: the server refuses to run as root.
    with tempfile.TemporaryDirectory(prefix="crossfade-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _serving(folder) as address:
            yield address


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    programs = _PROGRAMS[-1]
    as_nobody: tuple[str, ...] = ()
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        as_nobody = ("setpriv", "--reuid=nobody", "--clear-groups")
    data = folder / "data"
    initdb = [*as_nobody, programs / "initdb", "-D", data, "-U", "crossfade", "-A", "trust"]
    subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True)  # noqa: S603
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603
            [*as_nobody, programs / "postgres", "-D", data, *options], stderr=log
        )
    try:
        _wait_for(port, server)
        yield f"postgresql://crossfade@127.0.0.1:{port}/postgres"
    finally:
        # Without waiting for those who are still connected.
        server.send_signal(signal.SIGINT)
        server.wait(_STARTS_WITHIN_S)


def empty(address: str) -> None:
    """Drop every table."""
    sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    psql = [_PROGRAMS[-1] / "psql", "-q", address, "-c", sql]
    subprocess.run(psql, check=True, capture_output=True)  # noqa: S603


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    ready = [_PROGRAMS[-1] / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
    while subprocess.run(ready, check=False).returncode:  # noqa: S603
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start")
