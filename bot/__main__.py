"""Start the bot: ``python -m bot``, or ``python -m bot --console`` for the terminal."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

import aiohttp
import discord

from bot.client import CrossfadeBot
from bot.console import run_console
from bot.errors import SettingsError
from bot.logs import set_up_logging
from bot.services import open_services
from bot.settings import PORTAL, Settings, load_settings
from model.errors import CrossfadeError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 2 wrong settings or artifact."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Crossfade, the bot.")
    parser.add_argument(
        "--console", action="store_true", help="answer in this terminal instead of Discord"
    )
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        if options.console:
            set_up_logging(settings.log_format, "WARNING")
            asyncio.run(_serve_terminal(settings))
        else:
            token = settings.require_token()
            set_up_logging(settings.log_format, settings.log_level)
            asyncio.run(_serve_discord(settings, token))
    except CrossfadeError as error:
        print(f"crossfade: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED
    return 0


async def _serve_terminal(settings: Settings) -> None:
    async with open_services(settings) as services:
        await run_console(services)


async def _serve_discord(settings: Settings, token: str) -> None:
    async with open_services(settings) as services:
        bot = CrossfadeBot(settings=settings, services=services)
        _end_on_sigterm(bot)
        async with bot:
            try:
                await bot.start(token)
            except discord.LoginFailure:
                raise SettingsError(
                    "Discord refuses this token",
                    where="DISCORD_TOKEN",
                    mend=f"copy a new one from {PORTAL} → your application → Bot → Reset Token",
                ) from None
            except (aiohttp.ClientConnectionError, TimeoutError) as error:
                raise CrossfadeError(
                    f"Discord cannot be reached ({error})", mend="check the network and start again"
                ) from error


def _end_on_sigterm(bot: CrossfadeBot) -> None:
    """Close the bot in order when the system asks; Windows has no such signal in asyncio."""
    loop = asyncio.get_running_loop()
    closing: set[asyncio.Task[None]] = set()
    try:
        loop.add_signal_handler(signal.SIGTERM, lambda: closing.add(loop.create_task(bot.close())))
    except NotImplementedError:
        return


if __name__ == "__main__":
    sys.exit(main())
