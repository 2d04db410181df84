from collections.abc import Callable

import pandas as pd
import pytest

from model.errors import DataError
from model.tab_separated import Fault, Layout, read_table

LAYOUT = Layout(
    "visits.dat",
    "utf-8",
    header=("who", "where", "shopName", "times"),
    columns=("visitor", "shop", "name", "visits"),
    key=("visitor", "shop"),
    text=frozenset({"name"}),
)
HEADER = "who\twhere\tshopName\ttimes"


def few_visits(table: pd.DataFrame) -> Fault:
    return table["visits"] < 10, "{visits} visits to {name} are too few"


def content(*lines: str | bytes) -> bytes:
    """A file with seven sound rows whose first rows are replaced by ``lines``."""
    sound = [f"{row}\t{row + 20}\tShop {row}\t{row * 10}".encode() for row in range(1, 8)]
    given = [line.encode() if isinstance(line, str) else line for line in lines]
    return b"\n".join([HEADER.encode(), *given, *sound[len(given) :]])


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Reads a file with the given first rows; gives the line with which it is refused."""

    def read(*lines: str | bytes) -> str:
        with pytest.raises(DataError) as caught:
            read_table(LAYOUT, content(*lines), few_visits)
        return str(caught.value)

    return read


def test_rows_become_columns_of_their_kind() -> None:
    table = read_table(LAYOUT, content("9\t8\tNA\t0012", "9\t7\t\t999999999999999999"), few_visits)
    assert list(table.columns) == ["visitor", "shop", "name", "visits"]
    assert list(table["name"][:3]) == ["NA", "", "Shop 3"]
    assert list(table["visits"][:3]) == [12, 999999999999999999, 30]
    assert len(table) == 7


SOUND = "1\t2\tShop\t10"
FAULTS = [
    pytest.param("1\t3\tShop\t9", "9 visits to Shop are too few", id="check"),
    pytest.param("0\t3\tShop\t10", "visitor must be at least 1, found 0", id="id"),
    pytest.param(SOUND, "visitor 1, shop 2 is there twice", id="twice"),
    pytest.param("1\t3\tShop", "3 where 4 tab-separated fields belong", id="fields"),
    pytest.param("1\t3\tShop\tx", "times must be a whole number, found 'x'", id="number"),
    pytest.param(
        "1\t3\tSh\x1bop\t10",
        "shopName must be text without control characters, found 'Sh\\x1bop'",
        id="control character",
    ),
    pytest.param("1\t3\tCafé\t10".encode("latin-1"), "is not UTF-8 text", id="encoding"),
]


@pytest.mark.parametrize(("first", "problem"), FAULTS)
@pytest.mark.parametrize(("second", "_"), FAULTS)
def test_the_first_of_two_faulty_lines_is_named_whatever_their_faults(
    refusal: Callable[..., str], first: str | bytes, problem: str, second: str | bytes, _: str
) -> None:
    assert refusal(SOUND, first, second) == (
        f"visits.dat line 3: {problem}; mend the line or fetch the data again"
    )


@pytest.mark.parametrize(("line", "problem"), [fault for fault in FAULTS if fault.id != "twice"])
def test_a_faulty_first_row_is_named(
    refusal: Callable[..., str], line: str | bytes, problem: str
) -> None:
    assert refusal(line).startswith(f"visits.dat line 2: {problem}; ")


@pytest.mark.parametrize("number", ["1000000000000000000", "9999999999999999999"])
def test_a_number_of_more_than_18_digits_is_refused(
    refusal: Callable[..., str], number: str
) -> None:
    assert refusal(SOUND, f"1\t3\tShop\t{number}").startswith(
        f"visits.dat line 3: times must be a whole number, found '{number}'; "
    )


@pytest.mark.parametrize("control", ["\0", "\r", "\x0b", "\x1b", "\x1f", "\x7f", "\x85", "\x9f"])
def test_no_control_character_is_taken_for_text(refusal: Callable[..., str], control: str) -> None:
    assert refusal(SOUND, f"1\t3\tSh{control}op\t10").startswith("visits.dat line 3: shopName ")


@pytest.mark.parametrize(
    "text", [" ", "\xa0", "\u2028", "\ufeff", "\ud7ff", "\ue000", "\U0010ffff", '"']
)
def test_any_other_character_is_text(text: str) -> None:
    assert read_table(LAYOUT, content(f"1\t3\t{text}\t10"))["name"][0] == text


def test_a_header_that_cannot_be_decoded_is_named() -> None:
    with pytest.raises(DataError, match=r"visits\.dat line 1: is not UTF-8 text; mend the line"):
        read_table(LAYOUT, content().decode().encode("utf-16"))
