import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MemberError
from bot.recommend.dial import BALANCED, BALANCED_STEP, DIAL, step_at, step_named
from bot.recommend.line import parse
from bot.recommend.records import Terms
from bot.recommend.service import RecommendService


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Johnny Cash", ("Johnny Cash",)),
        ('"Johnny Cash"', ("Johnny Cash",)),
        ("“Johnny Cash” “Nick Cave”", ("Johnny Cash", "Nick Cave")),
        ('"Johnny Cash" \'Nick Cave\' "Tom Waits"', ("Johnny Cash", "Nick Cave", "Tom Waits")),
        ('artist:"Johnny Cash" artist2:"Nick Cave"', ("Johnny Cash", "Nick Cave")),
        ("artist:Johnny Cash", ("Johnny Cash",)),
        ('Weird "Al" Yankovic', ('Weird "Al" Yankovic',)),
        ("Guns N' Roses", ("Guns N' Roses",)),
        ("'Til Tuesday", ("'Til Tuesday",)),
        ('"Weezer', ('"Weezer',)),
        ("", ("",)),
        ('""', ("",)),
        ("Metadial:familiar", ("Metadial:familiar",)),
    ],
)
def test_a_name_needs_no_quotes_but_several_do(line: str, names: tuple[str, ...]) -> None:
    assert parse(line).names == names
    assert parse(line).terms == Terms()


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("Johnny Cash dial:adventurous results:5", Terms(3, 5)),
        ("dial:familiar Johnny Cash", Terms(1, 10)),
        ('"Johnny Cash" dial:very adventurous', Terms(4, 10)),
        ('"Johnny Cash" DIAL:"Very Familiar" results: 20', Terms(0, 20)),
        ("Johnny Cash results:0", Terms(results=0)),
        ("Johnny Cash dial:balanced", Terms()),
    ],
)
def test_options_are_taken_out_of_the_name(line: str, terms: Terms) -> None:
    asked = parse(line)
    assert asked.terms == terms
    assert asked.names == ("Johnny Cash",)


def test_an_option_in_a_quoted_name_stays_there() -> None:
    assert parse('"Band results:3" "Other dial:wild"').names == (
        "Band results:3",
        "Other dial:wild",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Johnny Cash dial:wild", "give one of: very familiar, familiar, balanced"),
        ("Johnny Cash dial:very", "give one of"),
        ("Johnny Cash results:many", "for example results:5"),
        ("Johnny Cash results:-3", "for example results:5"),
        ("Johnny Cash results:99999", "for example results:5"),
    ],
)
def test_a_value_that_is_none_is_said(line: str, said: str) -> None:
    with pytest.raises(MemberError, match=said):
        parse(line)


@given(st.text(st.sampled_from(" \"'“:abdilrstu1235"), max_size=60))
def test_any_line_is_understood_or_refused(service: RecommendService, line: str) -> None:
    with contextlib.suppress(MemberError):
        asked = parse(line)
        assert asked.names
        service.answer(*asked.names, terms=asked.terms)


def test_the_dial_is_named_by_its_steps() -> None:
    assert [step_named(name.upper()) for name, _ in DIAL] == [0, 1, 2, 3, 4]
    assert DIAL[BALANCED_STEP][1] == BALANCED


@pytest.mark.parametrize(("dial", "step"), [(-1.0, 0), (-0.6, 1), (0.1, 2), (0.5, 3), (7.0, 4)])
def test_a_number_is_the_nearest_step_of_the_dial(dial: float, step: int) -> None:
    assert step_at(dial) == step
