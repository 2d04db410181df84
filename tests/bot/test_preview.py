"""Previews against a loopback Deezer."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from bot.errors import (
    SourceBlockedError,
    SourceBusyError,
    SourceRateLimitedError,
    SourceUnavailableError,
)
from bot.limits import MemoryLimits, Rate, Turns
from bot.neighbours.json_service import JsonService
from bot.preview.deezer import Deezer
from bot.preview.service import PreviewService, build_previews
from bot.settings import Settings
from tests.services_double.deezer import DeezerArtist, DeezerDouble, Track
from tests.services_double.loopback import Manners

NOW = 1_999_990_000.0

UNHURRIED = Rate(10_000, 1.0)

Make = Callable[..., PreviewService]


@pytest.fixture
async def double() -> AsyncIterator[DeezerDouble]:
    async with DeezerDouble() as double:
        yield double


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Clock:
    """Goes on only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 50.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def previews_at(double: DeezerDouble, session: aiohttp.ClientSession, clock: Clock) -> Make:
    def make(
        *, deadline: float = 5.0, rate: Rate = UNHURRIED, patience: float = 1.0
    ) -> PreviewService:
        service = JsonService(
            session=session,
            name="Deezer",
            base_url=double.address,
            headers={"User-Agent": "Crossfade/test"},
            turns=Turns(limits=MemoryLimits(), key="Deezer", rate=rate),
            patience=patience,
        )
        return PreviewService(
            deezer=Deezer(service), deadline=deadline, clock=clock, now=lambda: NOW
        )

    return make


@pytest.fixture
def previews(previews_at: Make) -> PreviewService:
    return previews_at()


async def test_the_best_known_track_with_a_preview_of_the_best_known_namesake(
    previews: PreviewService, double: DeezerDouble
) -> None:
    found = await previews.find("Johnny Cash")
    assert found is not None
    assert (found.title, found.artist) == ("Ring of Fire (Live)", "Johnny Cash")
    assert found.url.startswith("https://cdnt-preview.dzcdn.net/")
    assert found.link == "https://www.deezer.com/track/13001"
    assert found.credit == "Preview by Deezer"
    assert [one.path for one in double.seen] == ["/search/artist", "/artist/13/top"]
    assert double.seen[1].query == {"limit": "5"}


@pytest.mark.parametrize("name", ["bjork", "BJÖRK", "Björk "])
async def test_spellings_of_one_name_are_one_artist(previews: PreviewService, name: str) -> None:
    found = await previews.find(name)
    assert found is not None
    assert found.title == "Jóga"


@pytest.mark.parametrize("name", ["Cash", "Johnny Cash Band", "Nobody", "\u202e\u200b", ""])
async def test_nobody_else_is_taken_for_the_artist(previews: PreviewService, name: str) -> None:
    assert await previews.find(name) is None


@pytest.mark.parametrize("name", ["Metallica", "Quiet Shelf"])
async def test_an_artist_without_previews_has_none(previews: PreviewService, name: str) -> None:
    assert await previews.find(name) is None


async def test_no_data_is_none_and_no_fault(previews: PreviewService, double: DeezerDouble) -> None:
    double.fault = 800
    assert await previews.find("Johnny Cash") is None
    assert previews.ready


@pytest.mark.parametrize(
    "address",
    [
        *("http://cdnt-preview.dzcdn.net/a.mp3", "javascript:alert(1)", "https://", "file:///etc"),
        *("https://a.example/a b", "https://a.example/ä", f"https://a.example/{'x' * 600}", None),
    ],
)
async def test_only_sane_addresses_are_handed_on(
    previews: PreviewService, double: DeezerDouble, address: str | None
) -> None:
    double.artists = [DeezerArtist(21, "Björk", 9, ())]
    double.extra = [{"title": "T", "preview": address, "link": "x", "artist": {"name": "Björk"}}]
    assert await previews.find("Björk") is None


async def test_texts_are_cleaned_and_a_bad_link_is_dropped(
    previews: PreviewService, double: DeezerDouble
) -> None:
    track = {"title": "T\u202e\n1", "preview": "https://a.example/a.mp3", "link": "ftp://b"}
    double.artists = [DeezerArtist(21, "Björk", 9, ())]
    double.extra = [{**track, "artist": {"name": "Bj\u200börk"}}]
    found = await previews.find("Björk")
    assert found is not None
    assert (found.title, found.artist, found.link) == ("T 1", "Björk", "")


async def test_broken_records_do_not_take_the_others_along(
    previews: PreviewService, double: DeezerDouble
) -> None:
    double.extra = [None, 7, {"id": "x", "name": "Björk"}, {"id": 14}, {"title": "Björk"}]
    double.artists = [DeezerArtist(14, "Björk", 1, (Track("Jóga"),))]
    # The limit of five tracks is used up by the broken ones; the artist is still found.
    assert await previews.find("Björk") is None
    assert [one.path for one in double.seen] == ["/search/artist", "/artist/14/top"]


async def test_a_quota_fault_asks_for_patience(
    previews: PreviewService, double: DeezerDouble, clock: Clock
) -> None:
    double.fault = 4
    with pytest.raises(SourceRateLimitedError, match=r"Deezer.*asked too often.*in 5 s"):
        await previews.find("Björk")
    assert not previews.ready
    double.fault, before = None, len(double.seen)
    with pytest.raises(SourceRateLimitedError):
        await previews.find("Johnny Cash")
    assert len(double.seen) == before, "while it rests it is not asked"
    clock.seconds += 5
    assert await previews.find("Björk")


@pytest.mark.parametrize(
    ("manners", "error"),
    [
        (Manners.FORBIDDEN, SourceBlockedError),
        (Manners.RATE_LIMITED, SourceRateLimitedError),
        (Manners.INTERNAL, SourceUnavailableError),
        (Manners.UNKNOWN, SourceUnavailableError),
        (Manners.FOREIGN_404, SourceUnavailableError),
        (Manners.HTML, SourceUnavailableError),
        (Manners.TRUNCATED, SourceUnavailableError),
        (Manners.CUT_OFF, SourceUnavailableError),
        (Manners.HUGE, SourceUnavailableError),
    ],
)
@pytest.mark.parametrize("at", [0, 1])
async def test_bad_manners_are_one_line_for_the_member(
    previews: PreviewService,
    double: DeezerDouble,
    manners: Manners,
    error: type[Exception],
    at: int,
) -> None:
    double.next_manners = deque([*[None] * at, manners])
    with pytest.raises(error, match=r"^Deezer: "):
        await previews.find("Johnny Cash")
    assert not previews.ready


@pytest.mark.parametrize("manners", [Manners.HANG, Manners.DRIP])
async def test_the_deadline_is_for_both_requests_together(
    previews_at: Make, double: DeezerDouble, manners: Manners
) -> None:
    double.next_manners = deque([None, manners])
    began = asyncio.get_running_loop().time()
    with pytest.raises(SourceUnavailableError, match="in time"):
        await previews_at(deadline=0.15).find("Johnny Cash")
    assert asyncio.get_running_loop().time() - began < 1


async def test_who_gets_no_turn_is_told_and_nobody_else_suffers(previews_at: Make) -> None:
    previews = previews_at(rate=Rate(1, 60.0), patience=0.02)
    with pytest.raises(SourceBusyError):
        await previews.find("Johnny Cash")
    assert previews.ready


async def test_an_answer_is_remembered_for_half_an_hour(
    previews: PreviewService, double: DeezerDouble, clock: Clock
) -> None:
    for name in ("Johnny Cash", "the JOHNNY cash", "Metallica", "metallica"):
        await previews.find(name)
    assert len(double.seen) == 4
    clock.seconds += 1799
    await previews.find("Johnny Cash")
    assert len(double.seen) == 4
    clock.seconds += 2
    await previews.find("Johnny Cash")
    assert len(double.seen) == 6


@pytest.mark.parametrize(("left", "remembered"), [(1000, 700), (299, 0), (-5, 0)])
async def test_an_address_is_not_remembered_beyond_its_end(
    previews: PreviewService, double: DeezerDouble, clock: Clock, left: int, remembered: int
) -> None:
    double.expires = round(NOW) + left
    assert await previews.find("Björk")
    clock.seconds += max(remembered - 1, 0)
    await previews.find("Björk")
    assert len(double.seen) == (2 if remembered else 4)
    clock.seconds += 2
    await previews.find("Björk")
    assert len(double.seen) == (4 if remembered else 6)


async def test_the_settings_name_the_deezer_that_is_asked(
    double: DeezerDouble, session: aiohttp.ClientSession
) -> None:
    previews = build_previews(Settings(deezer_url=f"{double.address}/"), session)
    found = await previews.find("Björk")
    assert found is not None
    assert double.seen[0].headers["User-Agent"].startswith("Crossfade/")
    assert double.seen[0].query["q"] == "Björk"
