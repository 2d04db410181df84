import numpy as np
import pytest

from model.synthetic import long_tail


def test_the_set_has_the_size_that_was_asked_for_and_no_pair_twice() -> None:
    made = long_tail(listeners=300, artists=2000, plays=9000, seed=2)
    assert made.plays.size == pytest.approx(9000, rel=0.01)
    assert made.shape[0] == 300
    pairs = made.listeners * made.shape[1] + made.artists
    assert np.all(np.diff(pairs) > 0), "sorted by listener, then by artist"
    assert made.plays.min() >= 1
    assert np.all(made.listeners_per_artist() > 0)


def test_it_has_the_long_tail_of_the_real_data() -> None:
    made = long_tail(listeners=1892, artists=40_000, plays=92_834)
    listeners = made.listeners_per_artist()
    assert made.shape[1] == pytest.approx(17_632, rel=0.05)
    assert (listeners == 1).mean() == pytest.approx(0.606, abs=0.1)
    assert (listeners >= 5).sum() == pytest.approx(2828, rel=0.05)
    assert 350 < listeners.max() < 700


def test_the_seed_decides() -> None:
    one, same, other = (
        long_tail(listeners=40, artists=90, plays=500, seed=seed).artists for seed in (1, 1, 2)
    )
    assert one.tolist() == same.tolist()
    assert one.tolist() != other.tolist()


def test_more_plays_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(ValueError, match="too many plays"):
        long_tail(listeners=10, artists=10, plays=51)
