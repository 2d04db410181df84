"""Faults: those that the local Discord tells its client, and those that it tells the test.

RefusedError             the client is told (HTTP status, Discord's code, field errors)
DoubleError              the test is told
├── NotOfferedError      Discord's own client would not let the member do this
├── NoAnswerError        the bot did not answer in time
└── NotConnectedError    no bot is logged in on the shard that should receive the event
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.discord_double.records import FieldError, Json


class DoubleError(Exception):
    """A test asked for something impossible, or waited in vain."""


class NotOfferedError(DoubleError):
    """Discord's own client would not let the member do this."""


class NoAnswerError(DoubleError):
    """The bot did not answer in time."""


class NotConnectedError(DoubleError):
    """No bot is logged in on the shard that should receive the event."""


class RefusedError(Exception):
    """An error answer in Discord's shape."""

    def __init__(
        self, status: int, code: int, message: str, errors: Iterable[FieldError] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = tuple(errors)

    def to_json(self) -> Json:
        """Return the body of the answer; field errors nest by path and end in ``_errors``."""
        answer: Json = {"message": self.message, "code": self.code}
        if self.errors:
            answer["errors"] = _nested(self.errors)
        return answer


def invalid_form(errors: Iterable[FieldError]) -> RefusedError:
    """Return the refusal of a body that breaks the rules."""
    return RefusedError(400, 50035, "Invalid Form Body", errors)


def unknown_interaction() -> RefusedError:
    """Return the refusal of an interaction that is not there or was left unanswered too long."""
    return RefusedError(404, 10062, "Unknown interaction")


def already_acknowledged() -> RefusedError:
    """Return the refusal of a second initial response."""
    return RefusedError(400, 40060, "Interaction has already been acknowledged.")


def unknown_webhook() -> RefusedError:
    """Return the refusal of a token that nothing was ever sent with."""
    return RefusedError(404, 10015, "Unknown Webhook")


def expired_token() -> RefusedError:
    """Return the refusal of an interaction token after its 15 minutes."""
    return RefusedError(401, 50027, "Invalid Webhook Token")


def unknown_message() -> RefusedError:
    """Return the refusal of a message that is not there."""
    return RefusedError(404, 10008, "Unknown Message")


def _nested(errors: Iterable[FieldError]) -> Json:
    tree: Json = {}
    for error in errors:
        node = tree
        for step in error.path.split(".") if error.path else ():
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": error.code, "message": error.message})
    return tree
