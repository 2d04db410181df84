"""Which hyperparameters a search tries.

A trial multiplies every continuous hyperparameter by a factor of its own, log-uniform between
1/width and width; trial 0 is the configuration itself. Trial t of seed s draws the same numbers
whenever it runs, so a search goes on where it was interrupted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from model.configuration import Configuration
from model.errors import ConfigurationError
from model.shares import Shares

# What is no hyperparameter of the model.
_FIXED = {"initial_sd", "learning_rate", "holdout_share"}
_REDRAWS = 100
_SHARES = fields(Shares)


@dataclass(frozen=True)
class Search:
    """One search.

    Attributes:
        seed: of both splits and of all trials.
        trials: how many, trial 0 being the default itself.
        width: the largest factor, above 1.
        share: of each listener's artists that each of the two splits takes away.
        draws: questions about artists for each listener.
    """

    seed: int = 0
    trials: int = 20
    width: float = 2.0
    share: float = 0.2
    draws: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot work.

        Raises:
            ConfigurationError: a value is out of its range.
        """
        for holds, name, rule in (
            (self.seed >= 0, "--seed", "must not be negative"),
            (self.trials >= 1, "--trials", "must be at least 1"),
            (1 < self.width <= 100, "--width", "must be above 1 and at most 100"),
        ):
            if not holds:
                raise ConfigurationError(rule, where=name)


def hyperparameters(configuration: Configuration) -> dict[str, float]:
    """The continuous hyperparameters in use (not 0), by name; a share as ``similarity.<name>``."""
    shares = {f"similarity.{f.name}": getattr(configuration.similarity, f.name) for f in _SHARES}
    own = {f.name: getattr(configuration, f.name) for f in fields(configuration)}
    return {
        name: value
        for name, value in (own | shares).items()
        if isinstance(value, float) and value > 0 and name not in _FIXED
    }


def with_hyperparameters(
    configuration: Configuration, chosen: Mapping[str, float]
) -> Configuration:
    """The configuration with other values of what ``hyperparameters`` names.

    Raises:
        ConfigurationError: a value is out of its range.
    """
    own = {name: value for name, value in chosen.items() if "." not in name}
    shares = {name.partition(".")[2]: value for name, value in chosen.items() if name not in own}
    changed: dict[str, Any] = {**own, "similarity": replace(configuration.similarity, **shares)}
    return replace(configuration, **changed)


def trial(configuration: Configuration, search: Search, number: int) -> Configuration:
    """The configuration of one trial.

    Raises:
        ConfigurationError: the width leaves hardly any factor that is allowed.
    """
    configuration = replace(configuration, seed=search.seed)
    if number == 0:
        return configuration
    rng = np.random.default_rng([search.seed, number])
    start = hyperparameters(configuration)
    widest = math.log(search.width)
    for _ in range(_REDRAWS):
        factors = np.exp(rng.uniform(-widest, widest, len(start))).tolist()
        chosen = {
            name: float(f"{value * factor:.4g}")
            for (name, value), factor in zip(start.items(), factors, strict=True)
        }
        try:
            return with_hyperparameters(configuration, chosen)
        except ConfigurationError:
            continue
    raise ConfigurationError("leaves the allowed range", where="--width", mend="give a smaller one")
