import re
import sys
from pathlib import Path

import pytest

from bot.memory import release_freed_memory


def resident_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_holes_in_the_heap_are_given_back() -> None:
    blocks = [b"x" * 50_000 for _ in range(1_000)]
    full = resident_mb()
    last = blocks[-1]  # the heap cannot shrink from its end while this is in use
    del blocks
    release_freed_memory()
    assert resident_mb() < full - 30
    assert len(last) == 50_000
