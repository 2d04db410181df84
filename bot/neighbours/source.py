"""The protocol of a source of neighbours, and the weather words that all sources share."""

from typing import Protocol

from bot.errors import (
    NeighbourError,
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
    SourceUnavailableError,
)
from bot.language import Phrase, lazy_gettext
from bot.lyrics.provider import retry_after_seconds, try_again
from bot.neighbours.records import Neighbours

NAME_LIMIT = 300
"""Characters of a name that are taken over from a source."""

MOST_NEIGHBOURS = 100

_FORBIDDEN = frozenset({403, 451})


class NeighbourSource(Protocol):
    """Knows who is near whom."""

    @property
    def name(self) -> str:
        """The source's name as members know it."""
        ...

    async def neighbours(self, name: str) -> Neighbours | None:
        """The artist of this name and who is near; None when the source really has no such artist.

        Raises:
            NeighbourError: the source cannot be asked.
        """
        ...


def unavailable(source: str, problem: Phrase) -> SourceUnavailableError:
    """The error for a source that is down or cannot be understood."""
    return SourceUnavailableError(
        problem, where=source, mend=lazy_gettext("try again in a few minutes")
    )


def too_slow(source: str) -> SourceUnavailableError:
    """The error for a source that did not answer before its deadline."""
    return unavailable(source, lazy_gettext("does not answer in time"))


def unreadable(source: str) -> SourceUnavailableError:
    """The error for an answer that is not what was agreed."""
    return unavailable(source, lazy_gettext("answers something that cannot be read"))


def busy(source: str) -> SourceBusyError:
    """The error for a look-up whose turn does not come soon enough."""
    return SourceBusyError(
        lazy_gettext("too many look-ups at the same moment"),
        where=source,
        mend=lazy_gettext("try again in a few seconds"),
    )


def key_refused(source: str, setting: str) -> SourceBlockedError:
    """The error for a key or token that the source does not take."""
    return SourceBlockedError(
        lazy_gettext("refuses the key of this bot"),
        where=source,
        mend=lazy_gettext("an admin can renew {setting}", setting=setting),
    )


def asked_too_often(source: str, retry_after: str | None = None) -> SourceRateLimitedError:
    """The error for a source that asks for a pause."""
    seconds = retry_after_seconds(retry_after)
    return SourceRateLimitedError(
        lazy_gettext("is asked too often"),
        where=source,
        mend=try_again(seconds),
        retry_after=seconds,
    )


def outage(source: str, status: int) -> NeighbourError:
    """The error for an HTTP status that is neither success, "too often" nor "no such artist"."""
    if status in _FORBIDDEN:
        return SourceBlockedError(
            lazy_gettext("refuses this machine (HTTP {status})", status=status), where=source
        )
    return unavailable(source, lazy_gettext("is not working (HTTP {status})", status=status))
