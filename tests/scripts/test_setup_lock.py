"""Two set-ups side by side: the second waits, however the first ends."""

import contextlib
import errno
from pathlib import Path

import pytest
import setup_lock
from setup_lock import alone


def test_who_comes_second_says_so_once_and_waits_for_the_first(tmp_path: Path) -> None:
    said: list[str] = []
    pauses: list[float] = []
    with contextlib.ExitStack() as first:
        first.enter_context(alone(tmp_path / "lock", say=said.append))
        assert said == []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                first.close()

        with alone(tmp_path / "lock", say=said.append, pause=pause):
            assert len(pauses) == 3
    assert said == ["Another command is setting Crossfade up; waiting for it"]


def test_the_lock_is_free_after_a_failure(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(ZeroDivisionError), alone(tmp_path / "lock", say=said.append):
        _ = 1 // 0
    with alone(tmp_path / "lock", say=said.append):
        assert said == []


def test_a_file_system_without_locks_does_not_stop_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def unsupported(file: object, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with setup_lock.alone(tmp_path / "lock", say=pytest.fail):
        pass
