from dataclasses import replace

import numpy as np
import pytest

from model.configuration import preset
from model.errors import ConfigurationError
from model.search import Search, hyperparameters, trial, with_hyperparameters

DEFAULT = preset("default")


def test_what_is_searched_are_the_continuous_choices_in_use() -> None:
    names = hyperparameters(DEFAULT)
    assert {"regularisation", "gravity"} <= set(names)
    assert all(value > 0 for value in names.values())
    assert not {"dimension", "steps", "seed", "initial_sd", "holdout_share"} & set(names)
    shares = {name for name in names if name.startswith("similarity.")}
    assert {name.partition(".")[2] for name in shares} == {
        name for name, share in DEFAULT.as_dict()["similarity"].items() if share
    }
    plain = replace(DEFAULT, gravity_exponent=0.0)
    assert "gravity_exponent" not in hyperparameters(plain), "0 stays 0 whatever it is times"


def test_hyperparameters_put_back_are_the_configuration() -> None:
    assert with_hyperparameters(DEFAULT, hyperparameters(DEFAULT)) == DEFAULT
    other = with_hyperparameters(DEFAULT, {"gravity": 3.0, "similarity.co_listening": 0.9})
    assert (other.gravity, other.similarity.co_listening) == (3.0, 0.9)
    assert other.similarity.tags == DEFAULT.similarity.tags
    assert replace(other, gravity=DEFAULT.gravity, similarity=DEFAULT.similarity) == DEFAULT


def test_the_first_trial_is_the_default_itself() -> None:
    assert trial(DEFAULT, Search(seed=5), 0) == replace(DEFAULT, seed=5)


def test_a_trial_depends_on_seed_and_number_alone() -> None:
    search = Search(seed=5, trials=3)
    assert trial(DEFAULT, search, 2) == trial(DEFAULT, replace(search, trials=90), 2)
    assert trial(DEFAULT, search, 2) != trial(DEFAULT, search, 1)
    assert trial(DEFAULT, search, 2) != trial(DEFAULT, Search(seed=6), 2)
    assert trial(DEFAULT, search, 2).seed == 5


def test_each_value_is_multiplied_by_its_own_factor_within_the_width() -> None:
    start = hyperparameters(DEFAULT)
    tried = [hyperparameters(trial(DEFAULT, Search(width=1.5), n)) for n in range(1, 60)]
    factors = np.array([[values[name] / start[name] for name in start] for values in tried])
    assert factors.min() == pytest.approx(1 / 1.5, abs=0.1)
    assert factors.max() == pytest.approx(1.5, abs=0.1)
    assert np.abs(np.log(factors)).max() <= np.log(1.5) + 1e-3, "values have four digits"
    assert (np.ptp(factors, axis=1) > 0.1).all()
    assert np.log(factors).mean() == pytest.approx(0, abs=0.05), "as often smaller as larger"


def test_what_the_configuration_refuses_is_drawn_again() -> None:
    steep = replace(DEFAULT, frequency_exponent=1.9)
    for number in range(1, 30):
        assert trial(steep, Search(), number).frequency_exponent <= 2


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"seed": -1}, "--seed: must not be negative"),
        ({"trials": 0}, "--trials: must be at least 1"),
        ({"width": 1.0}, "--width: must be above 1 and at most 100"),
        ({"width": float("nan")}, "--width: must be above 1 and at most 100"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(wrong: dict[str, float], line: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Search(**wrong)  # pyright: ignore[reportArgumentType]
    assert str(refusal.value) == line
