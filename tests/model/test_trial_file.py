from pathlib import Path
from typing import Any

import pytest

from model.errors import ConfigurationError
from model.trial_file import append_trial, best_trial, finished_trials

KEY = {"seed": 3, "start": {"gravity": 0.5}}


def entry(number: int, ndcg: float = 0.1) -> dict[str, Any]:
    return {"trial": number, "search": KEY, "validation": {"ndcg@20": ndcg}}


def test_trials_come_back_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    assert finished_trials(path, KEY) == []
    for number in (0, 2, 1):
        append_trial(path, entry(number))
    assert finished_trials(path, KEY) == [entry(0), entry(2), entry(1)]
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.parametrize("torn", ['{"trial": 1, "sea', "{", '{"trial": 1}'])
def test_a_torn_last_line_is_left_out_and_written_over(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "trials.jsonl"
    append_trial(path, entry(0))
    with path.open("a") as file:
        file.write(torn)
    assert finished_trials(path, KEY) == [entry(0)]
    append_trial(path, entry(1))
    assert finished_trials(path, KEY) == [entry(0), entry(1)]


def test_trials_of_another_search_are_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    append_trial(path, entry(0))
    with pytest.raises(ConfigurationError, match=r"trials\.jsonl: holds trials of another search"):
        finished_trials(path, {**KEY, "seed": 4})


@pytest.mark.parametrize("content", [b"no json\n", b"[1, 2]\n", b'{"trial": 1}\n', b"\xff\xfe\n"])
def test_another_file_is_named_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"notes\.txt: .*; choose another --out"):
        finished_trials(path, KEY)
    assert path.read_bytes() == content


def test_the_best_trial_is_the_earliest_with_the_best_ndcg(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    for number, ndcg in enumerate((0.2, 0.31, 0.31, 0.3)):
        append_trial(path, entry(number, ndcg))
    assert best_trial(path)["trial"] == 1
    with pytest.raises(ConfigurationError, match="holds no trial"):
        best_trial(tmp_path / "nothing.jsonl")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        append_trial(tmp_path / "nowhere" / "trials.jsonl", entry(0))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        finished_trials(tmp_path)
