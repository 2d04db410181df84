"""What SQLite and PostgreSQL say in different words."""

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Double, Table, cast, extract, func

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

_JULIAN_DAY_OF_1970 = 2440587.5
_SECONDS_A_DAY = 86_400.0


def insert_into(table: Table, dialect: str) -> "postgresql.Insert | sqlite.Insert":
    """An insertion that can say what to do when the row is there already."""
    # Only the dialect in use is loaded.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def now(dialect: str) -> ColumnElement[float]:
    """The database's own clock, in seconds since 1970; the same all through one statement.

    PostgreSQL's is that of when the statement came in, so who had to wait for a row is told a
    little too much rather than too little. SQLite's is that of the machine, in milliseconds.
    """
    if dialect == "postgresql":
        return cast(extract("epoch", func.statement_timestamp()), Double)
    return (func.julianday("now", type_=Double) - _JULIAN_DAY_OF_1970) * _SECONDS_A_DAY


def later(
    one: ColumnElement[float], other: ColumnElement[float], dialect: str
) -> ColumnElement[float]:
    """The greater of two."""
    name = "greatest" if dialect == "postgresql" else "max"
    return getattr(func, name)(one, other, type_=Double)


def earlier(
    one: ColumnElement[float], other: ColumnElement[float], dialect: str
) -> ColumnElement[float]:
    """The smaller of two."""
    name = "least" if dialect == "postgresql" else "min"
    return getattr(func, name)(one, other, type_=Double)
