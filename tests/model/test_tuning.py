"""The search and the dial on small trainings: what is learnt from, and what is measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from model import dial_evaluation, tuning
from model.configuration import preset
from model.dataset import Interactions
from model.dial_evaluation import dial_curve
from model.errors import ConfigurationError
from model.evaluation import split
from model.search import Search
from model.tables import Tables
from model.trained import Training
from model.training import learn

SMALL = replace(preset("default"), dimension=5, steps=2)


class Quiet:
    """Is told how far it is, and forgets."""

    def phase(self, name: str, steps: int | None) -> None: ...

    def step(self, done: int, note: str = "") -> None: ...


@pytest.mark.slow  # five trainings
def test_a_trial_is_measured_inside_the_training_part_and_a_search_goes_on(
    lastfm_tables: Tables,
    lastfm_interactions: Interactions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt_from: list[Interactions] = []

    def watched(tables: Tables, pairs: Interactions, *rest: object) -> Training:
        learnt_from.append(pairs)
        return learn(tables, pairs, *rest)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(tuning, "learn", watched)
    path = tmp_path / "trials.jsonl"
    arguments = (lastfm_tables, SMALL)
    search = Search(seed=2, trials=2, share=0.3)
    first = list(tuning.tune(*arguments, search, path, Quiet()))
    assert [entry["trial"] for entry in first] == [0, 1]
    training, held_out = split(lastfm_interactions, "per-listener", 0.3, 2)
    hidden = set(zip(held_out.listeners.tolist(), held_out.artists.tolist(), strict=True))
    for pairs in learnt_from:
        assert pairs.plays.size < training.plays.size
        assert hidden.isdisjoint(zip(pairs.listeners.tolist(), pairs.artists.tolist(), strict=True))
    more = list(tuning.tune(*arguments, replace(search, trials=3), path, Quiet()))
    assert [entry["trial"] for entry in more] == [2]
    assert len(path.read_text().splitlines()) == 3
    again = list(tuning.tune(*arguments, search, tmp_path / "again.jsonl", Quiet()))
    assert again == first
    with pytest.raises(ConfigurationError, match="another search"):
        list(tuning.tune(*arguments, replace(search, seed=9), path, Quiet()))


def test_the_dial_is_measured_on_hidden_artists(
    lastfm_tables: Tables, lastfm_interactions: Interactions
) -> None:
    curve = dial_curve(lastfm_tables, SMALL, Quiet(), questions=9, dials=(-1, 1))
    assert [point.dial for point in curve] == [-1, 1]
    assert all(0 <= point.hit_rate.mean <= 1 for point in curve)
    assert curve[0].median_listeners >= curve[1].median_listeners
    training, _ = split(lastfm_interactions, "per-listener", dial_evaluation._SHARE, 0)
    assert curve[0].median_listeners <= training.listeners_per_artist().max()
