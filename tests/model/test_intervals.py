import numpy as np
import pytest

from model.intervals import Estimate, bootstrap


def column(*values: float) -> np.ndarray:
    return np.array(values, float)[:, None]


def test_the_mean_is_that_of_all_measurements_not_of_listeners() -> None:
    # One listener was measured once, one three times.
    (estimate,) = bootstrap(column(1.0, 0.6), column(1, 3))
    assert estimate.mean == pytest.approx(1.6 / 4)
    assert (estimate.low, estimate.high) == pytest.approx((0.2, 1.0))


def test_who_was_measured_often_counts_often_in_the_interval_too() -> None:
    """Twenty were measured once and are 1, twenty nine times and are 0: a tenth, not a half."""
    counts = np.repeat((1.0, 9.0), 20)[:, None]
    (estimate,) = bootstrap((counts == 1).astype(float), counts)
    assert estimate.mean == pytest.approx(0.1)
    assert 0.03 < estimate.low < 0.1 < estimate.high < 0.25


def test_equal_listeners_leave_no_doubt() -> None:
    (estimate,) = bootstrap(column(0.75, 1.5, 0.75), column(1, 2, 1))
    assert estimate == Estimate(0.75, 0.75, 0.75)


def test_who_was_not_measured_does_not_count() -> None:
    (with_empty,) = bootstrap(column(0.2, 0, 0.9, 0, 0.4), column(1, 0, 1, 0, 1))
    (without,) = bootstrap(column(0.2, 0.9, 0.4), column(1, 1, 1))
    assert with_empty == without


def test_nobody_measured_gives_zeros() -> None:
    totals = np.zeros((3, 2))
    counts = np.array([[0, 1], [0, 1], [0, 0]], float)
    assert bootstrap(totals, counts) == [Estimate(0, 0, 0)] * 2
    assert bootstrap(np.zeros((0, 2)), np.zeros((0, 2))) == [Estimate(0, 0, 0)] * 2


def test_each_measure_has_its_own_interval_and_the_seed_decides() -> None:
    values = np.random.default_rng(3).random((50, 2)) * (1, 10)
    first = bootstrap(values, np.ones_like(values), resamples=200, seed=4)
    assert first == bootstrap(values, np.ones_like(values), resamples=200, seed=4)
    assert first != bootstrap(values, np.ones_like(values), resamples=200, seed=5)
    alone = bootstrap(values[:, 1:], np.ones((50, 1)), resamples=200, seed=4)
    assert first[1:] == alone
    assert all(estimate.low < estimate.mean < estimate.high for estimate in first)


def test_a_higher_level_gives_a_wider_interval() -> None:
    values = np.random.default_rng(3).random((60, 1))
    (narrow,) = bootstrap(values, np.ones_like(values), level=0.5)
    (wide,) = bootstrap(values, np.ones_like(values), level=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    """Listeners with 1 to 5 measurements that share the listener's own level; the truth is 1/2."""
    rng = np.random.default_rng(11)
    held = naive = 0
    for trial in range(300):
        level = rng.random(80)
        counts = rng.integers(1, 6, 80)
        totals = counts * np.clip(level + rng.normal(0, 0.05, 80), -1, 2)
        (estimate,) = bootstrap(
            totals[:, None], counts[:, None].astype(float), resamples=300, seed=trial
        )
        held += estimate.low <= 0.5 <= estimate.high
        apart = np.repeat(totals / counts, counts)[:, None]
        (estimate,) = bootstrap(apart, np.ones_like(apart), resamples=300, seed=trial)
        naive += estimate.low <= 0.5 <= estimate.high
    # Three standard deviations of 300 draws at 95% are 3.8%, and percentile intervals are short.
    assert 0.90 <= held / 300 <= 0.985
    assert naive < held - 20, "measurements of one listener are not independent"
