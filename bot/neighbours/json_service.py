"""One outside service that answers in JSON: its pace, its deadline and a bound on its answers."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from bot.connection_faults import for_the_log, in_words
from bot.language import lazy_gettext
from bot.limits import Turns
from bot.neighbours.source import busy, too_slow, unavailable

MAX_BODY_BYTES = 1_000_000
_PATIENCE = 2.0
_CHUNK = 65_536

Parameters = Sequence[tuple[str, str]]

_log = logging.getLogger(__name__)


@dataclass
class Allowance:
    """Seconds that the services may still take over one look-up, waiting for turns not counted."""

    seconds: float


@dataclass(frozen=True)
class Reply:
    """What came back, whatever the status.

    Attributes:
        status: of HTTP.
        body: at most ``MAX_BODY_BYTES``.
        retry_after: the header of this name.
    """

    status: int
    body: bytes
    retry_after: str | None


class JsonService:
    """Asks one service, never faster than its rate.

    Args:
        session: the shared HTTP session; the caller closes it.
        name: the service's name as members know it.
        base_url: the service's address without a trailing slash.
        headers: sent with every request.
        turns: shared by everything in the bot that asks this service.
        patience: seconds that a request may wait for its turn.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        name: str,
        base_url: str,
        headers: Mapping[str, str],
        turns: Turns,
        patience: float = _PATIENCE,
    ) -> None:
        self.name = name
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {"Accept": "application/json", **headers}
        self._turns = turns
        self._patience = patience

    async def get(self, path: str, parameters: Parameters, allowance: Allowance) -> Reply:
        """Wait for a turn, then ask; the time that it took is taken off ``allowance``.

        Raises:
            SourceBusyError: no turn came within the patience; the service was not asked.
            SourceUnavailableError: it cannot be reached, is too slow, or sends too much.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError:
            raise busy(self.name) from None
        now = asyncio.get_running_loop().time
        begun = now()
        try:
            async with asyncio.timeout(allowance.seconds):
                return await self._ask(path, parameters)
        except TimeoutError:
            raise too_slow(self.name) from None
        # An address with a key in it must not reach a log, so an error's own text stays out.
        except (aiohttp.ClientError, UnicodeError) as error:
            _log.info("%s: %s", self.name, for_the_log(error))
            raise unavailable(self.name, in_words(error)) from None
        finally:
            allowance.seconds -= now() - begun

    async def _ask(self, path: str, parameters: Parameters) -> Reply:
        async with self._session.get(
            f"{self._base_url}{path}", params=parameters, headers=self._headers, max_redirects=3
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise unavailable(self.name, lazy_gettext("sends more than an answer can hold"))
            return Reply(response.status, bytes(body), response.headers.get("Retry-After"))
