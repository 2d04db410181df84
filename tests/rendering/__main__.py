"""Ask the real bot on the local Discord, and photograph what it answers.

python -m tests.rendering --artifacts STORE --out FOLDER [--theme light]
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

from bot.client import CrossfadeBot
from bot.services import open_server_settings, open_services
from bot.settings import load_settings
from tests.discord_double import world
from tests.discord_double.server import DiscordDouble
from tests.rendering.page import Theme, page
from tests.rendering.photograph import photograph
from tests.rendering.scenes import SCENES
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.songs import CATALOGUE


def main() -> int:
    """Write ``<scene>.html`` and ``<scene>.png`` for each scene."""
    parser = argparse.ArgumentParser(prog="python -m tests.rendering", description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="a store folder")
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--theme", choices=get_args(Theme), default="dark")
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_photograph_all(options))
    return 0


async def _photograph_all(options: argparse.Namespace) -> None:
    async with (
        DiscordDouble([world.guild(0), world.guild(1)]) as discord,
        LrclibDouble(CATALOGUE) as lrclib,
        _bot(discord, lrclib, options),
    ):
        for name in options.scenes:
            shots = await SCENES[name](discord)
            shown = page(shots, options.theme)
            (options.out / f"{name}.html").write_text(shown, "utf-8")
            await asyncio.to_thread(photograph, shown, options.out / f"{name}.png")
            print(options.out / f"{name}.png", flush=True)


@asynccontextmanager
async def _bot(
    discord: DiscordDouble, lrclib: LrclibDouble, options: argparse.Namespace
) -> AsyncGenerator[None]:
    settings = load_settings(
        discord_token=discord.token,
        artifacts=options.artifacts,
        lrclib_url=lrclib.address,
        database_url=f"sqlite:///{options.out / 'photographs.sqlite3'}",
    )
    async with open_services(settings) as services, open_server_settings(settings) as chosen:
        bot = CrossfadeBot(settings=settings, services=services, server_settings=chosen)
        with discord.route_client():
            async with bot:
                serving = asyncio.create_task(bot.start(settings.require_token()))
                await discord.wait_ready()
                yield
            await serving


if __name__ == "__main__":
    sys.exit(main())
