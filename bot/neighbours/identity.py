"""Whom a typed name means among the artists that a search offers; strict, because a wrong artist is
worse than none.

A search engine's own score says how well words match, not whether somebody else was meant, so it is
not trusted. In this order: the same name, the same but for case, accents and the like, another name
of one artist, one name a slip away. Whatever is not one of these is nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.text import clean
from model.name_correction import ACTS_FROM
from model.name_keys import compact, is_no_artist, leet_key, name_key

_SHORTEST_TO_COMPARE = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An artist that a search offers.

    Attributes:
        mbid: the MusicBrainz id.
        name: as MusicBrainz writes it, cleaned.
        other_names: its sort name and aliases, cleaned.
        about: what tells the artist from others of the same name, cleaned.
    """

    mbid: str
    name: str
    other_names: tuple[str, ...] = ()
    about: str = ""


def who_is_meant(typed: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that ``typed`` names, in their order; several when they share the name."""
    artists = [candidate for candidate in candidates if not is_no_artist(candidate.name)]
    if is_no_artist(typed):
        return ()
    spelt, key, keys = clean(typed).casefold(), name_key(typed), _keys(typed)
    same_name: tuple[Callable[[Candidate], bool], ...] = (
        lambda one: one.name.casefold() == spelt,
        lambda one: name_key(one.name) == key,
        lambda one: not keys.isdisjoint(_keys(one.name)),
    )
    for is_meant in same_name:
        if found := tuple(filter(is_meant, artists)):
            return found
    named = tuple(one for one in artists if any(name_key(name) == key for name in one.other_names))
    if named:
        return named if len(named) == 1 else ()
    return _a_slip_away(key, artists)


def _a_slip_away(key: str, artists: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those whose name is near enough to act on, when it is one name."""
    if len(compact(key)) < _SHORTEST_TO_COMPARE:
        return ()
    near = tuple(one for one in artists if fuzz.ratio(key, name_key(one.name)) >= ACTS_FROM)
    spellings = {name_key(one.name) for one in near}
    return near if len(spellings) == 1 and _digits(key) == _digits(spellings.pop()) else ()


def _keys(name: str) -> frozenset[str]:
    key = name_key(name)
    return frozenset({key, compact(key), leet_key(name)}) - {""}


def _digits(key: str) -> list[str]:
    return [character for character in key if character.isdecimal()]
