"""Fetching the published Last.fm data: resumable, checked, bounded in time and size.

What has arrived is kept beside the destination with the suffix ``.part``, so that a download which
was cut off goes on where it stopped. The destination appears only after its checksum was right.
"""

import asyncio
import errno
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from model.errors import DownloadError
from model.partial_file import PartialFile, has_checksum

URL = "https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"
SHA256 = "6738f48195667ff03caaab4d32ca9a3133d8cc026b7c3cdaf6ce1010e913c59c"
LICENCE = (
    "The Last.fm data (HetRec 2011, GroupLens) may be used for non-commercial purposes only; "
    "publications must cite Last.fm (https://www.last.fm) and HetRec 2011 "
    "(https://ir.ii.uam.es/hetrec2011)."
)

_MEGABYTE = 2**20
_ZIP_START = b"PK"
_LATER = "try again later, or set DATASET_URL to another copy"
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_WORTH_RETRYING = frozenset({429, 500, 502, 503, 504})

Report = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes in all (None while unknown)."""


@dataclass(frozen=True)
class Limits:
    """What bounds a download.

    Attributes:
        total_s: seconds for everything, retries included.
        connect_s: seconds until a connection stands.
        silence_s: seconds without a byte after which a connection counts as cut.
        size: bytes.
        attempts: how often a cut connection or a busy server is tried in all.
        pause_s: seconds before the second attempt, doubled for each further one.
    """

    total_s: float = 300.0
    connect_s: float = 10.0
    silence_s: float = 30.0
    size: int = 64 * _MEGABYTE
    attempts: int = 4
    pause_s: float = 1.0


class _CutOffError(Exception):
    """What may go better when tried again: the connection broke, or the server was busy."""


def download_dataset(
    url: str,
    destination: Path,
    *,
    console: Console | None = None,
    sha256: str = SHA256,
    limits: Limits | None = None,
) -> Path:
    """Fetch the published zip to ``destination`` and return that path.

    Nothing is fetched when the destination is already the file wanted.

    Args:
        url: the address of the zip.
        destination: the file to make; its folder is made too.
        console: where a progress bar is drawn; none when left out.
        sha256: the checksum (hex) that the file must have.
        limits: of time and size.

    Raises:
        DownloadError: it could not be had; says why and what to do.
    """
    limits = limits or Limits()
    with _named_faults(url, limits):
        if has_checksum(destination, sha256):
            return destination
    if destination.is_dir():
        raise DownloadError("is a folder", where=str(destination), mend="name the file to make")
    with _bar(console) as report:
        asyncio.run(fetch(url, destination, report=report, sha256=sha256, limits=limits))
    return destination


async def fetch(
    url: str,
    destination: Path,
    *,
    report: Report,
    sha256: str = SHA256,
    limits: Limits | None = None,
) -> None:
    """As ``download_dataset``, inside a running event loop and always over the network."""
    limits = limits or Limits()
    timeout = aiohttp.ClientTimeout(
        total=None, connect=limits.connect_s, sock_read=limits.silence_s
    )
    with _named_faults(url, limits):
        part = PartialFile(destination)
        async with (
            asyncio.timeout(limits.total_s),
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
        ):
            resumed = await _fill(session, url, part, report, limits)
            if resumed and not part.is_whole(sha256):
                part.discard()  # its beginning came from another file
                await _fill(session, url, part, report, limits)
        if not part.is_whole(sha256):
            part.discard()
            raise DownloadError(
                "is not the published file (wrong checksum)", where=url, mend=_LATER
            )
        part.publish()


async def _fill(
    session: aiohttp.ClientSession, url: str, part: PartialFile, report: Report, limits: Limits
) -> bool:
    """Fetch until the part is whole; True when it goes back to what was here before."""
    resumed = part.size() > 0
    retrying = AsyncRetrying(
        stop=stop_after_attempt(limits.attempts),
        wait=wait_exponential(multiplier=limits.pause_s),
        retry=retry_if_exception_type(_CutOffError),
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            await _receive(session, url, part, report, limits)
    return resumed


async def _receive(
    session: aiohttp.ClientSession, url: str, part: PartialFile, report: Report, limits: Limits
) -> None:
    have = part.size()
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        async with session.get(url, headers=headers) as response:
            total = _check(response, part, have, limits)
            have = part.size()
            if total is not None and have >= total:
                return
            async for chunk in response.content.iter_chunked(64 * 1024):
                if have == 0 and not _ZIP_START.startswith(chunk[:2]):
                    raise DownloadError("is no zip file", where=url, mend=_LATER)
                have += len(chunk)
                if have > limits.size:
                    part.discard()
                    raise _too_large(url, limits)
                part.append(chunk)
                report(have, total)
    except aiohttp.SocketTimeoutError as error:
        raise _CutOffError("sends nothing any more") from error
    except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError) as error:
        raise _CutOffError("cuts the connection off") from error
    except aiohttp.ClientOSError as error:
        if isinstance(error, aiohttp.ClientConnectorError):
            raise
        raise _CutOffError("cuts the connection off") from error


def _check(
    response: aiohttp.ClientResponse, part: PartialFile, have: int, limits: Limits
) -> int | None:
    """Judge an answer by its head, make the part fit it, and return the whole size if known."""
    url = str(response.url)
    if response.status == 416:
        if response.headers.get("Content-Range") == f"bytes */{have}":
            return have
        part.discard()
        raise _CutOffError("has another file than before")
    if response.status in _WORTH_RETRYING:
        raise _CutOffError(f"answers {response.status} {response.reason}")
    if response.status not in {200, 206}:
        mend = "set DATASET_URL to a copy of the data"
        raise DownloadError(f"answers {response.status} {response.reason}", where=url, mend=mend)
    if response.content_type == "text/html":
        mend = "sign in to your network, or set DATASET_URL to a copy of the data"
        raise DownloadError("is a web page instead of a zip file", where=url, mend=mend)
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    continues = response.status == 206 and found is not None and int(found[1]) == have
    if response.status == 206 and not continues:
        part.discard()
        raise _CutOffError("sends another part than was asked for")
    if not continues:
        part.empty()
        total = response.content_length
    else:
        total = None if found is None or found[2] == "*" else int(found[2])
    if total is not None and total > limits.size:
        part.discard()
        raise _too_large(url, limits)
    return total


def _too_large(url: str, limits: Limits) -> DownloadError:
    size = f"{limits.size / _MEGABYTE:.0f} MB"
    return DownloadError(f"is larger than {size}, so not the data", where=url, mend=_LATER)


@contextmanager
def _named_faults(url: str, limits: Limits) -> Generator[None]:
    """Turn every failure into a DownloadError of one line."""
    online = "connect to the internet, or fetch the file by hand and give --data PATH"
    try:
        yield
    except aiohttp.ClientConnectorDNSError as error:
        problem = f"the name {error.host} cannot be resolved"
        raise DownloadError(problem, where=url, mend=online) from error
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError) as error:
        mend = "check the clock and your network's certificates"
        raise DownloadError("its certificate is not trusted", where=url, mend=mend) from error
    except aiohttp.ClientConnectorError as error:
        problem = f"no connection to {error.host} ({error.os_error.strerror})"
        raise DownloadError(problem, where=url, mend=online) from error
    except aiohttp.ConnectionTimeoutError as error:
        problem = f"no connection within {limits.connect_s:.0f} s"
        raise DownloadError(problem, where=url, mend=online) from error
    except _CutOffError as error:
        raise DownloadError(f"the server {error}", where=url, mend=_LATER) from error
    except TimeoutError as error:
        problem = f"not finished within {limits.total_s:.0f} s"
        mend = "run the same again: it goes on where it stopped"
        raise DownloadError(problem, where=url, mend=mend) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError) as error:
        # The address may be a proxy's or where a redirect leads; only the first fault names it.
        where = str(error.url) if isinstance(error, aiohttp.InvalidURL) else url
        mend = "check DATASET_URL, --url and the proxy settings"
        raise DownloadError("is no web address", where=where, mend=mend) from error
    except aiohttp.ClientError as error:
        raise DownloadError(f"cannot be fetched ({error})", where=url, mend=_LATER) from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        problem = "the disk is full" if full else f"cannot be written ({error.strerror})"
        mend = "free some space" if full else "check the folder's permissions"
        raise DownloadError(problem, where=str(error.filename or ""), mend=mend) from error


def _unseen(have: int, total: int | None) -> None:
    """Report to nobody."""


@contextmanager
def _bar(console: Console | None) -> Generator[Report]:
    if console is None:
        yield _unseen
        return
    columns = (TextColumn("Last.fm data"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("download", total=None)
        yield lambda have, total: progress.update(task, completed=have, total=total)
