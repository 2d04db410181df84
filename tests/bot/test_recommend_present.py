import re
from dataclasses import replace

import pytest
from hypothesis import given

from bot.recommend.present import recommend_embed, recommend_text
from bot.recommend.records import Answer, Correction, Doubt, Terms, UnknownArtist
from bot.recommend.service import RecommendService
from bot.text import utf16_length
from model.reasons import NearestAsked, SharedTags
from tests import artifacts
from tests.bot.recommend_answers import (
    ANSWERS,
    DEMO,
    LASTFM,
    doubtful,
    item,
    named,
    recommended,
)

LOUD = "DEMO CATALOGUE: simulated listeners, not real listening data"


@given(ANSWERS)
def test_whatever_artists_are_called_the_embed_fits(answer: Answer) -> None:
    embed = recommend_embed(answer)
    assert 1 <= utf16_length(embed.title or "") <= 256
    assert 1 <= utf16_length(embed.description or "") <= 4096
    assert 1 <= utf16_length(embed.footer.text or "") <= 2048
    parts = (embed.title, embed.description, embed.footer.text)
    assert sum(utf16_length(part or "") for part in parts) <= 6000


@given(ANSWERS)
def test_whatever_artists_are_called_nobody_is_mentioned_or_invited(answer: Answer) -> None:
    embed = recommend_embed(answer)
    shown = f"{embed.title}\n{embed.description}"
    without_targets = re.sub(r"\]\(https?://[^\s()<>]+\)", "]", shown)
    assert not re.search(r"@(?!\u200b)", without_targets)
    assert "discord.gg/a" not in without_targets
    assert "://" not in re.sub(r":\u200b//", "", without_targets)


@given(ANSWERS)
def test_whatever_artists_are_called_a_terminal_can_show_it(answer: Answer) -> None:
    shown = recommend_text(answer)
    assert "\x1b" not in shown
    assert shown.splitlines()[-1].startswith("(")


def test_ten_long_names_of_the_real_kind_are_all_there() -> None:
    url = f"https://www.last.fm/music/{'x' * 160}"
    results = tuple(item(named(f"{'W' * 110}{n}", url=url), "rock", "pop") for n in range(10))
    embed = recommend_embed(recommended(*results))
    assert "**10.** [" in (embed.description or "")


def test_an_answer_names_artists_with_links_listeners_and_reasons() -> None:
    results = (
        item(named("Willie Nelson", listeners=1_204, url="https://a.example/w"), "country", "folk"),
        item(named("June Carter", listeners=1, url="https://a.example/j")),
    )
    embed = recommend_embed(recommended(*results, source=LASTFM))
    assert embed.title == "Artists like Johnny Cash"
    assert embed.url == "https://www.last.fm/music/x"
    assert embed.description == (
        "**1.** [Willie Nelson](https://a.example/w) ▰▰▰▰▰\n"
        "-# worth a try · also country, folk · 1,204 listeners\n"
        "**2.** [June Carter](https://a.example/j) ▰▰▰▰▰\n-# worth a try · 1 listener"
    )
    assert embed.footer.text == "From listening data of Last.fm users, 2011 (HetRec 2011)"


@pytest.mark.parametrize(
    ("listeners", "shown"), [(0, "0 listeners"), (1, "1 listener"), (2, "2 l")]
)
def test_one_listener_is_singular(listeners: int, shown: str) -> None:
    answer = recommended(item(named("B", listeners=listeners)))
    for text in (recommend_embed(answer).description, recommend_text(answer)):
        assert re.search(rf"\b{shown}", text or "")
        assert listeners != 1 or "listeners" not in (text or "").replace("simulated listeners", "")


def test_a_correction_is_said_first() -> None:
    corrections = (Correction("Jonny *Cash*", named("Johnny Cash")),)
    answer = recommended(item(named("B")), corrections=corrections)
    first = (recommend_embed(answer).description or "").splitlines()[0]
    assert first == "Showing **Johnny Cash** for “Jonny \\*Cash\\*”."
    assert recommend_text(answer).splitlines()[0] == (
        "Artists like Johnny Cash (showing Johnny Cash for “Jonny *Cash*”)"
    )


@pytest.mark.parametrize("typed", ["Johnny Cash", "jonny csh", "Nobody At All", "Johny Cash"])
def test_the_demo_is_loud_in_every_answer(service: RecommendService, typed: str) -> None:
    answer = service.answer(typed)
    assert recommend_embed(answer).footer.text == LOUD
    assert recommend_text(answer).endswith(f"({LOUD})")


@pytest.mark.parametrize("typed", ["Johnny Cash", "jonny csh", "Nobody At All", "Johny Cash"])
def test_real_data_says_where_it_is_from(lastfm_service: RecommendService, typed: str) -> None:
    answer = lastfm_service.answer(typed)
    assert "Last.fm" in (recommend_embed(answer).footer.text or "")
    assert "DEMO" not in recommend_text(answer)


def test_a_question_lists_the_choices_as_text_too() -> None:
    answer = doubtful(Doubt("cash", (named("Johnny Cash"), named("*Cash* Cash"))))
    embed = recommend_embed(answer)
    assert embed.description == (
        "I know no “cash”. Perhaps one of these:\n- Johnny Cash\n- \\*Cash\\* Cash"
    )
    first, *names, _ = recommend_text(answer).splitlines()
    assert first == "I know no “cash”. Did you mean …?"
    assert names == ["  - Johnny Cash", "  - *Cash* Cash"]


def test_a_question_says_what_stays_of_the_rest() -> None:
    doubt = Doubt("cash", (named("Johnny Cash"),))
    kept = recommend_embed(doubtful(doubt, known=(named("Nick Cave"),), unknown=("zzzz",)))
    assert (kept.description or "").splitlines()[-2:] == [
        *("I know no “zzzz” at all.", "The rest stays: Nick Cave."),
    ]
    two = recommend_embed(doubtful(doubt, Doubt("cav", (named("Nick Cave"),)))).description or ""
    assert two.count("Perhaps one of these") == 2
    assert two.endswith("run the command again with the right names.")


def test_unknown_says_what_the_data_reaches() -> None:
    demo = recommend_embed(UnknownArtist(("Nobody",), DEMO)).description or ""
    real = recommend_embed(UnknownArtist(("Nobody", "*Else*"), LASTFM)).description or ""
    assert "“Nobody”" in demo
    assert "demo catalogue" in demo
    assert "“Nobody” or “\\*Else\\*”" in real
    assert "2011" in real


def test_unknown_says_why_it_was_not_looked_up_elsewhere() -> None:
    answer = UnknownArtist(("Nobody",), DEMO, elsewhere="MusicBrainz: is down; try later")
    assert (recommend_embed(answer).description or "").endswith(
        "\n-# MusicBrainz: is down; try later"
    )


@pytest.mark.parametrize("name", artifacts.STRANGE_NAMES)
def test_a_strange_name_is_shown_as_written(service: RecommendService, name: str) -> None:
    answer = service.answer(name)
    embed = recommend_embed(answer)
    assert "(//evil.example)" not in f"{embed.title}{embed.description}"
    assert recommend_text(answer).startswith(f"Artists like {name[:60]}")


def test_an_artist_whose_name_shows_nothing_is_called_by_its_id() -> None:
    answer = recommended(item(named("\u202e", url="")), artists=(named("\u200b", url=""),))
    embed = recommend_embed(answer)
    assert embed.title == "Artists like id:9"
    assert embed.url is None
    assert (embed.description or "").startswith("**1.** id:9 ▰")


def test_several_artists_are_all_in_the_title() -> None:
    asked = (named("Nick Cave"), named("*Tom* Waits"), named("W" * 90))
    embed = recommend_embed(recommended(item(named("B")), artists=asked))
    assert embed.title == f"Artists like Nick Cave, \\*Tom\\* Waits and {'W' * 39}…"
    assert embed.url is None


def test_among_several_the_closest_is_named_first_and_tags_are_fewer() -> None:
    reasons = (NearestAsked(named("Nick Cave")), SharedTags(("country", "folk", "blues")))
    answer = recommended(item(named("B"), reasons=reasons), artists=(named("A"), named("C")))
    shown = recommend_embed(answer).description or ""
    assert "closest to Nick Cave · also country, folk · 3 listeners" in shown
    alone = recommended(item(named("B"), "country", "folk", "blues"))
    assert "also country, folk, blues · 3" in (recommend_embed(alone).description or "")


def test_an_artist_left_out_is_said() -> None:
    answer = recommended(item(named("B")), unknown=("zz*zz", "yyyy"))
    assert (recommend_embed(answer).description or "").startswith(
        "I know no “zz\\*zz” or “yyyy”, so this is without.\n\n**1.**"
    )
    assert "(I know no “zz*zz” or “yyyy”.)" in recommend_text(answer)


@pytest.mark.parametrize(
    ("score", "bar"), [(0.5, "▰▰▰▰▰"), (0.31, "▰▰▰▱▱"), (0.001, "▰▱▱▱▱"), (-0.2, "▰▱▱▱▱")]
)
def test_strength_is_a_bar_beside_the_best(score: float, bar: str) -> None:
    weak = replace(item(named("B")), score=score)
    assert f" {bar}\n" in (recommend_embed(recommended(weak)).description or "")
    assert f"  {bar} worth a try" in recommend_text(recommended(weak))


def test_further_results_are_counted_on() -> None:
    answer = recommended(item(named("B")), item(named("C")), terms=Terms(offset=10))
    assert re.findall(r"\*\*(\d+)", recommend_embed(answer).description or "") == ["11", "12"]
    assert [line[:4] for line in recommend_text(answer).splitlines()[1:3]] == [" 11.", " 12."]


@pytest.mark.parametrize(
    ("step", "newer", "note"),
    [
        (2, False, LOUD),
        (4, False, f"{LOUD} · dial: very adventurous"),
        (1, True, f"{LOUD} · dial: familiar · from a newer model"),
    ],
)
def test_the_footer_says_what_is_unusual(step: int, newer: bool, note: str) -> None:
    answer = recommended(item(named("B")), terms=Terms(step), newer=newer)
    assert recommend_embed(answer).footer.text == note
    assert recommend_text(answer).endswith(f"({note})")


def test_what_is_long_loses_reasons_before_links_and_never_a_result() -> None:
    url = f"https://www.last.fm/music/{'x' * 90}"
    tags = tuple(f"{letter * 29}" for letter in "abc")
    ten = tuple(item(named(f"{'W' * 80}{n}", url=url), *tags) for n in range(20))
    description = recommend_embed(recommended(*ten)).description or ""
    assert description.count("listeners") == 20
    assert "aaa" not in description
    short = recommend_embed(recommended(*ten[:10])).description or ""
    assert short.count("](") == short.count("aaa, b") == 10
