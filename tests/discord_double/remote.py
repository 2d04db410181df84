"""A local Discord in a process of its own, driven from this one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp

from tests.discord_double.errors import DoubleError
from tests.discord_double.fates import Fault
from tests.discord_double.records import Json

ROOT = Path(__file__).parents[2]


class RemoteDouble:
    """Drives a local Discord through its control address (``control.py`` says what there is).

    Attributes:
        rest_url: where its REST interface is.
        gateway_url: where its gateway is.
        token: what a bot must log in with.

    Every method raises DoubleError with the reason when the local Discord cannot do it.
    """

    def __init__(self, where: Mapping[str, str], session: aiohttp.ClientSession) -> None:
        self.rest_url = where["rest"]
        self.gateway_url = where["gateway"]
        self.token = where["token"]
        self._control = where["control"]
        self._session = session

    async def state(self) -> Json:
        """Return who is there and what was refused (``told.of_state``)."""
        return await self._ask("GET", "/state")

    async def set_weather(self, **kept: Any) -> None:
        """Set what stays wrong until it is changed (``orders.WeatherOrder``)."""
        await self._ask("PUT", "/weather", kept)

    async def clear_weather(self) -> None:
        """Be fair again, at once."""
        await self._ask("DELETE", "/weather")

    async def plan(self, fault: Fault, **how: Any) -> None:
        """As ``Weather.plan``."""
        await self._ask("POST", "/plans", {"fault": fault} | how)

    async def begin_storm(
        self,
        seed: int,
        rates: Mapping[Fault, float] | None = None,
        waits: Mapping[Fault, tuple[float, float]] | None = None,
    ) -> None:
        """Let a storm begin; what is left out is as in ``storm.py``."""
        given = {"rates": rates, "waits": waits}
        kept = {name: dict(one) for name, one in given.items() if one is not None}
        await self._ask("PUT", "/storm", {"seed": seed} | kept)

    async def end_storm(self) -> dict[Fault, int]:
        """End the storm; return how often each fault happened."""
        return {Fault(name): times for name, times in (await self._ask("DELETE", "/storm")).items()}

    async def gateway(self, do: str, shard: int | None = None) -> None:
        """Do something to connections at once (``orders.GatewayOrder``)."""
        await self._ask("POST", "/gateway", {"do": do, "shard": shard})

    async def wait(self, until: str, **how: Any) -> None:
        """Wait until something is so (``orders.WaitOrder``)."""
        await self._ask("POST", "/wait", {"until": until} | how)

    async def fire(self, deeds: Sequence[Json]) -> list[int]:
        """Let members do things (``orders.Deed``) without waiting; return the numbers."""
        return await self._ask("POST", "/interactions", deeds)

    async def answer(
        self,
        number: int,
        *,
        until: Literal["now", "responded", "settled"] = "responded",
        timeout: float = 3.0,
    ) -> Json:
        """Return what is to be seen of an answer (``told.of_answer``), waiting for it if asked."""
        return await self._ask("GET", f"/interactions/{number}?until={until}&timeout={timeout}")

    async def ledger(self, since: int = 0) -> Json:
        """Return the verdict on all interactions and the entries from number ``since`` on."""
        return await self._ask("GET", f"/ledger?since={since}")

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        async with self._session.request(method, self._control + path, json=body) as response:
            told = await response.json()
            if response.status != 200:
                raise DoubleError(told["error"])
            return told


@asynccontextmanager
async def in_a_process(
    *, guilds: int = 1, shards: int = 1, seconds: float = 600.0
) -> AsyncIterator[RemoteDouble]:
    """Start a local Discord in a process of its own; it ends with the block."""
    numbers = (("--guilds", guilds), ("--shards", shards), ("--seconds", seconds))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.discord_double"),
        *(str(part) for pair in numbers for part in pair),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        where = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        async with aiohttp.ClientSession() as session:
            yield RemoteDouble(where, session)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
