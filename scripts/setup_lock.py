"""One set-up at a time, so that two commands started side by side do not undo each other's work.

The operating system releases the lock when the process ends, however it ends.
"""

import contextlib
import errno
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

_PAUSE_S = 0.5
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


def _take(file: BinaryIO) -> bool:
    """Whether the lock is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Any other fault means that this file system has no locks: go on without one.
        return error.errno not in _HELD
    return True


@contextlib.contextmanager
def alone(
    path: Path, *, say: Callable[[str], None], pause: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock file at ``path``, waiting for whoever holds it now.

    Args:
        path: the lock file; made when it is not there, and left there.
        say: told once, when there is somebody to wait for.
        pause: waits some seconds.
    """
    with path.open("ab") as file:
        if not _take(file):
            say("Another command is setting Crossfade up; waiting for it")
            while not _take(file):
                pause(_PAUSE_S)
        yield
