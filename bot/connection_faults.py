"""What is wrong with a connection to an outside service, in words that a member understands."""

import http.client
import socket
import ssl
from collections.abc import Iterator

import aiohttp

from bot.language import Phrase, lazy_gettext

# The first that fits tells: what stands above is more certain than what stands below.
_WORDS: tuple[tuple[tuple[type[BaseException], ...], Phrase], ...] = (
    ((TimeoutError,), lazy_gettext("does not answer in time")),
    (
        (ConnectionRefusedError,),
        lazy_gettext("cannot be reached, the connection is refused"),
    ),
    ((socket.gaierror,), lazy_gettext("cannot be reached, its address is not found")),
    (
        (ssl.SSLError, ssl.CertificateError),
        lazy_gettext("cannot be trusted, its certificate is not good"),
    ),
    (
        (
            *(ConnectionResetError, BrokenPipeError, http.client.IncompleteRead),
            *(aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError),
        ),
        lazy_gettext("breaks off its answer"),
    ),
)
_UNTOLD = lazy_gettext("cannot be reached")


def in_words(error: BaseException) -> Phrase:
    """A clause to put behind the service's name; the error's own text, names and all, stays out.

    Args:
        error: what a client library raised; the errors that led to it count as well.
    """
    chain = tuple(_chain(error))
    for kinds, words in _WORDS:
        if any(isinstance(one, kinds) for one in chain):
            return words
    return _UNTOLD


def for_the_log(error: BaseException) -> str:
    """The kinds of the error and of those that led to it, without their texts.

    The texts can hold addresses with a key or with what a member asked.
    """
    return ", ".join(_kind(one) for one in _chain(error))


def _kind(error: BaseException) -> str:
    number = error.errno if isinstance(error, OSError) else None
    name = type(error).__name__
    return name if number is None else f"{name} {number}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        # aiohttp keeps what the system said beside its own error.
        if isinstance(following, aiohttp.ClientConnectorError):
            yield following.os_error
        following = following.__cause__ or following.__context__
