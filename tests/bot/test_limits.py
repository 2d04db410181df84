import asyncio
from dataclasses import dataclass

import pytest

from bot.limits import MEMBER_RATE, SERVER_RATE, MemoryLimits, Rate

RATE = Rate(3, 6.0)


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> MemoryLimits:
    return MemoryLimits(clock=clock)


async def test_as_many_as_the_rate_says_may_be_done_at_once(limits: MemoryLimits) -> None:
    assert [await limits.take("a", RATE) for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]


async def test_who_comes_back_when_told_is_let_through_and_not_before(
    limits: MemoryLimits, clock: Clock
) -> None:
    for _ in range(3):
        await limits.take("a", RATE)
    clock.now += 1.5
    wait = await limits.take("a", RATE)
    assert wait == pytest.approx(0.5)
    clock.now += wait
    assert await limits.take("a", RATE) == 0.0
    assert await limits.take("a", RATE) == pytest.approx(2.0)


async def test_asking_in_vain_does_not_put_it_off(limits: MemoryLimits) -> None:
    for _ in range(3):
        await limits.take("a", RATE)
    assert {await limits.take("a", RATE) for _ in range(50)} == {2.0}


async def test_after_a_rest_all_is_as_at_the_beginning(limits: MemoryLimits, clock: Clock) -> None:
    for _ in range(2):
        for _ in range(3):
            assert await limits.take("a", RATE) == 0.0
        assert await limits.take("a", RATE) > 0
        clock.now += RATE.seconds


async def test_over_a_long_time_the_rate_holds(limits: MemoryLimits, clock: Clock) -> None:
    done = 0
    for _ in range(1_000):
        done += await limits.take("a", RATE) == 0.0
        clock.now += 0.1
    assert 50 <= done <= 50 + RATE.times


async def test_keys_do_not_stand_in_each_others_way(limits: MemoryLimits) -> None:
    for _ in range(4):
        await limits.take("member:1", RATE)
    assert await limits.take("member:2", RATE) == 0.0
    assert await limits.take("server:1", RATE) == 0.0


async def test_two_who_come_together_do_not_both_get_the_last_place(limits: MemoryLimits) -> None:
    waits = await asyncio.gather(*(limits.take("a", RATE) for _ in range(5)))
    assert sum(wait == 0.0 for wait in waits) == 3


async def test_keys_at_rest_are_forgotten(limits: MemoryLimits, clock: Clock) -> None:
    most = 0
    for number in range(50_000):
        await limits.take(f"member:{number}", RATE)
        clock.now += 0.05
        most = max(most, len(limits))
    assert most <= 1_100


async def test_keys_in_use_are_not_forgotten(limits: MemoryLimits, clock: Clock) -> None:
    for _ in range(3):
        await limits.take("busy", RATE)
    for number in range(5_000):
        await limits.take(f"member:{number}", RATE)
    clock.now += 1.0
    assert await limits.take("busy", RATE) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("times", "seconds"), [(0, 10.0), (-1, 10.0), (5, 0.0), (5, -2.0), (5, float("nan"))]
)
def test_a_rate_that_lets_nobody_through_is_refused(times: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(times, seconds)


def test_a_server_may_do_more_than_a_member() -> None:
    assert SERVER_RATE.times / SERVER_RATE.seconds > MEMBER_RATE.times / MEMBER_RATE.seconds
