"""A short storm, the same each time; ``python -m tests.e2e.storm`` makes long ones."""

from pathlib import Path

import pytest

from tests.discord_double.fates import Fault
from tests.discord_double.storm import Storm
from tests.e2e.storm import weather

pytestmark = pytest.mark.slow

INTERACTIONS = 80


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_can_be_answered_is_answered_once_and_nothing_is_left_over(
    seed: int, store: Path, tmp_path: Path, no_stray_settings: None
) -> None:
    end = await weather(Storm(seed), store, tmp_path, INTERACTIONS)
    assert end.delivered >= INTERACTIONS
    assert len(set(end.faults) & {str(fault) for fault in Fault}) > 8, "it was no storm"
    assert end.verdict.answered > 0.9 * INTERACTIONS
    assert [one.first for one in end.verdict.missed] == []
    assert end.verdict.twice == end.verdict.thinking == end.verdict.unfulfilled == ()
    assert end.works
    assert end.after == end.before
