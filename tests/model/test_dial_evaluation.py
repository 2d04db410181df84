"""What the dial must keep, measured by its own evaluation through the published path."""

from itertools import pairwise
from pathlib import Path

import pytest

from model.configuration import preset
from model.demo import demo_tables
from model.dial_evaluation import DIALS, DialPoint, dial_curve
from model.lastfm import read_tables
from tests.small_trainings import LASTFM, Unwatched, needs_lastfm

pytestmark = pytest.mark.slow  # trains the default


@pytest.fixture(
    scope="module",
    params=["demo", pytest.param(LASTFM, id="lastfm", marks=needs_lastfm)],
)
def curve(request: pytest.FixtureRequest) -> list[DialPoint]:
    """The default along the dial, asked once for each of up to 1,000 listeners."""
    source: str | Path = request.param
    tables = read_tables(source) if isinstance(source, Path) else demo_tables()
    return dial_curve(tables, preset("default"), Unwatched(), seed=1, questions=1_000)


def test_answers_grow_less_popular_at_every_step(curve: list[DialPoint]) -> None:
    assert [point.dial for point in curve] == list(DIALS) == sorted(DIALS)
    medians = [point.median_listeners for point in curve]
    assert all(bolder <= milder for milder, bolder in pairwise(medians))
    assert medians[0] > 1.3 * medians[2] > 1.3 * medians[-1]


def test_the_bold_end_keeps_at_least_half_the_hits_of_the_default(curve: list[DialPoint]) -> None:
    rates = {point.dial: point.hit_rate.mean for point in curve}
    assert rates[0] > 0.03
    assert rates[1] >= rates[0] / 2
    assert rates[0.5] >= rates[0] / 2
    assert rates[-1] >= rates[0]
