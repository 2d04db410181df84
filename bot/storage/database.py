"""One database, SQLite or PostgreSQL, behind the address that an admin writes."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingsError, StorageError
from bot.storage.migrating import HEAD, migrate, revision_of

# Seconds to wait for a lock or a connection: an interaction has three in all.
_PATIENCE = 2.0
_ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class Database:
    """Gives connections in a transaction each.

    Args:
        engine: to the database.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._first = asyncio.Lock()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for questions.

        Raises:
            StorageError: the database cannot be reached or is too slow.
        """
        with _faults():
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for changes, which take effect together at the end, or not at all.

        Raises:
            StorageError: the database cannot be reached, is too slow, or refuses the change.
        """
        with _faults():
            async with self._turn(), self._engine.connect() as connection:
                # At once, for a transaction that begins with reading and then wants to write
                # fails in SQLite whenever somebody else has written meanwhile.
                await connection.execution_options(**{_WRITES: True})
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        if self.dialect != "sqlite":
            yield
            return
        # SQLite has one writer at a time, and who finds it busy sleeps longer and longer in its
        # thread; waiting here, each goes on as soon as the one before is done.
        async with asyncio.timeout(_PATIENCE):
            await self._first.acquire()
        try:
            yield
        finally:
            self._first.release()


@asynccontextmanager
async def open_database(address: str) -> AsyncGenerator[Database]:
    """The database at ``address``, brought to this release's tables; closed at the end.

    Args:
        address: ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Raises:
        SettingsError: the address cannot be understood, or its driver is not installed.
        StorageError: the database cannot be used.
    """
    engine = _engine(address)
    try:
        database = Database(engine)
        await _ready(database)
        yield database
    finally:
        await engine.dispose()


async def _ready(database: Database) -> None:
    async with database.reading() as connection:
        current = await connection.run_sync(revision_of)
    if current != HEAD:
        async with database.writing() as connection:
            await connection.run_sync(migrate)


def _engine(address: str) -> AsyncEngine:
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        _make_folder(url.database)
        engine = create_async_engine(url, connect_args={"timeout": _PATIENCE})
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_async_engine(
            url,
            connect_args={"timeout": _PATIENCE, "command_timeout": _PATIENCE},
            pool_pre_ping=True,
            pool_timeout=_PATIENCE,
        )
    except ModuleNotFoundError:
        raise SettingsError(
            "PostgreSQL needs a library that is not installed",
            where="DATABASE_URL",
            mend="pip install -e .[postgres]",
        ) from None


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        driver = _ASYNC_DRIVERS[url.drivername]
    except (ArgumentError, KeyError, ValueError):
        raise SettingsError(
            "is no address of a database",
            where="DATABASE_URL",
            mend="give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
        ) from None
    return url.set(drivername=driver)


def _make_folder(file: str | None) -> None:
    if not file or file == ":memory:":
        return
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder of {file} cannot be made ({error.strerror})",
            where="DATABASE_URL",
            mend="allow this user to write there, or name another file",
        ) from error


# The option by which a transaction says that it will write.
_WRITES = "crossfade_writes"


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun below; the driver must not begin them its own way.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _faults() -> Generator[None]:
    """Whatever the drivers raise becomes one line that names no password."""
    try:
        yield
    except DBAPIError as error:
        raise _fault(error.orig or error) from error
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError) as error:
        raise _fault(error) from error


def _fault(error: BaseException) -> StorageError:
    said = str(error).split("\n", 1)[0] or type(error).__name__
    # The drivers wrap each other's errors and put the class in front.
    said = said.rsplit(">: ", 1)[-1]
    return StorageError(
        f"the database cannot be used ({said})",
        where="DATABASE_URL",
        mend="check that it is there, is a database, and lets this user in",
    )
