"""Which neighbours count, and what they are turned into, over thirteen artists made by hand."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot.neighbours.answering import MOST_USED, RESULTS, fold_in, known_rows
from bot.neighbours.records import (
    Borrowed,
    Neighbour,
    Neighbours,
    Nobody,
    NoneKnown,
    OtherName,
    Unheard,
)
from model.catalogue import TextColumn
from model.recommender import Recommender
from tests.artifact_by_hand import NAMES, M, artifact_by_hand

small = Recommender(artifact_by_hand())
TWO_CLOCKS, HOLLOW_PINES, EMBER, FERRY = 2, 4, 6, 7


def near(*names: str) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(name, 1 / place) for place, name in enumerate(names, start=1))


def found(*names: str, name: str = "Velvet Meridian") -> Neighbours:
    return Neighbours(name, "https://map.test/1", "Neighbours from Map", near(*names))


def mbid(number: int) -> str:
    return str(UUID(int=0xB7 << 120 | number))


def test_the_answer_is_that_of_a_listener_of_the_known_neighbours() -> None:
    said = found("Ferry", "Nobody I Know", "two clocks")
    answer = fold_in("velvet", said, small, results=4)
    assert isinstance(answer, Borrowed)
    assert (answer.typed, answer.found) == ("velvet", said)
    assert [artist.row for artist in answer.used] == [FERRY, TWO_CLOCKS]
    assert list(answer.results) == small.similar([FERRY, TWO_CLOCKS], 4)
    assert not {artist.row for artist in answer.used} & {one.artist.row for one in answer.results}
    assert answer.source.dataset == small.manifest.dataset["name"]


def test_the_dial_reaches_the_answer() -> None:
    answer = fold_in("v", found("Ferry"), small, results=6, dial=-1.0)
    assert isinstance(answer, Borrowed)
    assert list(answer.results) == small.similar([FERRY], 6, dial=-1.0)
    assert list(answer.results) != small.similar([FERRY], 6)


@pytest.mark.parametrize("name", ["Ferri", "Hollow Pine", "Clocks Two", "Emb", "Ada Brook Trio"])
def test_a_name_that_is_merely_near_counts_for_nothing(name: str) -> None:
    assert known_rows(near(name), small) == []


@pytest.mark.parametrize("name", ["Various Artists", "Two Clocks feat. Ada Brook", "[unknown]"])
def test_rows_that_are_no_artist_count_for_nothing(name: str) -> None:
    assert known_rows(near(name), small) == []


def test_the_nearest_known_are_used_each_once() -> None:
    names = ["Ember", "EMBER", "Ferry", "x", "Hollow Pines", "Two Clocks", "Ada Brook", "Long Road"]
    rows = known_rows(near(*names), small)
    assert len(rows) == MOST_USED
    assert rows == [EMBER, FERRY, HOLLOW_PINES, TWO_CLOCKS, NAMES.index("Ada Brook")]


def test_an_id_of_the_source_finds_a_row_whatever_its_name() -> None:
    ids = TextColumn.of([mbid(row) for row in range(M)])
    artifact = artifact_by_hand()
    keyed = Recommender(replace(artifact, catalogue=replace(artifact.catalogue, source_ids=ids)))
    said = (
        Neighbour("Hollow Pines", 1.0, mbid(99)),
        Neighbour("Ferry under another name", 0.5, mbid(FERRY)),
        Neighbour("Two Clocks", 0.4, mbid(EMBER)),
        Neighbour("Various", 0.3, mbid(NAMES.index("Various Artists"))),
    )
    assert known_rows(said, keyed) == [HOLLOW_PINES, FERRY, EMBER]
    assert known_rows(said, small) == [HOLLOW_PINES, TWO_CLOCKS]


def test_when_nobody_near_is_known_the_answer_says_so() -> None:
    for said in (found("Nobody", "Knows", "Them"), found()):
        answer = fold_in("velvet", said, small)
        assert answer == NoneKnown("velvet", said, answer.source)


def test_another_name_of_a_known_artist_is_answered_as_that_artist() -> None:
    answer = fold_in("the ferry band", found("Ember", name="FERRY"), small, results=3)
    assert isinstance(answer, OtherName)
    assert answer.artist.row == FERRY
    assert list(answer.results) == small.similar([FERRY], 3)
    assert isinstance(fold_in("x", found("Ember", name="Various Artists"), small), Borrowed)


def test_nobody_stays_nobody() -> None:
    nobody = Nobody(("ListenBrainz",), ("Last.fm",))
    answer = fold_in("velvet", nobody, small)
    assert answer == Unheard("velvet", nobody, answer.source)


def test_ten_results_come_when_nothing_is_said() -> None:
    answer = fold_in("velvet", found("Johnny Cash", "Ferry"), small)
    assert isinstance(answer, Borrowed)
    assert RESULTS == 10
    assert len(answer.results) == M - 4 - 1
