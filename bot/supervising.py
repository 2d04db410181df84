"""Keeps the bot in service whatever Discord or the network does."""

import logging
import time
from collections.abc import Callable

import aiohttp
import discord
from discord.gateway import ReconnectWebSocket
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from bot.client import CrossfadeBot
from bot.connection_faults import for_the_log, in_words

# What discord.py lets through besides: a gateway that wants to be connected to anew before it has
# said hello, a first handshake that is refused, and its own retrying when it goes on for hours.
_LET_THROUGH = (ReconnectWebSocket, AttributeError, RecursionError)
_NETWORK = (discord.GatewayNotFound, aiohttp.ClientError, OSError)
# After so long in service an end is a new misfortune and not the same again.
_IN_SERVICE_S = 300.0

_growing = wait_exponential_jitter(multiplier=1.0, max=60.0, jitter=1.0)

_log = logging.getLogger(__name__)


def passes(error: BaseException) -> bool:
    """Whether an error that ended the bot may be gone after a while."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, _NETWORK + _LET_THROUGH)


class Supervised:
    """A bot that is put in service again, as a new one, until it ends for good.

    Attributes:
        bot: the one that is in service or will be next.

    Args:
        make: makes a bot that was never started.
        pause: seconds before the next one is started.
        retried: called before each further one with why, for example ``HTTP 503``.
    """

    def __init__(
        self,
        make: Callable[[], CrossfadeBot],
        *,
        pause: Callable[[RetryCallState], float] = _growing,
        retried: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.bot = make()
        self._make = make
        self._pause = pause
        self._retried = retried
        self._began = 0.0

    async def serve(self, token: str) -> None:
        """Serve until the bot is closed.

        Raises:
            discord.DiscordException: Discord wants this bot no more.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception(passes), wait=self._wait, before_sleep=self._tell, reraise=True
        )
        async for attempt in retrying:
            with attempt:
                self._began = time.monotonic()
                if attempt.retry_state.attempt_number > 1:
                    self.bot = self._make()
                async with self.bot:
                    await self.bot.start(token)

    def _wait(self, state: RetryCallState) -> float:
        steady = time.monotonic() - self._began > _IN_SERVICE_S
        return 1.0 if steady else self._pause(state)

    def _tell(self, state: RetryCallState) -> None:
        error = None if state.outcome is None else state.outcome.exception()
        if error is not None:
            self._retried(_say(error, f"trying again in {state.upcoming_sleep:.0f} s"))


def _say(error: BaseException, again: str) -> str:
    """Log why the bot ended; returns it in a word or two."""
    if isinstance(error, _LET_THROUGH):
        _log.error("discord.py gave up, %s", again, exc_info=error)
        return "discord.py gave up"
    if isinstance(error, discord.HTTPException):
        _log.warning("Discord answers HTTP %d, %s", error.status, again)
        return f"HTTP {error.status}"
    _log.warning(
        "Discord %s (%s), %s; check the network", in_words(error), for_the_log(error), again
    )
    return "network"
