"""Artists that the model does not know are looked up, in Discord."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed, labels
from tests.services_double.listenbrainz import ListenBrainzLabsDouble
from tests.services_double.loopback import Manners
from tests.services_double.musicbrainz import MusicBrainzDouble

UNHEARD = {"artist": "Velvet Meridian"}


@pytest.fixture
async def musicbrainz() -> AsyncIterator[MusicBrainzDouble]:
    async with MusicBrainzDouble() as service:
        yield service


@pytest.fixture
async def reached(musicbrainz: MusicBrainzDouble) -> AsyncIterator[dict[str, Any]]:
    """The settings with which artists can be looked up."""
    async with ListenBrainzLabsDouble() as labs:
        yield {
            "musicbrainz_url": musicbrainz.address,
            "listenbrainz_labs_url": labs.address,
        }


@pytest.mark.parametrize("private", [True, False])
async def test_an_unknown_artist_is_answered_by_way_of_known_neighbours(
    double: DiscordDouble, running: Running, reached: dict[str, Any], private: bool
) -> None:
    async with running(**reached):
        asked = UNHEARD | {"results": 4, "private": private}
        answer = await double.slash("recommend", asked)
        message = await answer.settled()
        assert answer.ephemeral == private
        assert embed(answer)["title"] == "Artists near Velvet Meridian"
        assert "**4.**" in embed(answer)["description"]
        assert "**5.**" not in embed(answer)["description"]
        ((menu,),) = (row["components"] for row in message["components"])
        option = menu["options"][1]
        chosen = await double.press(message, custom_id=menu["custom_id"], values=[option["value"]])
        assert chosen.ephemeral
        assert embed(chosen)["title"] == f"Artists like {option['label']}"


async def test_when_nobody_can_be_asked_that_is_said_below_the_plain_answer(
    double: DiscordDouble,
    running: Running,
    reached: dict[str, Any],
    musicbrainz: MusicBrainzDouble,
) -> None:
    musicbrainz.manners = Manners.INTERNAL
    async with running(**reached):
        answer = await double.slash("recommend", UNHEARD)
        await answer.settled()
        assert embed(answer)["title"] == "I don't know that artist"
        assert embed(answer)["description"].splitlines()[-1].startswith("-# MusicBrainz")
        assert labels(answer) == []
        again = await double.slash("recommend", UNHEARD)
        assert not again.deferred, "the second time nobody waits for it"
        assert embed(again)["title"] == "I don't know that artist"


async def test_several_unknown_artists_are_not_looked_up(
    double: DiscordDouble,
    running: Running,
    reached: dict[str, Any],
    musicbrainz: MusicBrainzDouble,
) -> None:
    async with running(**reached):
        answer = await double.slash("recommend", UNHEARD | {"artist2": "Wholly Unheard Of"})
    assert embed(answer)["title"] == "I don't know those artists"
    assert musicbrainz.seen == []
