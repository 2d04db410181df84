"""Run a local Discord in its own process: ``python -m tests.discord_double``.

Prints one JSON line with its addresses and the token, and serves until its standard input ends
or ``--seconds`` have passed. At the address ``control`` another process can drive it and set the
weather: ``control.py`` tells how, ``remote.py`` does it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import threading

from tests.discord_double import world
from tests.discord_double.control import controlled
from tests.discord_double.server import DiscordDouble


async def serve(seconds: float, guilds: int, shards: int) -> None:
    """Serve until standard input ends, but no longer than ``seconds``."""
    places = [world.guild(index) for index in range(guilds)]
    async with (
        DiscordDouble(places, shards=shards) as discord,
        controlled(discord) as control,
    ):
        where = {
            "rest": discord.rest_url,
            "gateway": discord.gateway_url,
            "token": discord.token,
            "control": control,
        }
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def read_to_the_end() -> None:
            sys.stdin.read()
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=read_to_the_end, daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord_double", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="stop after so long")
    parser.add_argument("--guilds", type=int, default=1, help="how many guilds there are")
    parser.add_argument("--shards", type=int, default=1, help="how many shards are recommended")
    given = parser.parse_args()
    asyncio.run(serve(given.seconds, given.guilds, given.shards))


if __name__ == "__main__":
    main()
