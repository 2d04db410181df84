"""What an operator and Prometheus are told on a port of this machine."""

import asyncio
import math
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import Mock, create_autospec

import aiohttp
import discord
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.counts import Counts
from bot.errors import SettingsError
from bot.handled import Outcome
from bot.health import serving_health
from bot.limits import MemoryLimits
from bot.loop_lag import LoopLag, measuring_lag
from bot.model_in_use import ModelInUse
from bot.model_watch import ModelWatch
from bot.reception import Reception
from model.recommender import Recommender
from tests.bot.test_command_log import DONE
from tests.conftest import Environment, RunBot

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Gateway:
    """What the bot knows of its connections."""

    ready: bool = True
    open: dict[int, bool] = field(default_factory=lambda: {2: True, 3: True})
    latencies: list[tuple[int, float]] = field(default_factory=lambda: [(2, 0.125), (3, math.nan)])

    def as_bot(self) -> Mock:
        bot = create_autospec(discord.AutoShardedClient, instance=True)
        bot.is_ready = lambda: self.ready
        bot.shards = {
            number: Mock(is_closed=lambda number=number: not self.open[number])
            for number in self.open
        }
        bot.latencies = self.latencies
        return bot


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def reception() -> Reception:
    return Reception(limits=MemoryLimits(), told=[])


@pytest.fixture
def watch(store: Path, recommender: Recommender) -> ModelWatch:
    return ModelWatch(store=store, model=ModelInUse(recommender))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


Serve = Callable[[], AbstractAsyncContextManager["Asked"]]


@dataclass
class Asked:
    port: int
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            return response.status, await response.text()

    async def samples(self) -> Samples:
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            (one.name, frozenset(one.labels.items())): one.value
            for family in text_string_to_metric_families(text)
            for one in family.samples
        }


@pytest.fixture
def serve(
    gateway: Gateway, reception: Reception, watch: ModelWatch, recommender: Recommender
) -> Serve:
    @asynccontextmanager
    async def serving() -> AsyncGenerator[Asked]:
        port = free_port()
        health = serving_health(
            port,
            bot=gateway.as_bot,
            reception=reception,
            model=ModelInUse(recommender),
            watch=watch,
            remembered=lambda: {"lyrics": 3, "maps": 5},
            counts=Counts(),
        )
        async with aiohttp.ClientSession() as session, health:
            yield Asked(port, session)

    return serving


def sample(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


async def test_it_is_alive_and_says_how_late_the_loop_is(serve: Serve) -> None:
    async with serve() as asked:
        status, text = await asked.get("/healthz")
    assert status == 200
    assert '"status": "alive"' in text
    assert '"event_loop_lag_ms": ' in text


async def test_it_is_ready_only_when_every_shard_is_connected(
    serve: Serve, gateway: Gateway, reception: Reception
) -> None:
    async with serve() as asked:
        assert (await asked.get("/readyz"))[0] == 200
        gateway.open[3] = False
        assert await asked.get("/readyz") == (
            503,
            '{"status": "not ready", "reason": "not connected: shard 3"}',
        )
        gateway.ready = False
        status, text = await asked.get("/readyz")
        assert (status, "the gateway is not ready" in text) == (503, True)
        gateway.ready = gateway.open[3] = True
        assert (await asked.get("/readyz"))[0] == 200
        await reception.under_way.finish(1)
        status, text = await asked.get("/readyz")
        assert (status, "the bot is ending" in text) == (503, True)
        assert (await asked.get("/healthz"))[0] == 200


async def test_prometheus_gets_what_was_handled(serve: Serve, reception: Reception) -> None:
    async with serve() as asked:
        for handled in (
            DONE,
            replace(DONE, seconds=4.0, outcome=Outcome.LATE, first_ms=None),
            replace(DONE, kind="press", name="lyrics"),
        ):
            for told in reception._told:
                told(handled)
        samples = await asked.samples()
    of = {"command": "recommend", "kind": "command"}
    assert sample(samples, "crossfade_interactions_total", **of, outcome="ok") == 1
    assert sample(samples, "crossfade_interactions_total", **of, outcome="late") == 1
    assert sample(samples, "crossfade_handler_seconds_count", **of) == 2
    assert sample(samples, "crossfade_handler_seconds_bucket", **of, le="0.05") == 1
    assert sample(samples, "crossfade_handler_seconds_sum", **of) == pytest.approx(4.031)
    assert sample(samples, "crossfade_first_response_seconds_sum", **of) == pytest.approx(0.041)
    press = {"command": "lyrics", "kind": "press", "outcome": "ok"}
    assert sample(samples, "crossfade_interactions_total", **press) == 1


async def test_prometheus_gets_what_holds_at_the_moment(
    serve: Serve, watch: ModelWatch, recommender: Recommender
) -> None:
    watch.reloads, watch.failed_reloads = 3, 2
    async with serve() as asked:
        samples = await asked.samples()
    assert sample(samples, "crossfade_gateway_latency_seconds", shard="2") == 0.125
    assert ("crossfade_gateway_latency_seconds", frozenset({("shard", "3")})) not in samples
    assert sample(samples, "crossfade_model_reloads_total") == 3
    assert sample(samples, "crossfade_model_failed_reloads_total") == 2
    assert sample(samples, "crossfade_remembered_answers", service="maps") == 5
    assert sample(samples, "crossfade_under_way") == 0
    (model,) = [dict(labels) for name, labels in samples if name == "crossfade_model_info"]
    assert model["version"] == recommender.manifest.version
    assert model["dataset"] == "demo"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="where there is no /proc")
async def test_prometheus_gets_the_resident_memory(serve: Serve) -> None:
    async with serve() as asked:
        samples = await asked.samples()
    assert sample(samples, "process_resident_memory_bytes") > 10e6


async def test_other_paths_and_methods_are_refused(serve: Serve) -> None:
    async with serve() as asked:
        assert (await asked.get("/"))[0] == 404
        async with asked.session.post(f"http://127.0.0.1:{asked.port}/metrics") as response:
            assert response.status == 405


async def test_it_is_there_for_this_machine_alone_and_gone_at_the_end(serve: Serve) -> None:
    async with serve() as asked:
        # All of 127.0.0.0/8 is this machine, but only one address of it is served.
        with pytest.raises(OSError, match="Connect"):
            await asyncio.open_connection("127.0.0.2", asked.port)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", asked.port)


async def test_two_bots_in_one_process_do_not_share_what_they_count(serve: Serve) -> None:
    async with serve() as one, serve() as other:
        assert one.port != other.port
        assert (await other.get("/metrics"))[0] == 200


async def test_without_a_port_nothing_is_served_and_nothing_counted(
    gateway: Gateway, reception: Reception, watch: ModelWatch, recommender: Recommender
) -> None:
    model = ModelInUse(recommender)
    async with serving_health(
        None,
        bot=gateway.as_bot,
        reception=reception,
        model=model,
        watch=watch,
        remembered=dict,
        counts=Counts(),
    ):
        assert reception._told == []
        assert not [one for one in asyncio.all_tasks() if one.get_name() == "loop lag"]


async def test_a_port_that_is_taken_is_named(
    gateway: Gateway, reception: Reception, watch: ModelWatch, recommender: Recommender
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"^HEALTH_PORT: port {port} .* cannot be used"):
            async with serving_health(
                port,
                bot=gateway.as_bot,
                reception=reception,
                model=ModelInUse(recommender),
                watch=watch,
                remembered=dict,
                counts=Counts(),
            ):
                raise AssertionError("it cannot be served")


def test_a_port_that_is_taken_is_one_line_of_the_bot(run_bot: RunBot, store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_bot(
            settings={"DISCORD_TOKEN": "a.b.c", "ARTIFACTS": str(store), "HEALTH_PORT": str(port)}
        )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"crossfade: HEALTH_PORT: port {port} of this machine cannot be used")


async def test_the_loop_is_as_late_as_whoever_holds_it_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lag = LoopLag()
    for seconds in (0.02, 0.3, -0.001, 0.01):
        lag.note(seconds)
    assert lag.greatest == 0.3
    for _ in range(60):
        lag.note(0.005)
    assert lag.greatest == 0.005
    noted = asyncio.Event()
    monkeypatch.setattr(LoopLag, "note", lambda *_: noted.set())
    async with measuring_lag(0.001):
        await asyncio.wait_for(noted.wait(), 5)
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "loop lag"]


def test_the_libraries_for_it_are_loaded_only_with_a_port(environment: Environment) -> None:
    program = "import bot.front_ends, sys; print('prometheus_client' in sys.modules)"
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == "False"
