from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from model import folding
from model.artifact import Artifact, load_artifact
from model.configuration import Configuration
from model.dataset import Interactions
from model.factorisation import fit
from model.folding import FoldingIn
from model.manifest import FoldIn
from model.store import version_folder

ARTISTS, DIMENSION = 23, 5
FoldInto = Callable[[NDArray[np.float32], NDArray[np.float32], FoldIn], FoldingIn]
HISTORIES = {
    "one": [7],
    "shorter than d": [1, 20, 4],
    "as long as d": [22, 0, 5, 11, 3],
    "one longer than d": [2, 4, 6, 8, 10, 12],
    "much longer than d": list(range(3, 20)),
    "everything": list(range(ARTISTS)),
}


@pytest.fixture(scope="module")
def stored(store: Path) -> Artifact:
    return load_artifact(version_folder(store))


@pytest.fixture
def folding_in(stored: Artifact) -> FoldInto:
    """Makes a folding into given embeddings, the rest of the artifact being what it may."""

    def make(
        embeddings: NDArray[np.float32], scale: NDArray[np.float32], constants: FoldIn
    ) -> FoldingIn:
        manifest = replace(stored.manifest, fold_in=constants)
        changed = {"artist_embeddings": embeddings, "gravity_scale": scale}
        return FoldingIn(replace(stored, manifest=manifest, **changed))

    return make


@pytest.fixture
def embeddings() -> NDArray[np.float32]:
    """float32 [23, 5], its directions of very different strength."""
    draw = np.random.default_rng(12).normal(0.1, 0.5, (ARTISTS, DIMENSION))
    return (draw * [2, 1, 0.7, 0.4, 0.1]).astype(np.float32)


@pytest.fixture
def scale() -> NDArray[np.float32]:
    return np.linspace(0.3, 2.1, ARTISTS).astype(np.float32)


@pytest.fixture(params=[0.0, 0.5, 1.0], ids=lambda exponent: f"nu {exponent}")
def constants(request: pytest.FixtureRequest) -> FoldIn:
    return FoldIn(unobserved_weight=0.08, listener_l2=0.3, frequency_exponent=request.param)


def ridge(constants: FoldIn, count: int) -> float:
    """lambda s of a row with so many pairs."""
    unobserved = constants.unobserved_weight * ARTISTS
    return constants.listener_l2 * (count + unobserved) ** constants.frequency_exponent


# --- the minimiser ---


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_a_history_is_answered_by_the_exact_minimiser_for_a_new_row(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
    history: list[int],
) -> None:
    v, h = embeddings.astype(float), scale.astype(float)
    system = constants.unobserved_weight * (v.T * h) @ v
    system += ridge(constants, len(history)) * np.eye(DIMENSION)
    system += sum(np.outer(v[row], v[row]) for row in history)
    u = np.linalg.solve(system, v[history].sum(axis=0))
    found = folding_in(embeddings, scale, constants).scores([np.array(history)])
    assert found.shape == (1, ARTISTS)
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(v @ u, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_a_general_minimiser_of_the_loss_finds_the_same(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
    history: list[int],
) -> None:
    def loss(u: NDArray[np.float64]) -> float:
        total = ridge(constants, len(history)) * float(u @ u)
        for row, (other, pull) in enumerate(zip(embeddings.astype(float), scale, strict=True)):
            product = float(u @ other)
            total += constants.unobserved_weight * float(pull) * product**2
            total += (1 - product) ** 2 if row in history else 0
        return total

    u = minimize(loss, np.zeros(DIMENSION), method="BFGS", options={"gtol": 1e-7}).x
    found = folding_in(embeddings, scale, constants).scores([np.array(history)])
    assert found[0] == pytest.approx(embeddings @ u, abs=1e-4)


@pytest.mark.parametrize("row", [0, 9, 22])
def test_a_single_artist_is_answered_by_its_formula(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
    row: int,
) -> None:
    v = embeddings.astype(float)
    gramian = constants.unobserved_weight * v.T @ np.diag(scale) @ v
    shared = gramian + ridge(constants, 1) * np.eye(DIMENSION)
    wanted = v @ np.linalg.inv(shared + np.outer(v[row], v[row])) @ v[row]
    found = folding_in(embeddings, scale, constants).scores([np.array([row])])
    assert found[0] == pytest.approx(wanted, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("dimension", [3, 6, 20])
def test_a_stored_listener_is_what_folding_in_the_same_history_gives(
    folding_in: FoldInto, lastfm_interactions: Interactions, dimension: int
) -> None:
    """With pairs that weigh alike; histories of 5 to 8 artists, so on both sides of d."""
    configuration = Configuration(
        preset="alike",
        dimension=dimension,
        target="binary",
        solver="als",
        steps=3,
        regularisation=0.01,
        gravity=2.0,
        frequency_exponent=1.0,
        gravity_exponent=0.2,
        tag_weight=0.6,
        tagger_weight=0.4,
        side_gravity=0.03,
        initial_sd=0.1,
    )
    factors = fit(lastfm_interactions, configuration)
    stored = factors.listener_embeddings @ factors.artist_embeddings.T
    constants = FoldIn(factors.unobserved_weight, factors.listener_l2, factors.frequency_exponent)
    folded = folding_in(factors.artist_embeddings, factors.gravity_scale, constants)
    found = folded.scores(lastfm_interactions.histories())
    assert np.ptp(stored) > 0.3
    assert found == pytest.approx(stored, abs=2e-5)


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_the_smaller_of_the_two_systems_is_solved(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    history: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    constants = FoldIn(unobserved_weight=0.08, listener_l2=0.3, frequency_exponent=1.0)
    solve, sizes = folding._solve, list[tuple[int, ...]]()

    def measured(system: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        sizes.append(system.shape)
        return solve(system, right)

    monkeypatch.setattr(folding, "_solve", measured)
    folding_in(embeddings, scale, constants).scores([np.array(history)])
    smaller = min(len(history), DIMENSION)
    assert sizes == [(smaller, smaller)]


@pytest.mark.parametrize("block", [1, 7, ARTISTS, 1024])
def test_the_embeddings_are_turned_so_that_the_shared_part_is_diagonal(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folding, "_BLOCK", block)
    constants = FoldIn(unobserved_weight=0.08, listener_l2=0.3, frequency_exponent=1.0)
    turned = folding_in(embeddings, scale, constants).embeddings
    assert turned.dtype == np.float32
    assert turned @ turned.T == pytest.approx(embeddings @ embeddings.T, rel=1e-4, abs=1e-5)
    gramian = (turned.T * scale) @ turned
    off_diagonal = gramian - np.diag(np.diag(gramian))
    assert np.abs(off_diagonal).max() < 1e-5 * np.diag(gramian).max()


# --- histories ---


def test_repeated_rows_count_once_in_any_order(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
) -> None:
    folded = folding_in(embeddings, scale, constants)
    once, repeated = folded.scores([np.array([2, 9, 15]), np.array([15, 2, 9, 2, 2, 15, 2, 9, 2])])
    assert repeated.tolist() == once.tolist()


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_who_asks_about_artists_is_pulled_to_zero_less(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
    history: list[int],
) -> None:
    asked = folding_in(embeddings, scale, replace(constants, question_ridge=0.35))
    lighter = replace(constants, listener_l2=0.35 * constants.listener_l2)
    rows = [np.array([*history, *history])]
    wanted = folding_in(embeddings, scale, lighter).scores(rows)
    assert asked.answers(rows) == pytest.approx(wanted, abs=1e-6)
    assert np.abs(asked.answers(rows) - asked.scores(rows)).max() > 1e-4
    alike = folding_in(embeddings, scale, replace(constants, question_ridge=1.0))
    assert alike.answers(rows).tolist() == alike.scores(rows).tolist()


def test_a_batch_answers_each_history_for_itself(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
) -> None:
    folded = folding_in(embeddings, scale, constants)
    together = folded.scores([np.array(history) for history in HISTORIES.values()])
    assert together.shape == (len(HISTORIES), ARTISTS)
    for scores, history in zip(together, HISTORIES.values(), strict=True):
        assert scores == pytest.approx(folded.scores([np.array(history)])[0], abs=1e-6)


def test_folding_in_leaves_the_artifact_as_it_was(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    constants: FoldIn,
) -> None:
    before = embeddings.copy(), scale.copy()
    folding_in(embeddings, scale, constants).scores([np.array([3, 8])])
    assert embeddings.tolist() == before[0].tolist()
    assert scale.tolist() == before[1].tolist()


# --- models that leave a row open ---


@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_without_gravity_and_regularisation_the_shortest_answer_is_taken(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    history: list[int],
) -> None:
    constants = FoldIn(unobserved_weight=0.0, listener_l2=0.0, frequency_exponent=0.0)
    found = folding_in(embeddings, scale, constants).scores([np.array(history)])
    v = embeddings.astype(float)
    shortest = np.linalg.lstsq(v[history], np.ones(len(history)), rcond=None)[0]
    assert found[0] == pytest.approx(v @ shortest, abs=0.02)


@pytest.mark.parametrize("size", [0.0, 1e-30, 1e-12, 1e12])
@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_tiny_and_huge_embeddings_never_give_nan(
    folding_in: FoldInto,
    embeddings: NDArray[np.float32],
    scale: NDArray[np.float32],
    history: list[int],
    size: float,
) -> None:
    for alpha, l2 in ((0.0, 0.0), (0.08, 0.3)):
        constants = FoldIn(unobserved_weight=alpha, listener_l2=l2, frequency_exponent=1.0)
        scaled = (embeddings * size).astype(np.float32)
        found = folding_in(scaled, scale, constants).scores([np.array(history)])
        assert np.isfinite(found).all()
        assert size or not found.any()


def test_equal_embeddings_never_give_nan(folding_in: FoldInto, scale: NDArray[np.float32]) -> None:
    equal = np.full((ARTISTS, DIMENSION), 0.7, np.float32)
    constants = FoldIn(unobserved_weight=0.0, listener_l2=0.0, frequency_exponent=0.0)
    folded = folding_in(equal, scale, constants)
    found = folded.scores([np.array(history) for history in HISTORIES.values()])
    assert found == pytest.approx(np.ones(found.shape), abs=1e-3)
