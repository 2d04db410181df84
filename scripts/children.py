"""Running another program as a part of this one, so that Ctrl-C and a polite stop reach it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

INTERRUPTED = 130
_OF_SIGNALS = 128  # a shell says 128 + N for a program that signal N ended
_GRACE_S = 4.0


@contextlib.contextmanager
def stop_unwinds() -> Iterator[None]:
    """Let a polite stop end us as Ctrl-C does, so that what we started does not work on alone."""

    def leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (signal's shape)
        raise SystemExit(_OF_SIGNALS + number)

    previous = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextlib.contextmanager
def _stop_is_passed_on(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (signal's shape)
        child.terminate()

    previous = signal.signal(signal.SIGTERM, pass_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _wait(child: subprocess.Popen[bytes]) -> tuple[int, bool]:
    """Wait for the end of a child: its exit code, and whether we were interrupted meanwhile."""
    grace: float | None = None
    while True:
        try:
            return child.wait(timeout=grace), grace is not None
        except KeyboardInterrupt:
            if grace is not None:
                child.kill()
            grace = _GRACE_S
        except subprocess.TimeoutExpired:
            child.terminate()
            grace = _GRACE_S


def run_child(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    own_input: bool,
    stdout: int | None = None,
) -> int:
    """Run a program to its end and return its exit code.

    The code is 130 when it was interrupted, and 128 + N when another signal N ended it.

    A Ctrl-C in the terminal reaches the child as well; it gets some seconds to shut down, and a
    second Ctrl-C ends it at once.

    Args:
        command: the program and its arguments.
        cwd: the folder it runs in.
        own_input: whether it reads our standard input; otherwise it sees an empty one.
        stdout: a file descriptor for its standard output; ours when left out.
    """
    environment = {"PYTHONUTF8": "1", **os.environ}
    # Started with a closed standard input (``<&-``), we have none to pass on.
    standard_input = None if own_input and sys.stdin is not None else subprocess.DEVNULL
    with (
        subprocess.Popen(  # noqa: S603  (the caller's own command)
            command, cwd=cwd, env=environment, stdin=standard_input, stdout=stdout
        ) as child,
        _stop_is_passed_on(child),
    ):
        code, interrupted = _wait(child)
    if interrupted:
        return INTERRUPTED
    return code if code >= 0 else _OF_SIGNALS - code
