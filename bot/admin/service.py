"""What the admins of a server chose: remembered for a moment, kept in the database."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import delete

from bot.admin.keeping import keep, settings_of
from bot.admin.records import ServerSettings
from bot.errors import MemberError, StorageError
from bot.language import lazy_gettext, lazy_ngettext
from bot.storage.database import Database
from bot.storage.tables import SERVERS
from bot.timed_cache import TimedCache

CHANNEL_LIMIT = 50
# Seconds that a choice made through another process may take to be seen here.
AGE = 30.0
# Seconds for the database before a member is answered with what was known.
_PATIENCE = 0.5
_SERVERS_REMEMBERED = 10_000

_log = logging.getLogger(__name__)


class ServerSettingsService:
    """Answers from memory, and from the database where that is too old.

    A member never waits for a database that is down: what was last known of the server serves,
    or the defaults, and it is asked again a while later.

    Args:
        database: where choices are kept.
        clock: seconds, for the age of what is remembered.
    """

    def __init__(self, *, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._fresh = TimedCache[ServerSettings](size=_SERVERS_REMEMBERED, clock=clock)
        self._last_known = TimedCache[ServerSettings](size=_SERVERS_REMEMBERED, clock=clock)
        self._down = False
        # asyncio itself keeps no task alive.
        self._reading: set[asyncio.Task[ServerSettings]] = set()

    async def of(self, server: int | None) -> ServerSettings:
        """What holds in a server; None, outside of servers: the defaults."""
        if server is None:
            return ServerSettings()
        known = self._fresh.get(server)
        if known is not None:
            return known
        try:
            found = await self._read_soon(server)
        except StorageError as error:
            if not self._down:
                _log.warning("settings of servers are as last known: %s", error)
            self._down = True
            found = self._last_known.get(server) or ServerSettings()
            self._fresh.put(server, found, lifetime=AGE)
            return found
        self._down = False
        self._remember(server, found)
        return found

    async def set_dial(self, server: int, dial: float) -> ServerSettings:
        """Set the dial of those who give none.

        Raises:
            StorageError: it cannot be kept.
        """
        return await self._change(server, lambda now: replace(now, dial=dial))

    async def set_lyrics(self, server: int, *, on: bool) -> ServerSettings:
        """Switch ``/lyrics`` on or off.

        Raises:
            StorageError: it cannot be kept.
        """
        return await self._change(server, lambda now: replace(now, lyrics=on))

    async def add_channel(self, server: int, channel: int) -> ServerSettings:
        """Let answers in ``channel`` be for all to see.

        Raises:
            MemberError: there are ``CHANNEL_LIMIT`` such channels already.
            StorageError: it cannot be kept.
        """

        def added(now: ServerSettings) -> ServerSettings:
            channels = now.public_channels | {channel}
            if len(channels) > CHANNEL_LIMIT:
                raise MemberError(
                    lazy_ngettext(
                        "{count} channel is the most",
                        "{count} channels are the most",
                        CHANNEL_LIMIT,
                    ),
                    mend=lazy_gettext("remove one, or clear them all"),
                )
            return replace(now, public_channels=channels)

        return await self._change(server, added)

    async def remove_channel(self, server: int, channel: int) -> ServerSettings:
        """Take ``channel`` from the public ones.

        Raises:
            MemberError: it was none of them, or the only one, without which all are public.
            StorageError: it cannot be kept.
        """

        def removed(now: ServerSettings) -> ServerSettings:
            if channel not in now.public_channels:
                raise MemberError(
                    lazy_gettext("That channel is not on the list"),
                    mend=lazy_gettext("see /settings show"),
                )
            if len(now.public_channels) == 1:
                raise MemberError(
                    lazy_gettext("It is the only one, and with none answers are public everywhere"),
                    mend=lazy_gettext("add another first, or use /settings channels clear"),
                )
            return replace(now, public_channels=now.public_channels - {channel})

        return await self._change(server, removed)

    async def clear_channels(self, server: int) -> ServerSettings:
        """Let answers be for all to see everywhere.

        Raises:
            StorageError: it cannot be kept.
        """
        return await self._change(server, lambda now: replace(now, public_channels=frozenset()))

    async def forget(self, server: int) -> None:
        """Delete what is kept of a server, as when the bot was removed from it.

        Raises:
            StorageError: it cannot be deleted.
        """
        async with self._database.writing() as connection:
            await connection.execute(delete(SERVERS).where(SERVERS.c.id == server))
        self._remember(server, ServerSettings())

    def _remember(self, server: int, found: ServerSettings) -> None:
        self._fresh.put(server, found, lifetime=AGE)
        self._last_known.put(server, found, lifetime=float("inf"))

    async def _read_soon(self, server: int) -> ServerSettings:
        """What is kept of a server.

        Raises:
            StorageError: it cannot be read, or not within the patience.
        """
        reading = asyncio.create_task(self._read(server), name="settings of a server")
        self._reading.add(reading)
        reading.add_done_callback(self._read_at_last)
        # Waited for rather than timed out: a driver lets itself be cancelled only when its disk or
        # its server answers, and the member would wait for that.
        done, _ = await asyncio.wait({reading}, timeout=_PATIENCE)
        if not done:
            raise StorageError("the database is too slow")
        return reading.result()

    def _read_at_last(self, reading: asyncio.Task[ServerSettings]) -> None:
        self._reading.discard(reading)
        if not reading.cancelled():
            reading.exception()  # seen here, for nobody may wait for it any more

    async def _read(self, server: int) -> ServerSettings:
        async with self._database.reading() as connection:
            return await settings_of(connection, server)

    async def _change(
        self, server: int, how: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        async with self._database.writing() as connection:
            before = await settings_of(connection, server, to_change=True)
            after = how(before)
            await keep(connection, server, after)
        self._remember(server, after)
        return after
