"""What the database promises, on SQLite and on PostgreSQL."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, insert, inspect, select, text

from bot.errors import SettingsError, StorageError
from bot.storage.database import open_database
from bot.storage.migrating import HEAD, revision_of, upgrade
from bot.storage.tables import METADATA, PUBLIC_CHANNELS, SERVERS
from tests.conftest import ROOT, Environment

SNOWFLAKE = 1_234_567_890_123_456_789

OPENING = """
import asyncio, sys
from bot.storage.database import open_database
async def main():
    async with open_database(sys.argv[1]):
        pass
asyncio.run(main())
"""
WRITING = """
import asyncio, sys
from sqlalchemy import insert
from bot.storage.database import open_database
from bot.storage.tables import PUBLIC_CHANNELS, SERVERS
async def main():
    async with open_database(sys.argv[1]) as database:
        for server in range(1, 100_000):
            async with database.writing() as connection:
                await connection.execute(insert(SERVERS).values(id=server, dial=0.5, lyrics=True))
                rows = [{"server": server, "channel": channel} for channel in (1, 2, 3)]
                await connection.execute(insert(PUBLIC_CHANNELS), rows)
            print(server, flush=True)
asyncio.run(main())
"""


@pytest.fixture
def address(empty_database: str) -> str:
    return empty_database


async def test_an_empty_database_gets_the_tables(address: str) -> None:
    async with open_database(address) as database, database.reading() as connection:
        found = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        assert found == {*METADATA.tables, "alembic_version"}
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_the_tables_are_those_of_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot/storage/migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def described(connection: Connection) -> dict[str, object]:
    """Every table with its columns and keys."""
    look = inspect(connection)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)],
            look.get_pk_constraint(name)["constrained_columns"],
            [
                (one["constrained_columns"], one["referred_table"], one.get("options"))
                for one in look.get_foreign_keys(name)
            ],
        )
        for name in look.get_table_names()
    }


async def test_the_migrations_lead_to_the_tables_of_a_new_database(address: str) -> None:
    async with open_database(address) as database:
        async with database.reading() as connection:
            new = await connection.run_sync(described)
        async with database.writing() as connection:
            await connection.run_sync(METADATA.drop_all)
            await connection.execute(text("DROP TABLE alembic_version"))
            await connection.run_sync(upgrade, None)
        async with database.reading() as connection:
            assert await connection.run_sync(described) == new
            assert await connection.run_sync(revision_of) == HEAD


async def test_a_database_of_the_first_release_keeps_what_was_chosen(address: str) -> None:
    async with open_database(address) as database, database.writing() as connection:
        await connection.execute(insert(SERVERS).values(id=SNOWFLAKE, dial=-0.5, lyrics=False))
        for name in ("limits", "claims"):
            await connection.execute(text(f"DROP TABLE {name}"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    async with open_database(address) as database, database.reading() as connection:
        assert await connection.scalar(select(SERVERS.c.id)) == SNOWFLAKE
        assert set(METADATA.tables) < set(await connection.run_sync(described))
        assert await connection.run_sync(revision_of) == HEAD


async def test_what_is_written_is_there_when_it_is_opened_again(address: str) -> None:
    async with open_database(address) as database, database.writing() as connection:
        await connection.execute(insert(SERVERS).values(id=SNOWFLAKE, dial=-0.5, lyrics=False))
    async with open_database(address) as database, database.reading() as connection:
        (row,) = await connection.execute(select(SERVERS))
        assert tuple(row) == (SNOWFLAKE, -0.5, False)


async def test_changes_take_effect_together_or_not_at_all(address: str) -> None:
    async with open_database(address) as database:

        async def half() -> None:
            async with database.writing() as connection:
                await connection.execute(insert(SERVERS).values(id=7, dial=0.0, lyrics=True))
                raise RuntimeError("half")

        with pytest.raises(RuntimeError, match="half"):
            await half()
        async with database.reading() as connection:
            assert (await connection.execute(select(SERVERS))).all() == []


async def test_a_channel_without_its_server_is_refused(address: str) -> None:
    async with open_database(address) as database:
        with pytest.raises(StorageError):
            async with database.writing() as connection:
                await connection.execute(insert(PUBLIC_CHANNELS).values(server=8, channel=9))


async def test_many_write_at_once(address: str) -> None:
    async with open_database(address) as database:

        async def write(number: int) -> None:
            async with database.writing() as connection:
                count = await connection.scalar(select(func.count()).select_from(SERVERS))
                await connection.execute(
                    insert(SERVERS).values(id=number, dial=float(count or 0), lyrics=True)
                )

        await asyncio.gather(*map(write, range(1, 31)))
        async with database.reading() as connection:
            assert await connection.scalar(select(func.count()).select_from(SERVERS)) == 30


def opening(address: str, environment: Environment, code: str = OPENING) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, address],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_processes_that_start_at_once_on_an_empty_database_all_succeed(
    address: str, environment: Environment
) -> None:
    for process in [opening(address, environment) for _ in range(4)]:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said


@pytest.mark.slow
async def test_a_process_that_is_killed_leaves_whole_changes(
    address: str, environment: Environment
) -> None:
    process = opening(address, environment, WRITING)
    assert process.stdout is not None
    done = [int(process.stdout.readline()) for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    async with open_database(address) as database, database.reading() as connection:
        servers = await connection.scalar(select(func.count()).select_from(SERVERS))
        channels = await connection.scalar(select(func.count()).select_from(PUBLIC_CHANNELS))
    assert servers is not None
    assert servers >= done[-1]
    assert channels == 3 * servers


async def test_a_database_of_a_newer_release_is_left_alone(address: str) -> None:
    async with open_database(address) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9f9f'"))
    with pytest.raises(StorageError, match=r"^DATABASE_URL: .*newer release \(revision 9f9f\);"):
        async with open_database(address):
            pass


def test_neither_a_new_nor_an_up_to_date_database_needs_the_migration_library(
    tmp_path: Path, environment: Environment
) -> None:
    address = f"sqlite:///{tmp_path}/one.sqlite3"
    code = OPENING + "\nprint('alembic' in sys.modules)"
    said = [opening(address, environment, code).communicate(timeout=60)[0] for _ in range(2)]
    assert said == ["False\n", "False\n"]


def test_sqlite_writes_ahead_and_keeps_foreign_keys(tmp_path: Path) -> None:
    async def pragmas() -> list[object]:
        address = f"sqlite:///{tmp_path}/one.sqlite3"
        async with open_database(address) as database, database.reading() as connection:
            names = ("journal_mode", "foreign_keys", "synchronous")
            return [await connection.scalar(text(f"PRAGMA {name}")) for name in names]

    assert asyncio.run(pragmas()) == ["wal", 1, 1]


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("mysql://somewhere", SettingsError, "is no address of a database; give sqlite:///PATH"),
        ("nonsense", SettingsError, "is no address of a database"),
        ("sqlite:///{file}", StorageError, r"cannot be used \(file is not a database\)"),
        ("sqlite:///{file}/x.sqlite3", StorageError, "the folder of .* cannot be made"),
        ("sqlite:///{folder}", StorageError, "cannot be used .*unable to open database file"),
        ("postgresql://me:secret@127.0.0.1:9/x", StorageError, "cannot be used .*Connect"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_line(
    tmp_path: Path, address: str, error: type[Exception], said: str
) -> None:
    (tmp_path / "file").write_text("This is a letter to a friend, and no database at all.\n" * 40)
    given = address.format(file=tmp_path / "file", folder=tmp_path)
    with pytest.raises(error, match=f"^DATABASE_URL: .*{said}") as caught:
        async with open_database(given):
            pass
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_database_that_somebody_else_locks_is_given_up_soon(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    async with open_database(f"sqlite:///{file}") as database:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="database is locked"):
            async with asyncio.timeout(4), database.writing():
                pass
        other.execute("ROLLBACK")
        async with database.writing() as connection:
            await connection.execute(insert(SERVERS).values(id=1, dial=0.0, lyrics=True))
        other.close()
