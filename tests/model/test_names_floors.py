"""What understanding names may never fall below, and how long it may take.

On the Last.fm names where they lie beside the project, on invented and demo names elsewhere. The
whole measurement is ``scripts/bench.py names``.
"""

import numpy as np
import pytest

from model.demo import read_catalogue
from model.lastfm import read_tables
from model.name_questions import invented_names
from model.names_benchmark import NamesBenchmark, Understood, invented
from tests.conftest import ROOT

LASTFM = ROOT.parent / "shared" / "lastfm"
SEED = 20_260
ASKED = 1000
TAKEN_OUT = 300


def lastfm() -> NamesBenchmark:
    tables = read_tables(LASTFM)
    listeners = tables.plays.groupby("artist").size().reindex(tables.artists["id"], fill_value=0)
    return NamesBenchmark(tables.artists["name"].tolist(), listeners.to_numpy(), SEED)


def generated() -> NamesBenchmark:
    names = [artist.name for artist in read_catalogue()] + invented_names(12_000, SEED)
    return NamesBenchmark(names, np.arange(len(names), 0, -1), SEED)


@pytest.fixture(scope="module", params=["lastfm", "generated"])
def benchmark(request: pytest.FixtureRequest) -> NamesBenchmark:
    if request.param == "generated":
        return generated()
    if not LASTFM.is_dir():
        pytest.skip("the Last.fm data is not beside the project")
    return lastfm()


def total(parts: dict[str, Understood]) -> Understood:
    return Understood(
        asked=sum(part.asked for part in parts.values()),
        acted_on=sum(part.acted_on for part in parts.values()),
        offered_first=sum(part.offered_first for part in parts.values()),
    )


@pytest.mark.slow
def test_one_slip_is_acted_on_or_offered_first(benchmark: NamesBenchmark) -> None:
    slips = total(benchmark.slips(ASKED))
    assert slips.asked == 4 * ASKED
    assert slips.first_share >= 0.98
    assert slips.acted_share >= 0.65


@pytest.mark.slow
def test_other_ways_to_write_a_name_are_acted_on(benchmark: NamesBenchmark) -> None:
    assert total(benchmark.other_ways(ASKED)).acted_share >= 0.99
    assert benchmark.other_order(ASKED).first_share >= 0.98


@pytest.mark.slow
def test_absent_artists_are_seldom_answered_as_others(benchmark: NamesBenchmark) -> None:
    found = benchmark.absent(TAKEN_OUT)
    assert found.asked == TAKEN_OUT
    assert found.answered_share <= 0.01, found.answered


@pytest.mark.slow
def test_names_are_understood_and_completed_in_time(benchmark: NamesBenchmark) -> None:
    assert benchmark.resolving(ASKED).p95 <= 10
    assert benchmark.completing().p99 <= 20
    size = benchmark.size()
    assert size.build_s <= 0.6
    assert size.kept_mb <= 3


@pytest.mark.slow
def test_half_a_million_names_take_no_longer_than_they_may() -> None:
    assert invented(500_000, SEED).resolving(200).p95 <= 50
