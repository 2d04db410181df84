"""lyricsgenius with addresses of its own, bounded answers, and HTTP statuses told apart.

Importing this module imports lyricsgenius, requests and Beautiful Soup, a third of a second; the
provider does so only when Genius is configured.
"""

import io
import time
from collections.abc import Mapping
from typing import Any

import requests
from lyricsgenius import Genius  # pyright: ignore[reportMissingTypeStubs]
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from bot.language import lazy_gettext
from bot.lyrics.provider import (
    MAX_BODY_BYTES,
    outage,
    too_slow,
    unavailable,
    unreachable,
    unreadable,
)
from model.errors import CrossfadeError

NAME = "Genius"
_CHUNK = 65_536
_MAX_REDIRECTS = 3


class NotThereError(CrossfadeError):
    """HTTP 404: for a page it means that the page is gone."""


class GeniusClient(Genius):
    """A lyricsgenius client for the addresses of this instance. Its methods block.

    Args:
        token: a client access token; sent to ``api_url`` only.
        api_url: base address of the API.
        web_url: base address of the pages.
        user_agent: how Crossfade introduces itself.
        timeout: seconds for connecting, for each read, and for a whole answer once it began.
    """

    def __init__(
        self, *, token: str, api_url: str, web_url: str, user_agent: str, timeout: float
    ) -> None:
        super().__init__(access_token=token, sleep_time=0, retries=0, user_agent=user_agent)
        # The library sends its token only when the class is called exactly "Genius".
        self.authorization_header = {"authorization": f"Bearer {token}"}
        self.API_ROOT = f"{api_url}/"
        self.PUBLIC_API_ROOT = f"{web_url}/api/"
        self.WEB_ROOT = f"{web_url}/"
        self._session.max_redirects = _MAX_REDIRECTS
        adapter = _BoundedAdapter(timeout=timeout)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def songs(self, term: str) -> dict[str, Any]:
        """The raw answer of the API's search.

        Raises:
            LyricsError: Genius cannot be asked.
        """
        try:
            return self.search_songs(term)
        except NotThereError:
            raise outage(NAME, 404, None) from None
        except CrossfadeError:
            raise
        except Exception as error:  # noqa: BLE001  a library that asserts: anything may come
            raise _translated(error) from None

    def words(self, path: str) -> str | None:
        """The words on the page at ``path``; None when lyricsgenius finds none there.

        Raises:
            LyricsError: Genius cannot be asked.
            NotThereError: the page is gone.
        """
        try:
            return self.lyrics(song_url=path.removeprefix("/"))
        except CrossfadeError:
            raise
        except Exception as error:  # noqa: BLE001  a library that asserts: anything may come
            raise _translated(error) from None

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()


class _BoundedAdapter(HTTPAdapter):
    """Reads an answer within a time and a size, and raises for a status that is an outage.

    It stands below lyricsgenius, which reads a refusal (403) as a page without lyrics and puts
    whole bodies into its errors.
    """

    def __init__(self, *, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def send(  # noqa: PLR0917  the signature of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        del stream, timeout  # ours are the same for every request
        response = super().send(
            request,
            stream=True,
            timeout=self._timeout,
            verify=verify,
            cert=cert,
            proxies=dict(proxies or {}),
        )
        status = response.status_code
        if status == 404:
            response.close()
            raise NotThereError("is not there", where=NAME)
        if status >= 400:
            response.close()
            raise outage(NAME, status, response.headers.get("Retry-After"))
        response.raw = io.BytesIO(self._body(response))
        return response

    def _body(self, response: requests.Response) -> bytes:
        until = time.monotonic() + self._timeout
        body = bytearray()
        # read1 returns with what has arrived; read would wait for a full chunk of a drip.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                response.close()
                raise unavailable(NAME, lazy_gettext("sends more than a song can hold"))
            if time.monotonic() > until:
                response.close()
                raise too_slow(NAME)
        return bytes(body)


def _translated(error: Exception) -> CrossfadeError:
    """One line without the bodies and headers that lyricsgenius puts into its errors."""
    if isinstance(error, requests.Timeout):
        return too_slow(NAME)
    if isinstance(error, requests.ConnectionError | HTTPError):
        return unreachable(NAME, error)
    return unreadable(NAME, error)
