"""The tables, as the newest migration leaves them."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, MetaData, Table

METADATA = MetaData()

SERVERS = Table(
    "servers",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("dial", Float, nullable=False),
    Column("lyrics", Boolean, nullable=False),
)
"""A server whose admins chose something; its id is Discord's."""

PUBLIC_CHANNELS = Table(
    "public_channels",
    METADATA,
    Column("server", BigInteger, ForeignKey(SERVERS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
)
"""The channels where answers are for all to see; none of a server: everywhere."""
