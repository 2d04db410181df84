import http.client
import socket
import ssl
from unittest.mock import Mock

import aiohttp
import pytest

from bot.connection_faults import for_the_log, in_words

_KEY = Mock(host="music.example", port=443, ssl=True)


def connecting(error: OSError) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(_KEY, error)


def following(cause: Exception) -> Exception:
    """An error of a library that stands before the one that tells."""
    error = RuntimeError("Max retries exceeded with url: /search?q=secret")
    error.__cause__ = OSError("something between")
    error.__cause__.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "does not answer in time"),
        (aiohttp.ServerTimeoutError(), "does not answer in time"),
        (connecting(TimeoutError()), "does not answer in time"),
        (connecting(ConnectionRefusedError(111, "x")), "the connection is refused"),
        (following(ConnectionRefusedError(111, "x")), "the connection is refused"),
        (
            aiohttp.ClientConnectorDNSError(_KEY, socket.gaierror(-2, "x")),
            "its address is not found",
        ),
        (following(socket.gaierror(-2, "x")), "its address is not found"),
        (aiohttp.ClientConnectorCertificateError(_KEY, ssl.CertificateError()), "trusted"),
        (following(ssl.SSLCertVerificationError("self-signed")), "trusted"),
        (aiohttp.ServerDisconnectedError(), "breaks off its answer"),
        (aiohttp.ClientPayloadError(), "breaks off its answer"),
        (aiohttp.ClientOSError(104, "reset"), "cannot be reached"),
        (following(ConnectionResetError(104, "x")), "breaks off its answer"),
        (following(http.client.IncompleteRead(b"{")), "breaks off its answer"),
        (aiohttp.InvalidURL("http://a..b"), "cannot be reached"),
        (RuntimeError("secret"), "cannot be reached"),
    ],
)
def test_a_fault_is_said_in_words_without_its_details(error: Exception, said: str) -> None:
    words = in_words(error)
    assert said in words
    assert "Error" not in words
    assert "secret" not in words
    assert "music.example" not in words


def test_the_log_gets_the_kinds_of_the_whole_chain_and_no_text() -> None:
    error = following(ConnectionRefusedError(111, "secret"))
    assert for_the_log(error) == "RuntimeError, OSError, ConnectionRefusedError 111"


def test_faults_that_point_at_each_other_end() -> None:
    one, other = ValueError(), ValueError()
    one.__context__, other.__context__ = other, one
    assert in_words(one) == "cannot be reached"
