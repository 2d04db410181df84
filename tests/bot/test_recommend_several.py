"""Several artists, the dial, further results, and questions that buttons kept."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MemberError
from bot.model_in_use import ModelInUse
from bot.recommend.question import MOST_OFFSET, Question, digest
from bot.recommend.records import Answer, DidYouMean, Recommended, Terms, UnknownArtist
from bot.recommend.service import RecommendService
from model.recommender import Recommendation, Recommender

CASH, METAL = "Johnny Cash", "Metallica"


def recommended(answer: Answer) -> Recommended:
    assert isinstance(answer, Recommended)
    return answer


def names(answer: Recommended) -> list[str]:
    return [item.artist.name for item in answer.results]


def ids(answer: Answer) -> tuple[int, ...]:
    return tuple(artist.id for artist in recommended(answer).artists)


def test_several_artists_are_one_question(service: RecommendService) -> None:
    both = recommended(service.answer(CASH, METAL))
    assert [artist.name for artist in both.artists] == [CASH, METAL]
    assert not {CASH, METAL} & set(names(both))
    for alone in (CASH, METAL):
        assert set(names(both)) & set(names(recommended(service.answer(alone))))
        assert names(both) != names(recommended(service.answer(alone)))


def test_an_artist_named_twice_counts_once(service: RecommendService) -> None:
    twice = recommended(service.answer(CASH, "johnny cash", f"id:{ids(service.answer(CASH))[0]}"))
    assert len(twice.artists) == 1
    assert names(twice) == names(recommended(service.answer(CASH)))


def test_empty_names_among_others_are_passed_over(service: RecommendService) -> None:
    assert ids(service.answer("\u200b", CASH, "  ")) == ids(service.answer(CASH))


def test_six_artists_are_too_many(service: RecommendService) -> None:
    with pytest.raises(MemberError, match="name up to 5"):
        service.answer(*"abcdef")


def test_an_unknown_name_among_known_ones_is_left_out_and_said(service: RecommendService) -> None:
    answer = recommended(service.answer(CASH, "Wholly Unheard Of"))
    assert answer.unknown == ("Wholly Unheard Of",)
    assert names(answer) == names(recommended(service.answer(CASH)))


def test_nobody_known_among_several_names_them_all(service: RecommendService) -> None:
    answer = service.answer("Wholly Unheard Of", "zzzz")
    assert isinstance(answer, UnknownArtist)
    assert answer.names == ("Wholly Unheard Of", "zzzz")


def test_one_unclear_name_is_asked_back_and_the_rest_kept(service: RecommendService) -> None:
    answer = service.answer(METAL, "jonny csh", "Johny Cash", "zzzz", terms=Terms(4, 7))
    assert isinstance(answer, DidYouMean)
    (doubt,) = answer.doubts
    assert doubt.typed == "jonny csh"
    assert [artist.name for artist in answer.known] == [METAL, CASH]
    assert answer.unknown == ("zzzz",)
    assert answer.terms == Terms(4, 7)
    other = next(artist for artist in doubt.choices if artist.name == CASH)
    metal, cash = (artist.id for artist in answer.known)
    assert answer.with_choice(other) == (metal, cash), "who is there already is not asked twice"


def test_the_chosen_artist_takes_its_place_in_the_question(service: RecommendService) -> None:
    answer = service.answer("jonny csh", METAL)
    assert isinstance(answer, DidYouMean)
    chosen = answer.doubts[0].choices[0]
    assert answer.with_choice(chosen) == ids(service.answer(CASH, METAL))


def test_two_unclear_names_are_both_told(service: RecommendService) -> None:
    answer = service.answer("jonny csh", METAL, "metalic")
    assert isinstance(answer, DidYouMean)
    assert [doubt.typed for doubt in answer.doubts] == ["jonny csh", "metalic"]


@pytest.mark.parametrize("results", [1, 7, 20])
def test_as_many_results_as_asked_for(service: RecommendService, results: int) -> None:
    answer = recommended(service.answer(CASH, terms=Terms(results=results)))
    assert len(answer.results) == results
    assert answer.more


@pytest.mark.parametrize("results", [0, -1, 21, 10_000])
def test_other_numbers_of_results_are_a_members_mistake(
    service: RecommendService, results: int
) -> None:
    with pytest.raises(MemberError, match="ask for 1 to 20"):
        service.answer(CASH, terms=Terms(results=results))


def test_the_dial_leads_to_better_and_lesser_known_artists(service: RecommendService) -> None:
    def listeners(step: int) -> int:
        answer = recommended(service.answer(CASH, terms=Terms(step, 20)))
        return sum(item.artist.listeners for item in answer.results)

    assert listeners(0) > listeners(4)


def test_further_results_go_on_where_the_first_ended(service: RecommendService) -> None:
    whole = recommended(service.answer(CASH, terms=Terms(results=15)))
    question = Question(ids(whole), Terms(results=10, offset=5), 1, digest(whole.version))
    later = service.again(question)
    assert names(later) == names(recommended(service.answer(CASH, terms=Terms(results=20))))[5:15]
    assert later.best == whole.results[0].score
    assert not later.newer


def changed(recommender: Recommender, **attributes: Any) -> Recommender:
    """The same recommender but for some attributes."""
    other = object.__new__(Recommender)
    other.__dict__.update(recommender.__dict__, **attributes)
    return other


def test_the_end_of_the_catalogue_is_the_end(recommender: Recommender) -> None:
    def similar(rows: list[int], k: int, **options: Any) -> list[Recommendation]:
        return recommender.similar(rows, min(k, 17), **options)

    service = RecommendService(model=ModelInUse(changed(recommender, similar=similar)))
    known = ids(service.answer(CASH))
    assert service.again(Question(known, Terms(results=16), 1, b"abc")).more
    ending = service.again(Question(known, Terms(offset=10), 1, b"abc"))
    assert len(ending.results) == 7
    assert not ending.more
    with pytest.raises(MemberError, match="nobody left"):
        service.again(Question(known, Terms(offset=20), 1, b"abc"))


def test_beyond_what_a_button_can_tell_there_is_no_more(service: RecommendService) -> None:
    known = ids(service.answer(CASH))
    for offset, more in ((MOST_OFFSET - 20, True), (MOST_OFFSET - 19, False)):
        assert service.again(Question(known, Terms(2, 20, offset), 1, b"abc")).more == more


def test_another_version_is_told(service: RecommendService) -> None:
    answer = recommended(service.answer(CASH))
    asked = Question(ids(answer), Terms(), 1, digest(answer.version))
    assert not service.again(asked).newer
    assert service.again(replace(asked, version=digest("some other"))).newer


@pytest.mark.parametrize(
    ("gone", "said"), [((0,), "this artist any more"), ((0, 1), "all of these artists")]
)
def test_artists_that_the_model_lacks_are_said_clearly(
    service: RecommendService, gone: tuple[int, ...], said: str
) -> None:
    here = ids(service.answer(CASH)) * (len(gone) - 1)
    question = Question((*here, 999_999), Terms(), 1, b"abc")
    with pytest.raises(MemberError, match=f"{said}; run /recommend again"):
        service.again(question)


def test_a_model_that_is_replaced_answers_from_then_on(recommender: Recommender) -> None:
    model = ModelInUse(recommender)
    service = RecommendService(model=model)
    before = recommended(service.answer(CASH))
    manifest = replace(recommender.manifest, version="20300101T000000Z-next")
    model.replace(changed(recommender, manifest=manifest))
    after = service.again(Question(ids(before), Terms(), 1, digest(before.version)))
    assert after.version == manifest.version
    assert after.newer


@pytest.mark.parametrize("given", [CASH, "johnny  cash"])
def test_who_was_given_is_not_offered_again(service: RecommendService, given: str) -> None:
    assert (CASH, CASH) in service.complete("johnny")
    assert (CASH, CASH) not in service.complete("johnny", [given])
    assert len(service.complete("", [given, METAL])) == 25


def test_who_was_given_by_id_is_not_offered_again(service: RecommendService) -> None:
    ((_, value),) = service.complete("The Very Very")
    assert service.complete("The Very Very", [value]) == []


@given(
    st.lists(st.text(max_size=30) | st.sampled_from([CASH, METAL, "jonny csh"]), max_size=6),
    st.integers(-3, 40),
    st.integers(0, 4),
)
def test_whatever_is_asked_there_is_an_answer(
    service: RecommendService, typed: list[str], results: int, step: int
) -> None:
    try:
        answer = service.answer(*typed, terms=Terms(step, results))
    except MemberError:
        return
    if isinstance(answer, Recommended):
        assert 1 <= len(answer.results) <= results
        assert 1 <= len(answer.artists) <= 5
