"""An unknown artist in the terminal is looked up when somebody can be asked."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.console import Console
from bot.neighbours.service import NeighbourService
from bot.neighbours.sources import build_sources
from bot.services import Services, open_services
from bot.settings import load_settings
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.loopback import Manners
from tests.services_double.musicbrainz import MusicBrainzDouble

UNKNOWN = "I don't know an artist called “Velvet Meridian”."


@pytest.fixture
async def musicbrainz() -> AsyncIterator[MusicBrainzDouble]:
    async with MusicBrainzDouble() as double:
        yield double


@pytest.fixture
async def console(services: Services, musicbrainz: MusicBrainzDouble) -> AsyncIterator[Console]:
    async with ListenBrainzLabsDouble() as labs, aiohttp.ClientSession() as session:
        settings = load_settings(
            musicbrainz_url=musicbrainz.address, listenbrainz_labs_url=labs.address
        )
        neighbours = NeighbourService(sources=build_sources(settings, session))
        reached = replace(services, neighbours=neighbours)
        yield Console(services=reached, lines=io.StringIO(), output=io.StringIO())


async def test_an_unknown_artist_is_answered_by_way_of_known_neighbours(console: Console) -> None:
    first, second, *rest = (await console.answer("/recommend Velvet Meridian")).splitlines()
    assert first == "Artists near Velvet Meridian"
    assert second.endswith("that are: Johnny Cash, Willie Nelson and Merle Haggard.")
    assert len(rest) == 12
    assert "ListenBrainz" in rest[-2]


async def test_a_known_artist_is_not_looked_up(
    console: Console, musicbrainz: MusicBrainzDouble
) -> None:
    assert (await console.answer("Johnny Cash")).startswith("Artists like Johnny Cash")
    assert musicbrainz.seen == []


async def test_when_nobody_can_be_asked_the_plain_answer_comes(
    console: Console, musicbrainz: MusicBrainzDouble
) -> None:
    musicbrainz.manners = Manners.INTERNAL
    for _ in range(2):
        assert (await console.answer("Velvet Meridian")).startswith(UNKNOWN)
    assert len(musicbrainz.seen) == 1, "the second time nobody waits for it"


async def test_the_services_that_are_opened_can_look_up(store) -> None:
    nowhere = "http://127.0.0.1:1"
    settings = load_settings(
        artifacts=store, musicbrainz_url=nowhere, listenbrainz_labs_url=nowhere
    )
    async with open_services(settings) as services:
        assert services.neighbours.ready
        console = Console(services=services, lines=io.StringIO(), output=io.StringIO())
        assert (await console.answer("Velvet Meridian")).startswith(UNKNOWN)
        assert not services.neighbours.ready
