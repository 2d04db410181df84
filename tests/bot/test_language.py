"""Sentences in the member's language: chosen once, looked up when said, whatever they hold."""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MemberError, ProviderUnavailableError
from bot.language import (
    decimal,
    gettext,
    language,
    languages,
    lazy_gettext,
    lazy_ngettext,
    listed,
    listed_as_choice,
    ngettext,
    number,
    speak,
    spoken,
)
from bot.recommend.dial import DIAL, step_named
from bot.recommend.line import parse
from bot.translator import CommandTranslator, choice_name, command_called, described, named
from bot.usages import usages


@pytest.fixture
def german() -> None:
    speak("de")


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(
    ("locale", "spoken_here"),
    [("de", "de"), ("de-AT", "de"), ("DE_de", "de"), ("en-GB", "en"), ("fr", "de"), ("", "de")],
)
def test_a_locale_that_is_not_known_changes_nothing(locale: str, spoken_here: str) -> None:
    speak("de")
    speak(locale)
    assert language() == spoken_here


def test_english_and_german_are_there() -> None:
    assert {"de", "en"} <= set(languages())


def test_english_is_what_the_code_says() -> None:
    assert gettext("Page {page} of {pages}", page=2, pages=7) == "Page 2 of 7"
    assert ngettext("{count} listener", "{count} listeners", 1) == "1 listener"
    assert ngettext("{count} listener", "{count} listeners", 1234) == "1,234 listeners"
    assert (number(1234567), decimal(0.5, 3)) == ("1,234,567", "0.500")
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed_as_choice(["A", "B"]) == "A or B"
    assert listed(["A"]) == "A"


def test_german_has_its_own_words_plurals_and_marks(german: None) -> None:
    assert gettext("Page {page} of {pages}", page=2, pages=7) == "Seite 2 von 7"
    assert ngettext("Those are {count} artist", "Those are {count} artists", 1).startswith(
        "Das ist"
    )
    assert ngettext("{count} listener", "{count} listeners", 1234) == "1.234 Hörer"
    assert (number(1234567), decimal(0.5, 3)) == ("1.234.567", "0,500")
    assert listed(["A", "B", "C"]) == "A, B und C"
    assert listed_as_choice(["A", "B"]) == "A oder B"


VALUES = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["{artist}", "{}", "{0}", "{artist.__class__}", "%s", "%(artist)s", "100 %", "}{", "\\N{BELL}"]
)


@pytest.mark.parametrize("locale", ["en", "de"])
@given(artist=VALUES, typed=VALUES)
def test_whatever_is_typed_stays_as_it_is(locale: str, artist: str, typed: str) -> None:
    speak(locale)
    said = gettext("“{typed}” is another name of {artist}.", typed=typed, artist=artist)
    assert typed in said
    assert artist in said
    later = lazy_gettext("“{typed}” is another name of {artist}.", typed=typed, artist=artist)
    assert spoken(later) == said
    frame = gettext("“{typed}” is another name of {artist}.", typed="\0", artist="\1")
    assert said == "".join({"\0": typed, "\1": artist}.get(letter, letter) for letter in frame)


def test_a_phrase_is_english_for_the_log_and_the_members_own_when_spoken(german: None) -> None:
    inner = lazy_gettext("familiar")
    outer = lazy_gettext("dial: {step}", step=inner)
    assert f"{outer}" == "dial: familiar"
    assert outer.spoken() == "Regler: vertraut"
    assert spoken("as it is") == "as it is"


def test_one_error_is_told_to_each_member_in_their_language_and_logged_in_english(
    caplog: pytest.LogCaptureFixture,
) -> None:
    speak("de")
    error = ProviderUnavailableError(
        lazy_gettext("is not working (HTTP {status})", status=503),
        where="LRCLIB",
        mend=lazy_gettext("try again in a few minutes"),
    )
    said = error.spoken()
    logging.getLogger("bot").warning("%s", error)
    speak("en")
    english = "LRCLIB: is not working (HTTP 503); try again in a few minutes"
    assert caplog.messages == [english]
    assert error.spoken() == english
    assert said == (
        "LRCLIB: funktioniert gerade nicht (HTTP 503); versuch es in ein paar Minuten noch einmal"
    )


def test_an_error_with_several_is_in_the_plural(german: None) -> None:
    message = lazy_ngettext("Those are {count} artist", "Those are {count} artists", 6)
    assert MemberError(message).spoken() == "Das sind 6 Künstler"


async def test_tasks_and_threads_that_a_task_starts_speak_its_language_and_others_do_not() -> None:
    async def handles(locale: str) -> list[str]:
        speak(locale)
        await asyncio.sleep(0)
        with ThreadPoolExecutor(1) as old:
            in_context = await asyncio.wrap_future(old.submit(copy_context().run, language))
        return [language(), await asyncio.to_thread(language), in_context]

    german, english, unknown = await asyncio.gather(*map(handles, ("de", "en-US", "ja")))
    assert german == ["de"] * 3
    assert english == ["en"] * 3
    assert unknown == ["en"] * 3
    assert language() == "en"


async def test_discord_gets_german_names_and_nothing_where_english_serves() -> None:
    translator = CommandTranslator()
    context: Any = None

    async def said(text: app_commands.locale_str, locale: discord.Locale) -> str | None:
        return await translator.translate(text, locale, context)

    german, french = discord.Locale.german, discord.Locale.french
    assert await said(named("command", "lyrics"), german) == "songtext"
    assert await said(named("option", "song"), german) == "titel"
    assert await said(choice_name(DIAL[0][0]), german) == "sehr vertraut"
    many = described("How many at once ({results} unless you say)", results=10)
    assert many.message == "How many at once (10 unless you say)"
    assert await said(many, german) == "Wie viele auf einmal (10, wenn du nichts sagst)"
    for locale in (french, discord.Locale.british_english, discord.Locale.american_english):
        assert await said(many, locale) is None


def test_help_calls_commands_as_the_member_sees_them(german: None) -> None:
    @app_commands.command(
        name=named("command", "map"), description=described("Show the lyrics of a song")
    )
    async def draw(_interaction: discord.Interaction, artist: str, song: str = "") -> None: ...

    assert usages([draw]) == [("/karte <künstler> [titel]", "Zeig den Text eines Songs")]
    assert command_called("/settings channels add") == "/einstellungen kanäle hinzufügen"


def test_a_step_of_the_dial_may_be_named_in_english_or_as_it_is_shown(german: None) -> None:
    assert step_named("sehr  Vertraut") == 0
    assert step_named("very familiar") == 0
    with pytest.raises(MemberError, match="no such step") as raised:
        step_named("laut")
    assert raised.value.spoken().endswith("abenteuerlich, sehr abenteuerlich")


def test_a_line_of_the_terminal_takes_options_in_both_languages() -> None:
    english = parse("Johnny Cash dial:very adventurous results:5")
    speak("de")
    assert parse("Johnny Cash regler:sehr abenteuerlich anzahl:5") == english
    assert parse("Johnny Cash dial:very adventurous results:5") == english
    speak("en")
    assert parse("Johnny Cash anzahl:5").names == ("Johnny Cash anzahl:5",)
