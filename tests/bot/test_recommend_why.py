import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from bot.recommend.links import listening, page, searches
from bot.recommend.present import why_embed
from bot.recommend.records import Answer, Recommended, Terms
from bot.text import utf16_length
from model.catalogue import Artist
from model.reasons import NearestAsked, SharedListeners, SharedTags
from tests.bot.recommend_answers import ANSWERS, artists, item, named, recommended

CASH = named("Johnny Cash")


def said(answer: Recommended) -> list[str]:
    return [str(field.value) for field in why_embed(answer).fields]


@given(ANSWERS.filter(lambda answer: isinstance(answer, Recommended)))
def test_whatever_artists_are_called_the_reasons_fit(answer: Answer) -> None:
    assert isinstance(answer, Recommended)
    embed = why_embed(answer)
    assert len(embed) <= 6000
    fields = [(field.name or "", field.value or "") for field in embed.fields]
    assert 1 <= len(fields) <= 20
    assert all(1 <= utf16_length(name) <= 256 for name, _ in fields)
    assert all(1 <= utf16_length(value) <= 1024 for _, value in fields)
    parts = [
        embed.title or "",
        embed.footer.text or "",
        *(part for pair in fields for part in pair),
    ]
    assert sum(map(utf16_length, parts)) <= 6000
    shown = re.sub(r"\]\(https?://[^\s()<>]+\)", "]", "\n".join(parts))
    assert not re.search(r"@(?!\u200b)", shown)
    assert "discord.gg/a" not in shown
    assert "://" not in shown.replace(":\u200b//", "")


def test_every_reason_is_a_sentence() -> None:
    tags = ("country", "outlaw country", "Outlaw-Country", "folk")
    reasons = (NearestAsked(CASH), SharedTags(tags), SharedListeners(3, 74, CASH))
    willie = item(named("Willie *N*"), reasons=reasons)
    (value,) = said(recommended(willie, artists=(named("Nick Cave"), CASH)))
    assert value.splitlines()[0] == (
        "Of those you named, Johnny Cash is the closest. "
        "Listeners call both Johnny Cash and Willie \\*N\\* country, outlaw country and folk. "
        "3 of the 74 listeners of Johnny Cash also play Willie \\*N\\*. "
        "Worth a try: 20 in 100 such answers hit."
    )


def test_a_single_common_listener_is_told_here() -> None:
    (value,) = said(recommended(item(named("Willie"), reasons=(SharedListeners(1, 74, CASH),))))
    assert "1 of the 74 listeners of Johnny Cash also plays Willie." in value


def test_without_a_reason_that_is_said_too() -> None:
    unlikely = replace(item(named("Willie")), confidence=0.001)
    (value,) = said(recommended(unlikely))
    assert value.startswith("No tag and no listener links the two;")
    assert "fewer than 1 in 100" in value


def test_each_result_is_numbered_and_can_be_heard() -> None:
    answer = recommended(item(named("Willie")), item(named("June", url="")), terms=Terms(offset=10))
    embed = why_embed(answer)
    assert [field.name for field in embed.fields] == ["11. Willie", "12. June"]
    first, second = (str(field.value).splitlines()[-1] for field in embed.fields)
    assert re.findall(r"\[(\S+)\]", first) == ["Last.fm", "Spotify", "YouTube", "Bandcamp"]
    assert re.findall(r"\[(\S+)\]", second) == ["Spotify", "YouTube", "Bandcamp"]


def test_ten_usual_results_keep_their_links_and_twenty_their_reasons() -> None:
    tags = ("singer-songwriter", "classic rock", "alternative", "folk rock", "americana")
    reasons = (SharedTags(tags), SharedListeners(43, 172, CASH))
    url = "https://www.last.fm/music/Explosions+in+the+Sky"
    results = [item(named("Explosions in the Sky", url=url), reasons=reasons)] * 20
    assert all("Bandcamp" in value for value in said(recommended(*results[:10])))
    assert len(said(recommended(*results))) == 20
    assert all("43 of the 172" in value for value in said(recommended(*results)))


@given(artists())
def test_addresses_fit_a_button_whatever_the_artist_is_called(artist: Artist) -> None:
    for label, address in listening(artist):
        assert label
        assert len(address) <= 512
        assert address.isascii()
        assert urlsplit(address).scheme in {"http", "https"}
        assert urlsplit(address).hostname
        assert not re.search(r"[\s<>\[\]{}|\\^`\"]", address)


def test_searches_quote_the_name() -> None:
    assert dict(searches(named("AC/DC & Sigur Rós"))) == {
        "Spotify": "https://open.spotify.com/search/AC%2FDC%20%26%20Sigur%20R%C3%B3s",
        "YouTube": "https://www.youtube.com/results?search_query=AC%2FDC+%26+Sigur+R%C3%B3s",
        "Bandcamp": "https://bandcamp.com/search?q=AC%2FDC+%26+Sigur+R%C3%B3s&item_type=b",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.last.fm/music/m%C3%BAm", "https://www.last.fm/music/m%C3%BAm"),
        ("http://music.example/múm x", "http://music.example/m%C3%BAm%20x"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https:///music", None),
        ("https://last", None),
        ("//evil.example", None),
        (f"https://www.last.fm/{'x' * 600}", None),
        ("", None),
    ],
)
def test_only_a_web_page_is_linked(url: str, shown: str | None) -> None:
    assert page(named("A", url=url)) == shown
