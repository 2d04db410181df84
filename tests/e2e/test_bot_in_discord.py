"""Members use the real bot through the local Discord."""

import re

import pytest

from bot.client import CrossfadeBot
from bot.errors import SettingsError
from bot.recommend.dial import DIAL
from model.recommender import Recommender
from tests import artifacts
from tests.discord_double import world
from tests.discord_double.kinds import Reply
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed, labels

SLASH_COMMANDS = {"recommend", "map", "lyrics", "settings", "about", "help"}
MENU = "Recommend from this"
LOUD = "DEMO CATALOGUE: simulated listeners, not real listening data"


async def test_commands_are_synced_as_members_shall_see_them(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    assert set(double.commands) == {*SLASH_COMMANDS, MENU}
    assert double.guild_commands == {}
    for name, command in double.commands.items():
        servers_only = name == "settings"
        assert command["integration_types"] == ([0] if servers_only else [0, 1])
        assert command["contexts"] == ([0] if servers_only else [0, 1, 2])
        assert command["type"] == (3 if name == MENU else 1)
        assert bool(command["description"]) == (name != MENU)
    asked = double.commands["recommend"]["options"]
    assert [one["name"] for one in asked if one.get("required")] == ["artist"]
    assert [one["name"] for one in asked if one.get("autocomplete")] == [
        *("artist", "artist2", "artist3", "artist4", "artist5"),
    ]
    dial, results, private = asked[5:]
    assert [one["name"] for one in dial["choices"]] == [name for name, _ in DIAL]
    assert (results["name"], results["min_value"], results["max_value"]) == ("results", 1, 20)
    assert private["name"] == "private"
    options = double.commands["lyrics"]["options"]
    assert [(one["name"], one.get("required", False)) for one in options] == [
        ("artist", True),
        ("song", True),
        ("private", False),
    ]
    assert options[0]["autocomplete"]


async def test_sync_guild_brings_the_commands_there_at_once(
    double: DiscordDouble, running: Running
) -> None:
    place = double.guilds[1]
    async with running(sync_guild=place.id):
        assert set(double.guild_commands) == {place.id}
        assert set(double.guild_commands[place.id]) == {*SLASH_COMMANDS, MENU}
        answer = await double.slash("recommend", {"artist": "Johnny Cash"}, guild=place)
        assert embed(answer)["title"] == "Artists like Johnny Cash"


async def test_sync_guild_where_the_bot_is_not_is_one_line_with_the_invite_link(
    double: DiscordDouble, running: Running
) -> None:
    with pytest.raises(SettingsError, match=r"^SYNC_GUILD: the bot is not in .* https://discord"):
        async with running(sync_guild=4711):
            pass
    assert [one.code for one in double.rejections] == [50001]
    double.rejections.clear()


@pytest.mark.parametrize("name", ["recommend", "lyrics"])
@pytest.mark.parametrize(
    ("typed", "first"), [("johnny c", "Johnny Cash"), ("METAL", "Metallica"), ("bjor", "Björk")]
)
async def test_typing_offers_the_right_artist_first(
    double: DiscordDouble, bot: CrossfadeBot, name: str, typed: str, first: str
) -> None:
    choices = await double.autocomplete(name, {"artist": typed}, focused="artist")
    assert choices[0]["name"] == choices[0]["value"] == first
    assert len(choices) <= 25


@pytest.mark.parametrize("typed", ["", "e", "🦑", "x" * 200, "@everyone"])
async def test_typing_anything_offers_at_most_what_discord_takes(
    double: DiscordDouble, bot: CrossfadeBot, typed: str
) -> None:
    choices = await double.autocomplete("recommend", {"artist": typed}, focused="artist")
    assert len(choices) <= 25
    assert len(choices) == 25 or typed not in {"", "e"}


async def test_a_choice_that_is_too_long_to_be_sent_still_finds_its_artist(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    choices = await double.autocomplete("recommend", {"artist": "The Very Ve"}, focused="artist")
    answer = await double.slash("recommend", {"artist": choices[0]["value"]})
    assert embed(answer)["title"].startswith("Artists like The Very Very")


async def test_recommend_answers_ten_artists_with_links_and_listeners(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", {"artist": "Johnny Cash"})
    shown = embed(answer)
    lines = shown["description"].splitlines()
    assert shown["title"] == "Artists like Johnny Cash"
    assert shown["footer"]["text"] == LOUD
    assert len(lines) == 20
    name = r"\*\*\d+\.\*\* \[.+\]\(https://www\.last\.fm/.*\) ▰{1,5}▱{0,4}$"
    assert all(re.match(name, one) for one in lines[::2])
    words = "(a safe bet|worth a try|a long shot)"
    detail = rf"-# {words}( · also .+)?( · \d+ of \d+ listeners play both)? · \d+ listeners?$"
    assert all(re.match(detail, one) for one in lines[1::2])
    assert "Waylon Jennings" in shown["description"]
    assert not answer.ephemeral
    assert labels(answer) == ["More", "Why?", "Map", "More familiar", "More adventurous"]


async def test_recommend_works_in_the_direct_conversation(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", {"artist": "Johnny Cash"}, private=True)
    assert embed(answer)["title"] == "Artists like Johnny Cash"


async def test_a_slip_is_corrected_and_said(double: DiscordDouble, bot: CrossfadeBot) -> None:
    answer = await double.slash("recommend", {"artist": "Johny Cash"})
    assert embed(answer)["description"].startswith("Showing **Johnny Cash** for “Johny Cash”.")


async def test_a_doubtful_name_is_chosen_by_a_press_of_who_asked(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    asked = await double.slash("recommend", {"artist": "jonny csh"}, user=world.JUNE)
    assert embed(asked)["title"] == "Did you mean …?"
    assert labels(asked)[0] == "Johnny Cash"

    refused = await double.press(asked.message, label="Johnny Cash", user=world.OTIS)
    assert refused.ephemeral
    assert refused.message is not None
    assert refused.message["content"] == (
        "These buttons belong to June Carter; run /recommend yourself."
    )
    assert embed(asked)["title"] == "Did you mean …?"

    pressed = await double.press(asked.message, label="Johnny Cash", user=world.JUNE)
    assert pressed.reply is Reply.UPDATE
    assert embed(asked)["title"] == "Artists like Johnny Cash"
    assert labels(asked)[0] == "More"


async def test_an_unknown_artist_gets_a_clear_answer(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    answer = await double.slash("recommend", {"artist": "Wholly Unheard Of"})
    await answer.settled()
    assert embed(answer)["title"] == "I don't know that artist"
    assert "“Wholly Unheard Of”" in embed(answer)["description"]


async def test_a_hostile_name_mentions_and_links_nobody(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    for typed in (artifacts.MARKUP, "@everyone <@210000000000000029> discord.gg/abc " * 4):
        answer = await double.slash("recommend", {"artist": typed})
        message = await answer.settled()
        assert (message["mentions"], message["mention_everyone"]) == ([], False)
        assert answer.initial is not None
        if not answer.deferred:
            assert answer.initial["data"]["allowed_mentions"]["parse"] == []
        shown = f"{embed(answer)['title']} {embed(answer)['description']}"
        assert "discord.gg/a" not in shown
        assert not re.search(r"@(?!\u200b)", shown)


@pytest.mark.parametrize("typed", ["\u200b", "\u3164\u3164", "\u202e"])
async def test_a_name_of_nothing_visible_is_said_privately(
    double: DiscordDouble, bot: CrossfadeBot, typed: str
) -> None:
    answer = await double.slash("recommend", {"artist": typed})
    assert answer.ephemeral
    assert answer.message is not None
    assert answer.message["content"].startswith("Please name an artist")


async def test_about_and_help_answer_privately(double: DiscordDouble, bot: CrossfadeBot) -> None:
    about = await double.slash("about")
    assert about.ephemeral
    assert "DEMO CATALOGUE" in embed(about)["description"]
    listed = await double.slash("help")
    assert listed.ephemeral
    assert "DEMO CATALOGUE" in embed(listed)["footer"]["text"]
    named = re.findall(r"\*\*/(\w+)", embed(listed)["description"])
    assert sorted(set(named)) == sorted(SLASH_COMMANDS)
    assert named == sorted(named)
    assert f"**{MENU}**" in embed(listed)["description"]


async def test_a_fault_of_ours_is_a_reference_for_the_member_and_the_log(
    double: DiscordDouble,
    bot: CrossfadeBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the shelf fell down")

    monkeypatch.setattr(Recommender, "similar", broken)
    answer = await double.slash("recommend", {"artist": "Johnny Cash"})
    assert answer.ephemeral
    assert answer.message is not None
    found = re.search(r"reference `(\w+)`", answer.message["content"])
    assert found is not None
    assert f"/recommend failed [{found[1]}]" in caplog.text
    assert "the shelf fell down" in caplog.text
    assert "shelf" not in answer.message["content"]


async def test_a_fault_after_a_press_is_a_reference_too(
    double: DiscordDouble, bot: CrossfadeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await double.slash("recommend", {"artist": "jonny csh"})
    monkeypatch.setattr(Recommender, "similar", lambda *_, **__: 1 / 0)
    pressed = await double.press(asked.message, label="Johnny Cash")
    assert pressed.ephemeral
    assert pressed.message is not None
    assert "reference" in pressed.message["content"]
    assert labels(asked)[0] == "Johnny Cash", "the buttons stay for another try"
