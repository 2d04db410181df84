"""Answers that are sent again as long as Discord takes them.

discord.py waits 1, 3 and 5 s between attempts, longer than an interaction may wait for its first
response. It gives up at once when a connection breaks, and at a 429 that does not name a proxy.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, cast

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_before_delay,
    wait_exponential_jitter,
)

from bot.responses import was_answered

FIRST_S = 3.0
"""How long Discord waits for the first response to an interaction."""
FURTHER_S = 15 * 60.0
"""How long its token lets what follows be sent."""

# An answer that takes longer may have been lost, and then there is time for another attempt.
_FIRST_ATTEMPT_S = 1.2
_FURTHER_ATTEMPT_S = 10.0
# The shortest pause between attempts, the longest within three seconds, and the longest.
_PAUSE_S, _FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 0.25, 5.0


class _CutOffError(Exception):
    """The system's error about a connection; discord.py would wait by itself after some of them."""


class DeliveringAdapter(AsyncWebhookAdapter):
    """Sends responses, followups and edits until they arrive or can arrive no more.

    What Discord says last is raised as discord.py would raise it.

    Args:
        retried: called before each further attempt with why, for example ``HTTP 503``.
    """

    def __init__(self, retried: Callable[[str], None] = lambda _: None) -> None:
        super().__init__()
        self._retried = retried

    def use(self) -> None:
        """Send whatever this task and those that it starts answer from now on."""
        async_context.set(self)

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """As ``AsyncWebhookAdapter.request``."""
        first = route.path.endswith("/callback")
        patience = FIRST_S if first else FURTHER_S
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        number = 0
        checked = cast("aiohttp.ClientSession", _Checked(session))
        retrying = AsyncRetrying(
            retry=retry_if_exception(_may_help_once if _adds(route) else _may_help),
            wait=partial(_pause, _FIRST_PAUSE_S if first else _LONGEST_PAUSE_S),
            stop=stop_before_delay(patience),
            before_sleep=lambda state: self._retried(_why(state)),
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    number = attempt.retry_state.attempt_number
                    for file in given.get("files") or ():
                        file.reset(seek=number - 1)
                    limit = _FIRST_ATTEMPT_S if first and number == 1 else _FURTHER_ATTEMPT_S
                    async with asyncio.timeout_at(min(until, loop.time() + limit)):
                        return await super().request(route, checked, **given)
        except _CutOffError as error:
            raise cast("OSError", error.__cause__) from None
        except discord.HTTPException as error:
            # An attempt before this one arrived, and only the word about it was lost.
            if first and was_answered(error) and number > 1:
                return {"interaction": {"id": str(route.webhook_id)}}
            raise


class _Checked:
    """A session that raises what may go better the next time before discord.py waits for it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(
        self, method: str, url: str, **given: Any
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(method, url, **given) as response:
                if response.status >= 500:
                    raise discord.DiscordServerError(response, await response.text())
                if response.status == 429:
                    raise discord.HTTPException(response, await response.text())
                yield response
        except TimeoutError:
            raise
        except OSError as error:
            raise _CutOffError from error


def _adds(route: Route) -> bool:
    """Whether a second one would stand beside the first."""
    return route.method == "POST" and not route.path.endswith("/callback")


def _may_help(error: BaseException) -> bool:
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, _CutOffError | aiohttp.ClientError | TimeoutError)


def _may_help_once(error: BaseException) -> bool:
    """Only where the last attempt surely had no effect."""
    if isinstance(error, discord.HTTPException):
        return error.status in {429, 503}
    return isinstance(error, _CutOffError) and isinstance(
        error.__cause__, aiohttp.ClientConnectorError
    )


def _pause(longest: float, state: RetryCallState) -> float:
    error = None if state.outcome is None else state.outcome.exception()
    if isinstance(error, discord.HTTPException) and error.status == 429:
        return _told_to_wait(error)
    return wait_exponential_jitter(multiplier=_PAUSE_S, max=longest, jitter=_PAUSE_S)(state)


def _told_to_wait(error: discord.HTTPException) -> float:
    # The body says it exactly, the header in whole seconds; Cloudflare sends no such body.
    with suppress(ValueError, KeyError, TypeError):
        return max(float(json.loads(error.text)["retry_after"]), _PAUSE_S)
    with suppress(ValueError, KeyError):
        return max(float(error.response.headers["Retry-After"]), _PAUSE_S)
    return _LONGEST_PAUSE_S


def _why(state: RetryCallState) -> str:
    error = None if state.outcome is None else state.outcome.exception()
    if isinstance(error, discord.HTTPException):
        return f"HTTP {error.status}"
    return "no answer in time" if isinstance(error, TimeoutError) else "connection broken"
