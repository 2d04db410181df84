"""What only one may do or have at a time: asked through one protocol, whoever keeps the list."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import uuid4

# Seconds between two questions whether the other process is done.
_LOOK_AGAIN = 0.05


class Claims(Protocol):
    """Keeps the list of who has what."""

    async def claim(self, key: str, holder: str, seconds: float, /) -> bool:
        """Have ``key`` alone from now on, or go on having it.

        Args:
            key: what is claimed, for example the songs of one channel.
            holder: who claims it; no two ever give the same.
            seconds: after which it is free again unless the holder claims it once more.

        Returns:
            Whether it is the holder's; if not, it is somebody else's.
        """
        ...

    async def release(self, key: str, holder: str, /) -> None:
        """Leave ``key`` to others; nothing happens when it is not the holder's."""
        ...


class MemoryClaims:
    """Claims that hold in this process and are forgotten with it.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[str, float]] = {}

    def __len__(self) -> int:
        return len(self._held)

    async def claim(self, key: str, holder: str, seconds: float, /) -> bool:
        """As ``Claims`` says."""
        now = self._clock()
        # Few are ever held at once, so looking at all of them costs next to nothing.
        self._held = {one: held for one, held in self._held.items() if held[1] > now}
        if self._held.get(key, (holder, now))[0] != holder:
            return False
        self._held[key] = (holder, now + seconds)
        return True

    async def release(self, key: str, holder: str, /) -> None:
        """As ``Claims`` says."""
        if self._held.get(key, ("", 0.0))[0] == holder:
            del self._held[key]


class OneAtATime:
    """Lets one through after another, each only when the one before is done.

    Args:
        claims: keeps the others out, in whichever process they are.
        key: what they are let through to.
        seconds: that nobody needs; who takes longer no longer keeps the others out.
    """

    def __init__(self, *, claims: Claims, key: str, seconds: float) -> None:
        self._claims = claims
        self._key = key
        self._seconds = seconds
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Wait for the others, then keep them out until the end of the block."""
        holder = uuid4().hex
        async with self._first:
            try:
                while True:
                    if await self._claims.claim(self._key, holder, self._seconds):
                        break
                    await asyncio.sleep(_LOOK_AGAIN)
                yield
            finally:
                await self._claims.release(self._key, holder)
