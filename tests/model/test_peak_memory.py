"""The most memory that a process took."""

import sys
from pathlib import Path

import pytest

from model.peak_memory import peak_memory_mb

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell it")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_is_at_least_what_the_kernel_notes_of_this_process() -> None:
    status = Path("/proc/self/status").read_text()
    noted = int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    peak = peak_memory_mb()
    assert peak is not None
    # The kernel rounds both, and counts what the starter of the process took.
    assert 0.95 * noted < peak < 1_000_000


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@posix
def test_the_unit_of_the_system_is_known(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    counted = {"linux": 250_000, "darwin": 256_000_000}[platform]
    usage = resource.struct_rusage((0.0, 0.0, counted, *[0] * 13))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda _: usage)
    assert peak_memory_mb() == 256.0


def test_where_the_system_does_not_tell_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert peak_memory_mb() is None
