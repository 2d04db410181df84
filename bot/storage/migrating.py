"""Brings a database to the tables of this release when it starts.

An empty database gets the tables as they are today, and is said to be at the newest revision;
only one that an older release made is migrated, by Alembic, which is 12 MB that need not be loaded.
"""

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
)

from bot.errors import StorageError
from bot.storage.tables import METADATA

HEAD = "0002"
"""The revision of this release; a test keeps it equal to the newest migration."""

# Alembic's own table.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
# Any number that nobody else locks in this database.
_LOCK = 0x63726F73
_MIGRATIONS = Path(__file__).with_name("migrations")


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(select(_VERSION.c.version_num))


def migrate(connection: Connection) -> None:
    """Bring the database to ``HEAD`` inside the transaction that is open.

    Whoever comes second, of two processes that start at once, waits and finds nothing to do.

    Raises:
        StorageError: the database was made by a newer release.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    current = revision_of(connection)
    if current is None:
        METADATA.create_all(connection)
        _VERSION.metadata.create_all(connection)
        connection.execute(insert(_VERSION).values(version_num=HEAD))
    elif current != HEAD:
        upgrade(connection, current)


def upgrade(connection: Connection, current: str | None) -> None:
    """Run the migrations that the database lacks.

    Args:
        connection: in a transaction.
        current: the revision it is at; None to begin with the first.

    Raises:
        StorageError: this release does not know the revision.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if current is not None:
            ScriptDirectory.from_config(config).get_revision(current)
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError(
            f"the database was made by a newer release (revision {current})",
            where="DATABASE_URL",
            mend="update Crossfade, or name another database",
        ) from error
