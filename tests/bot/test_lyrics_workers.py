import asyncio
import threading

import pytest

from bot.lyrics.workers import BusyError, Workers


async def test_results_and_errors_come_back_from_a_thread():
    workers = Workers(name="w")
    assert await workers.run(threading.current_thread, deadline=5) is not threading.main_thread()
    with pytest.raises(ZeroDivisionError):
        await workers.run(lambda: 1 // 0, deadline=5)


async def test_more_calls_than_threads_take_turns():
    workers = Workers(name="w", count=2, waiting=4)
    running, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(2, timeout=5)

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1

    await asyncio.gather(*(workers.run(call, deadline=5) for _ in range(6)))
    assert most == 2


async def test_a_call_beyond_the_queue_is_refused_at_once():
    workers, gate = Workers(name="w", count=1, waiting=1), threading.Event()
    calls = [asyncio.create_task(workers.run(gate.wait, deadline=5)) for _ in range(3)]
    done, waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    assert [type(call.exception()) for call in done] == [BusyError]
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]


async def test_threads_that_hang_count_until_they_return():
    workers, gate = Workers(name="w", count=1, waiting=5), threading.Event()
    with pytest.raises(TimeoutError):
        await workers.run(gate.wait, deadline=0.02)
    with pytest.raises(BusyError):
        await workers.run(lambda: 1, deadline=5)
    gate.set()
    async with asyncio.timeout(5):
        while True:
            try:
                assert await workers.run(lambda: 2, deadline=5) == 2
                break
            except BusyError:
                await asyncio.sleep(0)


async def test_a_caller_that_gives_up_in_the_queue_never_starts_its_call():
    workers, gate, started = Workers(name="w", count=1), threading.Event(), []
    first = asyncio.create_task(workers.run(gate.wait, deadline=5))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await workers.run(lambda: started.append(1), deadline=0.02)
    gate.set()
    await first
    assert await workers.run(lambda: "free", deadline=5) == "free"
    assert started == []


async def test_a_system_out_of_threads_is_busy_and_takes_no_place_for_good(monkeypatch):
    workers = Workers(name="w", count=1)

    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(threading.Thread, "start", refused)
        with pytest.raises(BusyError):
            await workers.run(lambda: 1, deadline=5)
    assert await workers.run(lambda: 2, deadline=5) == 2
