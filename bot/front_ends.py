"""What answers members: Discord or a terminal, each over the same services."""

import asyncio
import contextlib
from collections.abc import Generator
from functools import partial

import discord

from bot.client import CrossfadeBot
from bot.console import run_console
from bot.ending import until_asked_to_end
from bot.errors import SettingsError
from bot.health import serving_health
from bot.language import speak
from bot.logs import set_up_logging
from bot.memory import return_large_blocks
from bot.model_watch import watching
from bot.reception import Reception
from bot.services import open_server_settings, open_services
from bot.settings import PORTAL, Settings, load_settings
from bot.sharing import open_shared
from bot.supervising import Supervised
from model.errors import CrossfadeError

# Codes with which Discord's gateway closes a connection for good.
_TOKEN_REFUSED = 4004
_INTENTS_REFUSED = 4014
_SHARDS_REFUSED = frozenset({4010, 4011})


def run(*, console: bool) -> None:
    """Answer until the front end is left.

    Raises:
        CrossfadeError: wrong settings, no artifact, or Discord cannot be used.
        KeyboardInterrupt: Ctrl-C.
    """
    return_large_blocks()
    settings = load_settings()
    speak(settings.locale)
    if console:
        set_up_logging(settings.log_format, "WARNING")
        serving = _serve_terminal(settings)
    else:
        token = settings.require_token()
        set_up_logging(settings.log_format, settings.log_level)
        serving = _serve_discord(settings, token)
    try:
        asyncio.run(serving)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _serve_terminal(settings: Settings) -> None:
    async with open_services(settings) as services:
        await run_console(services)


async def _serve_discord(settings: Settings, token: str) -> None:
    async with (
        open_shared(settings) as shared,
        open_services(settings, shared) as services,
        open_server_settings(settings) as chosen,
        watching(settings.artifacts, services.model) as watch,
    ):
        reception = Reception(limits=shared.limits)
        supervised = Supervised(
            partial(
                CrossfadeBot,
                settings=settings,
                services=services,
                server_settings=chosen,
                reception=reception,
            ),
            retried=partial(services.counts.retry, "login"),
        )
        health = serving_health(
            settings.health_port,
            bot=lambda: supervised.bot,
            reception=reception,
            model=services.model,
            watch=watch,
            remembered=services.remembered,
            counts=services.counts,
        )
        async with health:
            with _refusals_in_one_line():
                await until_asked_to_end(supervised.serve(token), reception.under_way)


@contextlib.contextmanager
def _refusals_in_one_line() -> Generator[None]:
    try:
        yield
    except discord.LoginFailure:
        raise _token_refused() from None
    except discord.ConnectionClosed as error:
        raise _closed_for_good(error.code) from error
    except discord.PrivilegedIntentsRequired as error:
        raise _closed_for_good(_INTENTS_REFUSED) from error
    except discord.HTTPException as error:
        raise CrossfadeError(
            f"Discord refuses to work with this bot (HTTP {error.status}, code {error.code})",
            mend="see https://discordstatus.com and start again",
        ) from error


def _token_refused() -> SettingsError:
    return SettingsError(
        "Discord refuses this token",
        where="DISCORD_TOKEN",
        mend=f"copy a new one from {PORTAL} → your application → Bot → Reset Token",
    )


def _closed_for_good(code: int) -> CrossfadeError:
    if code == _TOKEN_REFUSED:
        return _token_refused()
    if code in _SHARDS_REFUSED:
        return SettingsError(
            f"Discord refuses these shards (close code {code})",
            where="SHARD_COUNT",
            mend="raise it, or leave SHARD_IDS and SHARD_COUNT empty",
        )
    return CrossfadeError(
        f"Discord closed the connection for good (close code {code})",
        mend="see https://discordstatus.com and start again",
    )
