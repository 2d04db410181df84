"""Members are answered in their own language, all the way through the real client."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import translations

from bot.client import CrossfadeBot
from bot.lyrics import cog as lyrics_cog
from bot.paginator import PageView
from bot.text import clean, escape
from model.recommender import Recommender
from tests import artifacts
from tests.discord_double import world
from tests.discord_double.command_rules import check_commands
from tests.discord_double.records import User
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed
from tests.e2e.everything import CASH, WORDS, Gate, Walk
from tests.services_double.deezer import DeezerDouble
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.musicbrainz import MusicBrainzDouble

MANAGER = 0x20 | 0x400 | 0x800
NINA = replace(world.NINA, permissions=MANAGER)
PAUL = User(NINA.id + 1, "paul", "Paul", locale="de")
AMY = User(NINA.id + 2, "amy", "Nina", locale="en-GB", permissions=MANAGER)
BEN = User(NINA.id + 3, "ben", "Paul", locale="en-US")
# Services, the title of a song, and whose answers end with it.
SAME = {"Last.fm", "Spotify", "YouTube", "Bandcamp", "Ada Brook – The Long Way Home"}
# In a sentence of fewer letters than these outside of its placeholders, two languages may agree.
TELLING = 8


@pytest.fixture
async def reached() -> AsyncIterator[dict[str, Any]]:
    async with (
        DeezerDouble([]) as deezer,
        MusicBrainzDouble() as musicbrainz,
        ListenBrainzLabsDouble() as labs,
    ):
        yield {
            "deezer_url": deezer.address,
            "musicbrainz_url": musicbrainz.address,
            "listenbrainz_labs_url": labs.address,
        }


@pytest.fixture
def walked(
    double: DiscordDouble,
    running: Running,
    lrclib: LrclibDouble,
    reached: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[User, User], Awaitable[Walk]]:
    """Lets a member do everything there is, beside another one."""

    async def walk_through(member: User, other: User) -> Walk:
        async with running():
            old = await double.slash("lyrics", WORDS, user=member)
            await old.settled()
        gate = Gate()
        async with running(limits=gate, **reached) as bot:
            walk = Walk(double, bot, member=member, other=other, gate=gate)
            await walk.recommendations()
            await walk.maps()
            await walk.lyrics(lrclib)
            await walk.settings()
            await walk.the_rest(old, monkeypatch)
        return walk

    return walk_through


def telling(language: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """(English sentence, what finds it) of each that is long enough to tell the language by."""
    for message in translations.read(translations.po_of(language), language):
        said = translations.forms(message.string)
        for form in filter(None, translations.forms(message.id)):
            literals = re.split(r"\{\w+\}", form)
            if message.context or form in said or len("".join(literals)) < TELLING:
                continue
            inner = "(?:.|\n)+?".join(map(re.escape, literals))
            yield form, re.compile(rf"(?<!\w){inner}(?!\w)")


@pytest.mark.slow
async def test_a_german_member_reads_no_english_and_nothing_twice_the_same(
    walked: Callable[[User, User], Awaitable[Walk]], store: Path
) -> None:
    german = (await walked(NINA, PAUL)).texts()
    english = (await walked(AMY, BEN)).texts()
    assert [what for what, _ in german] == [what for what, _ in english]
    patterns = list(telling("de"))
    left = {(what, form) for what, text in german for form, found in patterns if found.search(text)}
    assert left == set()
    same = {
        said
        for (_, said), (_, text) in zip(german, english, strict=True)
        if said == text and re.search(r"[^\W\d_]{2}", said)
    }
    names = {escape(clean(name)) for name in Recommender.load(store).catalogue.names}
    named = {re.sub(r"^\d+\. ", "", said) for said in same}
    assert named - names - set(artifacts.STRANGE_NAMES) - SAME == set()


async def test_discord_takes_every_german_name_and_description(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    german = [in_german(command) for command in double.commands.values()]
    assert check_commands(german) == []
    assert {command["name"] for command in german} == {
        *("empfehlen", "karte", "songtext", "einstellungen", "info", "hilfe", "Daraus empfehlen")
    }
    assert all(len(text) <= 100 for command in german for text in descriptions(command))


def in_german(node: dict[str, Any]) -> dict[str, Any]:
    """A command, option or choice as a German member sees it; nothing may stay English."""
    assert set(node["name_localizations"]) == {"de"}
    own = {"name": node["name_localizations"]["de"]}
    if node.get("description"):
        assert set(node["description_localizations"]) == {"de"}
        own["description"] = node["description_localizations"]["de"]
        assert own["description"] != node["description"]
    assert own["name"] != node["name"]
    below = {key: [in_german(one) for one in node.get(key) or ()] for key in ("options", "choices")}
    return {**node, **own, **below}


def descriptions(node: dict[str, Any]) -> Iterator[str]:
    yield node.get("description") or ""
    for option in node["options"]:
        yield from descriptions(option)


@pytest.mark.parametrize(("locale", "title"), [("de-AT", "Künstler wie"), ("en", "Artists like")])
async def test_a_language_that_is_not_spoken_gets_the_one_of_the_settings(
    double: DiscordDouble, running: Running, locale: str, title: str
) -> None:
    louise = User(NINA.id + 9, "louise", locale="fr")
    async with running(locale=locale):
        for member, said in ((louise, title), (BEN, "Artists like"), (PAUL, "Künstler wie")):
            answer = await double.slash("recommend", CASH, user=member)
            assert embed(answer)["title"] == f"{said} Johnny Cash"


async def test_members_who_wait_for_one_answer_read_it_in_their_own_languages(
    double: DiscordDouble, bot: CrossfadeBot, lrclib: LrclibDouble
) -> None:
    lrclib.manners = Manners.INTERNAL
    asked = [await double.slash("lyrics", WORDS, user=one, wait=False) for one in (PAUL, BEN)]
    german, english = [(await answer.settled())["content"] for answer in asked]
    assert german.startswith("LRCLIB: funktioniert gerade nicht (HTTP 500); versuch es")
    assert english.startswith("LRCLIB: is not working (HTTP 500); try again")


async def test_a_remembered_map_is_drawn_for_each_language(
    double: DiscordDouble, bot: CrossfadeBot
) -> None:
    maps = [await double.slash("map", CASH, user=one) for one in (PAUL, BEN, PAUL)]
    told = [(await one.settled())["attachments"][0]["description"] for one in maps]
    assert [text.split()[0] for text in told] == ["Karte", "Map", "Karte"]
    german, english, again = [one.files["map.png"] for one in maps]
    assert german != english, "the legend is in it"
    assert german == again


async def test_buttons_fall_asleep_in_the_language_in_which_they_were_asked_for(
    double: DiscordDouble, bot: CrossfadeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lyrics_cog, "PageView", partial(PageView, timeout=0.05))
    answer = await double.slash("lyrics", WORDS, user=PAUL)
    message = await answer.until(lambda shown: bool(shown["content"]))
    assert message["content"] == "Die Knöpfe sind eingeschlafen; ruf /songtext noch einmal auf."


async def test_choices_and_logs_are_the_same_in_every_language(
    double: DiscordDouble, bot: CrossfadeBot, caplog: pytest.LogCaptureFixture
) -> None:
    offered = [
        await double.autocomplete("recommend", {"artist": "john"}, focused="artist", user=one)
        for one in (PAUL, BEN)
    ]
    assert offered[0] == offered[1] != []
    await double.slash("recommend", {"artist": " "}, user=PAUL)
    assert "/recommend: Please name an artist; for example /recommend Johnny Cash" in caplog.text
