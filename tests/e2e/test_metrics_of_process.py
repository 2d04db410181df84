"""What the running bot tells Prometheus after commands, outages and lost connections."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from model.manifest import load_manifest
from model.store import version_folder
from tests.conftest import Environment
from tests.discord_double import world
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.e2e.processes import Process, StartBot, logged, starter
from tests.services_double.deezer import DeezerDouble
from tests.services_double.genius import TOKEN as GENIUS_TOKEN
from tests.services_double.genius import GeniusDouble
from tests.services_double.lastfm_api import KEY as LASTFM_KEY
from tests.services_double.lastfm_api import LastfmDouble
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.musicbrainz import MusicBrainzDouble

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="stops the process by signals"),
    pytest.mark.slow,
]

SONG = {"artist": "The Paper Lanterns", "song": "Harbour at Night"}
UNHEARD = {"artist": "Velvet Meridian"}
Labels = frozenset[tuple[str, str]]


@dataclass
class Outside:
    """The services that the bot asks, each on a loopback address."""

    lrclib: LrclibDouble
    genius: GeniusDouble
    lastfm: LastfmDouble
    musicbrainz: MusicBrainzDouble
    labs: ListenBrainzLabsDouble
    deezer: DeezerDouble

    def settings(self) -> dict[str, str]:
        return {
            "LRCLIB_URL": self.lrclib.address,
            "GENIUS_TOKEN": GENIUS_TOKEN,
            "GENIUS_API_URL": self.genius.api_url,
            "GENIUS_WEB_URL": self.genius.web_url,
            "LASTFM_API_KEY": LASTFM_KEY,
            "LASTFM_URL": self.lastfm.address,
            "MUSICBRAINZ_URL": self.musicbrainz.address,
            "LISTENBRAINZ_LABS_URL": self.labs.address,
            "DEEZER_URL": self.deezer.address,
        }


@dataclass
class Scraped:
    """A running bot and what it tells."""

    process: Process
    port: str

    async def samples(self) -> dict[str, dict[Labels, float]]:
        """The values by the names of the series, and by labels."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}/metrics") as response,
        ):
            text = await response.text()
        told: dict[str, dict[Labels, float]] = {}
        for family in text_string_to_metric_families(text):
            for one in family.samples:
                told.setdefault(one.name, {})[frozenset(one.labels.items())] = one.value
        return told

    async def counted(self, name: str) -> dict[tuple[str, ...], float]:
        """The values above 0 of a counter, by the values of its labels in the order of names."""
        told = (await self.samples()).get(name, {})
        ordered = {tuple(value for _, value in sorted(labels)): told[labels] for labels in told}
        return {labels: value for labels, value in ordered.items() if value}

    async def until(self, name: str, labels: tuple[str, ...], least: float) -> None:
        """Ask again until a series has come to a value."""
        async with asyncio.timeout(15):
            while (await self.counted(name)).get(labels, 0.0) < least:
                assert self.process.returncode is None


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        yield Outside(
            *(await enter(LrclibDouble()), await enter(GeniusDouble())),
            *(await enter(LastfmDouble()), await enter(MusicBrainzDouble())),
            *(await enter(ListenBrainzLabsDouble()), await enter(DeezerDouble())),
        )


@pytest.fixture
def shards() -> int:
    """How many; discord.py lets 5 s pass between two logins."""
    return 1


@pytest.fixture
async def discord(shards: int) -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble([world.guild(0), world.guild(1)], shards=shards) as double:
        yield double


@pytest.fixture
def start(store: Path, tmp_path: Path, environment: Environment) -> StartBot:
    return starter(store, tmp_path, environment)


@pytest.fixture
async def scraped(
    start: StartBot, discord: DiscordDouble, shards: int, outside: Outside
) -> AsyncIterator[Scraped]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    async with start(discord, HEALTH_PORT=port, **outside.settings()) as process:
        await discord.wait_ready(shards=shards)
        await logged(process, "ready as")
        yield Scraped(process, port)


async def press_preview(double: DiscordDouble) -> Answer:
    asked = await double.slash("recommend", {"artist": "Johnny Cash"})
    assert asked.message is not None
    shown = [one for row in asked.message["components"] for one in row["components"]]
    (menu,) = [one for one in shown if one["type"] == 3]
    liked = await double.press(
        asked.message, custom_id=menu["custom_id"], values=[menu["options"][0]["value"]]
    )
    return await double.press(liked.message, label="Preview")


async def test_interactions_are_counted_with_their_outcomes_and_seconds(
    scraped: Scraped, discord: DiscordDouble, outside: Outside
) -> None:
    outside.genius.latency = 0.3
    await discord.slash("recommend", {"artist": "Johnny Cash"})
    await discord.slash("recommend", {"artist": "Johnny Cash"}, user=world.OTIS)
    await discord.autocomplete("recommend", {"artist": "joh"}, focused="artist")
    await (await discord.slash("lyrics", SONG)).settled()
    await discord.slash("lyrics", {"artist": " ", "song": "x"}, user=world.OTIS)
    await logged(scraped.process, "command=lyrics")
    await scraped.until("crossfade_interactions_total", ("lyrics", "command", "member-error"), 1)
    await scraped.until("crossfade_interactions_total", ("lyrics", "command", "ok"), 1)
    assert await scraped.counted("crossfade_interactions_total") == {
        ("recommend", "command", "ok"): 2,
        ("recommend", "autocomplete", "ok"): 1,
        ("lyrics", "command", "ok"): 1,
        ("lyrics", "command", "member-error"): 1,
    }
    told = await scraped.samples()
    of_lyrics = frozenset({("command", "lyrics"), ("kind", "command")})
    for name in ("crossfade_handler_seconds", "crossfade_first_response_seconds"):
        assert await scraped.counted(f"{name}_count") == {
            ("recommend", "command"): 2,
            ("recommend", "autocomplete"): 1,
            ("lyrics", "command"): 2,
        }
    buckets = told["crossfade_handler_seconds_bucket"]
    # One at once, the other after both a search and a page of 0.3 s each.
    assert buckets[of_lyrics | {("le", "0.5")}] == 1
    assert buckets[of_lyrics | {("le", "5.0")}] == 2
    assert told["crossfade_handler_seconds_sum"][of_lyrics] > 0.6
    assert told["crossfade_under_way"] == {frozenset(): 0}
    assert await scraped.counted("crossfade_remembered_answers") == {("lyrics",): 1}


async def test_outages_are_counted_by_provider_and_kind(
    scraped: Scraped, discord: DiscordDouble, outside: Outside
) -> None:
    outside.lrclib.manners = Manners.INTERNAL
    outside.genius.manners = Manners.FORBIDDEN
    outside.lastfm.manners = Manners.RATE_LIMITED
    outside.labs.manners = Manners.HTML
    outside.deezer.fault = 4
    for _ in range(2):
        await (await discord.slash("lyrics", SONG)).settled()
    await (await discord.slash("recommend", UNHEARD, user=world.OTIS)).settled()
    # Both are left alone for a while, which is no further outage.
    await discord.slash("recommend", {"artist": "Wholly Unheard Of"}, user=world.OTIS)
    await (await press_preview(discord)).settled()
    assert await scraped.counted("crossfade_provider_failures_total") == {
        ("unavailable", "LRCLIB"): 2,
        ("refused", "Genius"): 2,
        ("rate-limited", "Last.fm"): 1,
        ("unavailable", "ListenBrainz"): 1,
        ("rate-limited", "Deezer"): 1,
    }


async def test_an_outage_of_musicbrainz_is_its_own(
    scraped: Scraped, discord: DiscordDouble, outside: Outside
) -> None:
    outside.musicbrainz.too_fast = True
    outside.lastfm.manners = Manners.CUT_OFF
    await (await discord.slash("recommend", UNHEARD)).settled()
    assert await scraped.counted("crossfade_provider_failures_total") == {
        ("unavailable", "Last.fm"): 1,
        ("rate-limited", "MusicBrainz"): 1,
    }


async def test_an_answer_that_is_sent_again_is_counted(
    scraped: Scraped, discord: DiscordDouble
) -> None:
    for times in (1, 2):
        discord.weather.lost_answers = 1
        await discord.slash("about")
        await discord.signal.until(
            lambda times=times: len(discord.rejections) == times, timeout=5, what="the retry"
        )
    assert await scraped.counted("crossfade_retries_total") == {("answer", "HTTP 502"): 2}


@pytest.mark.parametrize("shards", [2])
async def test_connections_to_the_gateway_are_counted_by_shard(
    scraped: Scraped, discord: DiscordDouble
) -> None:
    discord.gateway.drop(1)
    await scraped.until("crossfade_gateway_connections_total", ("resumed", "1"), 1)
    assert await scraped.counted("crossfade_gateway_connections_total") == {
        ("new", "0"): 1,
        ("new", "1"): 1,
        ("resumed", "1"): 1,
    }
    assert await scraped.counted("crossfade_gateway_disconnections_total") == {("1",): 1}
    lost = (await scraped.samples())["crossfade_gateway_disconnections_total"]
    assert lost[frozenset({("shard", "0")})] == 0


async def test_the_model_the_process_and_a_loop_that_was_held_up_are_told(
    scraped: Scraped, store: Path
) -> None:
    manifest = load_manifest(version_folder(store))
    told = await scraped.samples()
    ((model, one),) = told["crossfade_model_info"].items()
    assert one == 1
    assert dict(model) == {
        "version": manifest.version,
        "dataset": manifest.dataset["name"],
        "created": manifest.created,
    }
    assert told["crossfade_model_reloads_total"] == {frozenset(): 0}
    assert told["crossfade_model_failed_reloads_total"] == {frozenset(): 0}
    assert (await scraped.counted("crossfade_event_loop_lag_seconds")).get((), 0.0) < 1
    scraped.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scraped.samples(), 2.2)
    finally:
        scraped.process.send_signal(signal.SIGCONT)
    # It wants to run once a second, and was kept from it for longer than two.
    await scraped.until("crossfade_event_loop_lag_seconds", (), 1.0)
