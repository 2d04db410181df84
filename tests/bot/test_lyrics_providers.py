"""One contract for every lyrics provider against its loopback service, then what is special."""

import asyncio
import json
import os
import re
import subprocess
import sys
import textwrap
import time
from collections import deque
from itertools import pairwise

import aiohttp
import pytest
from lyricsgenius import Genius
from pydantic import SecretStr

from bot.errors import (
    LyricsError,
    ProviderBlockedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
)
from bot.lyrics.genius import GeniusProvider
from bot.lyrics.lrclib import LrclibProvider
from bot.lyrics.matching import accepted
from bot.lyrics.provider import LyricsProvider, NoWordsError, retry_after_seconds
from bot.lyrics.providers import build_providers, user_agent
from bot.lyrics.records import Candidate, LyricsQuery
from bot.settings import load_settings
from tests.services_double import genius as genius_double
from tests.services_double.genius import TOKEN, GeniusDouble
from tests.services_double.loopback import Loopback, Manners
from tests.services_double.lrclib import LrclibDouble
from tests.services_double.songs import DUET, HARBOUR, SILENT, Song

SOON = 0.25
CLASS_NAME = re.compile(r"[A-Z]\w+(Error|Disconnected|Read|Exception)\b")
QUERY = LyricsQuery(HARBOUR.artist, HARBOUR.title)


def genius_at(double: GeniusDouble, deadline: float = 5.0, token: str = TOKEN) -> GeniusProvider:
    return GeniusProvider(
        token=SecretStr(token),
        api_url=double.api_url,
        web_url=double.web_url,
        user_agent="Crossfade/test",
        deadline=deadline,
    )


def lrclib_at(
    double: LrclibDouble, session: aiohttp.ClientSession, deadline: float = 5.0
) -> LrclibProvider:
    return LrclibProvider(
        session=session, base_url=double.address, user_agent="Crossfade/test", deadline=deadline
    )


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def lrclib():
    async with LrclibDouble() as double:
        yield double


@pytest.fixture
async def genius():
    async with GeniusDouble() as double:
        yield double


class ProviderContract:
    """What every provider promises, whatever its service does."""

    @pytest.fixture
    async def double(self) -> Loopback:
        raise NotImplementedError

    @pytest.fixture
    async def provider(self, double) -> LyricsProvider:
        raise NotImplementedError

    @pytest.fixture
    async def hasty(self, double) -> LyricsProvider:
        """The same provider with a deadline of SOON seconds."""
        raise NotImplementedError

    async def test_it_finds_the_song_among_decoys_and_fetches_its_words(self, provider):
        found = accepted(QUERY, await provider.search(QUERY))
        assert [(song.artist, song.title) for song in found] == [(HARBOUR.artist, HARBOUR.title)]
        lyrics = await provider.fetch(found[0])
        assert lyrics.text == HARBOUR.words
        assert (lyrics.artist, lyrics.title) == (HARBOUR.artist, HARBOUR.title)
        assert lyrics.source == provider.name
        assert not lyrics.instrumental

    async def test_a_page_at_the_source_is_named(self, provider, double):
        found = accepted(QUERY, await provider.search(QUERY))
        lyrics = await provider.fetch(found[0])
        assert lyrics.url.startswith(double.address)
        assert "arbour" in lyrics.url

    async def test_a_featured_artist_finds_the_song_too(self, provider):
        for query in (LyricsQuery("Ada Brook", "Two Clocks"), LyricsQuery("Milo", "Two Clocks")):
            found = accepted(query, await provider.search(query))
            assert (await provider.fetch(found[0])).text == DUET.words

    async def test_a_remaster_note_does_not_hide_the_song(self, provider):
        query = LyricsQuery(HARBOUR.artist, f"{HARBOUR.title} - Remastered 2011")
        assert accepted(query, await provider.search(query))

    async def test_an_instrumental_is_known_as_one(self, provider):
        query = LyricsQuery(SILENT.artist, SILENT.title)
        lyrics = await provider.fetch(accepted(query, await provider.search(query))[0])
        assert lyrics.instrumental
        assert lyrics.text == ""

    async def test_a_song_that_does_not_exist_is_missing_not_an_outage(self, provider):
        query = LyricsQuery("The Paper Lanterns", "Dawn over Nowhere")
        assert accepted(query, await provider.search(query)) == []

    @pytest.mark.parametrize(
        ("manners", "kind"),
        [
            (Manners.FORBIDDEN, ProviderBlockedError),
            (Manners.RATE_LIMITED, ProviderRateLimitedError),
            (Manners.INTERNAL, ProviderUnavailableError),
            (Manners.UNKNOWN, ProviderUnavailableError),
            (Manners.FOREIGN_404, ProviderUnavailableError),
            (Manners.HTML, ProviderUnavailableError),
            (Manners.TRUNCATED, ProviderUnavailableError),
            (Manners.CUT_OFF, ProviderUnavailableError),
            (Manners.HUGE, ProviderUnavailableError),
        ],
    )
    async def test_bad_manners_are_outages_told_apart(self, provider, double, manners, kind):
        double.manners = manners
        with pytest.raises(LyricsError) as caught:
            await provider.search(QUERY)
        assert type(caught.value) is kind
        assert caught.value.where == provider.name
        assert len(str(caught.value)) < 120
        assert not CLASS_NAME.search(str(caught.value))

    async def test_a_connection_that_breaks_off_is_said_in_words_and_logged(
        self, provider, double, caplog
    ):
        caplog.set_level("INFO")
        double.manners = Manners.CUT_OFF
        with pytest.raises(ProviderUnavailableError, match="breaks off its answer"):
            await provider.search(QUERY)
        assert CLASS_NAME.search(caplog.text)

    async def test_a_service_that_is_not_there_is_said_in_words_and_logged(
        self, provider, double, caplog
    ):
        caplog.set_level("INFO")
        await double.close()
        with pytest.raises(ProviderUnavailableError) as caught:
            await provider.search(QUERY)
        assert str(caught.value) == (
            f"{provider.name}: cannot be reached, the connection is refused; "
            "try again in a few minutes"
        )
        assert CLASS_NAME.search(caplog.text)

    async def test_it_says_when_to_come_back(self, provider, double):
        double.manners = Manners.RATE_LIMITED
        with pytest.raises(ProviderRateLimitedError, match="in 30 s") as caught:
            await provider.search(QUERY)
        assert caught.value.retry_after == 30

    @pytest.mark.parametrize("manners", [Manners.HANG, Manners.DRIP])
    async def test_a_slow_service_is_given_up_at_the_deadline(self, hasty, double, manners):
        double.manners = manners
        started = time.perf_counter()
        with pytest.raises(ProviderUnavailableError, match="in time"):
            await hasty.search(QUERY)
        assert time.perf_counter() - started < 4 * SOON

    async def test_it_recovers_after_an_outage(self, provider, double):
        double.next_manners = deque([Manners.CUT_OFF])
        with pytest.raises(ProviderUnavailableError):
            await provider.search(QUERY)
        assert accepted(QUERY, await provider.search(QUERY))

    async def test_a_flood_of_songs_is_not_judged_one_by_one(self, provider, double):
        double.songs = [Song(HARBOUR.artist, f"{HARBOUR.title} {n}", "la") for n in range(400)]
        double.most_found = 400
        assert 10 <= len(await provider.search(QUERY)) <= 50

    async def test_it_introduces_itself(self, provider, double):
        await provider.search(QUERY)
        assert "Crossfade/test" in double.seen[0].headers["User-Agent"]


class TestLrclib(ProviderContract):
    @pytest.fixture
    async def double(self, lrclib):
        return lrclib

    @pytest.fixture
    async def provider(self, lrclib, session):
        return lrclib_at(lrclib, session)

    @pytest.fixture
    async def hasty(self, lrclib, session):
        return lrclib_at(lrclib, session, SOON)

    async def test_the_exact_name_is_asked_first_and_alone(self, provider, lrclib):
        await provider.search(QUERY)
        (request,) = lrclib.seen
        assert request.path == "/api/get"
        assert request.query == {"artist_name": QUERY.artist, "track_name": QUERY.title}

    async def test_the_search_is_the_second_try(self, provider, lrclib):
        await provider.search(LyricsQuery("Milo feat. Ada Brook", "Two Clocks (2011 Remaster)"))
        assert [request.path for request in lrclib.seen] == ["/api/get", "/api/search"]
        assert lrclib.seen[1].query == {"artist_name": "Milo", "track_name": "Two Clocks"}

    async def test_a_failing_search_after_an_honest_404_is_an_outage(self, provider, lrclib):
        lrclib.next_manners = deque([None, Manners.INTERNAL])
        with pytest.raises(ProviderUnavailableError):
            await provider.search(LyricsQuery("Ada", "Two Clocks"))

    async def test_synced_words_serve_when_plain_ones_are_missing(self, provider, lrclib):
        lrclib.songs = [Song("Ada", "Clocks", synced="[00:01.00] tick\n[00:02.00]tock")]
        (found,) = await provider.search(LyricsQuery("Ada", "Clocks"))
        assert (await provider.fetch(found)).text == "tick\ntock"

    async def test_a_record_without_anything_is_no_answer(self, provider, lrclib):
        lrclib.songs = [Song("Ada", "Clocks"), Song("Ada", "Clocks", "tick tock")]
        found = await provider.search(LyricsQuery("Ada", "Clocks"))
        assert [song.words for song in found] == ["tick tock"]
        assert [request.path for request in lrclib.seen] == ["/api/get", "/api/search"]

    async def test_words_that_show_nothing_are_no_instrumental(self, provider, lrclib):
        lrclib.songs = [Song("Ada", "Clocks", "\u200b\n\u3164\n")]
        (found,) = await provider.search(LyricsQuery("Ada", "Clocks"))
        with pytest.raises(NoWordsError):
            await provider.fetch(found)

    async def test_words_outweigh_a_wrong_instrumental_mark(self, provider, lrclib):
        lrclib.songs = [Song("Ada", "Clocks", "tick tock", instrumental=True)]
        (found,) = await provider.search(LyricsQuery("Ada", "Clocks"))
        assert not found.instrumental

    async def test_a_candidate_known_by_its_number_alone_is_fetched(self, provider):
        bare = Candidate(HARBOUR.artist, HARBOUR.title, "LRCLIB", "https://x.test", key="4003")
        assert (await provider.fetch(bare)).text == HARBOUR.words
        gone = Candidate(HARBOUR.artist, HARBOUR.title, "LRCLIB", "https://x.test", key="9999")
        with pytest.raises(NoWordsError):
            await provider.fetch(gone)

    async def test_one_request_is_in_flight_at_a_time(self, provider, lrclib):
        lrclib.latency = 0.005
        await asyncio.gather(*(provider.search(LyricsQuery("Ada", f"Song {n}")) for n in range(6)))
        assert len(lrclib.seen) == 12
        assert lrclib.most_in_flight == 1

    @pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://a..b"])
    async def test_nobody_listening_is_an_outage(self, session, address):
        nobody = LrclibProvider(session=session, base_url=address, user_agent="x")
        with pytest.raises(ProviderUnavailableError, match="cannot be reached"):
            await nobody.search(QUERY)


class TestGenius(ProviderContract):
    @pytest.fixture
    async def double(self, genius):
        return genius

    @pytest.fixture
    async def provider(self, genius):
        provider = genius_at(genius)
        yield provider
        await provider.aclose()

    @pytest.fixture
    async def hasty(self, genius):
        provider = genius_at(genius, SOON)
        yield provider
        await provider.aclose()

    async def test_the_page_is_asked_without_the_token(self, provider, genius):
        found = accepted(QUERY, await provider.search(QUERY))
        await provider.fetch(found[0])
        search, page = genius.seen
        assert search.headers["Authorization"] == f"Bearer {TOKEN}"
        assert page.path == "/site/The-paper-lanterns-harbour-at-night-lyrics"
        assert "Authorization" not in page.headers

    async def test_junk_glued_into_the_words_is_stripped(self, provider, genius):
        genius.glued_junk = True
        found = accepted(QUERY, await provider.search(QUERY))
        assert (await provider.fetch(found[0])).text == HARBOUR.words

    @pytest.mark.parametrize(
        ("manners", "kind"),
        [
            (Manners.FORBIDDEN, ProviderBlockedError),
            (Manners.RATE_LIMITED, ProviderRateLimitedError),
            (Manners.UNKNOWN, ProviderUnavailableError),
            (Manners.HTML, ProviderUnavailableError),
            (Manners.HUGE, ProviderUnavailableError),
        ],
    )
    async def test_a_page_with_bad_manners_is_an_outage(self, provider, genius, manners, kind):
        found = accepted(QUERY, await provider.search(QUERY))
        genius.manners = manners
        with pytest.raises(LyricsError) as caught:
            await provider.fetch(found[0])
        assert type(caught.value) is kind

    async def test_a_page_that_lost_its_lyrics_is_an_outage(self, provider, genius):
        genius.empty_pages = True
        with pytest.raises(ProviderUnavailableError, match="without lyrics"):
            await provider.fetch(accepted(QUERY, await provider.search(QUERY))[0])

    async def test_a_page_that_is_gone_has_no_words(self, provider, genius):
        found = accepted(QUERY, await provider.search(QUERY))
        genius.songs.remove(HARBOUR)
        with pytest.raises(NoWordsError):
            await provider.fetch(found[0])

    async def test_a_refused_token_is_named_but_never_shown(self, genius, caplog):
        caplog.set_level("DEBUG")
        wrong = TOKEN[::-1]
        with pytest.raises(ProviderBlockedError, match="token") as caught:
            await genius_at(genius, token=wrong).search(QUERY)
        assert wrong not in f"{caught.value!r} {caplog.text}"
        assert f"Bearer {wrong}" == genius.seen[0].headers["Authorization"]

    async def test_addresses_belong_to_the_instance(self, genius, provider):
        assert Genius.API_ROOT == "https://api.genius.com/"
        assert Genius.WEB_ROOT == "https://genius.com/"
        async with GeniusDouble([DUET]) as other:
            query = LyricsQuery("Ada Brook", "Tidal Study No. 2")
            assert accepted(query, await genius_at(other).search(query)) == []
            assert accepted(query, await provider.search(query))

    async def test_a_path_that_leaves_the_site_is_no_candidate(self, provider, genius, monkeypatch):
        monkeypatch.setattr("tests.services_double.genius._slug", lambda _song: "/evil.test/../x y")
        assert await provider.search(QUERY) == []

    @pytest.mark.parametrize(
        "broken",
        [
            *("song", None, {}, {"type": "song"}, {"type": "song", "result": None}),
            {"type": "song", "result": {"title": ["Harbour"], "path": "/x"}},
            {"type": "song", "result": {"title": "Harbour", "primary_artist": 4}},
            {"type": 7, "result": {}},
        ],
    )
    async def test_a_broken_record_does_not_take_the_others_with_it(
        self, provider, genius, monkeypatch, broken
    ):
        hit = genius_double._hit
        monkeypatch.setattr(
            genius_double, "_hit", lambda song: hit(song) if song is HARBOUR else broken
        )
        assert len(genius.songs) > 1
        (found,) = await provider.search(QUERY)
        assert (await provider.fetch(found)).text == HARBOUR.words

    async def test_the_event_loop_runs_on_while_genius_hangs(self, hasty, genius):
        genius.manners = Manners.HANG
        loop = asyncio.get_running_loop()
        beats: list[float] = []

        def beat() -> None:
            beats.append(loop.time())
            loop.call_later(0.005, beat)

        beat()
        with pytest.raises(ProviderUnavailableError):
            await hasty.search(QUERY)
        longest = max(after - before for before, after in pairwise(beats))
        assert len(beats) > 5
        assert longest < SOON / 2

    async def test_a_stuck_genius_is_refused_at_once_and_later_asked_again(self, genius):
        provider = genius_at(genius, 5.0)
        genius.manners = Manners.HANG
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await provider.search(QUERY)
        with pytest.raises(ProviderUnavailableError, match="busy"):
            async with asyncio.timeout(0.05):
                await provider.search(QUERY)
        assert len(genius.seen) == 2
        genius.manners = None
        genius.release()
        async with asyncio.timeout(4):
            while not await self.answers(provider):
                pass

    async def answers(self, provider: GeniusProvider) -> bool:
        try:
            return bool(await provider.search(QUERY))
        except ProviderUnavailableError:
            await asyncio.sleep(0)  # lets the threads report that they are free again
            return False


def run_script(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  a script of ours
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def test_the_interpreter_exits_while_a_genius_call_hangs():
    script = """
        import asyncio, socket
        from pydantic import SecretStr
        from bot.errors import LyricsError
        from bot.lyrics.genius import GeniusProvider
        from bot.lyrics.records import LyricsQuery

        silent = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        provider = GeniusProvider(token=SecretStr("t"), api_url=address, web_url=address,
                                  user_agent="x", deadline=60)

        async def main():
            try:
                async with asyncio.timeout(0.1):
                    await provider.search(LyricsQuery("a", "b"))
            except TimeoutError:
                await provider.aclose()
                print("left")

        asyncio.run(main())
    """
    done = run_script(script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "left\n", "")


def test_lyricsgenius_is_not_imported_without_a_token():
    script = """
        import asyncio, json, sys, aiohttp
        from bot.lyrics.providers import build_providers
        from bot.settings import load_settings

        async def main():
            settings = load_settings(_env_file=None, genius_token=None)
            async with aiohttp.ClientSession() as session:
                names = [provider.name for provider in build_providers(settings, session)]
            print(json.dumps([names, "lyricsgenius" in sys.modules, "requests" in sys.modules]))

        asyncio.run(main())
    """
    done = run_script(script)
    assert json.loads(done.stdout) == [["LRCLIB"], False, False]


@pytest.mark.parametrize(
    ("order", "token", "names"),
    [
        (("genius", "lrclib"), "t0k3n", ["Genius", "LRCLIB"]),
        (("lrclib", "genius"), "t0k3n", ["LRCLIB", "Genius"]),
        (("genius", "lrclib"), None, ["LRCLIB"]),
        (("genius",), None, []),
    ],
)
async def test_the_settings_choose_the_providers(session, order, token, names):
    settings = load_settings(
        _env_file=None,
        lyrics_order=order,
        genius_token=None if token is None else SecretStr(token),
    )
    assert [provider.name for provider in build_providers(settings, session)] == names


def test_the_user_agent_names_the_bot_and_its_version():
    assert user_agent().startswith("Crossfade/")
    assert "self-hosted Discord bot" in user_agent()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0.5", 0.5),
        ("-4", 0),
        ("9999999", 3600),
        ("nan", None),
        ("soon", None),
        (None, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00", 0),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_read_in_every_shape(header, seconds):
    assert retry_after_seconds(header) == seconds
