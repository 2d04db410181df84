from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from model import alternating, grouping
from model.alternating import HalfStep, alternate, half_step
from model.configuration import Configuration
from model.dataset import Interactions
from model.errors import TrainingError
from model.factors import CurvePoint
from model.grouping import sides
from model.objective import Problem, problem
from model.spectral_start import spectral_start
from tests.dense_objective import DenseObjective, Matrix, dense_objective

CONFIGURATION = Configuration(
    preset="small",
    dimension=6,
    target="binary",
    solver="als",
    steps=3,
    regularisation=0.01,
    gravity=2.0,
    frequency_exponent=1.0,
    plays_exponent=0.6,
    gravity_exponent=0.2,
    tag_weight=0.6,
    tagger_weight=0.4,
    side_gravity=0.03,
    initial_sd=0.1,
)
WITHOUT_SIDE_ROWS = replace(CONFIGURATION, tag_weight=0.0, tagger_weight=0.0)
Which = Literal["rows", "artists"]
Solve = Callable[..., tuple[tf.Tensor, tf.Tensor]]


@pytest.fixture
def of(lastfm_interactions: Interactions) -> Problem:
    """13 listeners with 5 to 8 of 28 artists, below them 6 tags and 13 taggers."""
    return problem(lastfm_interactions, CONFIGURATION)


@pytest.fixture
def dense(lastfm_interactions: Interactions) -> DenseObjective:
    return dense_objective(lastfm_interactions, CONFIGURATION)


def draw(rows: int, dimension: int, seed: int = 4) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.1, 0.4, (rows, dimension)).astype(np.float32)


def solved(of: Problem, which: Which, fixed: NDArray[np.float32]) -> HalfStep:
    """The half-step of one side while ``fixed`` stays."""
    side = sides(of, fixed.shape[1])[which == "artists"]
    return half_step(tf.constant(fixed), side, of.unobserved_weight)


def products(step: HalfStep) -> NDArray[np.float32]:
    """What the rows say of the fixed side: [rows, other side's rows]."""
    return step.solved.numpy() @ step.fixed.numpy().T


def fixed_for(of: Problem, which: Which, dimension: int) -> NDArray[np.float32]:
    other = of.artist_scale if which == "rows" else of.row_scale
    return draw(other.size, dimension)


def best(dense: DenseObjective, which: Which, fixed: NDArray[np.float32]) -> Matrix:
    at = fixed.astype(np.float64)
    return dense.best_rows(at) if which == "rows" else dense.best_artists(at)


# --- the half-step ---


def assert_exact(step: HalfStep, fixed: NDArray[np.float32], wanted: Matrix) -> None:
    """The step is ``wanted`` beside ``fixed``, both turned into the same basis."""
    found, turned = step.solved.numpy(), step.fixed.numpy()
    assert turned @ turned.T == pytest.approx(fixed @ fixed.T, rel=1e-4, abs=1e-5)
    assert products(step) == pytest.approx(wanted @ fixed.T, rel=1e-4, abs=1e-5)
    assert np.linalg.norm(found, axis=1) == pytest.approx(
        np.linalg.norm(wanted, axis=1), rel=1e-4, abs=1e-5
    )


@pytest.mark.parametrize("which", ["rows", "artists"])
@pytest.mark.parametrize("dimension", [1, 3, 6, 7, 10, 50])
def test_every_row_is_the_exact_minimiser(
    of: Problem, dense: DenseObjective, which: Which, dimension: int
) -> None:
    fixed = fixed_for(of, which, dimension)
    assert_exact(solved(of, which, fixed), fixed, best(dense, which, fixed))


@pytest.mark.parametrize("which", ["rows", "artists"])
@pytest.mark.parametrize("dimension", [3, 7, 10])
def test_the_error_that_is_left_comes_with_it(
    of: Problem, dense: DenseObjective, which: Which, dimension: int
) -> None:
    step = solved(of, which, fixed_for(of, which, dimension))
    u, v = (step.solved, step.fixed) if which == "rows" else (step.fixed, step.solved)
    observed, _, _ = dense.terms(u.numpy().astype(float), v.numpy().astype(float))
    assert float(step.known.error) == pytest.approx(observed * dense.pairs, rel=1e-5)


@pytest.mark.parametrize(
    ("dimension", "short", "long"), [(1, 0, 13), (6, 7, 6), (7, 10, 3), (10, 13, 0)]
)
def test_rows_up_to_the_dimension_are_solved_in_the_space_of_their_pairs(
    lastfm_interactions: Interactions,
    monkeypatch: pytest.MonkeyPatch,
    dimension: int,
    short: int,
    long: int,
) -> None:
    of = problem(lastfm_interactions, WITHOUT_SIDE_ROWS)
    count = {alternating._solve_short: 0, alternating._solve_long: 0}

    def counting(way: Solve) -> Solve:
        def counted(*system: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            count[way] += len(system[2].numpy())
            return way(*system)

        return counted

    monkeypatch.setattr(alternating, "_traced", counting)
    solved(of, "rows", fixed_for(of, "rows", dimension))
    assert list(count.values()) == [short, long]


@pytest.mark.parametrize("width", [1, 5])
def test_all_ways_to_solve_a_row_give_the_same(width: int) -> None:
    rng = np.random.default_rng(3)
    root = rng.uniform(0.4, 2, (3, width))
    root[1, 3:], root[2, 4:] = 0, 0
    system = (
        rng.normal(size=(9, 4)),
        rng.uniform(0.1, 2, 4),
        rng.integers(0, 9, (3, width)),
        root,
        root * rng.normal(size=(3, width)),
        rng.uniform(0.1, 2, (3, 1)),
        rng.uniform(0.1, 2, (3, 1)),
    )
    kinds = (*(tf.float32,) * 2, tf.int32, *(tf.float32,) * 4)
    tensors = [tf.constant(part, kind) for part, kind in zip(system, kinds, strict=True)]
    short, long = alternating._solve_short(*tensors), alternating._solve_long(*tensors)
    others = [long, alternating._solve_single(*tensors)] if width == 1 else [long]
    for other in others:
        for mine, theirs in zip(short, other, strict=True):
            assert mine.numpy() == pytest.approx(theirs.numpy(), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("which", ["rows", "artists"])
@pytest.mark.parametrize("dimension", [3, 10])
def test_rows_without_pairs_come_out_as_zero(
    lastfm_interactions: Interactions, which: Which, dimension: int
) -> None:
    gone = np.isin(lastfm_interactions.listeners, (0, 7, 12))
    gone |= np.isin(lastfm_interactions.artists, (0, 11, 27))
    left = lastfm_interactions.select(~gone)
    of = problem(left, WITHOUT_SIDE_ROWS)
    fixed = fixed_for(of, which, dimension)
    step = solved(of, which, fixed)
    empty = [0, 7, 12] if which == "rows" else [0, 11, 27]
    assert not step.solved.numpy()[empty].any()
    assert step.solved.shape[0] == left.shape[which == "artists"]
    assert_exact(step, fixed, best(dense_objective(left, WITHOUT_SIDE_ROWS), which, fixed))


@pytest.mark.parametrize("which", ["rows", "artists"])
def test_a_fixed_side_without_rank_is_no_trouble(
    of: Problem, dense: DenseObjective, which: Which
) -> None:
    """As after a start in which most embeddings are zero or alike."""
    fixed = fixed_for(of, which, 10)
    fixed[3:] = fixed[2]
    assert_exact(solved(of, which, fixed), fixed, best(dense, which, fixed))
    assert not solved(of, which, np.zeros_like(fixed)).solved.numpy().any()


def test_the_loss_never_rises_between_half_steps(of: Problem, dense: DenseObjective) -> None:
    for dimension in (2, 7):
        v = draw(of.artist_scale.size, dimension)
        u = draw(of.row_scale.size, dimension, seed=5)
        loss = [dense.loss(u.astype(float), v.astype(float))]
        for _ in range(6):
            u, v = (side.numpy() for side in solved(of, "rows", v)[:2])
            loss.append(dense.loss(u.astype(float), v.astype(float)))
            v, u = (side.numpy() for side in solved(of, "artists", u)[:2])
            loss.append(dense.loss(u.astype(float), v.astype(float)))
        falls = -np.diff(loss)
        assert (falls > -1e-6 * loss[0]).all()
        assert (falls[:4] > 0).all()


# --- groups ---


@pytest.mark.parametrize("dimension", [3, 7, 10])
def test_groups_hold_every_pair_of_every_row_once_and_padding_weighs_nothing(
    of: Problem, dense: DenseObjective, dimension: int
) -> None:
    for which, weights, targets in zip(
        sides(of, dimension),
        (dense.weights, dense.weights.T),
        (dense.targets, dense.targets.T),
        strict=True,
    ):
        rows = np.concatenate([group.rows for group in which.groups])
        assert sorted(rows.tolist()) == list(range(weights.shape[0]))
        for group in which.groups:
            assert group.columns.shape == (group.rows.size, group.width)
            for row, *padded in zip(
                group.rows,
                group.columns.numpy(),
                group.root.numpy(),
                group.wanted.numpy(),
                strict=True,
            ):
                columns, root, wanted = padded
                count = np.count_nonzero(weights[row])
                weighing = weights[row, columns[:count]]
                assert sorted(columns[:count].tolist()) == np.flatnonzero(weights[row]).tolist()
                assert root[:count] ** 2 == pytest.approx(weighing)
                assert wanted[:count] == pytest.approx(
                    np.sqrt(weighing) * targets[row, columns[:count]]
                )
                assert not root[count:].any()
                assert not wanted[count:].any()


def test_rows_of_like_length_share_a_group_and_short_ones_never_join_long_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "_LEAST_FLOATS", 0)
    lengths = np.array([1, 1, 2, 7, 14, 14, 15, 20, 21, 23, 24, 60])

    def cuts(dimension: int) -> list[tuple[int, int]]:
        return [(last, width) for _, last, width in grouping._cuts(lengths, dimension)]

    # The widths are 1, 2, ... 7, 9, 11, 14, 18, 23, 29, ...
    apart = [(2, 1), (3, 2), (4, 7), (6, 14), (7, 15)]
    assert cuts(100) == [*apart, (10, 23), (11, 24), (12, 60)]
    assert cuts(21) == [*apart, (9, 21), (11, 24), (12, 60)], "23 goes with 24, being above 21"


def test_few_rows_wait_for_longer_ones_but_never_for_those_above_the_dimension() -> None:
    lengths = np.sort(np.concatenate(([1, 2, 7, 14], np.full(3000, 20), [21, 30, 300])))
    assert list(grouping._cuts(lengths, 20)) == [(0, 2621, 20), (2621, 3004, 20), (3004, 3007, 300)]


def test_many_rows_of_like_length_have_groups_of_one_shape() -> None:
    """Whatever TensorFlow compiles for a shape it keeps."""
    lengths = np.sort(np.random.default_rng(3).geometric(0.004, 200_000))
    found = list(grouping._cuts(lengths, 64))
    shapes = {(last - first, width) for first, last, width in found}
    assert len(shapes) <= 2 * len({width for *_, width in found})
    assert len(shapes) < 100 < len(found)


@pytest.mark.parametrize("which", ["rows", "artists"])
@pytest.mark.parametrize("dimension", [3, 10])
def test_padded_rows_are_solved_exactly(
    of: Problem,
    dense: DenseObjective,
    monkeypatch: pytest.MonkeyPatch,
    which: Which,
    dimension: int,
) -> None:
    monkeypatch.setattr(grouping, "_WIDENING", 2.5)
    groups = sides(of, dimension)[which == "artists"].groups
    assert any((group.root.numpy() == 0).any() for group in groups)
    fixed = fixed_for(of, which, dimension)
    assert_exact(solved(of, which, fixed), fixed, best(dense, which, fixed))


@pytest.mark.parametrize("floats", [1, 40, 100])
def test_a_group_gathers_no_more_than_its_share_of_memory(
    of: Problem, monkeypatch: pytest.MonkeyPatch, floats: int
) -> None:
    fixed = [fixed_for(of, "rows", 6), fixed_for(of, "artists", 6)]
    whole = [products(solved(of, "rows", fixed[0])), products(solved(of, "artists", fixed[1]))]
    before = [len(side.groups) for side in sides(of, 6)]
    monkeypatch.setattr(grouping, "_GROUP_FLOATS", floats)
    assert sum(len(side.groups) for side in sides(of, 6)) > sum(before)
    for side in sides(of, 6):
        for group in side.groups:
            assert group.rows.size == 1 or group.rows.size * group.width * 6 <= floats
    assert products(solved(of, "rows", fixed[0])) == pytest.approx(whole[0], abs=1e-6)
    assert products(solved(of, "artists", fixed[1])) == pytest.approx(whole[1], abs=1e-6)


# --- the whole ---


def test_the_listeners_are_solved_last(of: Problem, dense: DenseObjective) -> None:
    u, v = alternate(of, CONFIGURATION, lambda _: None)
    assert u == pytest.approx(best(dense, "rows", v), rel=1e-4, abs=1e-5)
    assert np.abs(v - best(dense, "artists", u)).max() > 1e-3, "three sweeps are not the end"


def test_it_starts_from_the_spectral_start(of: Problem, dense: DenseObjective) -> None:
    told: list[CurvePoint] = []
    alternate(of, replace(CONFIGURATION, initial_sd=0.3, seed=9), told.append)
    v = spectral_start(of, 6, sd=0.3, seed=9).astype(np.float64)
    assert told[0].total == pytest.approx(dense.loss(dense.best_rows(v), v), rel=1e-5)


def test_equations_that_single_precision_cannot_solve_are_a_named_error(
    lastfm_interactions: Interactions,
) -> None:
    """Without gravity and almost without regularisation, 40 dimensions are left open."""
    open_ended = replace(
        CONFIGURATION, preset="open", dimension=40, gravity=0.0, regularisation=1e-20
    )
    told: list[CurvePoint] = []
    with pytest.raises(TrainingError) as caught:
        alternate(problem(lastfm_interactions, open_ended), open_ended, told.append)
    assert str(caught.value) == (
        "open: a row's equations are singular in single precision; "
        "raise the regularisation, it is 1e-20"
    )
    assert all(np.isfinite(point.total) for point in told)
