"""Which sources the settings bring, and how fast they may ask."""

import asyncio
import time

import aiohttp
import pytest

from bot.neighbours.sources import build_sources
from bot.settings import load_settings
from tests.services_double.lastfm_api import KEY, LastfmDouble
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.musicbrainz import MusicBrainzDouble


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_lastfm_goes_first_and_only_with_a_key(session):
    assert [one.name for one in build_sources(load_settings(), session)] == ["ListenBrainz"]
    with_key = build_sources(load_settings(lastfm_api_key=KEY), session)
    assert [one.name for one in with_key] == ["Last.fm", "ListenBrainz"]


async def test_nothing_is_asked_where_an_operator_wants_no_name_to_leave(session):
    assert build_sources(load_settings(look_up_unknown=False, lastfm_api_key=KEY), session) == ()


class Clocked(list):
    """Requests as they arrive, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, request) -> None:
        super().append(request)
        self.times.append(time.monotonic())


@pytest.mark.slow
async def test_no_second_holds_more_requests_than_the_services_allow(session):
    async with (
        MusicBrainzDouble() as musicbrainz,
        ListenBrainzLabsDouble() as labs,
        LastfmDouble() as lastfm,
    ):
        lastfm.seen, musicbrainz.seen = Clocked(), Clocked()
        settings = load_settings(
            lastfm_api_key=KEY,
            lastfm_url=lastfm.address,
            musicbrainz_url=musicbrainz.address,
            listenbrainz_labs_url=labs.address,
        )
        for source, look_ups in zip(build_sources(settings, session), (3, 2), strict=True):
            asking = (source.neighbours("Velvet Meridian") for _ in range(look_ups))
            assert all(await asyncio.gather(*asking))
    assert [len(double.seen) for double in (lastfm, musicbrainz, labs)] == [6, 2, 2]
    assert lastfm.seen.times[5] - lastfm.seen.times[0] > 1
    assert musicbrainz.seen.times[1] - musicbrainz.seen.times[0] > 1
