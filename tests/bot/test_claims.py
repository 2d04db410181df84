"""What only one may have at a time, in memory and in the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update

from bot.claims import Claims, MemoryClaims, OneAtATime
from bot.storage.database import Database, open_database
from bot.storage.limits import DatabaseClaims
from bot.storage.tables import CLAIMS

LONG = 6000.0


@dataclass
class Claimed:
    """Claims of two processes, and what lets time pass for them."""

    here: Claims
    there: Claims
    passes: Callable[[float], Awaitable[None]]


class ClaimsContract:
    """Derive a class, say what claims there are, and every promise is tested."""

    @pytest.fixture
    def claimed(self) -> Claimed:
        raise NotImplementedError

    async def test_one_has_it_until_it_is_released(self, claimed: Claimed) -> None:
        assert await claimed.here.claim("channel:1", "ann", LONG)
        assert not await claimed.there.claim("channel:1", "ben", LONG)
        assert await claimed.there.claim("channel:2", "ben", LONG)
        await claimed.there.release("channel:1", "ben")
        assert not await claimed.there.claim("channel:1", "ben", LONG), "it was not ben's"
        await claimed.here.release("channel:1", "ann")
        assert await claimed.there.claim("channel:1", "ben", LONG)

    async def test_a_holder_who_vanished_loses_it(self, claimed: Claimed) -> None:
        await claimed.here.claim("channel:1", "ann", LONG)
        await claimed.passes(LONG - 600.0)
        assert not await claimed.there.claim("channel:1", "ben", LONG)
        await claimed.passes(700.0)
        assert await claimed.there.claim("channel:1", "ben", LONG)
        assert not await claimed.here.claim("channel:1", "ann", LONG)

    async def test_whoever_claims_it_again_keeps_it(self, claimed: Claimed) -> None:
        for _ in range(3):
            assert await claimed.here.claim("channel:1", "ann", LONG)
            await claimed.passes(LONG - 600.0)
        assert not await claimed.there.claim("channel:1", "ben", LONG)

    async def test_of_those_who_race_one_gets_it(self, claimed: Claimed) -> None:
        both = (claimed.here, claimed.there)
        asked = [both[number % 2].claim("channel:1", str(number), LONG) for number in range(20)]
        assert sum(await asyncio.gather(*asked)) == 1

    async def test_blocks_never_overlap_and_a_broken_one_keeps_nobody_out(
        self, claimed: Claimed
    ) -> None:
        inside = most = done = 0

        async def one(turn: OneAtATime, *, broken: bool) -> None:
            nonlocal inside, most, done
            async with turn.alone():
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1
                done += 1
                if broken:
                    raise RuntimeError("broken")

        turns = [
            OneAtATime(claims=claims, key="service", seconds=LONG)
            for claims in (claimed.here, claimed.there)
        ]
        asked = [one(turns[number % 2], broken=number < 2) for number in range(6)]
        async with asyncio.timeout(10):
            await asyncio.gather(*asked, return_exceptions=True)
        assert (most, done) == (1, 6)

    async def test_who_gives_up_waiting_keeps_nobody_out(self, claimed: Claimed) -> None:
        turn = OneAtATime(claims=claimed.here, key="service", seconds=LONG)
        await claimed.there.claim("service", "other", LONG)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.12), turn.alone():
                pass
        await claimed.there.release("service", "other")
        async with asyncio.timeout(5), turn.alone():
            assert not await claimed.there.claim("service", "other", LONG)


class TestInMemory(ClaimsContract):
    @pytest.fixture
    def claimed(self) -> Claimed:
        now = [1_000.0]

        async def passes(seconds: float) -> None:
            now[0] += seconds

        claims = MemoryClaims(clock=lambda: now[0])
        return Claimed(claims, claims, passes)

    async def test_what_has_ended_is_forgotten(self) -> None:
        now = [0.0]
        claims = MemoryClaims(clock=lambda: now[0])
        for channel in range(50):
            await claims.claim(f"channel:{channel}", "ann", 10.0)
            now[0] += 1.0
        assert len(claims) == 10


class TestInADatabase(ClaimsContract):
    @pytest.fixture
    async def databases(self, empty_database: str) -> AsyncIterator[list[Database]]:
        async with AsyncExitStack() as stack:
            yield [await stack.enter_async_context(open_database(empty_database)) for _ in range(2)]

    @pytest.fixture
    def claimed(self, databases: list[Database]) -> Claimed:
        async def passes(seconds: float) -> None:
            async with databases[0].writing() as connection:
                await connection.execute(update(CLAIMS).values(ends_at=CLAIMS.c.ends_at - seconds))

        here, there = (DatabaseClaims(database=one) for one in databases)
        return Claimed(here, there, passes)

    async def test_only_what_has_ended_is_swept(
        self, claimed: Claimed, databases: list[Database]
    ) -> None:
        for channel in range(3):
            await claimed.here.claim(f"channel:{channel}", "ann", LONG)
        await claimed.passes(LONG)
        await claimed.here.claim("channel:9", "ann", LONG)
        await DatabaseClaims(database=databases[1]).sweep()
        async with databases[0].reading() as connection:
            assert await connection.scalar(select(func.count()).select_from(CLAIMS)) == 1
        assert not await claimed.there.claim("channel:9", "ben", LONG)
