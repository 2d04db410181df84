"""How much memory a process took at most."""

import sys

_MEGABYTE = 1e6


def peak_memory_mb() -> float | None:
    """The largest resident size of this process so far, in megabytes (10^6 bytes).

    None on Windows, which does not tell it in this way.
    """
    if sys.platform == "win32":
        return None
    # Does not exist there.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, kibibytes elsewhere.
    return (peak if sys.platform == "darwin" else peak * 1024) / _MEGABYTE
