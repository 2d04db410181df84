"""The tables, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Float,
    ForeignKey,
    MetaData,
    String,
    Table,
)

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

LIMITS = Table(
    "limits",
    METADATA,
    Column("key", String(100), primary_key=True),
    Column("rested_at", Double, nullable=False),
    Column("told", Double, nullable=False),
)
"""What was done often: when it will be as if never done, by the database's clock in seconds since
1970, and how many seconds the last who asked was told to wait."""

CLAIMS = Table(
    "claims",
    METADATA,
    Column("key", String(100), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("ends_at", Double, nullable=False),
)
"""What only one may have at a time, whose it is, and until when by the database's clock."""
