"""What every source of neighbours promises, whatever its services do."""

import asyncio
import time
from collections import deque

import aiohttp
import pytest

from bot.errors import (
    NeighbourError,
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
    SourceUnavailableError,
)
from bot.limits import MemoryLimits, Rate, Turns
from bot.neighbours.json_service import JsonService
from bot.neighbours.source import NeighbourSource
from tests.services_double.loopback import Loopback, Manners

SOON = 0.15
NEAREST = ["Tin Ferry", "johnny cash", "Willie Nelson", "Merle Haggard"]


def turns(times: int, seconds: float) -> Turns:
    return Turns(limits=MemoryLimits(), key="service", rate=Rate(times, seconds))


def service_at(
    double: Loopback, session: aiohttp.ClientSession, name: str, **choices
) -> JsonService:
    headers = {"User-Agent": "Crossfade/test", **choices.pop("headers", {})}
    given = {"turns": turns(10_000, 1.0), "headers": headers} | choices
    return JsonService(session=session, name=name, base_url=double.address, **given)


class SourceContract:
    """Derive a class, say what is asked, and every promise is tested."""

    @pytest.fixture
    def doubles(self) -> list[Loopback]:
        """Everything that the source asks, in the order in which it asks."""
        raise NotImplementedError

    @pytest.fixture
    def source_at(self):
        raise NotImplementedError

    @pytest.fixture
    async def session(self):
        async with aiohttp.ClientSession() as session:
            yield session

    @pytest.fixture
    def source(self, source_at) -> NeighbourSource:
        return source_at()

    async def test_an_artist_comes_with_its_neighbours_nearest_first(self, source):
        found = await source.neighbours("velvet meridian")
        assert found.name == "Velvet Meridian"
        assert [one.name for one in found.neighbours] == NEAREST
        strengths = [one.strength for one in found.neighbours]
        assert strengths == pytest.approx([1, 0.75, 7 / 12, 7 / 24], abs=1e-5)

    async def test_the_source_is_credited_and_linked(self, source):
        found = await source.neighbours("velvet meridian")
        assert source.name in found.credit
        assert found.link.startswith("https://")
        assert "\n" not in found.credit

    async def test_another_name_leads_to_the_artist(self, source):
        assert (await source.neighbours("V. Meridian")).name == "Velvet Meridian"
        assert (await source.neighbours("вельвет меридиан")).name == "Velvet Meridian"

    @pytest.mark.parametrize("name", ["Velvet", "Nobody Whatsoever", 'AND "or" (NOT) +-*\\~', "½"])
    async def test_who_does_not_exist_is_missing_and_no_outage(self, source, name):
        assert await source.neighbours(name) is None

    @pytest.mark.parametrize("at", [0, 1], ids=["the first request", "the second"])
    @pytest.mark.parametrize(
        ("manners", "kind"),
        [
            (Manners.FORBIDDEN, SourceBlockedError),
            (Manners.RATE_LIMITED, SourceRateLimitedError),
            (Manners.INTERNAL, SourceUnavailableError),
            (Manners.UNKNOWN, SourceUnavailableError),
            (Manners.FOREIGN_404, SourceUnavailableError),
            (Manners.HTML, SourceUnavailableError),
            (Manners.TRUNCATED, SourceUnavailableError),
            (Manners.CUT_OFF, SourceUnavailableError),
            (Manners.HUGE, SourceUnavailableError),
        ],
    )
    async def test_bad_manners_are_outages_told_apart(self, source, doubles, manners, kind, at):
        first, second = doubles
        if first is second:
            first.next_manners = deque([None] * at + [manners])
        else:
            doubles[at].manners = manners
        with pytest.raises(NeighbourError) as caught:
            await source.neighbours("Velvet Meridian")
        assert type(caught.value) is kind
        assert caught.value.where
        assert len(str(caught.value)) < 120

    async def test_it_says_when_to_come_back(self, source, doubles):
        doubles[0].manners = Manners.RATE_LIMITED
        with pytest.raises(SourceRateLimitedError, match="in 30 s") as caught:
            await source.neighbours("Velvet Meridian")
        assert caught.value.retry_after == 30

    @pytest.mark.parametrize("manners", [Manners.HANG, Manners.DRIP])
    async def test_a_slow_service_is_given_up_at_the_deadline(self, source_at, doubles, manners):
        doubles[1].manners = manners
        started = time.perf_counter()
        with pytest.raises(SourceUnavailableError, match="in time"):
            await source_at(deadline=SOON).neighbours("Velvet Meridian")
        assert time.perf_counter() - started < 4 * SOON

    async def test_the_deadline_is_one_for_all_requests(self, source_at, doubles):
        for double in doubles:
            double.latency = 0.6 * SOON
        with pytest.raises(SourceUnavailableError, match="in time"):
            await source_at(deadline=SOON).neighbours("Velvet Meridian")

    async def test_it_recovers_after_an_outage(self, source, doubles):
        doubles[0].next_manners = deque([Manners.CUT_OFF])
        with pytest.raises(SourceUnavailableError):
            await source.neighbours("Velvet Meridian")
        assert await source.neighbours("Velvet Meridian")

    async def test_it_introduces_itself(self, source, doubles):
        await source.neighbours("Velvet Meridian")
        agents = {one.headers["User-Agent"] for double in doubles for one in double.seen}
        assert agents == {"Crossfade/test"}

    async def test_who_gets_no_turn_is_told_so_and_asks_nobody(self, source_at, doubles):
        source = source_at(turns=turns(2, 3600.0), patience=0.01)
        await asyncio.gather(
            *(source.neighbours("Velvet Meridian") for _ in range(2)), return_exceptions=True
        )
        asked = len(doubles[0].seen)
        with pytest.raises(SourceBusyError, match="try again in a few seconds"):
            await source.neighbours("Velvet Meridian")
        assert len(doubles[0].seen) == asked

    @pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://a..b"])
    async def test_nobody_listening_is_an_outage(self, source_at, doubles, address):
        doubles[0].address = address
        with pytest.raises(SourceUnavailableError, match="cannot be reached") as caught:
            await source_at().neighbours("Velvet Meridian")
        # The error of the HTTP library names the address, and a key may be in that.
        assert caught.value.__cause__ is None
        assert address not in str(caught.value)
