import json
import math
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from model.configuration import PRESETS, Configuration, preset
from model.errors import ConfigurationError

NUMBERS = [field.name for field in fields(Configuration) if field.type is float]


@pytest.fixture
def als() -> Configuration:
    return preset("default")


@pytest.fixture
def descent() -> Configuration:
    return preset("notebook-plain")


# --- presets ---


def test_every_preset_is_found_by_the_name_it_carries() -> None:
    assert all(preset(name).preset == name for name in PRESETS)
    notebook = {"notebook-plain", "notebook-low-init", "notebook-regularised"}
    assert {"default", *notebook} <= set(PRESETS)


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as caught:
        preset("defualt")
    known = ", ".join(PRESETS)
    assert str(caught.value) == f"--preset: no preset 'defualt'; give one of {known}"


@pytest.mark.parametrize("dimension", [64, 128, 256])
def test_the_plain_presets_learn_from_plays_alone(als: Configuration, dimension: int) -> None:
    plain = preset(f"plain-{dimension}")
    assert plain.dimension == dimension
    assert plain.tag_weight == plain.tagger_weight == 0
    assert plain.plays_exponent == plain.gravity_exponent == 0
    differing = {"preset", "dimension", "steps", "similarity", "question_ridge"}
    differing |= {name for name in als.as_dict() if name.endswith(("_weight", "_exponent"))}
    rest = als.as_dict().keys() - differing
    assert {name: als.as_dict()[name] for name in rest} == {
        name: plain.as_dict()[name] for name in rest
    }


def test_the_presets_cannot_be_changed(als: Configuration) -> None:
    with pytest.raises(TypeError):
        PRESETS["default"] = als  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        als.steps = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("notebook-plain", {"dimension": 30, "steps": 1000, "learning_rate": 10}),
        ("notebook-plain", {"initial_sd": 0.5, "regularisation": 0, "gravity": 0}),
        ("notebook-low-init", {"dimension": 30, "steps": 1000, "learning_rate": 10}),
        ("notebook-low-init", {"initial_sd": 0.05, "regularisation": 0, "gravity": 0}),
        ("notebook-regularised", {"dimension": 35, "steps": 2000, "learning_rate": 20}),
        ("notebook-regularised", {"initial_sd": 0.05, "regularisation": 0.1, "gravity": 1}),
    ],
)
def test_the_notebook_presets_are_the_published_settings(
    name: str, published: dict[str, float]
) -> None:
    common = {
        "target": "min-max",
        "solver": "gradient-descent",
        "holdout": "pairs",
        "holdout_share": 0.1,
        "frequency_exponent": 0,
        "plays_exponent": 0,
        "gravity_exponent": 0,
        "tag_weight": 0,
        "tagger_weight": 0,
        "per_pair": False,
    }
    assert preset(name).as_dict().items() >= (published | common).items()


@pytest.mark.parametrize("name", PRESETS)
def test_every_choice_goes_through_json_unchanged(name: str) -> None:
    chosen = preset(name).as_dict()
    assert json.loads(json.dumps(chosen, allow_nan=False)) == chosen
    assert list(chosen) == [field.name for field in fields(Configuration)]


# --- what is refused ---


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dimension", 0),
        ("dimension", 4097),
        ("steps", 0),
        ("steps", -5),
        ("regularisation", -0.1),
        ("regularisation", 1e6),
        ("gravity", -1e-9),
        ("gravity", math.inf),
        ("initial_sd", 0.0),
        ("initial_sd", 1000.0),
        ("frequency_exponent", -1.0),
        ("plays_exponent", -0.1),
        ("plays_exponent", 2.1),
        ("gravity_exponent", -0.1),
        ("gravity_exponent", math.inf),
        ("tag_weight", -0.6),
        ("tag_weight", 1e3),
        ("tagger_weight", -0.5),
        ("side_gravity", 1e3),
        ("question_ridge", -1.0),
        ("learning_rate", -2.0),
        ("learning_rate", math.inf),
        ("holdout_share", 0.0),
        ("holdout_share", 1.0),
        ("seed", -1),
    ],
)
def test_a_value_out_of_its_range_is_refused_by_name(
    als: Configuration, descent: Configuration, name: str, value: float
) -> None:
    for configuration in (als, descent):
        with pytest.raises(ConfigurationError, match=f"^{name}: must "):
            replace(configuration, **{name: value})


@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_may_be_nan(als: Configuration, descent: Configuration, name: str) -> None:
    for configuration in (als, descent):
        with pytest.raises(ConfigurationError, match=f"^{name}: must "):
            replace(configuration, **{name: math.nan})


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("target", "binary, min-max, z-score"),
        ("solver", "als, gradient-descent"),
        ("holdout", "per-listener, pairs"),
    ],
)
def test_an_unknown_choice_is_refused_with_the_known_ones(
    als: Configuration, name: str, choices: str
) -> None:
    changed: dict[str, Any] = {name: "log"}
    with pytest.raises(ConfigurationError) as caught:
        replace(als, **changed)
    assert str(caught.value) == f"{name}: no {name} 'log'; give one of {choices}"


def test_als_needs_regularisation_and_gradient_descent_does_not(
    als: Configuration, descent: Configuration
) -> None:
    with pytest.raises(ConfigurationError, match=r"^regularisation: must be above 0 for als"):
        replace(als, regularisation=0.0)
    assert replace(descent, regularisation=0.0).regularisation == 0


def test_gradient_descent_needs_a_learning_rate_and_als_does_not(
    als: Configuration, descent: Configuration
) -> None:
    with pytest.raises(ConfigurationError, match=r"^learning_rate: must be above 0"):
        replace(descent, learning_rate=0.0)
    assert als.learning_rate == 0


def test_the_ends_of_the_ranges_are_allowed(als: Configuration) -> None:
    widest = {"dimension": 4096, "steps": 1, "gravity": 0.0, "tag_weight": 0.0, "seed": 2**70}
    exponents = {"frequency_exponent": 2.0, "plays_exponent": 0.0, "gravity_exponent": 2.0}
    assert replace(als, **widest, **exponents).dimension == 4096
