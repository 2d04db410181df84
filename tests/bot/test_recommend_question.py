import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import MemberError
from bot.recommend.dial import DIAL
from bot.recommend.question import MOST_OFFSET, TEMPLATE, Action, Question, digest, read
from bot.recommend.records import MOST_ARTISTS, MOST_RESULTS, Terms

TERMS = st.builds(
    Terms,
    st.integers(0, len(DIAL) - 1),
    st.integers(1, MOST_RESULTS),
    st.integers(0, MOST_OFFSET),
)
QUESTIONS = st.builds(
    Question,
    st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=MOST_ARTISTS).map(tuple),
    TERMS,
    st.integers(0, 2**64 - 1),
    st.text(max_size=40).map(digest),
)
ACTIONS = st.sampled_from(Action)
ALPHABET = string.ascii_letters + string.digits + "-_:=+/ ü"
EXAMPLE = Question((7, 41, 18_745), Terms(3, 5, 10), 210_000_000_000_000_017, digest("v1"))


@given(QUESTIONS, ACTIONS)
def test_a_question_comes_back_from_its_custom_id(question: Question, action: Action) -> None:
    assert read(question.custom_id(action)) == (action, question)


@given(QUESTIONS, ACTIONS)
def test_a_custom_id_fits_discord_and_the_template(question: Question, action: Action) -> None:
    custom_id = question.custom_id(action)
    assert custom_id.isascii()
    assert len(custom_id) <= 100
    assert custom_id.startswith(TEMPLATE.removesuffix(".*"))


def test_the_longest_question_has_room() -> None:
    longest = Question((2**63 - 1,) * 5, Terms(4, 20, 200), 2**64 - 1, b"\xff\xff\xff")
    assert max(len(longest.custom_id(action)) for action in Action) == 91


@given(QUESTIONS, ACTIONS, st.data())
def test_a_changed_custom_id_is_refused(
    question: Question, action: Action, data: st.DataObject
) -> None:
    custom_id = question.custom_id(action)
    at = data.draw(st.integers(0, len(custom_id) - 1))
    other = data.draw(st.sampled_from(ALPHABET))
    assume(custom_id[at] != other)
    with pytest.raises(MemberError, match="no longer work"):
        read(custom_id[:at] + other + custom_id[at + 1 :])


@given(QUESTIONS, st.integers(1, 90))
def test_a_shortened_custom_id_is_refused(question: Question, lost: int) -> None:
    with pytest.raises(MemberError):
        read(question.custom_id(Action.WHY)[:-lost])


@given(st.text(max_size=100) | st.text(ALPHABET, max_size=90).map("rec:more:{}".format))
def test_a_foreign_custom_id_is_refused(custom_id: str) -> None:
    with pytest.raises(MemberError, match="run the command again"):
        read(custom_id)


def test_an_action_cannot_be_exchanged() -> None:
    with pytest.raises(MemberError):
        read(EXAMPLE.custom_id(Action.WHY).replace(":why:", ":more:"))


@pytest.mark.parametrize(
    ("artists", "terms"),
    [
        ((), Terms()),
        ((1,) * 6, Terms()),
        ((-1,), Terms()),
        ((2**63,), Terms()),
        ((1,), Terms(step=5)),
        ((1,), Terms(results=0)),
        ((1,), Terms(results=21)),
        ((1,), Terms(offset=201)),
    ],
)
def test_what_no_answer_can_have_is_not_coded(artists: tuple[int, ...], terms: Terms) -> None:
    with pytest.raises(ValueError, match="no custom id"):
        Question(artists, terms, 1, digest("v")).custom_id(Action.MORE)


def test_turning_keeps_all_but_the_offset() -> None:
    moved = EXAMPLE.moved(15)
    assert moved.terms == Terms(3, 5, 15)
    assert (moved.artists, moved.owner) == (EXAMPLE.artists, EXAMPLE.owner)


@pytest.mark.parametrize(("step", "reached"), [(-1, 0), (0, 0), (2, 2), (4, 4), (5, 4)])
def test_another_step_of_the_dial_begins_at_the_top(step: int, reached: int) -> None:
    assert EXAMPLE.dialled(step).terms == Terms(reached, 5, 0)


def test_versions_are_told_apart() -> None:
    names = [f"20261125T15045{second}Z-{preset}" for second in range(9) for preset in "ab"]
    assert len({digest(name) for name in names}) == len(names)


def test_only_what_leaves_the_message_alone_is_for_everybody() -> None:
    assert {action for action in Action if not action.edits} == {
        *(Action.WHY, Action.MAP, Action.LIKE, Action.PREVIEW),
    }
