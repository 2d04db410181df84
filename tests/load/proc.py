"""What Linux knows of a process."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a process uses.

    Attributes:
        at: seconds of this machine's monotonic clock.
        processor_s: seconds of any processor so far.
        waited_s: seconds that its threads could have run and others had the processors.
        resident_mb: MiB of memory.
    """

    at: float
    processor_s: float
    waited_s: float
    resident_mb: float


def usage(pid: int) -> Usage:
    """Read it from ``/proc``.

    Raises:
        FileNotFoundError: there is no such process, or no ``/proc``.
        ProcessLookupError: it ended this moment.
    """
    folder = Path(f"/proc/{pid}")
    after_the_name = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, after_the_name[11:13]))
    found = re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text())
    waits = [int(one.read_text().split()[1]) for one in folder.glob("task/*/schedstat")]
    # A process that has ended and is not waited for has no memory.
    resident = int(found[1]) / 1024 if found else 0.0
    processor_s = ticks / os.sysconf("SC_CLK_TCK")
    return Usage(time.monotonic(), processor_s, sum(waits) / 1e9, resident)
