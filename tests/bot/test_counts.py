"""What an operator gets to know of outages, retries and connections."""

import aiohttp
import pytest

from bot.counts import PROVIDERS, Counts
from bot.errors import LyricsError, NeighbourError
from bot.lyrics import provider
from bot.lyrics.genius import GeniusProvider
from bot.lyrics.lrclib import LrclibProvider
from bot.neighbours import source
from bot.neighbours.lastfm import LastfmSource
from bot.neighbours.listenbrainz import ListenBrainzSource
from bot.neighbours.sources import build_sources
from bot.preview import deezer
from bot.settings import Settings

OUTAGES = [
    (provider.outage("Genius", 403, None), "refused"),
    (provider.outage("Genius", 401, None), "refused"),
    (provider.outage("Genius", 429, "7"), "rate-limited"),
    (provider.outage("Genius", 520, None), "unavailable"),
    (provider.too_slow("Genius"), "unavailable"),
    (source.key_refused("Last.fm", "LASTFM_API_KEY"), "refused"),
    (source.outage("Last.fm", 451), "refused"),
    (source.asked_too_often("Last.fm"), "rate-limited"),
    (source.outage("Last.fm", 500), "unavailable"),
    (source.busy("Last.fm"), "busy"),
]


@pytest.mark.parametrize(("error", "kind"), OUTAGES, ids=str)
def test_an_outage_counts_for_its_provider_and_kind(
    error: LyricsError | NeighbourError, kind: str
) -> None:
    counts = Counts()
    counts.outage(error)
    counts.outage(error)
    counted = {labels: number for labels, number in counts.outages.items() if number}
    assert counted == {(error.where, kind): 2}


async def test_each_provider_is_there_before_its_first_outage() -> None:
    async with aiohttp.ClientSession() as session:
        (built,) = build_sources(Settings(), session)
    assert isinstance(built, ListenBrainzSource)
    names = {LrclibProvider.name, GeniusProvider.name, LastfmSource.name, built.name, deezer.NAME}
    assert names | {built._musicbrainz._service.name} == set(PROVIDERS)
    assert {name for name, _ in Counts().outages} == set(PROVIDERS)
    assert set(Counts().outages.values()) == {0}


def test_retries_count_by_what_and_why() -> None:
    counts = Counts()
    for _ in range(3):
        counts.retry("answer", "HTTP 503")
    counts.retry("login", "network")
    assert counts.retries == {("answer", "HTTP 503"): 3, ("login", "network"): 1}


def test_connections_count_by_shard_and_none_was_lost_before_one_is() -> None:
    counts = Counts()
    counts.connected(4, resumed=False)
    assert counts.disconnections == {4: 0}
    assert list(counts.disconnections) == [4]
    counts.disconnected(4)
    counts.connected(4, resumed=True)
    counts.connected(1, resumed=False)
    assert counts.disconnections == {4: 1, 1: 0}
    assert counts.connections == {
        (4, "new"): 1,
        (4, "resumed"): 1,
        (1, "new"): 1,
        (1, "resumed"): 0,
    }
