"""Chooses hyperparameters on a validation part inside the training data.

The part that the evaluation measures is split off first and never looked at; of what is left each
listener gives a share for validation. What is tried is ``model.search``'s choice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.comparison import StepsOnly
from model.configuration import Configuration
from model.dataset import Interactions, Ints, interactions
from model.evaluation import ranking_quality, split
from model.folding import Floats
from model.recommender import Recommender
from model.search import Search, hyperparameters, trial
from model.similarity_evaluation import answer, draw
from model.tables import Tables
from model.training import Progress, learn
from model.trial_file import append_trial, finished_trials


def tune(
    tables: Tables,
    configuration: Configuration,
    search: Search,
    path: Path,
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Run the trials that ``path`` does not hold yet; each is yielded once it is in the file.

    Args:
        tables: the data.
        configuration: what the factors are multiplied to.
        search: how.
        path: JSON lines, one a trial, kept along the way.
        progress: told how far it is.

    Raises:
        ConfigurationError: the file holds another search, or cannot be read or written.
        CrossfadeError: the data or the numbers do not allow a trial.
    """
    key = _key(tables, configuration, search)
    done = {entry["trial"] for entry in finished_trials(path, key)}
    training, _ = split(interactions(tables), "per-listener", search.share, search.seed)
    inner, validation = split(training, "per-listener", search.share, search.seed)
    for number in range(search.trials):
        if number in done:
            continue
        tried = trial(configuration, search, number)
        progress.phase(f"Trial {number}", None)
        learnt = learn(tables, inner, tried, StepsOnly(progress))
        recommender = Recommender(learnt.artifact())
        quality = _quality(recommender, inner, validation, search)
        entry = {
            "trial": number,
            "search": key,
            "hyperparameters": hyperparameters(tried),
            "validation": quality,
        }
        append_trial(path, entry)
        yield entry


def _key(tables: Tables, configuration: Configuration, search: Search) -> dict[str, Any]:
    """What two trials must share to be compared with each other; the number of trials may grow."""
    return {
        "data": tables.fingerprint,
        "seed": search.seed,
        "width": search.width,
        "share": search.share,
        "draws": search.draws,
        "preset": configuration.preset,
        "steps": configuration.steps,
        "dimension": configuration.dimension,
        "start": hyperparameters(configuration),
    }


def _quality(
    recommender: Recommender, inner: Interactions, validation: Interactions, search: Search
) -> dict[str, float]:
    histories = inner.histories()

    def score(rows: Ints) -> Floats:
        return recommender.score_listeners([histories[int(row)] for row in rows])

    quality = ranking_quality(score, inner, validation)
    questions = draw(inner, validation, draws=search.draws, seed=search.seed)
    answers = answer(recommender.score_artists, questions, inner)
    return {
        **{measure: round(value, 5) for measure, value in quality.items()},
        "next_artist@10": _mean(answers.hit),
        "fresh_next_artist@10": _mean(answers.fresh_hit),
    }


def _mean(hit: NDArray[np.bool_]) -> float:
    return round(float(hit.mean()), 5) if hit.size else 0.0
