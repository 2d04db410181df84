"""The small bot as a program: ``python -m tests.discord_double.tiny_main TOKEN``."""

from __future__ import annotations

import asyncio
import sys

from tests.discord_double.tiny_bot import TinyBot


async def main() -> None:
    """Run until standard input ends."""
    bot = TinyBot()
    async with bot:
        task = asyncio.create_task(bot.start(sys.argv[1]))
        await asyncio.to_thread(sys.stdin.read)
        await bot.close()
        await task


if __name__ == "__main__":
    asyncio.run(main())
