"""The one call behind which a training engine stands."""

from model.alternating import alternate
from model.configuration import Configuration
from model.dataset import Interactions
from model.errors import TrainingError
from model.factors import CurvePoint, Factors, Watch
from model.gradient_descent import descend
from model.objective import problem


def fit(
    interactions: Interactions,
    configuration: Configuration,
    *,
    held_out: Interactions | None = None,
    watch: Watch | None = None,
) -> Factors:
    """Factorise the interactions.

    The same interactions, configuration and machine give the same factors.

    Args:
        interactions: what is learnt from.
        configuration: how.
        held_out: pairs whose error is reported in the curve but never learnt from.
        watch: told the loss along the way; what it raises ends the training.

    Raises:
        TrainingError: nothing is there to learn from, or the numbers stopped being finite.
    """
    if interactions.plays.size == 0:
        raise TrainingError("there are no plays to learn from", where="training")
    curve: list[CurvePoint] = []

    def record(point: CurvePoint) -> None:
        curve.append(point)
        if watch is not None:
            watch(point)

    objective = problem(interactions, configuration, held_out)
    solve = alternate if configuration.solver == "als" else descend
    row_embeddings, artist_embeddings = solve(objective, configuration, record)
    factors = Factors(
        listener_embeddings=row_embeddings[: interactions.shape[0]],
        artist_embeddings=artist_embeddings,
        unobserved_weight=objective.unobserved_weight,
        listener_l2=objective.listener_l2,
        frequency_exponent=configuration.frequency_exponent,
        gravity_scale=objective.gravity_scale,
        curve=tuple(curve),
    )
    factors.require_finite()
    return factors
