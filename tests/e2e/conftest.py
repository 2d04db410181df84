"""The real bot, logged in to the local Discord, with loopback services and a hand-made artifact."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.client import CrossfadeBot
from bot.limits import Limits, Rate
from bot.reception import Reception
from bot.services import open_server_settings, open_services
from bot.settings import load_settings
from tests.discord_double import world
from tests.discord_double.interactions import Answer
from tests.discord_double.server import ANSWER_WITHIN_S, DiscordDouble
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.songs import CATALOGUE, Song

VERSE = "Nine grey gulls on the harbour wall\nCount the boats and lose them all"
BALLAD = Song("Ada Brook", "The Long Way Home", "\n\n".join([f"{VERSE} \n{VERSE}"] * 20))

# Where a test brings no double, the outside services refuse the connection at once.
NOBODY_THERE = {
    "musicbrainz_url": "http://127.0.0.1:1",
    "listenbrainz_labs_url": "http://127.0.0.1:1",
    "lastfm_url": "http://127.0.0.1:1",
    "deezer_url": "http://127.0.0.1:1",
}


class Unlimited:
    """Lets tests do more in a second than any member."""

    async def take(self, key: str, rate: Rate, /) -> float:
        return 0.0


Running = Callable[..., AbstractAsyncContextManager[CrossfadeBot]]


def embed(answer: Answer) -> dict[str, Any]:
    """The one embed of the message to be seen."""
    assert answer.message is not None
    (only,) = answer.message["embeds"]
    return only


def labels(answer: Answer) -> list[str]:
    """The labels of the buttons to be seen."""
    assert answer.message is not None
    shown = [one for row in answer.message["components"] for one in row["components"]]
    return [one["label"] for one in shown if "label" in one]


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    """A local Discord that nothing may offend: no refusal, no unknown route, no late answer."""
    async with DiscordDouble([world.guild(0), world.guild(1)]) as discord:
        yield discord
        assert [str(one) for one in discord.rejections] == []
        assert discord.unknown_routes == []
        waited = [one.latency for one in discord.answers]
        assert all(one is not None and one <= ANSWER_WITHIN_S for one in waited), waited


@pytest.fixture
async def lrclib() -> AsyncIterator[LrclibDouble]:
    async with LrclibDouble([*CATALOGUE, BALLAD]) as service:
        yield service


@pytest.fixture
def running(
    double: DiscordDouble, lrclib: LrclibDouble, store: Path, no_stray_settings: None
) -> Running:
    """Logs the bot in until the end of the block; keyword arguments are settings, or the limits."""

    @asynccontextmanager
    async def run(*, limits: Limits | None = None, **chosen: Any) -> AsyncGenerator[CrossfadeBot]:
        given = {"artifacts": store, "lrclib_url": lrclib.address, **NOBODY_THERE} | chosen
        settings = load_settings(discord_token=double.token, **given)
        async with open_services(settings) as services, open_server_settings(settings) as chosen_by:
            bot = CrossfadeBot(
                settings=settings,
                services=services,
                server_settings=chosen_by,
                reception=Reception(limits=Unlimited() if limits is None else limits),
            )
            with double.route_client():
                async with bot:
                    task = asyncio.create_task(bot.start(settings.require_token()))
                    ready = asyncio.create_task(double.wait_ready())
                    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
                    if task.done():
                        ready.cancel()
                        task.result()
                    await ready
                    yield bot
                await task

    return run


@pytest.fixture
async def bot(running: Running) -> AsyncIterator[CrossfadeBot]:
    async with running() as bot:
        yield bot
