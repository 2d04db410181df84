"""Several artists and options in a terminal."""

import io

import pytest

from bot.console import Console
from bot.services import Services


@pytest.fixture
def console(services: Services) -> Console:
    return Console(services=services, lines=io.StringIO(), output=io.StringIO())


async def test_several_artists_with_options(console: Console) -> None:
    line = '/recommend "Johnny Cash" "Metallica" dial:very adventurous results:5'
    first, *rows, last = (await console.answer(line)).splitlines()
    assert first == "Artists like Johnny Cash and Metallica"
    assert len(rows) == 5
    assert last.endswith("dial: very adventurous)")
    assert any("closest to Metallica" in row for row in rows)


async def test_one_artist_needs_no_quotes_beside_options(console: Console) -> None:
    lines = (await console.answer("/recommend Johnny Cash results:3")).splitlines()
    assert lines[0] == "Artists like Johnny Cash"
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Johnny Cash results:21", "I cannot give 21 results; ask for 1 to 20."),
        ('"a" "b" "c" "d" "e" "f"', "Those are 6 artists; name up to 5."),
        ("Johnny Cash dial:wild", "The dial has no such step; give one of: "),
    ],
)
async def test_what_is_out_of_range_is_one_line(console: Console, line: str, said: str) -> None:
    text = await console.answer(f"/recommend {line}")
    assert text.startswith(said)
    assert len(text.splitlines()) == 1
