import numpy as np
import pytest

from model.name_questions import SLIPS, invented_names
from model.names_benchmark import NamesBenchmark, invented

# Taken out alone, each of the first two is answered as the other; of the next two the first has a
# row of an equal key, which goes with it, and the second is too far from all.
NAMES = ["Evanescence", "Evanescense", "Björk", "Bjork", "Sigur Rós", "Various Artists", "Air"]
LISTENERS = np.array([40, 2, 30, 3, 20, 99, 10])


def benchmark(seed: int = 4) -> NamesBenchmark:
    return NamesBenchmark(NAMES, LISTENERS, seed)


def test_an_absent_artist_answered_as_another_is_counted() -> None:
    steps: list[int] = []
    found = benchmark().absent(99, lambda: steps.append(1))
    assert found.asked == len(steps) == 6
    assert sorted(found.answered) == [
        ("Evanescence", "Evanescense"),
        ("Evanescense", "Evanescence"),
    ]
    assert found.answered_share == pytest.approx(2 / 6)


def test_slips_are_made_in_names_of_five_letters_or_more() -> None:
    found = benchmark().slips(99)
    assert list(found) == list(SLIPS)
    for understood in found.values():
        assert understood.asked == 5
        assert understood.acted_on + understood.offered_first + len(understood.wrong) <= 5


def test_a_question_answered_as_somebody_else_is_kept() -> None:
    # A letter left out of the longer name often gives the shorter one.
    pair = NamesBenchmark(["Slowdives", "Slowdive"], np.array([9, 3]), 1)
    wrong = {text: answered for seed in range(40) for text, answered in _wrong(seed)}
    assert wrong == {"Slowdive": "Slowdive"}
    assert pair.names.resolve("slowdive") == pair.names.resolve("Slowdive")


def _wrong(seed: int) -> list[tuple[str, str]]:
    pair = NamesBenchmark(["Slowdives", "Slowdive"], np.array([9, 3]), seed)
    return pair.slips(1)["delete"].wrong


def test_other_ways_and_orders_of_easy_names_are_understood() -> None:
    ways = benchmark().other_ways(99)
    assert {"case", "accents", "the"} <= set(ways)
    assert all(understood.acted_share == 1 for understood in ways.values())
    order = benchmark().other_order(99)
    assert (order.asked, order.first_share) == (1, 1.0)


def test_the_same_seed_asks_the_same() -> None:
    names = invented_names(400, 2)
    listeners = np.arange(400, 0, -1)
    found = [NamesBenchmark(names, listeners, seed).slips(30) for seed in (7, 7, 8)]
    assert found[0] == found[1] != found[2]


def test_time_and_size_are_told() -> None:
    big = invented(300, 6)
    for latency in (big.resolving(20), big.completing()):
        assert 0 < latency.p50 <= latency.p95 <= latency.p99
    assert big.resolving(20).calls == 20
    size = big.size()
    assert 0 < size.kept_mb < size.peak_mb
    assert size.build_s > 0
