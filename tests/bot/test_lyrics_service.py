import asyncio
import time
from collections.abc import Callable, Sequence

import aiohttp
import pytest
from pydantic import SecretStr

from bot.errors import (
    LyricsError,
    MemberError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
)
from bot.lyrics.genius import GeniusProvider
from bot.lyrics.lrclib import LrclibProvider
from bot.lyrics.provider import NoWordsError
from bot.lyrics.records import Candidate, Lyrics, LyricsFound, LyricsMissing, LyricsQuery
from bot.lyrics.service import CACHE_SIZE, HIT_LIFETIME, MISS_LIFETIME, LyricsService
from bot.timed_cache import TimedCache
from tests.services_double.genius import TOKEN, GeniusDouble
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.songs import HARBOUR, HARBOUR_COVER, HARBOUR_REMIX, TRANSLATION

BLOCKED = ProviderBlockedError("refuses this machine", where="First")
LIMITED = ProviderRateLimitedError("is asked too often", where="Second", retry_after=9)
DOWN = ProviderUnavailableError("is not working", where="Third")


class Shelf:
    """A provider that holds what a test puts on it and counts how often it is asked."""

    def __init__(
        self,
        name: str,
        *songs: tuple[str, str],
        fails: LyricsError | None = None,
        empty: Sequence[str] = (),
        before: Callable[[], asyncio.Future[None]] | None = None,
    ) -> None:
        self.name = name
        self.songs = songs
        self.fails = fails
        self.empty = empty
        self.before = before
        self.searched: list[LyricsQuery] = []
        self.fetched: list[str] = []
        self.closed = False
        self.asked = asyncio.Event()

    async def search(self, query: LyricsQuery) -> list[Candidate]:
        self.searched.append(query)
        self.asked.set()
        if self.before is not None:
            await self.before()
        if self.fails is not None:
            raise self.fails
        return [
            Candidate(artist, title, self.name, "https://x.test", key=str(number))
            for number, (artist, title) in enumerate(self.songs)
        ]

    async def fetch(self, candidate: Candidate) -> Lyrics:
        self.fetched.append(candidate.key)
        if candidate.key in self.empty:
            raise NoWordsError("gone", where=self.name)
        return Lyrics(candidate.artist, candidate.title, "la la", self.name, candidate.url)

    async def aclose(self) -> None:
        self.closed = True


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def found_at(answer: LyricsFound | LyricsMissing) -> str:
    assert isinstance(answer, LyricsFound)
    return answer.lyrics.source


async def test_the_first_provider_that_has_the_song_answers_alone():
    first, second = Shelf("First", ("Ada", "Clocks")), Shelf("Second", ("Ada", "Clocks"))
    answer = await LyricsService(providers=[first, second]).find("ada", "clocks")
    assert found_at(answer) == "First"
    assert second.searched == []


async def test_wrong_songs_are_refused_and_the_next_provider_is_asked():
    first = Shelf("First", ("Karaoke Kings", "Clocks"), ("Ada", "Clocks (Remix)"))
    second = Shelf("Second", ("Ada", "Clocks"))
    answer = await LyricsService(providers=[first, second]).find("Ada", "Clocks")
    assert found_at(answer) == "Second"
    assert first.fetched == []


async def test_an_outage_falls_through_to_the_next_provider():
    service = LyricsService(providers=[Shelf("A", fails=BLOCKED), Shelf("B", ("Ada", "Clocks"))])
    assert found_at(await service.find("Ada", "Clocks")) == "B"


async def test_missing_names_who_answered_and_who_could_not():
    service = LyricsService(providers=[Shelf("A", fails=BLOCKED), Shelf("B")])
    answer = await service.find("Ada", "Clocks")
    assert answer == LyricsMissing(LyricsQuery("Ada", "Clocks"), ("B",), ("A",))


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([DOWN], DOWN),
        ([DOWN, BLOCKED], BLOCKED),
        ([BLOCKED, DOWN, LIMITED], LIMITED),
    ],
)
async def test_when_all_are_down_the_most_telling_error_is_raised(errors, told):
    shelves = [Shelf(error.where, fails=error) for error in errors]
    with pytest.raises(LyricsError) as caught:
        await LyricsService(providers=shelves).find("Ada", "Clocks")
    assert caught.value is told


async def test_a_candidate_without_words_gives_way_to_the_next_one():
    shelf = Shelf("A", ("Ada", "Clocks"), ("Ada", "Clocks (Live)"), empty=["0"])
    answer = await LyricsService(providers=[shelf]).find("Ada", "Clocks")
    assert isinstance(answer, LyricsFound)
    assert answer.lyrics.title == "Clocks (Live)"


async def test_only_candidates_without_words_mean_missing():
    shelf = Shelf("A", ("Ada", "Clocks"), empty=["0"])
    answer = await LyricsService(providers=[shelf]).find("Ada", "Clocks")
    assert isinstance(answer, LyricsMissing)


@pytest.mark.parametrize(
    ("artist", "title", "problem"),
    [
        ("", "Clocks", "artist is empty"),
        ("Ada", " \u200b\n", "song is empty"),
        ("Ada", "x" * 201, "song is longer than 200"),
    ],
)
async def test_unusable_input_is_refused_before_anyone_is_asked(artist, title, problem):
    shelf = Shelf("A")
    with pytest.raises(MemberError, match=problem):
        await LyricsService(providers=[shelf]).find(artist, title)
    assert shelf.searched == []


async def test_input_is_cleaned():
    shelf = Shelf("A")
    await LyricsService(providers=[shelf]).find(" Ada\u202e  Brook ", "Two\nClocks")
    assert shelf.searched == [LyricsQuery("Ada Brook", "Two Clocks")]


async def test_without_providers_the_admin_is_told_what_to_set():
    with pytest.raises(MemberError, match="LYRICS_ORDER"):
        await LyricsService(providers=[]).find("Ada", "Clocks")


async def test_a_hit_is_remembered_for_a_day():
    shelf, clock = Shelf("A", ("Ada", "Clocks")), Clock()
    service = LyricsService(providers=[shelf], clock=clock)
    first = await service.find("Ada", "Clocks")
    clock.now += HIT_LIFETIME - 1
    assert await service.find("ADA", "clocks ") is first
    assert len(shelf.searched) == 1
    clock.now += 1
    await service.find("Ada", "Clocks")
    assert len(shelf.searched) == 2


async def test_a_miss_is_remembered_for_an_hour():
    shelf, clock = Shelf("A"), Clock()
    service = LyricsService(providers=[shelf], clock=clock)
    await service.find("Ada", "Clocks")
    clock.now += MISS_LIFETIME - 1
    await service.find("Ada", "Clocks")
    assert len(shelf.searched) == 1
    clock.now += 1
    await service.find("Ada", "Clocks")
    assert len(shelf.searched) == 2


async def test_an_outage_is_never_remembered():
    down, up = Shelf("A", fails=DOWN), Shelf("B")
    alone, both = LyricsService(providers=[down]), LyricsService(providers=[down, up])
    for _ in range(2):
        with pytest.raises(ProviderUnavailableError):
            await alone.find("Ada", "Clocks")
        await both.find("Ada", "Clocks")
    assert (len(down.searched), len(up.searched)) == (4, 2)


async def test_the_memory_is_bounded_and_forgets_what_was_not_asked_for_the_longest():
    cache = TimedCache[str](size=2, clock=Clock())
    for name in ("a", "b"):
        cache.put(name, name.upper(), lifetime=9)
    cache.get("a")
    cache.put("c", "C", lifetime=9)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("A", None, "C")
    shelf = Shelf("A")
    service = LyricsService(providers=[shelf])
    for number in range(CACHE_SIZE + 1):
        await service.find("Ada", f"Song {number}")
    await service.find("Ada", "Song 1")
    assert len(shelf.searched) == CACHE_SIZE + 1
    await service.find("Ada", "Song 0")
    assert len(shelf.searched) == CACHE_SIZE + 2


async def test_equal_requests_at_the_same_time_are_asked_once_and_survive_one_leaving():
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    shelf = Shelf("A", ("Ada", "Clocks"), before=lambda: gate)
    service = LyricsService(providers=[shelf])
    leaving, *staying = [asyncio.create_task(service.find("Ada", "Clocks")) for _ in range(4)]
    await shelf.asked.wait()
    leaving.cancel()
    gate.set_result(None)
    answers = await asyncio.gather(*staying)
    assert [found_at(answer) for answer in answers] == ["A"] * 3
    assert len(shelf.searched) == 1
    assert leaving.cancelled()


async def test_one_slow_provider_leaves_time_for_the_next():
    never = asyncio.get_running_loop().create_future
    service = LyricsService(
        providers=[Shelf("Slow", before=never), Shelf("Quick", ("Ada", "Clocks"))],
        deadline=5,
        provider_deadline=0.05,
    )
    assert found_at(await service.find("Ada", "Clocks")) == "Quick"


async def test_the_whole_answer_has_a_deadline():
    never = asyncio.get_running_loop().create_future
    slow = [Shelf(name, before=never) for name in "ABCDE"]
    service = LyricsService(providers=slow, deadline=0.15, provider_deadline=0.1)
    started = time.perf_counter()
    with pytest.raises(ProviderUnavailableError, match="in time"):
        await service.find("Ada", "Clocks")
    assert 0.14 < time.perf_counter() - started < 0.5


async def test_closing_drops_what_is_under_way_and_closes_the_providers():
    shelf = Shelf("A", before=asyncio.get_running_loop().create_future)
    service = LyricsService(providers=[shelf])
    waiting = asyncio.create_task(service.find("Ada", "Clocks"))
    await shelf.asked.wait()
    await service.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert shelf.closed


class TestBothServices:
    """Genius first, LRCLIB behind it, as the settings' default has it."""

    @pytest.fixture
    async def genius(self):
        async with GeniusDouble() as double:
            yield double

    @pytest.fixture
    async def lrclib(self):
        async with LrclibDouble() as double:
            yield double

    @pytest.fixture
    async def service(self, genius, lrclib):
        async with aiohttp.ClientSession() as session:
            providers = [
                GeniusProvider(
                    token=SecretStr(TOKEN),
                    api_url=genius.api_url,
                    web_url=genius.web_url,
                    user_agent="x",
                ),
                LrclibProvider(session=session, base_url=lrclib.address, user_agent="x"),
            ]
            service = LyricsService(providers=providers, deadline=5, provider_deadline=0.3)
            yield service
            await service.aclose()

    async def test_genius_answers_when_it_can(self, service, lrclib):
        assert found_at(await service.find(HARBOUR.artist, HARBOUR.title)) == "Genius"
        assert lrclib.seen == []

    @pytest.mark.parametrize("manners", list(Manners))
    async def test_lrclib_steps_in_whatever_genius_does(self, service, genius, manners):
        genius.manners = manners
        assert found_at(await service.find(HARBOUR.artist, HARBOUR.title)) == "LRCLIB"

    async def test_lrclib_steps_in_when_only_the_page_is_refused(self, service, genius):
        genius.next_manners.extend([None, Manners.FORBIDDEN])
        assert found_at(await service.find(HARBOUR.artist, HARBOUR.title)) == "LRCLIB"

    async def test_an_outage_of_both_is_not_called_missing(self, service, genius, lrclib):
        genius.manners, lrclib.manners = Manners.FORBIDDEN, Manners.RATE_LIMITED
        with pytest.raises(ProviderRateLimitedError, match="LRCLIB"):
            await service.find(HARBOUR.artist, HARBOUR.title)

    async def test_only_decoys_mean_missing(self, service, genius, lrclib):
        genius.songs = lrclib.songs = [HARBOUR_COVER, HARBOUR_REMIX, TRANSLATION]
        answer = await service.find(HARBOUR.artist, HARBOUR.title)
        assert isinstance(answer, LyricsMissing)
        assert answer.asked == ("Genius", "LRCLIB")
        assert answer.unreachable == ()
