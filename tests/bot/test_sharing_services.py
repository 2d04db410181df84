"""Two processes ask the outside services no faster than one may."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.limits import Rate
from bot.lyrics.providers import build_providers
from bot.lyrics.records import LyricsQuery
from bot.neighbours.sources import build_sources
from bot.preview.service import build_previews
from bot.settings import load_settings
from bot.sharing import Shared, open_shared
from tests.services_double.deezer import DeezerDouble
from tests.services_double.lastfm_api import KEY, LastfmDouble
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.loopback import Seen
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.musicbrainz import MusicBrainzDouble
from tests.services_double.songs import CATALOGUE


class Clocked(list[Seen]):
    """Requests as they arrive, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, request: Seen) -> None:
        super().append(request)
        self.times.append(time.monotonic())


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[list[Shared]]:
    address = f"sqlite:///{tmp_path}/one.sqlite3"
    several = load_settings(database_url=address, shard_ids=(0,), shard_count=2)
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_shared(several)) for _ in range(2)]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.slow
async def test_no_second_holds_more_requests_of_both_than_lastfm_allows(
    processes: list[Shared], session: aiohttp.ClientSession
) -> None:
    async with LastfmDouble() as lastfm:
        lastfm.seen = seen = Clocked()
        settings = load_settings(lastfm_api_key=KEY, lastfm_url=lastfm.address)
        sources = [build_sources(settings, session, limits=one.limits)[0] for one in processes]
        asking = [source.neighbours("Velvet Meridian") for source in sources * 2]
        assert all(await asyncio.gather(*asking))
    times = seen.times
    assert len(times) == 8
    assert all(sixth - first > 1 for first, sixth in zip(times, times[5:], strict=False))


async def test_lrclib_has_one_request_of_both_in_flight(
    processes: list[Shared], session: aiohttp.ClientSession
) -> None:
    async with LrclibDouble(CATALOGUE) as lrclib:
        lrclib.latency = 0.02
        settings = load_settings(lyrics_order="lrclib", lrclib_url=lrclib.address)
        providers = [build_providers(settings, session, claims=one.claims)[0] for one in processes]
        song = CATALOGUE[0]
        asking = [one.search(LyricsQuery(song.artist, song.title)) for one in providers * 3]
        found = await asyncio.gather(*asking)
    assert all(found)
    assert len(lrclib.seen) == 6
    assert lrclib.most_in_flight == 1


class Recorder:
    """Lets everything through and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Rate] = {}

    async def take(self, key: str, rate: Rate, /) -> float:
        self.asked[key] = rate
        return 0.0


async def test_every_service_with_a_rate_is_counted_by_itself(
    session: aiohttp.ClientSession,
) -> None:
    async with AsyncExitStack() as stack:
        kinds = (DeezerDouble, LastfmDouble, MusicBrainzDouble, ListenBrainzLabsDouble)
        doubles = [await stack.enter_async_context(kind()) for kind in kinds]
        deezer, lastfm, musicbrainz, labs = (one.address for one in doubles)
        settings = load_settings(
            lastfm_api_key=KEY,
            deezer_url=deezer,
            lastfm_url=lastfm,
            musicbrainz_url=musicbrainz,
            listenbrainz_labs_url=labs,
        )
        limits = Recorder()
        for source in build_sources(settings, session, limits=limits):
            assert await source.neighbours("Velvet Meridian")
        assert await build_previews(settings, session, limits=limits).find("Björk")
    assert limits.asked == {
        "service:Last.fm": Rate(1, 0.21),
        "service:MusicBrainz": Rate(1, 1.1),
        "service:ListenBrainz": Rate(1, 0.5),
        "service:Deezer": Rate(50, 5.0),
    }
