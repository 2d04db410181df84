"""Several processes share limits; no member waits for the database that holds them."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import sharing
from bot.claims import MemoryClaims
from bot.errors import StorageError
from bot.limits import MEMBER_RATE, SERVER_RATE, Limits, MemoryLimits, Rate
from bot.settings import Settings, load_settings
from bot.sharing import SafeClaims, SafeLimits, Soon, open_shared
from bot.storage.database import open_database
from bot.storage.limits import DatabaseClaims, DatabaseLimits
from bot.storage.tables import CLAIMS, LIMITS
from tests.bot.databases import postgres

RATE = Rate(3, 6000.0)
# A member is asked after twice: once for the member, once for the server.
NOBODY_WAITS_LONGER = 0.2
NOISE = 1.0


@pytest.fixture
def several(tmp_path: Path) -> Settings:
    """The settings of the first of two processes."""
    address = f"sqlite:///{tmp_path}/one.sqlite3"
    return load_settings(database_url=address, shard_ids=(0, 1), shard_count=4)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Gives what was logged of limits."""
    caplog.set_level(logging.INFO, "bot.sharing")
    return lambda: [one.getMessage() for one in caplog.records if one.name == "bot.sharing"]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Stalled:
    """A database that does not even stop when it is told to, until it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.let_go = asyncio.Event()

    async def take(self, _key: str, _rate: Rate, /) -> float:
        self.asked += 1
        while not self.let_go.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.let_go.wait()
        raise StorageError("the disk came back too late", where="DATABASE_URL")


async def admitted(limits: Limits) -> float:
    """Seconds that a member waits to be let in, as the reception asks."""
    began = asyncio.get_running_loop().time()
    assert await limits.take("member:1", MEMBER_RATE) == 0.0
    assert await limits.take("server:1", SERVER_RATE) == 0.0
    return asyncio.get_running_loop().time() - began


@pytest.mark.parametrize(
    "shards", [{}, {"shard_count": 4}, {"shard_ids": (0, 1), "shard_count": 2}], ids=str
)
async def test_one_process_that_serves_all_shards_needs_no_database(
    shards: dict[str, Any], tmp_path: Path
) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/never/x.sqlite3", **shards)
    async with open_shared(settings) as shared:
        assert isinstance(shared.limits, MemoryLimits)
        assert isinstance(shared.claims, MemoryClaims)
    assert not (tmp_path / "never").exists()


async def test_processes_that_serve_some_of_the_shards_share(several: Settings) -> None:
    async with open_shared(several) as here, open_shared(several) as there:
        done = 0
        for one in (here, there) * 5:
            done += await one.limits.take("member:1", RATE) == 0.0
        assert done == RATE.times
        assert await here.claims.claim("channel:1", "ann", 600.0)
        assert not await there.claims.claim("channel:1", "ben", 600.0)
        await here.claims.release("channel:1", "ann")
        assert await there.claims.claim("channel:1", "ben", 600.0)


async def test_a_stalled_database_delays_nobody_and_is_told_once(
    lines: Callable[[], list[str]],
) -> None:
    clock, stalled = Clock(), Stalled()
    limits = SafeLimits(shared=stalled, soon=Soon(clock=clock))
    first = await admitted(limits)
    others = [await admitted(limits) for _ in range(MEMBER_RATE.times - 1)]
    assert await limits.take("member:1", MEMBER_RATE) > 0, "the rate holds in this process"
    assert stalled.asked == 1, "it is left alone"
    stalled.let_go.set()
    assert first < NOBODY_WAITS_LONGER + NOISE
    assert max(others) < NOISE
    assert lines() == ["limits hold in this process alone for now: the database is too slow"]


async def test_of_many_who_come_in_an_outage_one_finds_out_whether_it_is_over(
    lines: Callable[[], list[str]],
) -> None:
    clock, stalled = Clock(), Stalled()
    limits = SafeLimits(shared=stalled, soon=Soon(clock=clock))
    await limits.take("member:1", RATE)
    clock.now += 60.0
    await asyncio.gather(*(limits.take(f"member:{one}", RATE) for one in range(20)))
    stalled.let_go.set()
    assert stalled.asked == 2
    assert len(lines()) == 1


async def test_what_was_done_before_an_outage_counts_in_it_and_all_share_again_after_it(
    several: Settings, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However busy the machine is, this database is only ever broken on purpose.
    monkeypatch.setattr(sharing, "_PATIENCE", 30.0)
    clock = Clock()
    async with open_database(several.database_url.get_secret_value()) as database:
        shared = DatabaseLimits(database=database)
        limits = SafeLimits(shared=shared, soon=Soon(clock=clock))
        assert await limits.take("member:1", RATE) == 0.0
        assert await limits.take("member:1", RATE) == 0.0

        def broken() -> None:
            raise StorageError("the disk is gone", where="DATABASE_URL")

        with monkeypatch.context() as outage:
            outage.setattr(database, "writing", broken)
            taken = [await limits.take("member:1", RATE) > 0 for _ in range(3)]
        assert taken == [False, True, True]
        assert await limits.take("member:2", RATE) == 0.0
        clock.now += 60.0
        assert await limits.take("member:1", RATE) == 0.0, "the database knows of two"
        assert await shared.take("member:1", RATE) > 0
    assert lines() == [
        "limits hold in this process alone for now: DATABASE_URL: the disk is gone",
        "limits hold across processes again",
    ]


async def test_a_database_that_somebody_locks_delays_nobody(several: Settings) -> None:
    address = several.database_url.get_secret_value()
    async with open_shared(several) as shared:
        other = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert await admitted(shared.limits) < NOBODY_WAITS_LONGER + NOISE
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.slow
async def test_a_database_server_that_is_gone_delays_nobody(
    lines: Callable[[], list[str]],
) -> None:
    with contextlib.ExitStack() as server:
        address = server.enter_context(postgres())
        settings = load_settings(database_url=address, shard_ids=(1,), shard_count=2)
        async with open_shared(settings) as shared:
            await admitted(shared.limits)
            await asyncio.to_thread(server.close)
            assert await admitted(shared.limits) < NOBODY_WAITS_LONGER + NOISE
    assert lines()[0].startswith("limits hold in this process alone for now: ")


async def test_what_is_claimed_in_an_outage_is_this_process_s_alone(
    several: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    async with open_database(several.database_url.get_secret_value()) as database:
        shared = DatabaseClaims(database=database)
        claims = SafeClaims(shared=shared, soon=Soon(clock=clock))
        assert await claims.claim("channel:1", "ann", 600.0)

        def broken() -> None:
            raise StorageError("the disk is gone", where="DATABASE_URL")

        monkeypatch.setattr(database, "writing", broken)
        assert not await claims.claim("channel:1", "ben", 600.0)
        assert await claims.claim("channel:1", "ann", 600.0)
        await claims.release("channel:1", "ann")
        assert await claims.claim("channel:1", "ben", 600.0)


async def test_what_is_over_is_swept_from_time_to_time_and_through_an_outage(
    several: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept, sweep = asyncio.Event(), DatabaseClaims.sweep
    times = 0

    async def told(claims: DatabaseClaims) -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise StorageError("the disk is gone", where="DATABASE_URL")
        await sweep(claims)
        swept.set()

    monkeypatch.setattr(DatabaseClaims, "sweep", told)
    monkeypatch.setattr(sharing, "_SWEEP_EVERY", 0.01)
    async with (
        open_database(several.database_url.get_secret_value()) as database,
        open_shared(several) as shared,
    ):
        await shared.limits.take("member:1", Rate(1, 1e-6))
        await shared.claims.claim("channel:1", "ann", 0.0)
        swept.clear()
        await asyncio.wait_for(swept.wait(), 5)
        async with database.reading() as connection:
            for table in (LIMITS, CLAIMS):
                assert await connection.scalar(select(func.count()).select_from(table)) == 0
