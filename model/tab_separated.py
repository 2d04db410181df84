"""One tab-separated file as a table of which every row has been checked.

Such a file has one header line and no quoting. When it is refused, its first faulty line is named,
whatever is wrong with it: the rows before a line that is no row are still parsed and checked.
"""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.errors import DataError

Fault = tuple["pd.Series[bool]", str]
"""The rows that are bad, and the problem, which may name the row's columns in braces."""

Check = Callable[[pd.DataFrame], Fault]

_MEND_LINE = "mend the line or fetch the data again"

# Every quantifier is possessive ("+" at its end), so that matching a large file remembers nothing
# for backtracking. Python and pandas would take more for a number: "+12", "1e3", "１２", "12 ".
_NUMBER = r"-?+[0-9]{1,18}+"
# No control characters, and none of the surrogates that stand for bytes that cannot be decoded.
_TEXT = r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*+"
_UNDECODED = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Layout:
    """How one file is written, and the table that becomes of it.

    Attributes:
        file: its name, for messages.
        encoding: of its text.
        header: the fields of its first line.
        columns: what the table calls them.
        key: the columns that are ids: each at least 1, all together only once.
        text: the columns that are text without control characters; the others are whole numbers
            of at most 18 digits, which an int64 can hold.
    """

    file: str
    encoding: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...]
    text: frozenset[str] = frozenset()

    def field(self, column: str) -> str:
        """The pattern of a column's values."""
        return _TEXT if column in self.text else _NUMBER


def read_table(layout: Layout, content: bytes, *checks: Check) -> pd.DataFrame:
    """The table of one file: int64 and text columns, rows in file order.

    Args:
        layout: what the file must look like.
        content: its bytes.
        checks: what else its rows must satisfy.

    Raises:
        DataError: names the file, the first faulty line, the problem and how to mend it.
    """
    body = _body(layout, content)
    sound = _sound_length(layout, body)
    table = _parse(layout, body[:sound])
    _refuse_first(layout, table, [*_key_faults(layout, table), *(check(table) for check in checks)])
    if sound < len(body):
        line = body[sound : body.index("\n", sound)]
        raise _fault(layout, body.count("\n", 0, sound) + 2, _problem(layout, line))
    return table


def _body(layout: Layout, content: bytes) -> str:
    r"""The lines under the header, each ended by ``\n``."""
    text = content.decode(layout.encoding, "surrogateescape").removeprefix("\ufeff")
    header, _, body = text.partition("\n")
    header = header.removesuffix("\r")
    if _UNDECODED.search(header):
        raise _fault(layout, 1, _undecodable(layout))
    if tuple(header.split("\t")) != layout.header:
        raise DataError(
            f"the header is {header.rstrip()[:80]!r}",
            where=f"{layout.file} line 1",
            mend=f"it must be {' '.join(layout.header)} with tabs between",
        )
    body = body.replace("\r\n", "\n").rstrip("\n")
    if not body:
        raise DataError("has a header but no rows", where=layout.file, mend="fetch the data again")
    return body + "\n"


def _sound_length(layout: Layout, body: str) -> int:
    """How many characters belong to lines with the right fields, before the first without."""
    row = r"\t".join(map(layout.field, layout.columns))
    found = re.match(f"(?:{row}\n)*+", body)
    return found.end() if found else 0


def _parse(layout: Layout, body: str) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO("\t".join(layout.columns) + "\n" + body),
        sep="\t",
        index_col=False,
        dtype={c: "str" if c in layout.text else np.int64 for c in layout.columns},
        quoting=3,
        na_filter=False,
        lineterminator="\n",
        engine="c",
    )


def _key_faults(layout: Layout, table: pd.DataFrame) -> Iterable[Fault]:
    for column in layout.key:
        yield table[column] < 1, f"{column} must be at least 1, found {{{column}}}"
    ids = ", ".join(f"{column} {{{column}}}" for column in layout.key)
    yield table.duplicated(list(layout.key)), f"{ids} is there twice"


def _refuse_first(layout: Layout, table: pd.DataFrame, faults: Iterable[Fault]) -> None:
    """Raise for the first row with a fault; of its faults, the first is told."""
    found = [(int(bad.to_numpy().argmax()), problem) for bad, problem in faults if bad.any()]
    if found:
        row, problem = min(found, key=lambda fault: fault[0])
        values = {column: table[column].iloc[row] for column in layout.columns}
        raise _fault(layout, row + 2, problem.format(**values))


def _problem(layout: Layout, line: str) -> str:
    """What keeps a line from being a row."""
    if _UNDECODED.search(line):
        return _undecodable(layout)
    values = line.split("\t")
    if len(values) != len(layout.columns):
        return f"{len(values)} where {len(layout.columns)} tab-separated fields belong"
    column, name, value = next(
        (column, name, value)
        for column, name, value in zip(layout.columns, layout.header, values, strict=True)
        if not re.fullmatch(layout.field(column), value)
    )
    kind = "text without control characters" if column in layout.text else "a whole number"
    return f"{name} must be {kind}, found {value[:40]!r}"


def _undecodable(layout: Layout) -> str:
    return f"is not {layout.encoding.upper()} text"


def _fault(layout: Layout, line: int, problem: str) -> DataError:
    return DataError(problem, where=f"{layout.file} line {line}", mend=_MEND_LINE)
