import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from model.name_correction import Correction


def correction(
    typed: str, spelling: str, *, prominent: bool = False, known_words: bool = False
) -> Correction:
    return Correction(
        typed=typed,
        spelling=spelling,
        edits=OSA.distance(typed, spelling),
        ratio=fuzz.ratio(typed, spelling),
        prominent=prominent,
        known_words=known_words,
    )


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("metalica", "metallica"),
        ("radioheda", "radiohead"),
        ("evanescense", "evanescence"),
        ("ohnny cash", "johnny cash"),
        ("kraftwrek", "kraftwerk"),
        ("tarin", "train"),
        ("rtain", "train"),
        ("godspeed you black emporer", "godspeed you black emperor"),
    ],
)
def test_a_plain_slip_is_sure(typed: str, spelling: str) -> None:
    assert correction(typed, spelling).is_sure


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("gorilla", "gorillaz"),
        ("axwell", "maxwell"),
        ("alestorm", "halestorm"),
        ("republica", "republika"),
        ("evermore", "nevermore"),
        ("pendulums", "pendulum"),
        ("architect", "architects"),
        ("blink 181", "blink 182"),
        ("robin williams", "robbie williams"),
        ("billie eilish", "billy childish"),
    ],
)
def test_what_may_be_another_name_is_a_question(typed: str, spelling: str) -> None:
    assert not correction(typed, spelling).is_sure


def test_a_slip_that_makes_a_word_of_another_name_is_a_question() -> None:
    assert not correction("billy brigg", "billy briggs", known_words=True).is_sure
    assert not correction("billy bragg", "billy brigg", known_words=True).is_sure
    assert correction("billy bragg", "billy brigg").is_sure
    long = ("godspeed you black emporer", "godspeed you black emperor")
    assert not correction(*long, known_words=True).is_sure


def test_for_one_of_the_best_known_less_is_enough() -> None:
    assert correction("jonny cash", "johnny cash", prominent=True, known_words=True).is_sure
    assert not correction("jonny cash", "johnny cash", known_words=True).is_sure
    assert correction("eminen", "eminem", prominent=True).is_sure
    assert not correction("eminen", "eminem").is_sure


@pytest.mark.parametrize(
    ("typed", "spelling", "known"),
    [
        ("lorde", "lordi", False),
        ("rihanna", "shianna", False),
        ("dangers", "danger", False),
        ("minem", "eminem", False),
        ("ihanna", "rihanna", False),
        ("clouds", "clouda", True),
        ("blink 181", "blink 182", False),
    ],
)
def test_even_then_not_everything_is(typed: str, spelling: str, known: bool) -> None:
    assert not correction(typed, spelling, prominent=True, known_words=known).is_sure
