"""A local Discord with a crowd in a process of its own: ``python -m tests.load``.

Prints one JSON line with its addresses and the token. For each line of orders on its standard
input the crowd uses the bot, and a line tells what came of it. Ends with its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict

from tests.discord_double.server import DiscordDouble
from tests.load.crowd import Crowd, places
from tests.load.records import Orders


async def serve(servers: int, *, check_bodies: bool) -> None:
    """Serve until standard input ends."""
    async with DiscordDouble(places(servers), check_bodies=check_bodies) as discord:
        # As after every start but the first, at which the bot looks through all servers.
        discord.registry.replace([{"name": "about", "description": "Of an earlier start"}], None)
        _say({"rest": discord.rest_url, "gateway": discord.gateway_url, "token": discord.token})
        while line := await asyncio.to_thread(sys.stdin.readline):
            given = json.loads(line)
            crowd = Crowd(discord, Orders(**given | {"names": tuple(given["names"])}))
            seen = await crowd.use_the_bot()
            refused = [str(one) for one in discord.rejections]
            told = [asdict(one) for one in seen]
            _say({"interactions": told, "behind": crowd.behind, "refused": refused})


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--servers", type=int, default=10, help="how many the bot is in")
    parser.add_argument(
        "--check-bodies", action="store_true", help="against Discord's document, which takes long"
    )
    given = parser.parse_args()
    asyncio.run(serve(given.servers, check_bodies=given.check_bodies))


if __name__ == "__main__":
    main()
