"""Who is drawn around an artist, where, and in which colour."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.map.neighbourhood import ASPECT, RECOMMENDED, neighbourhood
from bot.map.records import Neighbourhood, Place
from bot.map.tags import MOST_TAGS, neighbourhood_tags
from model.catalogue import Catalogue, TextColumn
from model.recommender import Recommender
from tests import artifact_by_hand
from tests.artifact_by_hand import M
from tests.artifact_by_hand import artifact_by_hand as by_hand


def small(positions: NDArray[np.float32] | None = None) -> Recommender:
    """The recommender of thirteen artists, on a line unless told otherwise."""
    artifact = by_hand()
    if positions is None:
        line = [(step / 20, -step / 50) for step in range(M)]
        positions = np.array(line, np.float32)
    return Recommender(
        replace(artifact, catalogue=replace(artifact.catalogue, positions=positions))
    )


def around(recommender: Recommender, name: str) -> Neighbourhood:
    row = recommender.catalogue.names.texts().index(name)
    here = neighbourhood(recommender, row)
    assert here is not None
    return here


def names(places: Sequence[Place]) -> list[str]:
    return [place.artist.name for place in places]


def reaches(place: Place) -> float:
    return max(abs(place.x) / ASPECT, abs(place.y))


def test_the_artist_is_in_the_middle_and_the_recommended_are_those_of_the_model(
    recommender: Recommender,
) -> None:
    here = around(recommender, "Johnny Cash")
    best = recommender.similar([here.asked.artist.row], RECOMMENDED)
    assert (here.asked.x, here.asked.y) == (0, 0)
    assert names(here.recommended) == [one.artist.name for one in best]
    assert not {"Johnny Cash", *names(here.recommended)} & set(names(here.others))


def test_the_others_are_known_inside_the_picture_and_best_known_first(
    recommender: Recommender,
) -> None:
    here = around(recommender, "Johnny Cash")
    assert len(here.others) >= 50
    assert all(reaches(place) <= 1 for place in here.others)
    listeners = [place.artist.listeners for place in here.others]
    assert listeners == sorted(listeners, reverse=True)
    assert min(listeners) >= 5
    assert here.dust.shape[1] == 2


def test_who_is_no_artist_is_nowhere() -> None:
    recommender = small()
    here = around(recommender, "Ada Brook")
    shown = {place.artist.row for place in (here.asked, *here.recommended, *here.others)}
    assert not shown & artifact_by_hand.NO_ARTIST
    few = [row for row in range(M) if artifact_by_hand.LISTENERS[row] < 5]
    unnamed = [row for row in few if row not in artifact_by_hand.NO_ARTIST | shown]
    assert len(here.dust) <= len(unnamed)


def test_directions_are_kept_and_near_ones_drawn_apart() -> None:
    """Right is right, up is up, and the nearer one stays the nearer one."""
    positions = np.full((M, 2), 0.9, np.float32)
    positions[0] = (0.1, 0.2)
    positions[2] = (0.11, 0.2)
    positions[4] = (0.1, 0.7)
    positions[6] = (0.0, 0.1)
    here = around(small(positions), "Ada Brook")
    found = {place.artist.name: place for place in (*here.recommended, *here.others)}
    right, up, below = found["Two Clocks"], found["Hollow Pines"], found["Ember"]
    assert right.x > 0 == pytest.approx(right.y, abs=1e-5)
    assert up.y > 0 == pytest.approx(up.x, abs=1e-5)
    assert below.x == pytest.approx(below.y, rel=1e-4)
    assert below.x < 0
    assert up.y / right.x < 0.5 * (0.7 - 0.2) / (0.11 - 0.1)
    assert up.y > -below.y > right.x


def test_a_model_without_a_map_has_no_neighbourhood() -> None:
    assert neighbourhood(Recommender(by_hand()), 0) is None


@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, -1.0)])
def test_all_in_one_point_are_still_a_neighbourhood(place: tuple[float, float]) -> None:
    here = around(small(np.full((M, 2), place, np.float32)), "Long Road")
    everyone = [here.asked, *here.recommended, *here.others]
    assert all((one.x, one.y) == (0, 0) for one in everyone)


def tagged(rows: list[list[str]]) -> Catalogue:
    """The thirteen artists with these tags, the others without any."""
    known = sorted({tag for tags in rows for tag in tags})
    top_tags = np.full((M, 5), -1, np.int32)
    for row, tags in enumerate(rows):
        top_tags[row, : len(tags)] = [known.index(tag) for tag in tags]
    return replace(by_hand().catalogue, top_tags=top_tags, tag_names=TextColumn.of(known))


def coloured(rows: list[list[str]], near: int) -> list[str]:
    asked, others = np.arange(near), np.arange(near, len(rows))
    return neighbourhood_tags(tagged(rows), asked, others)


def test_colours_suit_the_recommended_before_the_others() -> None:
    rows = [["folk", "rock"], ["folk", "rock"], *[["rock"]] * 8]
    assert coloured(rows, 2) == ["folk", "folk", *["rock"] * 8]


def test_an_artist_is_coloured_by_its_most_applied_chosen_tag() -> None:
    rows = [["folk"], ["folk"], ["rock", "folk"], ["rock"], ["folk", "rock"]]
    assert coloured(rows, 2) == ["folk", "folk", "rock", "rock", "folk"]


def test_a_tag_of_one_artist_or_about_its_listener_colours_nobody() -> None:
    rows = [["Seen Live", "unheard"], ["Seen Live", "folk"], ["Seen Live", "folk"]]
    assert coloured(rows, 1) == ["", "folk", "folk"]


def test_no_more_tags_than_there_are_colours() -> None:
    rows = [[f"tag {row // 2}"] for row in range(12)] + [["tag 0"]]
    assert len(set(coloured(rows, 3)) - {""}) == MOST_TAGS
    assert coloured([[], []], 1) == ["", ""]


def test_the_tags_of_a_neighbourhood_are_listed_most_frequent_first(
    recommender: Recommender,
) -> None:
    here = around(recommender, "Johnny Cash")
    tags = [place.tag for place in (here.asked, *here.recommended, *here.others)]
    counts = [tags.count(tag) for tag in here.tags]
    assert set(here.tags) == set(tags) - {""}
    assert counts == sorted(counts, reverse=True)
    assert here.asked.tag == "country"
