"""Is this the song that was asked for? The title and the artist must each pass.

Small typing errors pass: one edit per five characters, at most three, and never one in a number.
Featured artists and remaster notes say nothing, "live" is the same words sung again, while a remix,
a cover, a karaoke version or a translation is another song.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import OSA

from bot.lyrics.records import Candidate, LyricsQuery
from bot.lyrics.titles import LIMIT, key, read_title

_MAX_EDITS = 3
_CHARACTERS_PER_EDIT = 5
_SAME_ARTIST_IN_COMPANY = 94.0
_OTHER_RENDITION = 5.0
_OTHER_ASIDES = 6.0

_COMPANY = re.compile(
    r"[,;&+()\[\]]|\s/\s|(?:^|(?<=[\s(\[]))(?:feat|ft|featuring|with|and|vs|x)(?:\.|(?=\s|$))",
    re.IGNORECASE,
)
_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix"})
_LETTERS_OF_SIGNS = str.maketrans({"$": "s", "!": "i", "@": "a"})


@dataclass(frozen=True, slots=True)
class Match:
    """How well a candidate answers a query: 0 to 100 each, 0 meaning "another one"."""

    title: float
    artist: float

    @property
    def accepted(self) -> bool:
        """Title and artist both passed."""
        return self.title > 0 and self.artist > 0

    @property
    def score(self) -> float:
        """For ranking accepted candidates; the title weighs as much as the artist."""
        return (self.title + self.artist) / 2


def match(query: LyricsQuery, candidate: Candidate) -> Match:
    """Judge one candidate. Never raises, whatever the texts."""
    return Match(
        title=_title_score(query.title, candidate.title),
        artist=_artist_score(query.artist, candidate.artist),
    )


def accepted(query: LyricsQuery, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that are the song asked for, best first; equals keep the provider's order."""
    judged = [(match(query, candidate), candidate) for candidate in candidates]
    passed = [(verdict.score, candidate) for verdict, candidate in judged if verdict.accepted]
    passed.sort(key=lambda scored: scored[0], reverse=True)
    return [candidate for _, candidate in passed]


def first_artist(artist: str) -> str:
    """The first of several credited artists, as typed."""
    return next((part.strip() for part in _COMPANY.split(artist) if part.strip()), artist)


def _title_score(asked: str, offered: str) -> float:
    ours, theirs = read_title(asked), read_title(offered)
    if ours.changes != theirs.changes:
        return 0.0
    score = _similarity(ours.whole, theirs.whole)
    if not score and ours.bare and ours.bare == theirs.bare:
        score = 100.0 - _OTHER_ASIDES
    if score and ours.renditions != theirs.renditions:
        score -= _OTHER_RENDITION
    return max(score, 0.0)


def _artist_score(asked: str, offered: str) -> float:
    spellings = product(_artist_keys(asked), _artist_keys(offered))
    whole = max(_similarity(one, other) for one, other in spellings)
    if whole:
        return whole
    ours, theirs = _company(asked), _company(offered)
    if not ours or not theirs:
        return 0.0
    # Whoever is named on the shorter side must be named on the longer one too, so one shared
    # partner is not enough.
    few, many = sorted((ours, theirs), key=len)
    together = all(any(_similarity(one, other) for other in many) for one in few)
    return _SAME_ARTIST_IN_COMPANY if together else 0.0


def _artist_keys(artist: str) -> set[str]:
    letters = artist.translate(_LETTERS_OF_SIGNS)
    return {_without_the(key(artist)), _without_the(key(letters))}


def _company(artist: str) -> list[str]:
    parts = _COMPANY.split(unicodedata.normalize("NFKC", artist[:LIMIT]))
    return [_without_the(key(part)) for part in parts if part.strip()]


def _without_the(words: str) -> str:
    return words.removeprefix("the ")


def _similarity(one: str, other: str) -> float:
    """100 for the same key, less for a typing error, 0 for another one."""
    if _numbers(one) != _numbers(other):
        return 0.0
    one, other = one.replace(" ", ""), other.replace(" ", "")
    if one == other:
        return 100.0
    edits_allowed = min(_MAX_EDITS, min(len(one), len(other)) // _CHARACTERS_PER_EDIT)
    edits = OSA.distance(one, other, score_cutoff=edits_allowed)
    if edits > edits_allowed:
        return 0.0
    return 100.0 * (1 - edits / max(len(one), len(other)))


def _numbers(words: str) -> list[str]:
    return re.findall(r"\d+", words) + [word for word in words.split() if word in _ROMAN]
