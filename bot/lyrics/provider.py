"""The protocol of a lyrics provider, and the weather words that all providers share."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from bot.connection_faults import for_the_log, in_words
from bot.errors import (
    LyricsError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
)
from bot.language import Phrase, lazy_gettext
from bot.lyrics.records import Candidate, Lyrics, LyricsQuery
from model.errors import CrossfadeError

MAX_BODY_BYTES = 1_000_000
NAME_LIMIT = 300
# Judging a song takes a fraction of a millisecond on the event loop; what fits an answer is many
# thousands, and none of the services offers half as many as this.
MOST_OFFERED = 50
_MAX_RETRY_AFTER = 3600.0
_FORBIDDEN = frozenset({403, 451})

_log = logging.getLogger(__name__)


class NoWordsError(CrossfadeError):
    """A candidate turned out to have no words: the page is gone or empty."""


class LyricsProvider(Protocol):
    """A source of lyrics.

    ``search`` and ``fetch`` raise a :class:`~bot.errors.LyricsError` when the provider cannot be
    asked; an empty search means that the provider really does not have the song.
    """

    @property
    def name(self) -> str:
        """The provider's name as members know it."""
        ...

    async def search(self, query: LyricsQuery) -> Sequence[Candidate]:
        """Songs that may be the one asked for; the caller judges them.

        Raises:
            LyricsError: the provider cannot be asked.
        """
        ...

    async def fetch(self, candidate: Candidate) -> Lyrics:
        """The words of one candidate of this provider.

        Raises:
            LyricsError: the provider cannot be asked.
            NoWordsError: there are none after all.
        """
        ...

    async def aclose(self) -> None:
        """Let go of what the provider itself holds, without waiting for what hangs."""
        ...


def too_slow(provider: str) -> ProviderUnavailableError:
    """The error for a provider that did not answer before its deadline."""
    return unavailable(provider, lazy_gettext("does not answer in time"))


def unavailable(provider: str, problem: Phrase) -> ProviderUnavailableError:
    """The error for a provider that is down or cannot be understood."""
    return ProviderUnavailableError(
        problem, where=provider, mend=lazy_gettext("try again in a few minutes")
    )


def unreachable(provider: str, error: Exception) -> ProviderUnavailableError:
    """The error for a connection that could not be made or broke; the log gets its details."""
    _log.info("%s cannot be asked: %s", provider, for_the_log(error))
    return unavailable(provider, in_words(error))


def unreadable(provider: str, error: Exception) -> ProviderUnavailableError:
    """The error for an answer that is not what was agreed; the log gets its kind."""
    _log.info("%s cannot be understood: %s", provider, for_the_log(error))
    return unavailable(provider, lazy_gettext("answers something that cannot be read"))


def outage(provider: str, status: int, retry_after: str | None) -> LyricsError:
    """The error for an HTTP status that is neither success nor an honest "no such song"."""
    if status == 401:
        return ProviderBlockedError(
            lazy_gettext("refuses the token of this bot"),
            where=provider,
            mend=lazy_gettext("an admin can renew it"),
        )
    if status in _FORBIDDEN:
        return ProviderBlockedError(
            lazy_gettext("refuses this machine (HTTP {status})", status=status), where=provider
        )
    if status == 429:
        seconds = retry_after_seconds(retry_after)
        return ProviderRateLimitedError(
            lazy_gettext("is asked too often"),
            where=provider,
            mend=try_again(seconds),
            retry_after=seconds,
        )
    return unavailable(provider, lazy_gettext("is not working (HTTP {status})", status=status))


def try_again(seconds: float | None) -> Phrase:
    """When to come back to a service that asked for a pause; None when it did not say how long."""
    if seconds is None:
        return lazy_gettext("try again in a few minutes")
    return lazy_gettext("try again in {seconds} s", seconds=max(1, round(seconds)))


def retry_after_seconds(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, at most an hour; None if it says nothing."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            when = parsedate_to_datetime(header)
        except (ValueError, OverflowError):  # the second from a zone of very many digits
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        seconds = (when - datetime.now(UTC)).total_seconds()
    if seconds != seconds:  # noqa: PLR0124  "nan" parses as a float
        return None
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER)
