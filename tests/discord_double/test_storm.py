"""A storm: the same faults for the same seed, at the rates that were asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.discord_double.fates import EVENT, FAIR, REST, Fault
from tests.discord_double.judging import judge
from tests.discord_double.raw_client import raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble
from tests.discord_double.storm import ROUGH, Storm
from tests.discord_double.tiny_bot import running

MESSAGE: Json = {"type": 4, "data": {"content": "x"}}


def test_the_same_seed_gives_the_same_faults_in_any_order() -> None:
    scopes = [f"first {number}" for number in range(200)]
    one, other, unlike = Storm(7), Storm(7), Storm(8)
    forwards = {scope: [one.meet(scope, REST) for _ in range(3)] for scope in scopes}
    backwards = {scope: [other.meet(scope, REST) for _ in range(3)] for scope in reversed(scopes)}
    assert forwards == backwards
    assert one.counts == other.counts
    assert forwards != {scope: [unlike.meet(scope, REST) for _ in range(3)] for scope in scopes}


def test_faults_come_at_their_rates_and_are_counted() -> None:
    storm = Storm(11)
    met = Counter(storm.meet(f"first {number}", REST).fault for number in range(20_000))
    for fault in REST:
        assert met[fault] / 20_000 == pytest.approx(ROUGH[fault], abs=0.006)
        assert storm.counts[fault] == met[fault]
    assert set(storm.counts) == set(REST), "no fault of the gateway at a request"


def test_what_would_have_happened_can_be_asked_and_is_not_counted() -> None:
    storm = Storm(3, {Fault.RESET: 0.5})
    foreseen = [storm.fate("first 4", number, REST) for number in range(20)]
    assert storm.counts == {}
    assert [storm.meet("first 4", REST) for _ in range(20)] == foreseen
    assert {one.fault for one in foreseen} == {Fault.RESET, None}


def test_waiting_times_lie_where_they_should() -> None:
    storm = Storm(5, {Fault.SLOW: 1.0}, waits={Fault.SLOW: (0.5, 0.75)})
    waits = [storm.meet(f"first {number}", REST).seconds for number in range(100)]
    assert min(waits) >= 0.5
    assert max(waits) <= 0.75
    assert len(set(waits)) == 100


def test_an_ended_storm_harms_nobody() -> None:
    storm = Storm(1, {Fault.DROP: 1.0})
    assert storm.meet("event", EVENT).fault is Fault.DROP
    assert storm.end() == {Fault.DROP: 1}
    assert storm.over
    assert storm.meet("event", EVENT) is FAIR
    assert storm.counts == {Fault.DROP: 1}


@pytest.mark.parametrize(
    "rates", [{Fault.RESET: 0.6, Fault.INTERNAL: 0.5}, {Fault.DROP: -0.1, Fault.RECONNECT: 0.2}]
)
def test_what_are_no_probabilities_is_refused(rates: dict[Fault, float]) -> None:
    with pytest.raises(ValueError, match="no probabilities"):
        Storm(0, rates)


async def test_requests_meet_what_the_storm_foresees() -> None:
    rates = {Fault.UNAVAILABLE: 0.3, Fault.LOST_ANSWER: 0.3}
    async with DiscordDouble() as double, raw_client(double) as raw:
        storm = double.weather.storm = Storm(21, rates)
        for _ in range(30):
            answer = await double.slash("recommend", {}, wait=False)
            for _ in range(3):
                await raw.respond(answer, MESSAGE)
        for entry in double.ledger.entries:
            met = [one.fate for one in entry.first.attempts]
            assert met == [storm.fate(f"first {entry.number}", number, REST) for number in range(3)]
        lost = [one for one in double.ledger.entries if one.first.faults[:1] == [Fault.LOST_ANSWER]]
        assert lost
        assert all(one.answered for one in lost)
        assert sum(storm.counts.values()) == sum(
            len(one.first.faults) for one in double.ledger.entries
        )


async def test_what_no_session_could_take_does_not_disturb_a_storm() -> None:
    async with DiscordDouble() as double, raw_client(double):
        double.weather.storm = Storm(0, {})
        await double.gateway.invalidate()
        await double.slash("recommend", {}, wait=False)
        verdict = judge(double.ledger, double.weather.storm)
        assert (len(verdict.hopeless), verdict.missed) == (1, ())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_the_real_client_lives_through_a_storm(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.05)
    rates = dict.fromkeys(ROUGH, 0.02) | {Fault.REFUSED_HANDSHAKE: 0.3}
    async with DiscordDouble() as double, running(double):
        storm = double.weather.storm = Storm(seed, rates)
        for number in range(150):
            # Where a resume meets a refused handshake, discord.py logs in anew and misses events.
            await double.wait_ready(timeout=30)
            await double.slash("private" if number % 3 else "picture", wait=False)
        await double.signal.until(
            lambda: all(
                one.answered or one.first.faults or not one.delivered
                for one in double.ledger.entries
            ),
            timeout=30,
            what="an attempt at each",
        )
        counts = storm.end()
        assert {Fault.DROP, Fault.RECONNECT, Fault.RESET, Fault.LOST_ANSWER} <= set(counts)
        await double.wait_ready(timeout=30)
        assert (await double.slash("private", timeout=10)).message is not None
        assert [one for one in double.ledger.entries if one.answered_twice] == []
        verdict = judge(double.ledger, storm)
        assert verdict.answered > verdict.fired / 2
        assert verdict.missed, "discord.py alone does not try again after a reset"
