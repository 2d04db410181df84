"""Log lines on standard error, as text for people or JSON for machines."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_FIELDS = "crossfade_fields"


def with_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What to give a log call as ``extra``, so that its line has these fields by name.

    Args:
        fields: numbers, texts or None; their names are none of ``JsonFormatter``'s own.
    """
    return {_FIELDS: fields}


class TextFormatter(logging.Formatter):
    """A line for people; fields follow the message as ``name=value``, those that are None not."""

    def __init__(self) -> None:
        super().__init__(_TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        """The line without a traceback."""
        shown = (
            f" {name}={_word(value)}" for name, value in _fields_of(record) if value is not None
        )
        return super().formatMessage(record) + "".join(shown)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (ISO 8601, UTC), level, logger, message, and any traceback.

    Fields are entries beside these.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **dict(_fields_of(record)),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(form: Literal["text", "json"], level: str) -> None:
    """Send log lines of ``level`` and above to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Alembic names each of its own parts whenever a database is migrated.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    # discord.py tells every request at DEBUG, addresses with interaction tokens among them.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))


def _fields_of(record: logging.LogRecord) -> list[tuple[str, Any]]:
    return list(getattr(record, _FIELDS, {}).items())


def _word(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text else text
