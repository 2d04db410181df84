"""Limits and claims that hold in every process which uses the same database.

Every question is one statement, so of two processes that come together one is first; all times
are by the database's clock, so it does not matter whether the processes' own agree.
"""

from typing import cast

from sqlalchemy import ColumnElement, Double, bindparam, case, delete, or_

from bot.limits import Rate
from bot.storage.database import Database
from bot.storage.dialects import earlier, insert_into, later, now
from bot.storage.tables import CLAIMS, LIMITS

# SQLite's clock counts milliseconds.
_ROUNDING = 1e-3


class DatabaseLimits:
    """The same algorithm as ``MemoryLimits``, in one statement a question.

    Args:
        database: where the counts are kept.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        dialect = database.dialect
        now_ = now(dialect)
        each, seconds = _given("each"), _given("seconds")
        # None can be further off, except by a clock that was set back.
        known = earlier(LIMITS.c.rested_at, now_ + seconds, dialect)
        rested = later(known, now_, dialect)
        wait = rested + each - seconds - now_
        new = insert_into(LIMITS, dialect).values(
            key=bindparam("what"), rested_at=now_ + each, told=0.0
        )
        # Both are worked out from the row as it was; ``told`` brings the answer out.
        self._take = new.on_conflict_do_update(
            index_elements=[LIMITS.c.key],
            set_={
                "rested_at": case((wait <= _ROUNDING, rested + each), else_=known),
                "told": case((wait <= _ROUNDING, 0.0), else_=wait),
            },
        ).returning(LIMITS.c.told)
        self._sweep = delete(LIMITS).where(LIMITS.c.rested_at <= now_)

    async def take(self, key: str, rate: Rate, /) -> float:
        """As ``Limits`` says.

        Raises:
            StorageError: the database cannot be used.
        """
        given = {"what": key, "each": rate.seconds / rate.times, "seconds": rate.seconds}
        async with self._database.writing() as connection:
            return cast("float", await connection.scalar(self._take, given))

    async def sweep(self) -> None:
        """Delete what is as if it had never been used.

        Raises:
            StorageError: the database cannot be used.
        """
        async with self._database.writing() as connection:
            await connection.execute(self._sweep)


class DatabaseClaims:
    """Claims as rows of a table.

    Args:
        database: where the claims are kept.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        now_ = now(database.dialect)
        new = insert_into(CLAIMS, database.dialect).values(
            key=bindparam("what"), holder=bindparam("who"), ends_at=now_ + _given("seconds")
        )
        self._claim = new.on_conflict_do_update(
            index_elements=[CLAIMS.c.key],
            set_={"holder": new.excluded.holder, "ends_at": new.excluded.ends_at},
            where=or_(CLAIMS.c.ends_at <= now_, CLAIMS.c.holder == new.excluded.holder),
        ).returning(CLAIMS.c.holder)
        self._sweep = delete(CLAIMS).where(CLAIMS.c.ends_at <= now_)

    async def claim(self, key: str, holder: str, seconds: float, /) -> bool:
        """As ``Claims`` says.

        Raises:
            StorageError: the database cannot be used.
        """
        given = {"what": key, "who": holder, "seconds": seconds}
        async with self._database.writing() as connection:
            return await connection.scalar(self._claim, given) is not None

    async def release(self, key: str, holder: str, /) -> None:
        """As ``Claims`` says.

        Raises:
            StorageError: the database cannot be used.
        """
        held = delete(CLAIMS).where(CLAIMS.c.key == key, CLAIMS.c.holder == holder)
        async with self._database.writing() as connection:
            await connection.execute(held)

    async def sweep(self) -> None:
        """Delete the claims that have ended.

        Raises:
            StorageError: the database cannot be used.
        """
        async with self._database.writing() as connection:
            await connection.execute(self._sweep)


def _given(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Double)
