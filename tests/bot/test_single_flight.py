import asyncio
import gc

import pytest

from bot.single_flight import SingleFlight


async def test_who_asks_meanwhile_shares_the_answer_and_who_asks_later_does_not():
    flight, gate, calls = SingleFlight[str](name="test"), asyncio.Event(), []

    async def work(number: int) -> str:
        calls.append(number)
        await gate.wait()
        return f"answer {number}"

    first, second, other = (
        asyncio.ensure_future(flight.run(key, lambda number=number: work(number)))
        for number, key in enumerate(["song", "song", "other"])
    )
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(first, second, other) == ["answer 0", "answer 0", "answer 2"]
    assert await flight.run("song", lambda: work(3)) == "answer 3"
    assert calls == [0, 2, 3]


async def test_who_gives_up_takes_the_answer_from_nobody_else():
    flight, gate = SingleFlight[str](name="test"), asyncio.Event()

    async def work() -> str:
        await gate.wait()
        return "answer"

    leaving, staying = (asyncio.ensure_future(flight.run(1, work)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    gate.set()
    assert await staying == "answer"


async def test_an_error_goes_to_everybody_and_is_not_kept():
    flight, failing = SingleFlight[str](name="test"), [True]

    async def work() -> str:
        await asyncio.sleep(0)
        if failing:
            raise ValueError("no")
        return "answer"

    both = await asyncio.gather(flight.run(1, work), flight.run(1, work), return_exceptions=True)
    assert [type(one) for one in both] == [ValueError, ValueError]
    failing.clear()
    assert await flight.run(1, work) == "answer"


async def test_an_error_that_nobody_waits_for_is_not_reported_as_lost():
    reported: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: reported.append(about))
    flight, gate = SingleFlight[str](name="test"), asyncio.Event()

    async def work() -> str:
        await gate.wait()
        raise ValueError("no")

    leaving = asyncio.ensure_future(flight.run(1, work))
    await asyncio.sleep(0)
    leaving.cancel()
    for _ in range(4):
        await asyncio.sleep(0)
    gate.set()
    for _ in range(4):
        await asyncio.sleep(0)
    del leaving  # its traceback holds the task
    gc.collect()
    assert reported == []


async def test_closing_ends_what_is_under_way():
    flight, ended = SingleFlight[str](name="test"), []

    async def work() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return "never"

    waiting = asyncio.ensure_future(flight.run(1, work))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await flight.aclose()
    assert ended == [True]
    with pytest.raises(asyncio.CancelledError):
        await waiting
