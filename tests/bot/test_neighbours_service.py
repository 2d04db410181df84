import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.errors import (
    MemberError,
    NeighbourError,
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
    SourceUnavailableError,
)
from bot.neighbours.breaker import REST_SECONDS
from bot.neighbours.records import Neighbour, Neighbours, Nobody
from bot.neighbours.service import CACHE_SIZE, HIT_LIFETIME, MISS_LIFETIME, NeighbourService

DOWN = SourceUnavailableError("is not working", where="Map")
BLOCKED = SourceBlockedError("refuses this machine", where="Map")
LIMITED = SourceRateLimitedError("is asked too often", where="Map", retry_after=9)
BUSY = SourceBusyError("too many look-ups", where="Map")


def neighbours_of(name: str, *near: str) -> Neighbours:
    credit, link = "Neighbours from Map", "https://map.test/a"
    return Neighbours(name, link, credit, tuple(Neighbour(one, 0.5) for one in near))


@dataclass
class Map:
    """A source that knows what a test draws on it, and counts how often it is asked."""

    name: str = "Map"
    knows: dict[str, Neighbours] = field(default_factory=dict)
    fails: NeighbourError | None = None
    before: Callable[[], asyncio.Future[None]] | None = None
    asked: list[str] = field(default_factory=list)

    async def neighbours(self, name: str) -> Neighbours | None:
        self.asked.append(name)
        if self.before is not None:
            await self.before()
        if self.fails is not None:
            raise self.fails
        return self.knows.get(name.casefold())


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def drawn(name: str = "Map", **choices) -> Map:
    return Map(
        name, {"ada": neighbours_of("Ada", "Brook"), "lone": neighbours_of("Lone")}, **choices
    )


async def test_the_first_source_with_neighbours_answers_alone():
    first, second = drawn("First"), drawn("Second")
    found = await NeighbourService(sources=[first, second]).find("  Ada ")
    assert found == neighbours_of("Ada", "Brook")
    assert (first.asked, second.asked) == (["Ada"], [])


async def test_who_is_unknown_to_one_source_is_asked_of_the_next():
    second = drawn("Second")
    assert await NeighbourService(sources=[Map("First"), second]).find("Ada") == second.knows["ada"]


async def test_neighbours_of_a_later_source_go_before_an_artist_alone():
    alone, full = drawn("Alone"), Map("Full", {"lone": neighbours_of("Lone", "Ferry")})
    assert (await NeighbourService(sources=[alone, full]).find("lone")) == full.knows["lone"]
    assert (await NeighbourService(sources=[alone, Map("E")]).find("lone")) == alone.knows["lone"]


async def test_an_outage_falls_through_to_the_next_source():
    service = NeighbourService(sources=[Map("A", fails=BLOCKED), drawn("B")])
    assert await service.find("Ada") == neighbours_of("Ada", "Brook")


async def test_nobody_names_who_was_asked_and_who_could_not_be():
    service = NeighbourService(sources=[Map("A", fails=DOWN), Map("B")])
    assert await service.find("Ada") == Nobody(("B",), ("A",))


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([DOWN], DOWN),
        ([DOWN, BLOCKED], BLOCKED),
        ([BLOCKED, DOWN, LIMITED], LIMITED),
        ([LIMITED, BUSY], BUSY),
    ],
)
async def test_when_nobody_could_be_asked_the_most_telling_error_is_told(errors, told):
    sources = [Map(f"S{at}", fails=error) for at, error in enumerate(errors)]
    with pytest.raises(NeighbourError) as caught:
        await NeighbourService(sources=sources).find("Ada")
    assert caught.value is told


@pytest.mark.parametrize(
    ("name", "lifetime"),
    [("ada", HIT_LIFETIME), ("lone", MISS_LIFETIME), ("nobody", MISS_LIFETIME)],
)
async def test_answers_are_remembered_for_their_lifetime(clock, name, lifetime):
    source = drawn()
    service = NeighbourService(sources=[source], clock=clock)
    answers = [await service.find(name), await service.find(name.upper())]
    clock.now += lifetime - 1
    answers.append(await service.find(name))
    assert (answers[0], len(source.asked)) == (answers[2], 1)
    clock.now += 2
    assert await service.find(name) == answers[0]
    assert len(source.asked) == 2


async def test_lifetimes_are_a_week_and_an_hour():
    assert (HIT_LIFETIME, MISS_LIFETIME) == (7 * 86_400, 3600)


async def test_an_outage_is_never_remembered_as_an_absence(clock):
    source = drawn(fails=DOWN)
    service = NeighbourService(sources=[source, Map("B")], clock=clock)
    assert isinstance(await service.find("Ada"), Nobody)
    source.fails = None
    clock.now += REST_SECONDS + 1
    assert await service.find("Ada") == neighbours_of("Ada", "Brook")


@pytest.mark.parametrize("error", [DOWN, BLOCKED])
async def test_a_source_that_failed_is_left_alone_for_a_minute(clock, error, caplog):
    source = drawn(fails=error)
    service = NeighbourService(sources=[source], clock=clock)
    for name in ("Ada", "Brook", "Ada"):
        with pytest.raises(type(error), match=re.escape(error.problem)):
            await service.find(name)
        assert not service.ready
        clock.now += 19
    assert source.asked == ["Ada"]
    assert len(caplog.records) == 1
    source.fails = None
    clock.now += 5
    assert service.ready
    assert await service.find("Ada")


async def test_a_source_that_says_when_to_come_back_is_asked_again_then(clock):
    source = drawn(fails=LIMITED)
    service = NeighbourService(sources=[source], clock=clock)
    for later, asked in ((0, 1), (8, 1), (2, 2)):
        clock.now += later
        with pytest.raises(SourceRateLimitedError):
            await service.find("Ada")
        assert len(source.asked) == asked


async def test_a_look_up_without_a_turn_does_not_stop_the_next_one():
    source = drawn(fails=BUSY)
    service = NeighbourService(sources=[source])
    with pytest.raises(SourceBusyError):
        await service.find("Ada")
    source.fails = None
    assert await service.find("Ada")


async def test_equal_requests_at_the_same_moment_are_one():
    gate = asyncio.get_running_loop().create_future()
    source = drawn(before=lambda: asyncio.shield(gate))
    service = NeighbourService(sources=[source])
    asking = [asyncio.create_task(service.find(name)) for name in ("Ada", "ADA", "ada ", "lone")]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    gate.set_result(None)
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert source.asked == ["Ada", "lone"]
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1] == answers[2] == neighbours_of("Ada", "Brook")


async def test_a_source_that_hangs_is_given_up_and_the_next_is_not_asked_too_late():
    hanging = drawn("Hanging", before=asyncio.get_running_loop().create_future)
    service = NeighbourService(sources=[hanging], deadline=0.05)
    with pytest.raises(SourceUnavailableError, match="in time"):
        await service.find("Ada")
    assert not service.ready
    await service.aclose()


async def test_closing_drops_what_is_under_way():
    source = drawn(before=asyncio.get_running_loop().create_future)
    service = NeighbourService(sources=[source])
    asking = asyncio.create_task(service.find("Ada"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await service.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asking


@pytest.mark.parametrize("name", ["", " \n", "\u200b\u202e", "a" * 201])
async def test_names_that_cannot_be_looked_up_say_why(name):
    source = drawn()
    with pytest.raises(MemberError, match="name") as caught:
        await NeighbourService(sources=[source]).find(name)
    assert not isinstance(caught.value, NeighbourError)
    assert source.asked == []


async def test_without_sources_nothing_is_offered():
    service = NeighbourService(sources=[])
    assert not service.ready
    with pytest.raises(MemberError, match="switched off"):
        await service.find("Ada")


async def test_what_was_typed_reaches_no_log(caplog):
    caplog.set_level("DEBUG")
    with pytest.raises(NeighbourError):
        await NeighbourService(sources=[drawn(fails=DOWN)]).find("Secret Band")
    assert "secret" not in caplog.text.casefold()
    assert "Map: is not working" in caplog.text


async def test_the_memory_is_bounded(clock):
    source = drawn()
    service = NeighbourService(sources=[source], clock=clock)
    for number in range(CACHE_SIZE + 1):
        await service.find(f"artist {number}")
    await service.find("artist 0")
    assert source.asked.count("artist 0") == 2
    await service.find(f"artist {CACHE_SIZE}")
    assert source.asked.count(f"artist {CACHE_SIZE}") == 1
