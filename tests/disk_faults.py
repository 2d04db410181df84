"""A disk that fails at a chosen point, and a training small enough to be published many times."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.lastfm import read_tables
from model.publishing import Training
from tests import artifacts, lastfm_double

_CHANGING = ("fsync", "replace", "rename", "mkdir", "chmod", "unlink", "rmdir")


class Dies(BaseException):
    """The process is gone: whatever it would still do to the disk is not done."""


class Disk:
    """Counts every call that changes the disk, and raises at the chosen one.

    A write that is chosen leaves half of its content behind. ``Dies`` raises at every later call
    as well, so that tidying up does not happen either, as after a crash.

    Args:
        monkeypatch: undoes the patches.
        point: the number of the call, from 0; None only counts.
        error: what it raises.
        lasts: whether later calls fail as well.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        point: int | None = None,
        error: BaseException | None = None,
        *,
        lasts: bool = False,
    ) -> None:
        self.calls: list[str] = []
        self._point = point
        self._error = error or Dies()
        self._lasts = lasts or isinstance(error, Dies)
        for name in _CHANGING:
            monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))
        monkeypatch.setattr(io, "open", self._open(io.open))

    def reach(self, name: str) -> None:
        """One more call; raises if it is the chosen one."""
        self.calls.append(name)
        if self._point is None:
            return
        number = len(self.calls) - 1
        if number == self._point or (self._lasts and number > self._point):
            raise self._error

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.reach(name)
            return real(*arguments, **options)

        return call

    def _open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if mode not in {"wb", "xb"}:
                return real(file, mode, *arguments, **options)
            self.reach("open")
            return _Tearing(io.FileIO(file, mode), self)

        return call


class _Tearing(io.BufferedWriter):
    def __init__(self, raw: io.FileIO, disk: Disk) -> None:
        super().__init__(raw)
        self._disk = disk

    def write(self, content: Any, /) -> int:
        try:
            self._disk.reach("write")
        except BaseException:
            super().write(content[: len(content) // 2])
            raise
        return super().write(content)


def small_training(folder: Path) -> Training:
    """Factors of 37 listeners and 30 artists; ``folder`` takes the files they come from."""
    records = lastfm_double.rows(listeners=37, artists=31, seed=2)
    return artifacts.training_of(
        read_tables(lastfm_double.write(folder, lastfm_double.encode(records)))
    )
