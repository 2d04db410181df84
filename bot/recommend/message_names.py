"""Which artists a message speaks of: known names among its words; pure.

Only exact names count, because nobody asked: a guess would put words into somebody's mouth. Many
artists are called like things that people say all the time (Yes, Air, Can, The Who), so a name of
common words must be written like a name, or be all that is found.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.recommend.common_words import COMMON_WORDS, GRAMMAR
from model.artist_map import PLACED_FROM
from model.name_keys import full_key, without_article
from model.recommender import Recommender

MOST_FOUND = 5
LONGEST_MESSAGE = 4000
"""Characters that are read; Discord allows no more."""

_LONGEST_NAME = 5
# Links, mentions and emoji are no words of the message.
_NO_WORDS = re.compile(r"https?://\S+|<[@#/a:][^<>\n]{1,100}>")
_PIECE = re.compile(r"[^\s,;:/|()\[\]{}<>\"“”„«»…–—]+")
_SENTENCE_END = re.compile(r"[.!?…:\n]")
_LIST_MARK = re.compile(r"\s*(?:[,/&+;|\n]|$|(?:and|or|und|et|y)\b)")
_OPENING, _CLOSING = frozenset("\"“„«‘'*_`"), frozenset("\"”“»’'*_`")
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
# What may stand before a comma at the beginning of a sentence.
_INTERJECTIONS = frozenset(
    (
        *("actually", "also", "finally", "first", "hello", "hey", "hi", "honestly", "lol", "nah"),
        *("no", "now", "oh", "ok", "okay", "please", "so", "sorry", "sure", "thanks", "well"),
        *("wow", "yeah", "yep", "yes", "yo"),
    )
)

_ALWAYS_CAPITAL = frozenset({"i", "im", "ive", "id", "ill"})


class _Certainty(IntEnum):
    """How surely a name is meant; only the surest that are found count."""

    WORD = 1
    PHRASE = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between spaces and separators.

    Attributes:
        text: as it is written.
        start: its place in the message.
        end: where it ends there.
        line: how many line breaks come before it.
        opens: whether it begins a sentence.
        key: its ``full_key``, several words where it holds a hyphen; empty without any letter.
        stem: the key without a possessive ending; empty where there is none.
    """

    text: str
    start: int
    end: int
    line: int
    opens: bool
    key: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Found:
    row: int
    first: int
    after: int
    certainty: _Certainty


def names_in_message(text: str, recommender: Recommender) -> list[int]:
    """The rows of at most ``MOST_FOUND`` artists that a message names, the best known first.

    Names of up to five words are found, longer ones before shorter ones within them. Never raises.

    Args:
        text: a message as its author wrote it; the first ``LONGEST_MESSAGE`` characters count.
        recommender: whose artists.
    """
    text = _NO_WORDS.sub("\n", text[:LONGEST_MESSAGE])
    pieces = list(_pieces(text))
    found = list(_found(text, pieces, recommender))
    surest = max((one.certainty for one in found), default=None)
    taken: set[int] = set()
    rows: list[int] = []
    for one in sorted(found, key=lambda one: (one.first - one.after, one.first)):
        places = range(one.first, one.after)
        if one.certainty is surest and taken.isdisjoint(places):
            taken.update(places)
            rows.append(one.row)
    listeners = recommender.catalogue.listeners
    return sorted(dict.fromkeys(rows), key=lambda row: (-int(listeners[row]), row))[:MOST_FOUND]


def _pieces(text: str) -> Iterator[_Piece]:
    end = line = 0
    before = "\n"
    for match in _PIECE.finditer(text):
        between = before + text[end : match.start()]
        line += text.count("\n", end, match.start())
        written = match[0]
        letters = any(map(str.isalnum, written)) or written in {"&", "+"}
        stem = _POSSESSIVE.sub("", written)
        yield _Piece(
            text=written,
            start=match.start(),
            end=match.end(),
            line=line,
            opens=_SENTENCE_END.search(between) is not None,
            key=full_key(written) if letters else "",
            stem=full_key(stem) if stem not in {"", written} else "",
        )
        end, before = match.end(), written[-1]


def _found(text: str, pieces: Sequence[_Piece], recommender: Recommender) -> Iterator[_Found]:
    """Every run of pieces that is a name, with its certainty."""
    names, catalogue = recommender.names, recommender.catalogue
    shouted = text == text.upper()
    called: dict[int, str] = {}
    for first, after, key in _runs(pieces):
        row = names.of_key(without_article(key))
        if row is None or not names.is_artist(row):
            continue
        run = pieces[first:after]
        if row not in called:
            called[row] = full_key(catalogue.names[row])
        certainty = _certainty(
            key.split(),
            known=bool(catalogue.listeners[row] >= PLACED_FROM),
            written=not shouted and _is_written_like_a_name(text, run),
            quoted=_is_quoted(text, run),
            same=called[row] == key,
        )
        if certainty is not None:
            yield _Found(row, first, after, certainty)


def _runs(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int, str]]:
    """Every run of up to five pieces of a line, (first, after the last, its key), and the same
    without what makes "Radiohead's" of Radiohead."""
    for first, piece in enumerate(pieces):
        if not piece.key:
            yield first, first + 1, full_key(piece.text)
            continue
        begun = ""
        for after in range(first + 1, min(first + _LONGEST_NAME, len(pieces)) + 1):
            last = pieces[after - 1]
            if last.line != piece.line:
                break
            if not last.key:
                continue
            yield first, after, begun + last.key
            if last.stem:
                yield first, after, begun + last.stem
            begun += f"{last.key} "


def _certainty(
    words: Sequence[str], *, known: bool, written: bool, quoted: bool, same: bool
) -> _Certainty | None:
    """How surely an artist is meant.

    Args:
        words: the words of the key.
        known: whether several listeners play the artist.
        written: whether the words are written like a name.
        quoted: whether they stand in quotation marks or are emphasised.
        same: whether the artist is called so to the letter, article included.
    """
    telling = words[1:] if words[0] == "the" and len(words) > 1 else words
    if quoted and same:
        return _Certainty.NAME
    if not COMMON_WORDS.issuperset(telling):
        sure = known or written or len(telling) > 1
        return _Certainty.NAME if sure else _Certainty.WORD
    if not same or not (known or len(telling) > 1):
        return None
    if written or len(telling) > 2 or (len(telling) == 2 and GRAMMAR.isdisjoint(telling)):
        return _Certainty.NAME
    return _Certainty.PHRASE if len(words) > 1 else _Certainty.WORD


def _is_quoted(text: str, run: Sequence[_Piece]) -> bool:
    first, last = run[0], run[-1]
    opened = {text[max(first.start - 1, 0)], first.text[0]} & _OPENING
    closed = {text[min(last.end, len(text) - 1)], last.text.rstrip(".!?")[-1:]} & _CLOSING
    return bool(opened and closed)


def _is_written_like_a_name(text: str, run: Sequence[_Piece]) -> bool:
    """Whether capitals say so, other than those that begin a sentence."""
    telling = [piece for piece in run if piece.key not in GRAMMAR] or list(run)
    if not all(_is_capitalised(piece) for piece in telling):
        return False
    if not run[0].opens or any(piece is not run[0] for piece in telling):
        return True
    # Alone at the beginning of a sentence, like everything there; but not at that of a list.
    listed = _LIST_MARK.match(text, run[0].end) is not None
    return listed and run[0].key not in _INTERJECTIONS


def _is_capitalised(piece: _Piece) -> bool:
    if piece.key.split(" ")[0] in _ALWAYS_CAPITAL:
        return False
    letters = [letter for letter in piece.text if letter.isalpha()]
    return bool(letters) and letters[0] == letters[0].upper()
