"""Takes a newly published model while the bot goes on answering."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.memory import release_freed_memory
from bot.model_in_use import ModelInUse
from model.artifact import READ_BY_THE_BOT
from model.errors import ArtifactError
from model.manifest import MANIFEST, load_manifest
from model.recommender import Recommender
from model.store import version_folder

SECONDS = 5.0
"""Between two looks at the store."""

# What can go wrong beside the artifact itself: the disk fails, or two models do not fit.
_FAULTS = (ArtifactError, OSError, MemoryError)

_Stamp = tuple[tuple[str, int, int, int], ...]

_log = logging.getLogger(__name__)


class ModelWatch:
    """Looks whether the store names another version than the one that answers.

    Whatever is wrong with the new one, or with the store, the old one goes on answering; it is
    logged once for as long as the fault stays the same.

    Attributes:
        reloads: how many newly published models were taken.
        failed_reloads: how many faults were logged.

    Args:
        store: the store folder, as ``scripts/train.py`` writes it.
        model: what answers; the new version takes its place there.
    """

    def __init__(self, *, store: Path, model: ModelInUse) -> None:
        self.reloads = 0
        self.failed_reloads = 0
        self._store = store
        self._model = model
        self._told = ""
        self._refused: _Stamp = ()

    async def look(self) -> bool:
        """Take the version in use, if it is another; returns whether it was taken."""
        try:
            loaded = await asyncio.to_thread(self._another)
        except _FAULTS as error:
            problem = str(error) or type(error).__name__
            if problem != self._told:
                _log.error("the model %s goes on answering: %s", self._model.version, problem)
                self.failed_reloads += 1
            self._told = problem
            return False
        if loaded is None:
            return False
        before = self._model.version
        self._model.replace(loaded)
        del loaded
        self.reloads += 1
        await asyncio.to_thread(release_freed_memory)
        _log.info("the model %s answers in the place of %s", self._model.version, before)
        return True

    def _another(self) -> Recommender | None:
        folder = version_folder(self._store)
        if load_manifest(folder).version == self._model.version:
            self._told, self._refused = "", ()
            return None
        stamp = _stamp(folder)
        # To read all of it again and again would only find the same fault.
        if stamp == self._refused:
            return None
        try:
            loaded = Recommender.load(folder)
        except ArtifactError as error:
            # A disk or a network share may read the same files the next time.
            self._refused = () if isinstance(error.__cause__, OSError) else stamp
            raise
        self._told, self._refused = "", ()
        return loaded


def _stamp(folder: Path) -> _Stamp:
    """What changes when anybody writes to the files that the bot reads."""
    seen: list[tuple[str, int, int, int]] = []
    for name in (MANIFEST, *READ_BY_THE_BOT):
        with suppress(FileNotFoundError):
            known = (folder / name).stat()
            seen.append((str(folder / name), known.st_mtime_ns, known.st_size, known.st_ino))
    return tuple(seen)


@asynccontextmanager
async def watching(
    store: Path, model: ModelInUse, seconds: float = SECONDS
) -> AsyncGenerator[ModelWatch]:
    """Look at the store every so many seconds until the end of the block."""
    watch = ModelWatch(store=store, model=model)

    async def look_again() -> None:
        while True:
            await asyncio.sleep(seconds)
            await watch.look()

    task = asyncio.create_task(look_again(), name="model watch")
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
