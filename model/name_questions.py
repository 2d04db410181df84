"""What people type instead of a name, made from the names themselves; seeded.

Slips, other ways to write a name, other orders of its words, and catalogues of invented names.
"""

import unicodedata
from collections.abc import Iterator

import numpy as np

from model.name_keys import compact, leet_key, name_key

SLIPS = ("insert", "delete", "replace", "swap")

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TELLING_MARKS = "&@"
_ONSETS = ("", *"bcdfghjklmnprstvwz", "br", "ch", "cr", "dr", "gr", "pl", "sh", "sl", "st", "th")
_NUCLEI = ("a", "e", "i", "o", "u", "y", "ai", "ea", "ee", "oo", "ou")
_CODAS = ("", "", "", "", "b", "ck", "d", "l", "m", "n", "ng", "r", "rd", "s", "st", "t", "x")


def slip(name: str, kind: str, rng: np.random.Generator) -> str:
    """A name with one random typo, which may fall on any of its characters.

    Only a name of equal characters has none to swap and stays as it is.

    Args:
        name: as it should be typed, not empty.
        kind: of ``SLIPS``: a letter too many, one missing, one wrong, or two swapped.
        rng: draws the place and the letter.
    """
    if kind == "swap":
        differing = [at for at in range(len(name) - 1) if name[at] != name[at + 1]]
        if not differing:
            return name
        at = differing[rng.integers(len(differing))]
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    at = int(rng.integers(len(name) + (kind == "insert")))
    if kind == "delete":
        return name[:at] + name[at + 1 :]
    letters = _LETTERS.replace(name[at].lower(), "") if kind == "replace" else _LETTERS
    letter = letters[rng.integers(len(letters))]
    return name[:at] + letter + name[at + (kind == "replace") :]


def other_ways(name: str) -> Iterator[tuple[str, str]]:
    """Kind and text of the other ways to write a name: case, accents, marks, "the", "and"."""
    ways = [("case", name.lower()), ("case", name.upper()), ("accents", _without_accents(name))]
    if leet_key(name) == name_key(name):  # elsewhere a mark stands for a letter
        ways += [("punctuation", _with_marks_as(mark, name)) for mark in ("", " ")]
    ways.append(("the", name[4:] if name[:4].lower() == "the " else f"The {name}"))
    ways += [("and", name.replace(" & ", " and ")), ("and", name.replace(" and ", " & "))]
    for kind, text in ways:
        if text != name and any(map(str.isalnum, text)):
            yield kind, text


def _without_accents(name: str) -> str:
    kept = ""
    for character in unicodedata.normalize("NFD", name):
        # In other scripts such a mark makes another letter.
        if unicodedata.category(character) != "Mn" or not kept[-1:].isascii():
            kept += character
    return unicodedata.normalize("NFC", kept)


def _with_marks_as(replacement: str, name: str) -> str:
    return "".join(
        replacement if unicodedata.category(c)[0] == "P" and c not in _TELLING_MARKS else c
        for c in name
    )


def other_order(name: str, rng: np.random.Generator) -> str:
    """The words of a name in another order; the name itself where it has but one."""
    words = name.split()
    if len(set(words)) < 2:
        return name
    shuffled = name
    while shuffled == name:
        order: list[int] = rng.permutation(len(words)).tolist()
        shuffled = " ".join([words[place] for place in order])
    return shuffled


def is_variant(one: str, other: str) -> bool:
    """Whether two names are spellings of one: Nx Zero and Nxzero, P!nk and Pink."""
    return not _spellings(one).isdisjoint(_spellings(other))


def _spellings(name: str) -> set[str]:
    return {compact(name_key(name)), compact(leet_key(name))}


def invented_names(count: int, seed: int) -> list[str]:
    """So many different pronounceable names of one to three words; some words are common.

    Args:
        count: how many, at most a million.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    words = _invented_words(min(count + 10, 20_000 + count // 10), rng)
    names: dict[str, None] = {}
    while len(names) < count:
        sizes: list[int] = rng.choice((1, 2, 2, 2, 3), count - len(names)).tolist()
        # Squared, so that the first words are in many names and the last in few.
        drawn: list[int] = (rng.random(sum(sizes)) ** 2 * len(words)).astype(np.int64).tolist()
        for size in sizes:
            names[" ".join([words[drawn.pop()] for _ in range(size)]).title()] = None
    return list(names)


def _invented_words(count: int, rng: np.random.Generator) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        word = ""
        for _ in range(rng.integers(1, 4)):
            for parts in (_ONSETS, _NUCLEI, _CODAS):
                word += parts[rng.integers(len(parts))]
        words[word] = None
    return list(words)
