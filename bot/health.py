"""``/healthz``, ``/readyz`` and ``/metrics`` on a port of this machine alone."""

import math
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord

from bot.counts import Counts
from bot.errors import SettingsError
from bot.loop_lag import LoopLag, measuring_lag
from bot.model_in_use import ModelInUse
from bot.model_watch import ModelWatch
from bot.reception import Reception

if TYPE_CHECKING:
    from aiohttp import web

    from bot.metrics import Metrics

HOST = "127.0.0.1"


@asynccontextmanager
async def serving_health(
    port: int | None,
    *,
    bot: Callable[[], discord.AutoShardedClient],
    reception: Reception,
    model: ModelInUse,
    watch: ModelWatch,
    remembered: Callable[[], Mapping[str, int]],
    counts: Counts,
) -> AsyncGenerator[None]:
    """Serve until the end of the block; without a port nothing is served.

    Args:
        port: the port.
        bot: gives the one whose connections tell whether it is ready.
        reception: what tells of each interaction.
        model: what answers.
        watch: what takes newly published models.
        remembered: tells how many answers are remembered, by the name of the service.
        counts: what else is counted.

    Raises:
        SettingsError: the port cannot be used.
    """
    if port is None:
        yield
        return
    # Late, because neither is needed without a port, and together they take some megabytes.
    from aiohttp import web

    from bot.metrics import Metrics, Sources

    async with measuring_lag() as lag:
        metrics = Metrics(
            Sources(
                latencies=lambda: latencies(bot()),
                under_way=lambda: len(reception.under_way),
                lag=lambda: lag.greatest,
                model=lambda: _told_of(model),
                reloads=lambda: watch.reloads,
                failed_reloads=lambda: watch.failed_reloads,
                remembered=remembered,
                counts=counts,
            )
        )
        reception.tell(metrics.count)
        application = _application(lambda: why_not_ready(bot(), reception), metrics, lag)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await _listen(web.TCPSite(runner, HOST, port), port)
            yield
        finally:
            await runner.cleanup()


def why_not_ready(bot: discord.AutoShardedClient, reception: Reception) -> str:
    """Why members are not answered at the moment; empty when they are."""
    if reception.under_way.ending:
        return "the bot is ending"
    if not bot.is_ready():
        return "the gateway is not ready"
    closed = [str(number) for number, shard in bot.shards.items() if shard.is_closed()]
    return f"not connected: shard {', '.join(closed)}" if closed else ""


def latencies(bot: discord.AutoShardedClient) -> dict[int, float]:
    """Seconds between heartbeat and answer by shard; those that are not known yet are left out."""
    return {number: seconds for number, seconds in bot.latencies if math.isfinite(seconds)}


def _application(ready: Callable[[], str], metrics: "Metrics", lag: LoopLag) -> "web.Application":
    from aiohttp import web

    from bot.metrics import CONTENT_TYPE

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response(
            {"status": "alive", "event_loop_lag_ms": round(1000 * lag.greatest, 1)}
        )

    async def readyz(_request: web.Request) -> web.Response:
        reason = ready()
        said: dict[str, Any] = {"status": "not ready" if reason else "ready"}
        return web.json_response(
            said | ({"reason": reason} if reason else {}), status=503 if reason else 200
        )

    async def tell_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    application = web.Application()
    application.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", tell_metrics),
        ]
    )
    return application


async def _listen(site: "web.TCPSite", port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        raise SettingsError(
            f"port {port} of this machine cannot be used ({error.strerror})",
            where="HEALTH_PORT",
            mend="give a free one, or leave it empty",
        ) from error


def _told_of(model: ModelInUse) -> dict[str, str]:
    manifest = model.recommender.manifest
    return {
        "version": manifest.version,
        "dataset": str(manifest.dataset["name"]),
        "created": manifest.created,
    }
