"""What can be chosen about a training, and the named choices."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

from model.errors import ConfigurationError
from model.shares import Shares
from model.weighting import Target

Solver = Literal["als", "gradient-descent"]
Holdout = Literal["per-listener", "pairs"]


@dataclass(frozen=True)
class Configuration:
    """One training, completely: the same configuration and data give the same factors."""

    preset: str
    """The name under which it is chosen."""
    dimension: int
    """d, the length of an embedding."""
    target: Target
    """What the pairs' plays are turned into."""
    solver: Solver
    """Alternating least squares, or full-batch gradient descent as in the published notebook."""
    steps: int
    """Sweeps (both sides once) for ALS, gradient steps for gradient descent."""
    regularisation: float
    """r, the coefficient of the L2 term."""
    gravity: float
    """g, the coefficient of the term that pulls every pair to zero."""
    initial_sd: float
    """Standard deviation of the normal draw that the embeddings start from."""
    frequency_exponent: float = 0.0
    """nu, how the L2 term of a row grows with its observed and unobserved weight; 0 is plain."""
    plays_exponent: float = 0.0
    """How much more a listener's favourites weigh than their other artists; 0 weighs all alike."""
    gravity_exponent: float = 0.0
    """How much more gravity pulls at well-known artists; 0 pulls at all alike."""
    tag_weight: float = 0.0
    """What a tag's pair weighs, times log2(1 + count), against a listener's; 0 leaves tags out."""
    tagger_weight: float = 0.0
    """What an artist that a listener tagged weighs in the tagger's own row; 0 leaves them out."""
    side_gravity: float = 0.0
    """How strongly a tag's (or tagger's) unobserved pairs pull to zero, for each of its artists."""
    question_ridge: float = 1.0
    """How much weaker the L2 term is when an artist is asked about instead of a history."""
    per_pair: bool = False
    """Whether r and g are weights against a single observed pair: lambda and alpha.

    Otherwise they are measured against the mean error of all observed pairs, as the notebook does,
    and then mean something else with every number of listeners, artists and pairs.
    """
    similarity: Shares = field(default_factory=Shares)
    """What is blended beside the fold-in when artists are compared."""
    learning_rate: float = 0.0
    """Step size of gradient descent; ALS has none."""
    holdout: Holdout = "per-listener"
    """What is held out for the evaluation: a share of each listener's artists, or of all pairs."""
    holdout_share: float = 0.2
    """Which share of the pairs is held out."""
    seed: int = 0
    """Seed of the split and of the starting embeddings."""

    def __post_init__(self) -> None:
        """Refuse what cannot work.

        Raises:
            ConfigurationError: a value is out of its range.
        """
        _require_one_of(self.target, get_args(Target), "target")
        _require_one_of(self.solver, get_args(Solver), "solver")
        _require_one_of(self.holdout, get_args(Holdout), "holdout")
        _require(1 <= self.dimension <= 4096, "dimension", "must be between 1 and 4096")
        _require(self.steps >= 1, "steps", "must be at least 1")
        _require(0 <= self.regularisation < 1e6, "regularisation", "must be between 0 and 1e6")
        _require(0 <= self.gravity < 1e6, "gravity", "must be between 0 and 1e6")
        _require(0 < self.initial_sd < 1e3, "initial_sd", "must be above 0 and below 1000")
        for name in ("frequency_exponent", "plays_exponent", "gravity_exponent"):
            _require(0 <= getattr(self, name) <= 2, name, "must be between 0 and 2")
        for name in ("tag_weight", "tagger_weight", "side_gravity", "question_ridge"):
            _require(0 <= getattr(self, name) < 1e3, name, "must be between 0 and 1000")
        _require(0 < self.holdout_share < 1, "holdout_share", "must be between 0 and 1")
        _require(self.seed >= 0, "seed", "must not be negative")
        _require(0 <= self.learning_rate < 1e6, "learning_rate", "must be between 0 and 1e6")
        if self.solver == "gradient-descent":
            _require(self.learning_rate > 0, "learning_rate", "must be above 0")
        else:
            _require(self.regularisation > 0, "regularisation", "must be above 0 for als")

    def as_dict(self) -> dict[str, Any]:
        """Every choice by name, ready for JSON."""
        return asdict(self)


def _require(holds: bool, name: str, rule: str) -> None:
    if not holds:
        raise ConfigurationError(rule, where=name)


def _require_one_of(value: str, choices: tuple[str, ...], name: str) -> None:
    if value not in choices:
        raise ConfigurationError(
            f"no {name} {value!r}", where=name, mend=f"give one of {', '.join(choices)}"
        )


_DEFAULT = Configuration(
    preset="default",
    dimension=256,
    target="binary",
    solver="als",
    steps=1,
    regularisation=0.016,
    gravity=0.028,
    frequency_exponent=1.0,
    plays_exponent=0.25,
    gravity_exponent=0.25,
    tag_weight=0.55,
    tagger_weight=0.5,
    side_gravity=0.0125,
    question_ridge=0.35,
    per_pair=True,
    similarity=Shares(latent_tags=0.6, tags=0.3, co_listening=0.2),
    initial_sd=0.055,
)

# Plays only, to be measured against other implementations of the same model.
_PLAIN = replace(
    _DEFAULT,
    steps=16,
    plays_exponent=0.0,
    gravity_exponent=0.0,
    tag_weight=0.0,
    tagger_weight=0.0,
    question_ridge=1.0,
    similarity=Shares(),
)

_NOTEBOOK_PLAIN = Configuration(
    preset="notebook-plain",
    dimension=30,
    target="min-max",
    solver="gradient-descent",
    steps=1_000,
    regularisation=0.0,
    gravity=0.0,
    initial_sd=0.5,
    learning_rate=10.0,
    holdout="pairs",
    holdout_share=0.1,
)

_NOTEBOOK_LOW_INIT = replace(_NOTEBOOK_PLAIN, preset="notebook-low-init", initial_sd=0.05)

_NOTEBOOK_REGULARISED = replace(
    _NOTEBOOK_PLAIN,
    preset="notebook-regularised",
    dimension=35,
    initial_sd=0.05,
    regularisation=0.1,
    gravity=1.0,
    learning_rate=20.0,
    steps=2_000,
)

PRESETS: Mapping[str, Configuration] = MappingProxyType(
    {
        preset.preset: preset
        for preset in (
            _DEFAULT,
            *(replace(_PLAIN, preset=f"plain-{d}", dimension=d) for d in (64, 128, 256)),
            *(_NOTEBOOK_PLAIN, _NOTEBOOK_LOW_INIT, _NOTEBOOK_REGULARISED),
        )
    }
)


def preset(name: str) -> Configuration:
    """The named configuration.

    Raises:
        ConfigurationError: there is no such preset.
    """
    try:
        return PRESETS[name]
    except KeyError:
        raise ConfigurationError(
            f"no preset {name!r}", where="--preset", mend=f"give one of {', '.join(PRESETS)}"
        ) from None
