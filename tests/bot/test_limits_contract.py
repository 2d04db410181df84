"""What limits promise, in memory and in the database, and that racing processes keep it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update

from bot.limits import MEMBER_RATE, Limits, MemoryLimits, Rate, Turns
from bot.storage.database import Database, open_database
from bot.storage.limits import DatabaseLimits
from bot.storage.tables import LIMITS

# So long that the seconds that a test takes do not count, nor those of a slow machine.
RATE = Rate(3, 6000.0)
NOISE = 60.0


@dataclass
class Limited:
    """Limits, and what lets time pass for them."""

    limits: Limits
    passes: Callable[[float], Awaitable[None]]

    async def take(self, key: str = "a") -> float:
        return await self.limits.take(key, RATE)


class LimitsContract:
    """Derive a class, say what limits there are, and every promise is tested."""

    @pytest.fixture
    def limited(self) -> Limited:
        raise NotImplementedError

    async def test_as_many_as_the_rate_says_may_be_done_at_once(self, limited: Limited) -> None:
        waits = [await limited.take() for _ in range(4)]
        assert waits == [0.0, 0.0, 0.0, pytest.approx(2000.0, abs=NOISE)]

    async def test_who_comes_back_when_told_is_let_through_and_not_before(
        self, limited: Limited
    ) -> None:
        for _ in range(3):
            await limited.take()
        await limited.passes(1500.0)
        wait = await limited.take()
        assert wait == pytest.approx(500.0, abs=NOISE)
        await limited.passes(wait)
        assert await limited.take() == 0.0
        assert await limited.take() == pytest.approx(2000.0, abs=NOISE)

    async def test_asking_in_vain_does_not_put_it_off(self, limited: Limited) -> None:
        for _ in range(3):
            await limited.take()
        waits = [await limited.take() for _ in range(10)]
        assert waits == pytest.approx([2000.0] * 10, abs=NOISE)

    async def test_after_a_rest_all_is_as_at_the_beginning(self, limited: Limited) -> None:
        for _ in range(2):
            assert [await limited.take() for _ in range(3)] == [0.0] * 3
            assert await limited.take() > 0
            await limited.passes(10 * RATE.seconds)

    async def test_over_a_long_time_the_rate_holds(self, limited: Limited) -> None:
        done = 0
        for _ in range(60):
            done += await limited.take() == 0.0
            await limited.passes(500.0)
        assert 15 <= done <= 15 + RATE.times

    async def test_keys_do_not_stand_in_each_others_way(self, limited: Limited) -> None:
        for _ in range(4):
            await limited.take("member:1")
        assert await limited.take("member:2") == 0.0
        assert await limited.take("server:1") == 0.0

    async def test_of_those_who_come_together_as_many_get_through_as_may(
        self, limited: Limited
    ) -> None:
        waits = await asyncio.gather(*(limited.take() for _ in range(20)))
        assert sum(wait == 0.0 for wait in waits) == RATE.times

    async def test_turns_come_no_faster_than_the_rate(self, limited: Limited) -> None:
        turns = Turns(limits=limited.limits, key="service", rate=Rate(1, 600.0))
        await turns.acquire()
        waiting = asyncio.create_task(turns.acquire())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.05)
        waiting.cancel()
        await limited.passes(600.0)
        await asyncio.wait_for(turns.acquire(), 5)


class TestInMemory(LimitsContract):
    @pytest.fixture
    def limited(self) -> Limited:
        now = [1_000.0]

        async def passes(seconds: float) -> None:
            now[0] += seconds

        return Limited(MemoryLimits(clock=lambda: now[0]), passes)


@pytest.fixture
async def databases(empty_database: str) -> AsyncIterator[list[Database]]:
    """One database, as two processes open it."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_database(empty_database)) for _ in range(2)]


async def grow_older(database: Database, seconds: float) -> None:
    async with database.writing() as connection:
        await connection.execute(update(LIMITS).values(rested_at=LIMITS.c.rested_at - seconds))


async def rows(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(LIMITS)) or 0


class TestInADatabase(LimitsContract):
    @pytest.fixture
    def limited(self, databases: list[Database]) -> Limited:
        async def passes(seconds: float) -> None:
            await grow_older(databases[0], seconds)

        return Limited(DatabaseLimits(database=databases[0]), passes)

    async def test_twenty_who_race_in_two_processes_get_exactly_what_there_is(
        self, databases: list[Database]
    ) -> None:
        both = [DatabaseLimits(database=one) for one in databases]
        for times in (1, 7, 19):
            rate = Rate(times, 6000.0)
            asked = [both[number % 2].take(f"of {times}", rate) for number in range(20)]
            waits = await asyncio.gather(*asked)
            assert sum(wait == 0.0 for wait in waits) == times

    async def test_what_one_process_did_the_other_knows(self, databases: list[Database]) -> None:
        here, there = (DatabaseLimits(database=one) for one in databases)
        done = 0
        for _ in range(MEMBER_RATE.times):
            done += await here.take("member:1", RATE) == 0.0
            done += await there.take("member:1", RATE) == 0.0
        assert done == RATE.times

    async def test_a_clock_that_is_set_back_keeps_nobody_out_for_longer_than_the_rate(
        self, limited: Limited, databases: list[Database]
    ) -> None:
        await limited.take()
        await grow_older(databases[0], -100 * RATE.seconds)
        assert await limited.take() == pytest.approx(2000.0, abs=NOISE)
        await limited.passes(2 * RATE.seconds)
        assert await limited.take() == 0.0

    async def test_only_what_is_at_rest_is_swept(self, databases: list[Database]) -> None:
        limits = DatabaseLimits(database=databases[0])
        for member in range(5):
            await limits.take(f"member:{member}", RATE)
        await grow_older(databases[0], RATE.seconds)
        for _ in range(3):
            await limits.take("busy", RATE)
        await limits.sweep()
        assert await rows(databases[1]) == 1
        assert await limits.take("busy", RATE) == pytest.approx(2000.0, abs=NOISE)

    async def test_a_real_second_is_a_second_of_the_database(
        self, databases: list[Database]
    ) -> None:
        limits, rate = DatabaseLimits(database=databases[0]), Rate(1, 0.2)
        turns = Turns(limits=limits, key="service", rate=rate)
        began = asyncio.get_running_loop().time()
        for _ in range(4):
            await turns.acquire()
        # The first is given at once; SQLite counts milliseconds.
        assert asyncio.get_running_loop().time() - began > 3 * 0.2 - 0.01
