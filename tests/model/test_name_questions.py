import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from model.name_questions import SLIPS, invented_names, is_variant, other_order, other_ways, slip


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.text(min_size=2, max_size=12), st.sampled_from(SLIPS), st.integers(0, 99))
def test_a_slip_is_one_edit_of_its_kind(name: str, kind: str, seed: int) -> None:
    made = slip(name, kind, rng(seed))
    assert len(made) - len(name) == {"insert": 1, "delete": -1}.get(kind, 0)
    assert OSA.distance(name, made) == (kind != "swap" or len(set(name)) > 1)
    if kind == "swap":
        assert sorted(made) == sorted(name)


@pytest.mark.parametrize("kind", SLIPS)
def test_a_slip_may_fall_on_every_letter(kind: str) -> None:
    draws = rng()
    made = {slip("radiohe", kind, draws) for _ in range(400)}
    places = 8 if kind == "insert" else 6 if kind == "swap" else 7
    changed = {next(at for at in range(8) if f"{one} "[at] != "radiohe "[at]) for one in made}
    assert len(changed) == places


def test_other_ways_differ_from_the_name_and_are_told_by_kind() -> None:
    found: dict[str, list[str]] = {}
    for kind, text in other_ways("Björk & The Ex-Girls"):
        found.setdefault(kind, []).append(text)
    assert found == {
        "case": ["björk & the ex-girls", "BJÖRK & THE EX-GIRLS"],
        "accents": ["Bjork & The Ex-Girls"],
        "punctuation": ["Björk & The ExGirls", "Björk & The Ex Girls"],
        "the": ["The Björk & The Ex-Girls"],
        "and": ["Björk and The Ex-Girls"],
    }
    assert ("the", "Kinks") in list(other_ways("The Kinks"))
    assert ("and", "Iron & Wine") in list(other_ways("Iron and Wine"))


def test_a_mark_that_stands_for_a_letter_stays() -> None:
    assert "punctuation" not in dict(other_ways("P!nk"))
    assert "punctuation" not in dict(other_ways("!!!"))


def test_a_mark_of_another_script_is_no_accent() -> None:
    assert "accents" not in dict(other_ways(unicodedata.normalize("NFC", "がガ")))


def test_another_order_has_the_same_words() -> None:
    made = other_order("Broken Social Scene", rng())
    assert sorted(made.split()) == ["Broken", "Scene", "Social"]
    assert made != "Broken Social Scene"
    assert other_order("Muse", rng()) == "Muse"
    assert other_order("Duran Duran", rng()) == "Duran Duran"


def test_variants_differ_in_spaces_marks_or_letters_written_as_marks() -> None:
    assert is_variant("Nx Zero", "NXZERO")
    assert is_variant("P!nk", "Pink")
    assert is_variant("The Kinks", "Kinks, The")
    assert not is_variant("Bryan Adams", "Ryan Adams")


def test_invented_names_are_different_seeded_and_share_words() -> None:
    made = invented_names(3000, 5)
    assert made == invented_names(3000, 5)
    assert made != invented_names(3000, 6)
    assert len(set(made)) == 3000
    words = [word for name in made for word in name.split()]
    assert 0.3 < len(set(words)) / len(words) < 0.9
    assert {len(name.split()) for name in made} == {1, 2, 3}
