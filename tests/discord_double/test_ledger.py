"""The ledger: what it writes down of each interaction, and how that is judged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest

from tests.discord_double.fates import FAIR, Fate, Fault
from tests.discord_double.interactions import Answer
from tests.discord_double.judging import answerable, judge
from tests.discord_double.ledger import Entry
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble
from tests.discord_double.storm import Storm
from tests.discord_double.tiny_bot import running

MESSAGE: Json = {"type": 4, "data": {"content": "first"}}
DEFERRAL: Json = {"type": 5}
NOTE: Json = {"content": "note"}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def raw(clock: Clock) -> AsyncIterator[RawClient]:
    async with DiscordDouble(clock=clock) as double, raw_client(double) as client:
        yield client


async def asked(raw: RawClient) -> tuple[Answer, Entry]:
    answer = await raw.double.slash("recommend", {}, wait=False)
    return answer, raw.double.ledger.of(answer)


async def test_an_entry_tells_of_every_attempt(raw: RawClient, clock: Clock) -> None:
    answer, entry = await asked(raw)
    raw.double.weather.plan(Fault.UNAVAILABLE)
    clock.now += 0.5
    await raw.respond(answer, MESSAGE)
    assert not entry.answered
    assert not entry.first.clear_in_time
    clock.now += 1.5
    await raw.respond(answer, MESSAGE)
    assert (entry.number, entry.id, entry.delivered) == (0, answer.interaction["id"], [0.0])
    assert entry.answered
    assert entry.first.clear_in_time
    assert entry.first.faults == [Fault.UNAVAILABLE]
    seen = [(one.arrived, one.clear, one.effect, one.code) for one in entry.first.attempts]
    assert seen == [(0.5, False, None, None), (2.0, True, 2.0, None)]
    assert not entry.answered_twice


async def test_an_answer_that_comes_too_late_is_none(raw: RawClient, clock: Clock) -> None:
    answer, entry = await asked(raw)
    clock.now += 3.25
    await raw.respond(answer, MESSAGE)
    assert not entry.answered
    assert not entry.first.clear_in_time
    assert [(one.effect, one.code) for one in entry.first.attempts] == [(None, 10062)]


async def test_a_lost_answer_counts_and_its_retry_does_not_count_again(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    raw.double.weather.plan(Fault.LOST_ANSWER)
    await raw.respond(answer, MESSAGE)
    await raw.respond(answer, MESSAGE)
    assert entry.answered
    assert [one.code for one in entry.first.attempts] == [None, 40060]
    assert entry.first.effects == 1
    assert not entry.answered_twice
    assert not entry.first.refused


async def test_retries_of_one_followup_are_told_from_another_followup(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, MESSAGE)
    raw.double.weather.plan(Fault.INTERNAL, times=2, on="POST /webhooks")
    for note in (NOTE, NOTE, NOTE, {"content": "another"}):
        await raw.call("POST", raw.webhook(answer), note)
    note, another = entry.further.values()
    assert (note.name, note.faults) == ("POST", [Fault.INTERNAL] * 2)
    assert (note.effects, another.effects) == (1, 1)
    assert note.clear_in_time
    assert not entry.answered_twice
    await raw.call_with_files("POST", raw.webhook(answer), NOTE, b"a file")
    assert len(entry.further) == 3


async def test_a_followup_that_was_sent_twice_is_seen(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, MESSAGE)
    raw.double.weather.plan(Fault.RESET_AFTER, on="POST /webhooks")
    with pytest.raises(aiohttp.ClientOSError):
        await raw.call("POST", raw.webhook(answer), NOTE)
    await raw.call("POST", raw.webhook(answer), NOTE)
    assert entry.answered_twice
    assert judge(raw.double.ledger).twice == (entry,)


async def test_an_edit_may_take_effect_twice(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, MESSAGE)
    for _ in range(2):
        await raw.call("PATCH", raw.webhook(answer, "/messages/@original"), NOTE)
    (edit,) = entry.further.values()
    assert (edit.name, edit.effects) == ("PATCH /messages/@original", 2)
    assert not entry.answered_twice


async def test_a_followup_after_the_token_ended_is_not_in_time(
    raw: RawClient, clock: Clock
) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, MESSAGE)
    clock.now += 901
    await raw.call("POST", raw.webhook(answer), NOTE)
    (note,) = entry.further.values()
    assert (note.in_time, note.clear_in_time, note.refused) == (False, False, True)
    assert entry.unfulfilled == []


async def test_reading_is_no_attempt(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, MESSAGE)
    await raw.call("GET", raw.webhook(answer, "/messages/@original"))
    assert entry.further == {}


async def test_a_member_who_is_left_waiting_is_seen(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, DEFERRAL)
    raw.double.weather.plan(Fault.RESET, on="PATCH")
    with pytest.raises(aiohttp.ClientOSError):
        await raw.call("PATCH", raw.webhook(answer, "/messages/@original"), NOTE)
    verdict = judge(raw.double.ledger)
    assert verdict.thinking == (entry,)
    assert [(one.number, what.name) for one, what in verdict.unfulfilled] == [
        (0, "PATCH /messages/@original")
    ]
    await raw.call("PATCH", raw.webhook(answer, "/messages/@original"), NOTE)
    verdict = judge(raw.double.ledger)
    assert (verdict.thinking, verdict.unfulfilled) == ((), ())


async def test_what_was_refused_for_good_is_missed(raw: RawClient) -> None:
    answer, entry = await asked(raw)
    await raw.respond(answer, {"type": 4, "data": {"content": "x" * 2_001}})
    assert entry.first.refused
    entry.delivered[:] = [2.9]
    assert judge(raw.double.ledger).missed == (entry,), "an attempt came in time all the same"


async def test_every_delivery_is_written_down(raw: RawClient, clock: Clock) -> None:
    session = raw.double.identified[0].session
    raw.double.gateway.drop()
    _, entry = await asked(raw)
    assert entry.delivered == []
    for after in (0.5, 2.0):
        clock.now = entry.answer.began + after
        socket = await raw.connect()
        data = {"token": raw.double.token, "session_id": session, "seq": 2}
        await socket.send_json({"op": 6, "d": data})
        assert (await socket.receive_json())["d"]["id"] == entry.id
        await socket.close(code=4000)
    assert entry.delivered == [0.5, 2.0]


def storm_of(*foreseen: tuple[Fault, float]) -> Storm:
    """A storm in which each first response meets these faults one after the other."""

    class Foreseen(Storm):
        def fate(self, scope: str, number: int, faults: Sequence[Fault]) -> Fate:
            return Fate(*foreseen[number]) if number < len(foreseen) else FAIR

    return Foreseen(0, {})


@pytest.mark.parametrize(
    ("faults", "delivered", "possible"),
    [
        ([], [0.0], True),
        ([], [], False),
        ([], [2.5], True),
        ([], [2.9], False),
        ([], [0.0, 2.9], False),
        ([(Fault.INTERNAL, 0.0)] * 8, [0.0], True),
        ([(Fault.INTERNAL, 0.0)] * 10, [0.0], False),
        ([(Fault.BUCKET_LIMIT, 2.0)], [0.0], True),
        ([(Fault.BUCKET_LIMIT, 2.5)], [0.0], False),
        ([(Fault.SLOW, 2.5)], [0.0], True),
        ([(Fault.SLOW, 2.9)], [0.0], False),
        ([(Fault.RESET_AFTER, 0.0)], [2.5], True),
        ([(Fault.SLOW_ANSWER, 9.0)], [2.5], True),
        ([(Fault.CLOUDFLARE_LIMIT, 1.0), (Fault.RESET, 0.0)], [1.0], True),
        ([(Fault.CLOUDFLARE_LIMIT, 1.2), (Fault.RESET, 0.0)], [1.0], False),
    ],
)
async def test_whether_an_attempt_was_possible(
    raw: RawClient, faults: list[tuple[Fault, float]], delivered: list[float], possible: bool
) -> None:
    _, entry = await asked(raw)
    entry.delivered[:] = delivered
    storm = storm_of(*faults)
    assert answerable(entry, storm, pace=0.3) is possible
    verdict = judge(raw.double.ledger, storm)
    assert (verdict.missed, verdict.hopeless) == (((entry,), ()) if possible else ((), (entry,)))


async def test_the_real_client_leaves_an_entry() -> None:
    async with DiscordDouble() as double, running(double):
        answer = await double.slash("thinking")
        entry = double.ledger.of(answer)
        await double.signal.until(lambda: len(entry.further) == 2, timeout=10, what="followups")
        await double.signal.until(lambda: answer.followups != [], timeout=10, what="the last")
        assert entry.answered
        assert [one.name for one in entry.further.values()] == ["POST", "POST"]
        assert [one.scope for one in entry.further.values()] == ["further 0 0", "further 0 1"]
        assert str(judge(double.ledger)) == (
            "1 interactions: 1 answered, 0 hopeless, 0 missed, 0 twice, 0 thinking, 0 unfulfilled"
        )
