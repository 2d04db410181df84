"""Where the processor's time of the bot goes, in its event loop and in its worker threads."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

_OWN = ("bot", "model")
_Function = tuple[str, int, str]


class Profiling:
    """Profiles of the thread that begins it and of whatever ``asyncio.to_thread`` runs.

    Seconds are of the processor and not of the clock: waiting costs nothing.

    Args:
        path: where it is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._profiles: list[cProfile.Profile] = []
        self._here = threading.local()

    def begin(self) -> None:
        """Profile this thread from now on, and workers."""
        in_thread = asyncio.to_thread

        async def to_thread(function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
            @wraps(function)
            def profiled() -> Any:
                with self._of_this_thread():
                    return function(*given, **named)

            return await in_thread(profiled)

        asyncio.to_thread = to_thread
        self._of_this_thread().enable()

    def write(self) -> None:
        """Write all profiles as one."""
        for profile in self._profiles:
            profile.disable()
        if self._profiles:
            pstats.Stats(*self._profiles).dump_stats(self._path)

    def _of_this_thread(self) -> cProfile.Profile:
        profile: cProfile.Profile | None = getattr(self._here, "profile", None)
        if profile is None:
            profile = self._here.profile = cProfile.Profile(time.thread_time)
            self._profiles.append(profile)
        return profile


def shares(path: Path) -> dict[str, float]:
    """What share of a profile's time each package took itself, largest first.

    What C code took counts for who called it.
    """
    stats: Any = pstats.Stats(str(path))
    seconds: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in stats.stats.items():
        if function[0] == "~" and callers:
            for caller, (_, _, of_caller, _) in callers.items():
                seconds[_package(caller)] += of_caller
        else:
            seconds[_package(function)] += own
    total = sum(seconds.values())
    return {name: value / total for name, value in seconds.most_common() if total}


def _package(function: _Function) -> str:
    path = Path(function[0])
    parts = path.parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    for folder in _OWN:
        if folder in parts:
            inside = parts[len(parts) - parts[::-1].index(folder) - 1 :]
            return "/".join(inside[:2])
    if "tests" in parts:
        return "the measuring itself"
    return path.parent.name if path.parent.name in {"asyncio", "json", "logging"} else "Python"
