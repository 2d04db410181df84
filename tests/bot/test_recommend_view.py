import discord
import pytest
from hypothesis import given

from bot.recommend.question import Action, Question, digest, read
from bot.recommend.records import Answer, DidYouMean, Doubt, Recommended, Terms
from bot.recommend.view import Controls
from bot.text import utf16_length
from tests import artifacts
from tests.bot.recommend_answers import ANSWERS, doubtful, item, named, recommended
from tests.discord_double.rules import check_message

OWNER = 210_000_000_000_000_017


async def nobody(*_: object) -> None:
    raise AssertionError("nothing is pressed here")


def controls(*, maps: bool = True, previews: bool = True) -> Controls:
    return Controls(nobody, maps=maps, previews=previews)


def rows(view: discord.ui.View) -> list[list[str]]:
    """What is shown, row by row; a button that is off has brackets."""
    return [[_shown(one) for one in row["components"]] for row in view.to_components()]


def _shown(component: dict) -> str:
    label = component.get("label") or component["placeholder"]
    return f"({label})" if component.get("disabled") else label


def question(view: discord.ui.View, label: str) -> tuple[Action, Question]:
    """What the button with this label asks for."""
    shown = (one for row in view.to_components() for one in row["components"])
    return read(next(one["custom_id"] for one in shown if one.get("label") == label))


async def test_an_answer_can_be_turned_asked_about_dialled_and_gone_on_from() -> None:
    view = controls().below(recommended(item(named("B")), more=True), OWNER)
    assert rows(view) == [
        ["More", "Why?", "Map"],
        ["More familiar", "More adventurous"],
        ["More like …, and where to hear it"],
    ]
    assert view.timeout is None


async def test_what_nobody_provides_has_no_button() -> None:
    view = controls(maps=False, previews=False).below(recommended(item(named("B"))), OWNER)
    assert rows(view)[0] == ["(More)", "Why?"]
    view = controls(previews=False).below(recommended(item(named("B"))), OWNER, hear=True)
    assert rows(view)[3] == ["Last.fm", "Spotify", "YouTube", "Bandcamp"]


async def test_where_to_hear_the_artist_is_the_last_row() -> None:
    view = controls().below(recommended(item(named("B"))), OWNER, hear=True)
    assert rows(view)[3] == ["Last.fm", "Spotify", "YouTube", "Bandcamp", "Preview"]
    assert question(view, "Preview")[0] is Action.PREVIEW


@pytest.mark.parametrize(
    ("offset", "more", "first"),
    [(0, True, ["More"]), (0, False, ["(More)"]), (10, True, ["Back", "More"])],
)
async def test_turning_ends_at_both_ends(offset: int, more: bool, first: list[str]) -> None:
    answer = recommended(item(named("B")), terms=Terms(offset=offset), more=more)
    assert rows(controls().below(answer, OWNER))[0] == [*first, "Why?", "Map"]


@pytest.mark.parametrize(
    ("step", "dial"),
    [
        (0, ["(More familiar)", "More adventurous"]),
        (3, ["More familiar", "More adventurous"]),
        (4, ["More familiar", "(More adventurous)"]),
    ],
)
async def test_the_dial_ends_at_both_ends(step: int, dial: list[str]) -> None:
    answer = recommended(item(named("B")), terms=Terms(step))
    assert rows(controls().below(answer, OWNER))[1] == dial


async def test_each_button_keeps_the_question_that_it_asks() -> None:
    asked = (named("A"), named("C", number=77))
    terms = Terms(step=3, results=5, offset=10)
    answer = recommended(item(named("B")), artists=asked, terms=terms, more=True)
    view = controls().below(answer, OWNER)
    here = Question((9, 77), terms, OWNER, digest("v"))
    assert question(view, "Why?") == (Action.WHY, here)
    assert question(view, "Map") == (Action.MAP, here)
    assert question(view, "More") == (Action.MORE, here.moved(15))
    assert question(view, "Back") == (Action.BACK, here.moved(5))
    assert question(view, "More familiar") == (Action.FAMILIAR, here.dialled(2))
    assert question(view, "More adventurous") == (Action.ADVENTUROUS, here.dialled(4))


async def test_the_menu_names_each_result_by_its_id() -> None:
    results = (item(named("Willie", number=31), "folk"), item(named("June", number=32)))
    view = controls().below(recommended(*results), OWNER)
    (menu,) = view.to_components()[2]["components"]
    shown = [(one["label"], one["value"], one["description"]) for one in menu["options"]]
    assert shown == [("Willie", "31", "also folk; 3 listeners"), ("June", "32", "3 listeners")]
    assert read(menu["custom_id"])[0] is Action.LIKE


async def test_each_artist_that_could_be_meant_has_a_button() -> None:
    names = ("Johnny Cash", "\u202e", artifacts.LONG, "🎸" * 60)
    choices = tuple(named(name, number=10 + at) for at, name in enumerate(names))
    answer = doubtful(Doubt("cash", choices), known=(named("Nick Cave", number=5),))
    view = controls().choices(answer, OWNER)
    assert view is not None
    (labels,) = rows(view)
    assert labels[:2] == ["Johnny Cash", "id:11"]
    assert labels[2].startswith("The Very")
    action, chosen = question(view, "Johnny Cash")
    assert action is Action.CHOOSE
    assert chosen == Question((10, 5), Terms(), OWNER, digest("v"))


async def test_two_doubts_cannot_be_pressed_away() -> None:
    doubt = Doubt("cash", (named("Johnny Cash"),))
    assert controls().choices(doubtful(doubt, doubt), OWNER) is None


@given(ANSWERS)
async def test_whatever_artists_are_called_discord_takes_the_controls(answer: Answer) -> None:
    for made in (controls(), controls(maps=False, previews=False)):
        match answer:
            case Recommended():
                view = made.below(answer, OWNER, hear=True)
            case DidYouMean():
                view = made.choices(answer, OWNER)
            case _:
                view = None
        if view is not None:
            components = view.to_components()
            check_message({"content": "x", "components": components}, uploads=())
            assert all(len(row["components"]) <= 5 for row in components)
            for one in (one for row in components for one in row["components"]):
                assert utf16_length(one.get("label", "")) <= 80
                texts = [text for option in one.get("options", ()) for text in option.values()]
                assert all(utf16_length(text) <= 100 for text in texts if isinstance(text, str))
