import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MemberError
from bot.recommend.records import Correction, DidYouMean, Recommended, UnknownArtist
from bot.recommend.service import RecommendService, choice_value
from bot.text import utf16_length
from model.recommender import Recommender
from tests import artifacts

ZALGO = "J\u0338\u0328\u0327\u031b\u0360ohnny\u0336\u0344\u0351 C\u0353\u034aash\u0336\u0336\u0336"


def recommended(service: RecommendService, typed: str) -> Recommended:
    answer = service.answer(typed)
    assert isinstance(answer, Recommended)
    return answer


@pytest.mark.parametrize(
    "typed", ["Johnny Cash", "johnny cash", "  JOHNNY   CASH ", "Johnny\u200bCash", ZALGO]
)
def test_a_known_name_is_answered_without_asking_back(
    service: RecommendService, typed: str
) -> None:
    answer = recommended(service, typed)
    assert answer.artist.name == "Johnny Cash"
    assert answer.corrections == ()


def test_the_answer_is_ten_others_of_the_same_kind_best_first(service: RecommendService) -> None:
    answer = recommended(service, "Johnny Cash")
    names = [item.artist.name for item in answer.results]
    scores = [item.score for item in answer.results]
    assert len(set(names)) == 10
    assert "Johnny Cash" not in names
    assert "Waylon Jennings" in names
    assert scores == sorted(scores, reverse=True)
    metal = recommended(service, "Metallica").results
    country = [
        sum("country" in item.artist.tags for item in found) for found in (answer.results, metal)
    ]
    assert country[0] >= 7
    assert country[1] == 0


def test_a_slip_is_corrected_and_said(service: RecommendService) -> None:
    answer = recommended(service, "Johny Cash")
    assert answer.corrections == (Correction("Johny Cash", answer.artist),)
    assert answer.artist.name == "Johnny Cash"


def test_a_doubtful_name_is_asked_back(service: RecommendService) -> None:
    answer = service.answer("jonny csh")
    assert isinstance(answer, DidYouMean)
    (doubt,) = answer.doubts
    assert doubt.typed == "jonny csh"
    assert doubt.choices[0].name == "Johnny Cash"
    assert 1 <= len(doubt.choices) <= 5


@pytest.mark.parametrize("typed", ["Completely Unheard Of", "zzzz", "🦑🦑🦑", "مجهول تماما"])
def test_nobody_is_made_up(service: RecommendService, typed: str) -> None:
    answer = service.answer(typed)
    assert isinstance(answer, UnknownArtist)
    assert answer.names == (typed,)


@pytest.mark.parametrize("name", artifacts.STRANGE_NAMES)
def test_a_strange_name_is_found_by_itself(service: RecommendService, name: str) -> None:
    assert recommended(service, name).artist.name == name


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u202e", "\x00", "\u3164"])
def test_nothing_readable_is_a_members_mistake(service: RecommendService, typed: str) -> None:
    with pytest.raises(MemberError, match=r"name an artist; for example /recommend Johnny Cash"):
        service.answer(typed)


@pytest.mark.parametrize(
    "typed",
    ["x" * 6_000, "🎸" * 6_000, "Johnny Cash " * 500, "a\u0301" * 6_000, "\n" * 6_000 + "x"],
)
def test_six_thousand_characters_are_answered(service: RecommendService, typed: str) -> None:
    answer = service.answer(typed)
    assert isinstance(answer, UnknownArtist | DidYouMean)
    typed = answer.typed if isinstance(answer, UnknownArtist) else answer.doubts[0].typed
    assert utf16_length(typed) <= 200


def test_an_id_names_its_artist(service: RecommendService, recommender: Recommender) -> None:
    row = 41
    artist = recommender.catalogue.artist(row)
    assert recommended(service, f"id:{artist.id}").artist == artist


@pytest.mark.parametrize("typed", ["id:0", "id:999999", "id:999999999999999999", "id:-1"])
def test_an_id_of_nobody_is_unknown(service: RecommendService, typed: str) -> None:
    assert isinstance(service.answer(typed), UnknownArtist)


def test_every_artist_is_reached_by_its_choice(
    service: RecommendService, recommender: Recommender
) -> None:
    for row in recommender.names.complete("", 10_000):
        artist = recommender.catalogue.artist(row)
        value = choice_value(artist)
        assert 1 <= utf16_length(value) <= 100
        assert recommended(service, value).artist == artist


@pytest.mark.parametrize("typed", ["", "john", "the", "metalica", "🎸", artifacts.MARKUP[:9]])
def test_choices_fit_discord(service: RecommendService, typed: str) -> None:
    offered = service.complete(typed)
    assert 1 <= len(offered) <= 25
    assert all(1 <= utf16_length(text) <= 100 for choice in offered for text in choice)


def test_the_likeliest_artist_is_offered_first(service: RecommendService) -> None:
    assert service.complete("johnny c")[0] == ("Johnny Cash", "Johnny Cash")


def test_a_name_too_long_for_a_choice_is_sent_as_id(service: RecommendService) -> None:
    ((shown, value),) = service.complete("The Very Very")
    assert shown.startswith("The Very Very")
    assert value.startswith("id:")
    assert recommended(service, value).artist.name == artifacts.LONG


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_typed_there_is_an_answer(service: RecommendService, typed: str) -> None:
    try:
        answer = service.answer(typed)
    except MemberError:
        assert service.complete(typed)
        return
    assert isinstance(answer, Recommended | DidYouMean | UnknownArtist)
    assert len(service.complete(typed)) <= 25


def test_the_source_says_whether_listeners_are_real(
    service: RecommendService, lastfm_service: RecommendService
) -> None:
    assert (service.source.dataset, service.source.demo) == ("demo", True)
    assert not lastfm_service.source.demo
    assert recommended(lastfm_service, "Johnny Cash").source == lastfm_service.source
