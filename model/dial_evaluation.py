"""What the dial from familiar to adventurous does to the answers of a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.comparison import StepsOnly
from model.configuration import Configuration
from model.dataset import interactions
from model.evaluation import split
from model.intervals import Estimate, bootstrap
from model.published import published
from model.similarity_evaluation import K, draw
from model.tables import Tables
from model.training import Progress, learn

DIALS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_SHARE = 0.2


@dataclass(frozen=True)
class DialPoint:
    """The answers at one setting of the dial.

    Attributes:
        dial: from -1, familiar, to 1, adventurous.
        hit_rate: the share of questions whose hidden artist is among the ten answers.
        median_listeners: of the answers, in training.
    """

    dial: float
    hit_rate: Estimate
    median_listeners: float


def dial_curve(
    tables: Tables,
    configuration: Configuration,
    progress: Progress,
    *,
    seed: int = 0,
    questions: int = 500,
    dials: Sequence[float] = DIALS,
) -> list[DialPoint]:
    """Ask ``Recommender.similar`` the same questions at every setting.

    Args:
        tables: the data, of which a seeded fifth of each listener's artists is hidden.
        configuration: of the model.
        progress: told how far it is.
        seed: of the split and of the questions.
        questions: how many at most, one a listener.
        dials: the settings, each between -1 and 1.

    Raises:
        CrossfadeError: the data or the numbers do not allow it.
    """
    everything = interactions(tables)
    training, held_out = split(everything, "per-listener", _SHARE, seed)
    asked = draw(training, held_out, draws=1, seed=seed)
    count = min(questions, asked.asked.size)
    chosen = np.random.default_rng(seed).permutation(asked.asked.size)[:count]
    progress.phase(f"Seed {seed}: {configuration.preset}", configuration.steps)
    learnt = learn(tables, training, replace(configuration, seed=seed), StepsOnly(progress))
    curve: list[DialPoint] = []
    with published(learnt, everything.artist_ids) as served:
        rows, targets = served.rows(asked.asked[chosen]), served.rows(asked.targets[chosen])
        for dial in dials:
            progress.phase(f"Dial {dial:+g}", None)
            tops = [
                [found.artist for found in served.recommender.similar([int(row)], K, dial=dial)]
                for row in rows
            ]
            hits = [
                target in {artist.row for artist in top}
                for top, target in zip(tops, targets.tolist(), strict=True)
            ]
            worth = np.array(hits, np.float64)[:, None]
            (hit_rate,) = bootstrap(worth, np.ones_like(worth))
            heard = [artist.listeners for top in tops for artist in top]
            curve.append(DialPoint(dial, hit_rate, float(np.median(heard)) if heard else 0.0))
    return curve
