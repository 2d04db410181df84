import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.memory import release_freed_memory
from tests.conftest import Environment

# Frees a large block, so that the C library learns to keep such ones; then one more below another
# that stays. Prints by how many MB the process is larger than at the beginning.
GROWTH = """
import re
from pathlib import Path
import numpy as np
from bot.memory import return_large_blocks

def resident_kb():
    return int(re.search(r"VmRSS:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])

if CALLED:
    return_large_blocks()
before = resident_kb()
large = np.ones(3_000_000)
del large
passing, staying = np.ones(2_000_000), [bytes(1_000) for _ in range(200)]
del passing
print((resident_kb() - before) / 1024)
"""


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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("called", [True, False])
def test_large_blocks_are_given_back_as_soon_as_they_are_freed(
    environment: Environment, called: bool
) -> None:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", f"CALLED = {called}\n{GROWTH}"],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=30,
        check=True,
    )
    # Without the call the block stays, which is what there is to mend.
    assert (float(done.stdout) < 5) == called
