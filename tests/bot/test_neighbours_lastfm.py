"""Last.fm as a source, against its loopback double."""

import pytest
from pydantic import SecretStr

from bot.errors import (
    NeighbourError,
    SourceBlockedError,
    SourceRateLimitedError,
    SourceUnavailableError,
)
from bot.neighbours.lastfm import LastfmSource
from tests.bot.neighbour_contract import SourceContract, service_at
from tests.services_double.artists import MERIDIAN, Artist
from tests.services_double.lastfm_api import KEY, LastfmDouble


class TestLastfm(SourceContract):
    @pytest.fixture
    async def lastfm(self):
        async with LastfmDouble() as double:
            yield double

    @pytest.fixture
    def doubles(self, lastfm):
        return [lastfm, lastfm]

    @pytest.fixture
    def source_at(self, lastfm, session):
        def make(deadline: float = 5.0, key: str = KEY, **choices) -> LastfmSource:
            service = service_at(lastfm, session, "Last.fm", **choices)
            return LastfmSource(service=service, key=SecretStr(key), deadline=deadline)

        return make

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (29, SourceRateLimitedError),
            (10, SourceBlockedError),
            (26, SourceBlockedError),
            (8, SourceUnavailableError),
            (11, SourceUnavailableError),
            (16, SourceUnavailableError),
        ],
    )
    @pytest.mark.parametrize("status", [200, 403, 500])
    async def test_a_fault_counts_whatever_the_status(self, source, lastfm, fault, kind, status):
        lastfm.fault, lastfm.fault_status = fault, status
        with pytest.raises(NeighbourError) as caught:
            await source.neighbours("Velvet Meridian")
        assert type(caught.value) is kind

    async def test_a_failing_server_is_not_believed_that_the_artist_is_missing(
        self, source, lastfm
    ):
        lastfm.fault, lastfm.fault_status = 6, 500
        with pytest.raises(SourceUnavailableError):
            await source.neighbours("Velvet Meridian")

    async def test_blank_corrections_correct_nothing(self, source, lastfm):
        lastfm.bare_corrections = True
        assert (await source.neighbours("velvet meridian")).name == "Velvet Meridian"
        assert await source.neighbours("Nobody") is None

    async def test_a_refused_key_is_named_but_never_shown(self, source_at, caplog):
        caplog.set_level("DEBUG")
        wrong = KEY[::-1]
        with pytest.raises(SourceBlockedError, match="LASTFM_API_KEY") as caught:
            await source_at(key=wrong).neighbours("Velvet Meridian")
        assert wrong not in f"{caught.value!r} {caplog.text}"

    async def test_a_single_neighbour_comes_without_a_list(self, source, lastfm):
        lastfm.artists = [Artist(1, "Solo", {"Only One": 5})]
        assert [one.name for one in (await source.neighbours("Solo")).neighbours] == ["Only One"]

    async def test_a_page_without_neighbours_is_no_artist(self, source):
        assert await source.neighbours("Lone Kettle") is None

    async def test_broken_records_do_not_take_the_others_along(self, source, lastfm):
        broken = (None, 3, {"match": 1}, {"name": "No match"}, {"name": "x", "match": "near"})
        odd = {"name": "Odd id", "match": 0.5, "mbid": 12}
        known = {"name": "Known id", "match": "0.25", "mbid": MERIDIAN.mbid.upper()}
        lastfm.artists = [Artist(1, "Band", {"Fine": 5}, records=(*broken, odd, known))]
        found = await source.neighbours("Band")
        mbids = [(one.name, one.mbid) for one in found.neighbours]
        assert mbids == [("Fine", None), ("Odd id", None), ("Known id", MERIDIAN.mbid)]

    async def test_neighbours_of_another_artist_are_refused(self, source, lastfm, monkeypatch):
        similar = lastfm._similar
        monkeypatch.setattr(lastfm, "_similar", lambda _name, limit: similar("Tin Ferry", limit))
        assert await source.neighbours("Velvet Meridian") is None
