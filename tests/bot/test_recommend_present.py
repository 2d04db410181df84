import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.recommend.present import recommend_embed, recommend_text
from bot.recommend.records import Answer, DidYouMean, Recommended, Source, UnknownArtist
from bot.recommend.service import RecommendService
from bot.text import utf16_length
from model.catalogue import Artist
from model.reasons import SharedTags
from model.recommender import Recommendation
from tests import artifacts

DEMO = Source("demo", demo=True)
LASTFM = Source("lastfm-hetrec-2011", demo=False)
LOUD = "DEMO CATALOGUE: simulated listeners, not real listening data"

NAMES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.text("🎸*_[]()@<>|`~\\", max_size=300),
    st.just("discord.gg/a" * 30),
)
URLS = st.one_of(
    st.just(""),
    st.text(max_size=40),
    st.text("abc()%🎸", max_size=600).map(lambda path: f"https://www.last.fm/music/{path}"),
)


@st.composite
def artists(draw: st.DrawFn) -> Artist:
    return Artist(
        row=draw(st.integers(0, 99)),
        id=draw(st.integers(1, 10**18)),
        source_id="1",
        name=draw(NAMES),
        listeners=draw(st.integers(0, 10**12)),
        tags=(),
        url=draw(URLS),
    )


def item(artist: Artist, *tags: str) -> Recommendation:
    reasons = (SharedTags(tags),) if tags else ()
    return Recommendation(
        artist=artist, score=0.5, reasons=reasons, confidence=0.2, in_words="worth a try"
    )


RESULTS = st.lists(
    st.builds(lambda artist, tags: item(artist, *tags), artists(), st.lists(NAMES, max_size=6)),
    min_size=1,
    max_size=10,
).map(tuple)
SOURCES = st.sampled_from([DEMO, LASTFM])
ANSWERS = st.one_of(
    st.builds(Recommended, artists(), st.none() | NAMES, RESULTS, SOURCES),
    st.builds(DidYouMean, NAMES, st.lists(artists(), min_size=1, max_size=5).map(tuple), SOURCES),
    st.builds(UnknownArtist, NAMES, SOURCES),
)


def named(name: str, *, listeners: int = 3, url: str = "https://www.last.fm/music/x") -> Artist:
    return Artist(4, 9, "9", name, listeners, (), url)


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
    assert "\x1b" not in shown.replace(getattr(answer, "typed", None) or "", "")
    assert shown.splitlines()[-1].startswith("(")


def test_ten_long_names_of_the_real_kind_are_all_there() -> None:
    url = f"https://www.last.fm/music/{'x' * 160}"
    results = tuple(item(named(f"{'W' * 110}{n}", url=url), "rock", "pop") for n in range(10))
    embed = recommend_embed(Recommended(named("A"), None, results, LASTFM))
    assert "**10.** [" in (embed.description or "")


def test_an_answer_names_artists_with_links_listeners_and_reasons() -> None:
    results = (
        item(named("Willie Nelson", listeners=1_204, url="https://a.example/w"), "country", "folk"),
        item(named("June Carter", listeners=1, url="https://a.example/j")),
    )
    embed = recommend_embed(Recommended(named("Johnny Cash"), None, results, LASTFM))
    assert embed.title == "Artists like Johnny Cash"
    assert embed.description == (
        "**1.** [Willie Nelson](https://a.example/w)\n"
        "-# worth a try · also country, folk · 1,204 listeners\n"
        "**2.** [June Carter](https://a.example/j)\n-# worth a try · 1 listener"
    )
    assert embed.footer.text == "From listening data of Last.fm users, 2011 (HetRec 2011)"


@pytest.mark.parametrize(
    ("listeners", "shown"), [(0, "0 listeners"), (1, "1 listener"), (2, "2 l")]
)
def test_one_listener_is_singular(listeners: int, shown: str) -> None:
    answer = Recommended(named("A"), None, (item(named("B", listeners=listeners)),), DEMO)
    for text in (recommend_embed(answer).description, recommend_text(answer)):
        assert re.search(rf"\b{shown}", text or "")
        assert listeners != 1 or "listeners" not in (text or "").replace("simulated listeners", "")


def test_a_correction_is_said_first() -> None:
    answer = Recommended(named("Johnny Cash"), "Jonny *Cash*", (item(named("B")),), DEMO)
    first = (recommend_embed(answer).description or "").splitlines()[0]
    assert first == "Showing **Johnny Cash** for “Jonny \\*Cash\\*”."
    assert recommend_text(answer).splitlines()[0] == (
        "Artists like Johnny Cash (showing this for “Jonny *Cash*”)"
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
    answer = DidYouMean("cash", (named("Johnny Cash"), named("*Cash* Cash")), DEMO)
    embed = recommend_embed(answer)
    assert embed.description == (
        "I know no “cash”. Perhaps one of these:\n- Johnny Cash\n- \\*Cash\\* Cash"
    )
    assert "  - *Cash* Cash" in recommend_text(answer)


def test_unknown_says_what_the_data_reaches() -> None:
    demo = recommend_embed(UnknownArtist("Nobody", DEMO)).description or ""
    real = recommend_embed(UnknownArtist("Nobody", LASTFM)).description or ""
    assert "“Nobody”" in demo
    assert "demo catalogue" in demo
    assert "2011" in real


@pytest.mark.parametrize("name", artifacts.STRANGE_NAMES)
def test_a_strange_name_is_shown_as_written(service: RecommendService, name: str) -> None:
    answer = service.answer(name)
    embed = recommend_embed(answer)
    assert "(//evil.example)" not in f"{embed.title}{embed.description}"
    assert recommend_text(answer).startswith(f"Artists like {name[:60]}")


def test_an_artist_whose_name_shows_nothing_is_called_by_its_id() -> None:
    answer = Recommended(named("\u200b"), None, (item(named("\u202e", url="")),), DEMO)
    embed = recommend_embed(answer)
    assert embed.title == "Artists like id:9"
    assert (embed.description or "").startswith("**1.** id:9\n")
