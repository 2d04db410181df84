"""What is said in German where no walk through Discord comes by: terminal, model card, outages."""

import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import discord
import pytest

from bot.about.card import data_of, limits_of, objective_of
from bot.about.present import about_embed, about_lines
from bot.about.quality import quality_table
from bot.console import Console
from bot.errors import SettingsError
from bot.language import FOLDER, SOURCE, languages, speak
from bot.lyrics.present import lyrics_pages, missing_embed
from bot.lyrics.provider import outage
from bot.lyrics.records import Lyrics, LyricsMissing, LyricsQuery
from bot.neighbours.breaker import CircuitBreaker
from bot.neighbours.lastfm import CREDIT
from bot.neighbours.present import neighbours_embed, neighbours_text
from bot.neighbours.records import (
    Answer,
    Borrowed,
    Neighbour,
    Neighbours,
    Nobody,
    NoneKnown,
    OtherName,
    Unheard,
)
from bot.neighbours.source import asked_too_often
from bot.preview.present import preview_embed
from bot.preview.records import Preview
from bot.recommend.records import Source
from bot.services import Services
from bot.settings import load_settings
from bot.text import escape, utf16_length
from model.card import card_sections
from model.manifest import Manifest
from model.recommender import Recommender

ROOT = FOLDER.parent.parent
HETREC = "lastfm-hetrec-2011"
DEMO = Source("demo", demo=True)
FOUND = Neighbours("Velvet Meridian", "https://x.test", CREDIT, (Neighbour("Tin Ferry", 1.0),))
ALONE = replace(FOUND, neighbours=())


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    speak("de")
    yield
    speak(SOURCE)


def trained_on(recommender: Recommender, name: str, solver: str = "als") -> Manifest:
    manifest = recommender.manifest
    dataset = {**manifest.dataset, "name": name, "listeners": 1892}
    return replace(
        manifest, dataset=dataset, configuration={**manifest.configuration, "solver": solver}
    )


@pytest.mark.parametrize("name", ["demo", HETREC, "my own `data`"])
@pytest.mark.parametrize("solver", ["als", "gradient-descent"])
def test_the_card_is_word_for_word_the_models_own_in_english(
    recommender: Recommender, name: str, solver: str
) -> None:
    manifest = trained_on(recommender, name, solver)
    german = [part(manifest) for part in (data_of, objective_of, limits_of)]
    speak("en")
    card = card_sections(asdict(manifest))
    first = card["Data and licence"].split("\n\n")[0]
    ends = " It ends in 2011." if name == HETREC else ""
    assert data_of(manifest) == f"Trained on {first}{ends}"
    objective, model = objective_of(manifest).split("\n")
    assert objective == card["Objective and configuration"].split("\n\n")[0]
    assert model == "Model: default, d=24."
    assert limits_of(manifest) == card["What it is bad at"]
    english = [part(manifest) for part in (data_of, objective_of, limits_of)]
    assert not set("\n".join(german).split("\n")) & set("\n".join(english).split("\n"))


@pytest.mark.parametrize("name", ["demo", HETREC, "other"])
def test_about_fits_discord_in_german(recommender: Recommender, name: str) -> None:
    manifest = replace(trained_on(recommender, name), created="2025-03-02T23:04:05+00:00")
    embed = about_embed(manifest)
    assert len(embed) <= 6_000
    assert all(0 < utf16_length(field.value or "") <= 1_024 for field in embed.fields)
    assert all(not (field.value or "").endswith("…") for field in embed.fields)
    assert "1.892 Hörer" in "\n".join(about_lines(manifest))
    assert (embed.footer.text or "").endswith("trainiert am 2. März 2025")
    assert "0,307" in quality_table(manifest.metrics, first="default")
    assert all(
        len(line) <= 46 for line in quality_table({"x" * 20: {}}, first="x" * 20).splitlines()
    )


def answers(recommender: Recommender) -> Iterator[tuple[Answer, str]]:
    results = tuple(recommender.similar([3], 4))
    used = (results[0].artist, results[1].artist)
    yield Borrowed("velvet m", FOUND, used, results, DEMO), "so verstehe ich „velvet m“"
    yield OtherName("the man", FOUND, used[0], results, DEMO), "ist ein anderer Name für"
    yield NoneKnown("Velvet Meridian", FOUND, DEMO), "die ähnlichsten Künstler auch nicht"
    yield NoneKnown("Velvet Meridian", ALONE, DEMO), "niemand konnte mir sagen"
    yield Unheard("x", Nobody(("A", "B"), ("C",)), DEMO), "A und B haben niemanden gefunden"
    yield Unheard("x", Nobody(("A",), ("B", "C")), DEMO), "A hat niemanden gefunden"


def test_answers_by_way_of_neighbours_are_german(recommender: Recommender) -> None:
    for answer, said in answers(recommender):
        embed = neighbours_embed(answer)
        for text in (neighbours_text(answer), f"{embed.title}\n{embed.description}"):
            assert said in text
            assert not re.search(r"\b(?:listeners?|also|closest|is|and|powered artists)\b", text)
            assert ("Ähnliche Künstler: powered by Last.fm" in text) != isinstance(answer, Unheard)


def test_lyrics_and_previews_are_german() -> None:
    missing = LyricsMissing(LyricsQuery("A", "B"), ("Genius", "LRCLIB"), ("Shelf",))
    shown = missing_embed(missing).description or ""
    assert "Genius und LRCLIB haben keinen Song „B“ von A." in shown
    assert "Shelf war gerade nicht zu erreichen" in shown
    (page,) = lyrics_pages(Lyrics("A", "B", "", "LRCLIB", "https://x.test", instrumental=True))
    assert "Dieser Song hat keinen Text" in (page.description or "")
    heard = preview_embed(Preview("B", "A", "https://x.test/1", "https://x.test/2"))
    assert heard.footer.text == "Hörprobe von Deezer · weniger als eine Stunde abspielbar"
    assert escape("join discord.gg/abc") == "join \\[Einladung entfernt\\]"


def test_a_remembered_outage_is_told_in_the_language_of_who_meets_it() -> None:
    breaker = CircuitBreaker(clock=lambda: 0.0)
    breaker.trip("Last.fm", asked_too_often("Last.fm", "30"))
    fault = breaker.fault("Last.fm")
    assert fault is not None
    assert fault.spoken() == "Last.fm: wird zu oft gefragt; versuch es in 30 s noch einmal"
    speak("en")
    assert fault.spoken() == str(fault) == "Last.fm: is asked too often; try again in 30 s"


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_every_outage_of_a_provider_is_german_for_members(status: int) -> None:
    error = outage("LRCLIB", status, None)
    assert error.spoken().startswith("LRCLIB: ")
    assert not set(error.spoken().split("; ")) & set(str(error).split("; "))


async def test_the_terminal_answers_in_german_to_names_in_both_languages(
    services: Services,
) -> None:
    console = Console(services=services, lines=io.StringIO(), output=io.StringIO())
    told = await console.answer("/hilfe")
    assert told == await console.answer("/HELP")
    assert "/empfehlen KÜNSTLER: Künstler wie einer, den du kennst" in told
    # Every command that the list names is there.
    for command in re.findall(r"^(/\w+)", told, re.MULTILINE):
        if command != "/quit":
            assert "gibt es nicht" not in await console.answer(command)
    first, *_, last = (await console.answer("/empfehlen Johnny Cash")).splitlines()
    assert first == "Künstler wie Johnny Cash"
    assert last == "(DEMOKATALOG: simulierte Hörer, keine echten Hördaten)"
    assert await console.answer("/spiel") == (
        "Den Befehl /spiel gibt es nicht; /hilfe zählt alle auf."
    )
    assert await console.answer("/songtext Hurt") == (
        'Es braucht zwei Namen; schreib sie in Anführungszeichen: /songtext "Johnny Cash" "Hurt".'
    )


def test_a_language_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALE", "tlh")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value) == (
        "LOCALE: is a language that the bot does not speak; give one of: de, en"
    )


def test_the_compiled_catalogue_is_shipped() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    shipped = {path for one in package["package-data"]["bot"] for path in (ROOT / "bot").glob(one)}
    catalogues = {
        Path(FOLDER, language, "LC_MESSAGES", "crossfade.mo")
        for language in languages()
        if language != SOURCE
    }
    assert catalogues <= shipped


def test_discord_knows_the_languages_that_are_there() -> None:
    known = {locale.value.split("-")[0] for locale in discord.Locale}
    assert set(languages()) <= known
