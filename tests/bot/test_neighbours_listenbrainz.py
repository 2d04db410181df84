"""MusicBrainz and ListenBrainz as one source, against their loopback doubles."""

import pytest

from bot.errors import SourceBlockedError, SourceRateLimitedError
from bot.neighbours.listenbrainz import ListenBrainzSource, authorization
from bot.neighbours.musicbrainz import MusicBrainz
from tests.bot.neighbour_contract import SourceContract, service_at
from tests.services_double.artists import LONER, MERIDIAN, NAMESAKE, Artist
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.musicbrainz import MusicBrainzDouble


class TestListenBrainz(SourceContract):
    @pytest.fixture
    async def musicbrainz(self):
        async with MusicBrainzDouble() as double:
            yield double

    @pytest.fixture
    async def labs(self):
        async with ListenBrainzLabsDouble() as double:
            yield double

    @pytest.fixture
    def doubles(self, musicbrainz, labs):
        return [musicbrainz, labs]

    @pytest.fixture
    def source_at(self, musicbrainz, labs, session):
        """Makes the source; ``token`` goes to the labs, other choices to MusicBrainz."""

        def make(deadline: float = 5.0, token: str = "", **choices) -> ListenBrainzSource:
            return ListenBrainzSource(
                musicbrainz=MusicBrainz(service_at(musicbrainz, session, "MusicBrainz", **choices)),
                labs=service_at(labs, session, "ListenBrainz", headers=authorization(token)),
                deadline=deadline,
            )

        return make

    async def test_of_namesakes_the_one_played_most_is_meant(self, source, musicbrainz):
        assert musicbrainz.artists.index(NAMESAKE) < musicbrainz.artists.index(MERIDIAN)
        found = await source.neighbours("Velvet Meridian")
        assert found.about == "Portuguese country duo"
        assert found.link == f"https://listenbrainz.org/artist/{MERIDIAN.mbid}/"

    async def test_a_slip_finds_the_artist_and_a_shared_word_does_not(self, source, labs):
        assert (await source.neighbours("velvet meridan")).name == "Velvet Meridian"
        labs.seen.clear()
        assert await source.neighbours("velvet underpass") is None
        assert labs.seen == []

    async def test_an_artist_without_neighbours_is_found_all_the_same(self, source):
        found = await source.neighbours("lone kettle")
        assert (found.name, found.neighbours) == ("Lone Kettle", ())

    async def test_a_client_in_a_hurry_is_told_to_wait(self, source, musicbrainz):
        musicbrainz.too_fast = True
        with pytest.raises(SourceRateLimitedError, match=r"MusicBrainz.*in 7 s"):
            await source.neighbours("Velvet Meridian")

    async def test_broken_records_do_not_take_the_others_along(self, source, musicbrainz, labs):
        right = {"id": MERIDIAN.mbid, "name": "Velvet Meridian", "aliases": [7, {"name": None}]}
        broken = [None, "text", {"id": 5}, {"id": "no uuid", "name": "Velvet Meridian"}, []]
        musicbrainz.extra = [*broken, right]
        rows = ({"artist_mbid": None, "name": "Lost", "score": 5}, 7, None, {"name": "No score"})
        near = {"Real One": 3, "\u202e\u200b": 2, "Odd\u202e One\n": 1}
        labs.artists = [Artist(1, "Velvet Meridian", near, records=rows)]
        found = await source.neighbours("Velvet Meridian")
        assert [one.name for one in found.neighbours] == ["Real One", "Odd One"]

    @pytest.mark.parametrize("score", [None, "many", 0, -3, float("nan"), float("inf")])
    async def test_a_score_that_says_nothing_makes_no_neighbour(self, source, labs, score):
        row = {"artist_mbid": LONER.mbid, "name": "Wrong", "score": score}
        odd = Artist(4, "Lone Kettle", {"Right": 2}, records=(row,))
        labs.artists = [odd]
        names = [one.name for one in (await source.neighbours("Lone Kettle")).neighbours]
        assert names == ["Right"]

    async def test_nobody_is_their_own_neighbour(self, source, labs):
        itself = {"artist_mbid": MERIDIAN.mbid, "name": "Velvet Meridian", "score": 9000}
        row = itself | {"reference_mbid": MERIDIAN.mbid}
        labs.artists = [Artist(1, "Velvet Meridian", {"Tin Ferry": 40}, records=(row,))]
        (only,) = (await source.neighbours("Velvet Meridian")).neighbours
        assert (only.name, only.strength) == ("Tin Ferry", 1)

    async def test_rows_that_do_not_say_whose_they_are_serve_a_single_artist_alone(
        self, source, labs
    ):
        row = {"artist_mbid": LONER.mbid, "name": "Whose?", "score": 5000}
        for number, name in ((MERIDIAN.number, MERIDIAN.name), (3, "Tin Ferry")):
            labs.artists = [Artist(number, name, {"Paper Moths": 80}, records=(row,))]
            found = await source.neighbours(name)
            expected = ["Whose?", "Paper Moths"] if name == "Tin Ferry" else ["Paper Moths"]
            assert [one.name for one in found.neighbours] == expected

    async def test_a_token_is_shown_to_the_labs_alone(self, source_at, labs, musicbrainz):
        labs.token = "sesame"  # noqa: S105  nobody's
        with pytest.raises(SourceBlockedError, match="LISTENBRAINZ_TOKEN"):
            await source_at().neighbours("Velvet Meridian")
        assert await source_at(token="sesame").neighbours("Velvet Meridian")  # noqa: S106
        assert all("Authorization" not in one.headers for one in musicbrainz.seen)
