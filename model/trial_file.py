"""Keeps the trials of a search, one JSON line each, so that nothing finished is lost."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.errors import ConfigurationError


def finished_trials(path: Path, key: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The trials in a file, in its order; a last line that was torn in writing is left out.

    Args:
        path: the file; one that is not there holds none.
        key: the search that the trials must belong to; None takes any.

    Raises:
        ConfigurationError: the file cannot be read, is no such file, or holds another search.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise _unusable(path, "cannot be read") from error
    # What follows the last line break was not finished.
    try:
        entries: list[dict[str, Any]] = [json.loads(line) for line in lines[:-1]]
        others = [entry for entry in entries if key is not None and entry["search"] != key]
        ready = all(isinstance(entry["trial"], int) for entry in entries)
    except (ValueError, KeyError, TypeError) as error:
        raise _unusable(path, "holds something else than trials") from error
    if others or not ready:
        raise _unusable(path, "holds trials of another search, data set or default")
    return entries


def best_trial(path: Path) -> dict[str, Any]:
    """The trial with the best NDCG@20 on the validation part, the earliest of equal ones.

    Raises:
        ConfigurationError: the file cannot be read or holds no trial.
    """
    entries = finished_trials(path)
    if not entries:
        raise _unusable(path, "holds no trial")
    return max(entries, key=lambda entry: entry["validation"]["ndcg@20"])


def append_trial(path: Path, entry: Mapping[str, Any]) -> None:
    """Add a line, in the place of one that was torn.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    try:
        with path.open("a+b") as file:
            file.seek(0)
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unusable(path, f"cannot be written ({error.strerror})") from error


def _unusable(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError(problem, where=str(path), mend="choose another --out")
