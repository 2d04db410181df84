"""The settings of a server in and out of the tables."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admin.records import ServerSettings
from bot.storage.tables import PUBLIC_CHANNELS, SERVERS


async def settings_of(
    connection: AsyncConnection, server: int, *, to_change: bool = False
) -> ServerSettings:
    """What is kept of a server; the defaults when nothing is.

    Args:
        connection: in a transaction.
        server: Discord's id.
        to_change: keep other processes from changing it until the transaction ends.
    """
    asked = select(SERVERS).where(SERVERS.c.id == server)
    row = (await connection.execute(asked.with_for_update() if to_change else asked)).one_or_none()
    if row is None:
        return ServerSettings()
    channels = await connection.scalars(
        select(PUBLIC_CHANNELS.c.channel).where(PUBLIC_CHANNELS.c.server == server)
    )
    return ServerSettings(
        dial=float(row.dial), lyrics=bool(row.lyrics), public_channels=frozenset(channels)
    )


async def keep(connection: AsyncConnection, server: int, settings: ServerSettings) -> None:
    """Write what holds in a server from now on."""
    values = {"dial": settings.dial, "lyrics": settings.lyrics}
    changed = await connection.execute(
        update(SERVERS).where(SERVERS.c.id == server).values(**values)
    )
    if not changed.rowcount:
        await connection.execute(insert(SERVERS).values(id=server, **values))
    await connection.execute(delete(PUBLIC_CHANNELS).where(PUBLIC_CHANNELS.c.server == server))
    rows = [{"server": server, "channel": channel} for channel in settings.public_channels]
    if rows:
        await connection.execute(insert(PUBLIC_CHANNELS), rows)
