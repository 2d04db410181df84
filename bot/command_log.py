"""One log line an interaction."""

import logging
from dataclasses import asdict

from bot.handled import Handled
from bot.logs import with_fields

_log = logging.getLogger(__name__)


def log_handled(handled: Handled) -> None:
    """Log a command, menu or press; typing is too frequent for it."""
    if handled.kind == "autocomplete":
        return
    fields = {"command": handled.name} | asdict(handled)
    del fields["name"], fields["seconds"]
    _log.info("handled", extra=with_fields(fields))
