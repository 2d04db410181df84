"""Two processes of one bot, two shards each, on one Discord and one database."""

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.limits import MEMBER_RATE
from tests.conftest import Environment
from tests.discord_double import world
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.e2e.processes import Process, rest_of_log, starter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="ends the processes by SIGTERM"),
]


@dataclass
class Both:
    """A Discord with a server on each of four shards, and who serves them."""

    discord: DiscordDouble
    processes: list[Process]

    async def handled(self) -> list[Counter[tuple[str, int | None]]]:
        """End both; what each says that it handled: command and server, and how often."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        logs = await asyncio.gather(*map(rest_of_log, self.processes))
        assert [process.returncode for process in self.processes] == [0, 0]
        assert "Traceback" not in "".join(logs)
        lines = [[json.loads(line) for line in log.splitlines()] for log in logs]
        assert all(line["level"] == "INFO" for log in lines for line in log), logs
        return [
            Counter((line["command"], line["server"]) for line in log if "command" in line)
            for log in lines
        ]


@pytest.fixture
async def both(store: Path, tmp_path: Path, environment: Environment) -> AsyncIterator[Both]:
    start = starter(store, tmp_path, environment)
    guilds = [world.guild(number) for number in range(4)]
    assert [guild.shard(4) for guild in guilds] == [0, 1, 2, 3]
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordDouble(guilds, shards=4))
        shared = {"SHARD_COUNT": "4", "DATABASE_URL": f"sqlite:///{tmp_path}/shared.sqlite3"}
        processes = [
            await stack.enter_async_context(
                start(discord, SHARD_IDS=shards, LOG_FORMAT="json", **shared)
            )
            for shards in ("0,1", "2,3")
        ]
        await discord.wait_ready(timeout=30, shards=4)
        await discord.wait_commands("recommend", "about")
        yield Both(discord, processes)
        assert [str(one) for one in discord.rejections] == []


def shown(answer: Answer) -> dict[str, Any]:
    assert answer.message is not None
    return answer.message


async def test_every_server_is_answered_once_and_by_its_own_process(both: Both) -> None:
    discord, guilds = both.discord, both.discord.guilds
    assert {(one.shard, one.shard_count) for one in discord.identified} == {
        *((0, 4), (1, 4), (2, 4), (3, 4))
    }
    for guild in guilds:
        answer = await discord.slash("recommend", {"artist": "Johnny Cash"}, guild=guild)
        pressed = await discord.press(answer.message, label="Why?", user=world.OTIS)
        assert shown(answer)["embeds"]
        assert shown(pressed)
    assert shown(await discord.slash("about", private=True))["embeds"]
    first, second = await both.handled()
    assert first == {
        ("recommend", guilds[0].id): 2,
        ("recommend", guilds[1].id): 2,
        ("about", None): 1,
    }
    assert second == {("recommend", guild.id): 2 for guild in guilds[2:]}


async def test_what_a_member_does_in_one_process_counts_in_the_other(both: Both) -> None:
    discord, here, there = both.discord, both.discord.guilds[0], both.discord.guilds[3]
    began = time.monotonic()
    done: Counter[int] = Counter()
    for _ in range(MEMBER_RATE.times):
        for guild in (here, there):
            answer = await discord.slash("about", guild=guild)
            done[guild.id] += not shown(answer)["content"].startswith("You are quick")
    most = MEMBER_RATE.times * (1 + (time.monotonic() - began) / MEMBER_RATE.seconds)
    other = await discord.slash("about", guild=there, user=world.OTIS)
    assert not shown(other)["content"]
    await both.handled()
    # Each process by itself would let all of them through.
    assert MEMBER_RATE.times <= done.total() <= most + 1e-3, done
    assert min(done.values()) >= 1
