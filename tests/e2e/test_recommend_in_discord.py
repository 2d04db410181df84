"""Members ask for several artists, press the buttons below answers, and come back to old ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.client import CrossfadeBot
from bot.recommend.question import read
from model.artifact import load_artifact
from model.demo import demo_tables
from model.publishing import publish, training_lock
from model.recommender import Recommender
from model.store import version_folder
from tests import artifacts
from tests.discord_double import world
from tests.discord_double.errors import NotOfferedError
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import Reply
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed, labels

CASH = {"artist": "Johnny Cash"}
GONE = "These buttons no longer work; run the command again."


def names(answer: Answer) -> list[str]:
    """The artists recommended, in order."""
    lines = embed(answer)["description"].splitlines()
    return [line.split("[")[1].split("]")[0] for line in lines if line.startswith("**")]


def component(answer: Answer, label: str) -> dict[str, Any]:
    """The button of this label, or the menu with this placeholder."""
    assert answer.message is not None
    shown = [one for row in answer.message["components"] for one in row["components"]]
    return next(one for one in shown if label in {one.get("label"), one.get("placeholder")})


async def choose(double: DiscordDouble, answer: Answer, name: str, **more: Any) -> Answer:
    """Choose an artist of the menu."""
    menu = component(answer, "More like …, and where to hear it")
    (value,) = (one["value"] for one in menu["options"] if one["label"] == name)
    return await double.press(answer.message, custom_id=menu["custom_id"], values=[value], **more)


def content(answer: Answer) -> str:
    assert answer.message is not None
    return answer.message["content"]


async def test_several_artists_with_all_options(double: DiscordDouble, bot: CrossfadeBot) -> None:
    options = CASH | {"artist2": "Metallica", "artist4": "Johny Cash", "results": 20}
    answer = await double.slash("recommend", options | {"dial": "adventurous", "private": True})
    assert embed(answer)["title"] == "Artists like Johnny Cash and Metallica"
    assert len(names(answer)) == 20
    assert embed(answer)["footer"]["text"].endswith(" · dial: adventurous")
    assert "closest to Metallica" in embed(answer)["description"]
    assert answer.ephemeral


@pytest.mark.parametrize("results", [0, 21, -3, "ten"])
async def test_options_out_of_range_are_not_even_offered(
    double: DiscordDouble, bot: CrossfadeBot, results: object
) -> None:
    with pytest.raises(NotOfferedError):
        await double.slash("recommend", CASH | {"results": results})


async def test_who_was_given_is_not_offered_for_the_next_artist(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    typed = {"artist": "Johnny Cash", "artist2": "jo"}
    offered = await double.autocomplete("recommend", typed, focused="artist2")
    assert "Johnny Cash" not in [one["name"] for one in offered]
    assert len(offered) > 3


async def test_turning_leads_through_the_answer_and_back(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    whole = await double.slash("recommend", CASH | {"results": 20})
    answer = await double.slash("recommend", CASH | {"results": 5})
    seen = names(answer)
    for _ in range(3):
        pressed = await double.press(answer.message, label="More")
        assert pressed.reply is Reply.UPDATE
        seen += names(answer)
    assert seen == names(whole)
    assert embed(answer)["description"].startswith("**16.**")
    await double.press(answer.message, label="Back")
    assert names(answer) == names(whole)[10:15]


async def test_the_dial_is_turned_to_its_end(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await double.slash("recommend", CASH)
    await double.press(answer.message, label="More")
    await double.press(answer.message, label="More familiar")
    assert embed(answer)["description"].startswith("**1.**")
    assert embed(answer)["footer"]["text"].endswith(" · dial: familiar")
    await double.press(answer.message, label="More familiar")
    assert component(answer, "More familiar")["disabled"]
    familiar = names(answer)
    for _ in range(4):
        await double.press(answer.message, label="More adventurous")
    assert component(answer, "More adventurous")["disabled"]
    assert names(answer) != familiar


async def test_only_who_asked_may_change_the_answer(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", CASH, user=world.JUNE)
    before = embed(answer)
    for label in ("More", "More familiar", "More adventurous"):
        refused = await double.press(answer.message, label=label, user=world.OTIS)
        assert refused.ephemeral
        assert content(refused) == "These buttons belong to June Carter; run /recommend yourself."
    assert embed(answer) == before


async def test_anybody_may_ask_why_and_is_told_privately(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", CASH, user=world.JUNE)
    why = await double.press(answer.message, label="Why?", user=world.OTIS)
    assert why.ephemeral
    fields = embed(why)["fields"]
    assert [one["name"].split(". ")[1] for one in fields] == names(answer)
    assert all("in 100 such answers hit." in one["value"] for one in fields)
    assert "open.spotify.com" in fields[0]["value"]


@pytest.mark.parametrize("user", [world.JUNE, world.OTIS])
async def test_going_on_from_a_result_is_private_and_ones_own(
    double: DiscordDouble, bot: CrossfadeBot, user: world.User
) -> None:
    answer = await double.slash("recommend", CASH | {"dial": "familiar"}, user=world.JUNE)
    before = embed(answer)
    chosen = await choose(double, answer, names(answer)[2], user=user)
    assert chosen.ephemeral
    assert embed(chosen)["title"] == f"Artists like {names(answer)[2]}"
    assert embed(chosen)["footer"]["text"].endswith("dial: familiar")
    assert labels(chosen)[-5:] == ["Last.fm", "Spotify", "YouTube", "Bandcamp", "Preview"]
    assert embed(answer) == before
    await double.press(chosen.message, label="More", user=user)
    assert embed(chosen)["description"].startswith("**11.**")
    assert chosen.ephemeral


async def test_a_private_answer_stays_private_when_it_changes(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", CASH | {"private": True})
    await double.press(answer.message, label="More")
    assert answer.ephemeral
    assert answer.followups == []


async def test_two_presses_at_once_turn_once(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await double.slash("recommend", CASH)
    presses = [await double.press(answer.message, label="More", wait=False) for _ in range(2)]
    for press in presses:
        await press.responded()
        assert press.reply is Reply.UPDATE
    assert embed(answer)["description"].startswith("**11.**")


async def test_the_rest_of_a_question_is_kept_while_a_name_is_asked_back(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    options = {"artist": "jonny csh", "artist2": "Metallica", "results": 7}
    asked = await double.slash("recommend", options | {"dial": "very familiar"})
    assert embed(asked)["description"].endswith("The rest stays: Metallica.")
    await double.press(asked.message, label="Johnny Cash")
    assert embed(asked)["title"] == "Artists like Johnny Cash and Metallica"
    assert len(names(asked)) == 7
    assert embed(asked)["footer"]["text"].endswith("dial: very familiar")


async def test_buttons_work_after_a_restart(double: DiscordDouble, running: Running) -> None:
    async with running():
        answer = await double.slash("recommend", CASH)
        first = names(answer)
    async with running():
        why = await double.press(answer.message, label="Why?")
        assert embed(why)["fields"][0]["name"] == f"1. {first[0]}"
        await double.press(answer.message, label="More")
        chosen = await choose(double, answer, names(answer)[0])
        assert embed(chosen)["title"] == f"Artists like {names(answer)[0]}"
    assert not set(first) & set(names(answer))


async def test_an_old_message_is_answered_by_the_model_that_took_over(
    double: DiscordDouble, bot: CrossfadeBot, store: Path
) -> None:
    answer = await double.slash("recommend", CASH)
    artifact = load_artifact(version_folder(store))
    manifest = replace(artifact.manifest, version="20300101T000000Z-next")
    bot._services.model.replace(Recommender(replace(artifact, manifest=manifest)))
    await double.press(answer.message, label="More")
    assert embed(answer)["footer"]["text"].endswith(" · from a newer model")
    await double.press(answer.message, label="Back")
    assert "newer" not in embed(answer)["footer"]["text"], "all of it is of one model again"


async def test_artists_that_the_newer_model_lacks_are_said_clearly(
    double: DiscordDouble, bot: CrossfadeBot, tmp_path: Path
) -> None:
    answer = await double.slash("recommend", {"artist": artifacts.ARABIC})
    before = embed(answer)
    with training_lock(tmp_path / "store"):
        tables = demo_tables(seed=3, listeners=60)
        publish(tmp_path / "store", artifacts.training_of(tables))
    bot._services.model.replace(Recommender.load(tmp_path / "store"))
    pressed = await double.press(answer.message, label="More")
    assert pressed.ephemeral
    assert content(pressed).startswith("A newer model has taken over, and it does not know this")
    assert embed(answer) == before


@pytest.mark.parametrize("tamper", ["owner", "code", "action"])
async def test_a_button_that_is_not_ours_is_refused(
    double: DiscordDouble, bot: CrossfadeBot, tamper: str
) -> None:
    answer = await double.slash("recommend", CASH)
    button = component(answer, "More")
    _, question = read(button["custom_id"])
    assert question.owner == world.JUNE.id
    button["custom_id"] = {
        "owner": button["custom_id"][:-2] + "AA",
        "code": "rec:more:????",
        "action": button["custom_id"].replace(":more:", ":less:"),
    }[tamper]
    pressed = await double.press(answer.message, label="More")
    assert pressed.ephemeral
    assert content(pressed) == GONE


async def test_a_value_that_the_menu_never_had_is_refused(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", CASH)
    menu = component(answer, "More like …, and where to hear it")
    for value, said in (("x", "This menu no longer works"), ("999999", "A newer model")):
        menu["options"][0]["value"] = value
        custom_id = menu["custom_id"]
        pressed = await double.press(answer.message, custom_id=custom_id, values=[value])
        assert pressed.ephemeral
        assert content(pressed).startswith(said)
