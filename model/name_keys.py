"""Spellings under which an artist's name is looked up, and which names belong to no artist.

Every function takes any ``str`` (control characters, lone surrogates, thousands of characters)
and never raises. Only the first ``LONGEST_NAME`` characters count.
"""

import re
import unicodedata
from collections.abc import Sequence

from anyascii import anyascii

LONGEST_NAME = 200
"""Characters of a name that count, before and after transliteration."""

_NO_GAP = "'.`\""
_ASCII_TABLE: dict[int, str | None] = {
    code: None if chr(code) in _NO_GAP else " " for code in range(128) if not chr(code).isalnum()
}
_LINES_TABLE = _ASCII_TABLE | {ord("\n"): "\n"}
# Shorter than the longest name even when every character of it becomes "and".
_PLAIN_LENGTH = LONGEST_NAME // len(" and ")
_LINKING_WORDS = frozenset({"the", "and", "n"})

_LETTER = r"[^\W\d_]"
_LEET = (
    (re.compile(rf"(?<={_LETTER}|[$])[$]|[$](?={_LETTER}|[$])"), "s"),
    (re.compile(rf"(?<={_LETTER})!(?={_LETTER})"), "i"),
    (re.compile(rf"(?<={_LETTER})@(?={_LETTER})"), "a"),
)

_MARK = r"[\"#%'()*,\-./:;<=>?\[\\\]^_`{|}~’]"
_MARKS = re.compile(_MARK)
_MARK_IN_WORD = re.compile(rf"[^\W_]{_MARK}+[^\W_]")

_FEATURING = re.compile(
    # A number of two or three digits before "ft" is a length: MC 900 Ft. Jesus.
    r"[\s(\[](?:feat|featuring|ft(?<!\s\d\d\sft)(?<!\s\d\d\d\sft))\b\.?\s*[\w$\"]",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(
    r"https?:/|\bwww\.\w|\w{3}\.(?:com|net|org|info|biz|ru|de|co\.uk)(?:$|[\s/)\]])", re.IGNORECASE
)
_NUMBERED_PLACEHOLDER = re.compile(r"(?:new artist|artist|track|unknown artist) \d+")
_BRACKETED_PLACEHOLDER = re.compile(
    r"\[(?:anonymous|data|dialogue|no artist|soundtrack|theatre|traditional|unknown)\]",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """What was typed, fit to be shown: cut, on one line, without control characters or surrogates.

    Escaping for the place where it is shown is the caller's.
    """
    text = text[:LONGEST_NAME]
    if not text.isprintable():
        text = "".join(
            character
            for character in text
            if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs"}
        )
    return " ".join(text.split())


def full_key(name: str) -> str:
    """``name_key`` with a leading "the" still in place: for completing "the be"."""
    text = cleaned = unicodedata.normalize("NFKC", clean(name))
    if "&" in text or "+" in text:
        text = text.replace("&", " and ").replace("+", " and ")
    if not text.isascii():
        # Pictures would be spelled out by their names, and a guitar emoji is not the band Guitar.
        text = anyascii("".join(c for c in text if unicodedata.category(c) != "So"))
    key = " ".join(text.casefold().translate(_ASCII_TABLE).split())[:LONGEST_NAME].strip()
    return key or clean(cleaned.casefold())


def name_key(name: str) -> str:
    """The spelling by which two names count as the same artist's.

    NFKC, transliterated to ASCII, casefolded, ``&`` and ``+`` as "and", without punctuation,
    symbols or a leading "the" (or a trailing ", the"). A name of which nothing would be left
    (``!!!``) keeps its casefolded self; only a blank name has an empty key.
    """
    stripped = name[:LONGEST_NAME].rstrip()
    if stripped[-5:].casefold() == ", the":
        name = stripped[:-5]
    return without_article(full_key(name)) or full_key(stripped)


def name_keys(names: Sequence[str]) -> list[str]:
    """``name_key`` of every name, ten times as fast as one after the other."""
    plain = [
        name if len(name) <= _PLAIN_LENGTH and name.isascii() and name.isprintable() else ""
        for name in names
    ]
    text = "\n".join(plain).lower().replace("&", " and ").replace("+", " and ")
    lines = text.translate(_LINES_TABLE).split("\n")
    keys: list[str] = []
    # Without names there is still one empty line, which belongs to nobody.
    for name, line in zip(names, lines, strict=False):
        key = without_article(" ".join(line.split()))
        # ", the" has become two spaces; it, and what left nothing, deserve a closer look.
        keys.append(key if key and "  the" not in line else name_key(name))
    return keys


def leet_key(name: str) -> str:
    """``name_key`` with ``$``, ``!`` and ``@`` inside words read as s, i and a (P!nk, Ke$ha).

    An additional spelling only: in 3OH!3 and "Godspeed You!" the mark is no letter.
    """
    name = name[:LONGEST_NAME]
    for mark, letter in _LEET:
        name = mark.sub(letter, name)
    return name_key(name)


def has_leet_marks(name: str) -> bool:
    """Whether ``leet_key`` may differ from ``name_key``; much cheaper than asking both."""
    return "$" in name or "!" in name or "@" in name


def marks_in_words(name: str) -> bool:
    """Whether a word has a mark inside, so that ``keys_without_marks`` may have more keys."""
    return _MARK_IN_WORD.search(name) is not None


def keys_without_marks(name: str) -> tuple[str, str]:
    """``name_key`` with no mark parting words, and with every mark parting them.

    People leave marks out in either way: Jay-Z is typed as one word or two, and so is D'Angelo.
    """
    name = name[:LONGEST_NAME]
    return name_key(_MARKS.sub("", name)), name_key(_MARKS.sub(" ", name))


def without_article(key: str) -> str:
    """A key without its leading "the"; "the" alone stays."""
    return key.removeprefix("the ")


def compact(key: str) -> str:
    """A key without its spaces: acdc, blink182."""
    return key.replace(" ", "")


def sorted_words(key: str) -> str:
    """The words of a key in alphabetical order, without "the" and linking words.

    Linking words stay where fewer than two other words would be left, so that "And One" does not
    answer to "One".
    """
    if " " not in key:
        return key
    words = sorted(key.split())
    telling = [word for word in words if word not in _LINKING_WORDS]
    if len(telling) < 2:
        telling = [word for word in words if word != "the"]
    return " ".join(telling or words)


_PLACEHOLDERS = frozenset(
    name_key(name)
    for name in (
        *("Unknown", "Unknown Artist", "Unknown Artists", "No Artist", "New Artist", "N/A"),
        *("Various", "Various Artists", "V.A.", "Varios Artistas", "Vários Artistas"),
        *("Verschiedene Interpreten", "Artistes divers", "Artisti vari", "Soundtrack", "OST"),
        *("Artista desconocido", "Artista desconhecido", "Artista sconosciuto", "Artiste inconnu"),
        *("Unbekannter Künstler", "Неизвестный исполнитель", "未知艺术家", "不明なアーティスト"),
    )
)


def is_no_artist(name: str) -> bool:
    """Whether a name is a placeholder, a web address or one artist "featuring" another."""
    return _is_no_artist(clean(name), name_key(name))


def are_no_artists(names: Sequence[str], keys: Sequence[str]) -> list[bool]:
    """``is_no_artist`` of every name, given the names' keys; several times as fast."""
    return [
        _may_be_no_artist(name, key) and _is_no_artist(clean(name), key)
        for name, key in zip(names, keys, strict=True)
    ]


def _is_no_artist(text: str, key: str) -> bool:
    return (
        not key
        or key in _PLACEHOLDERS
        or _NUMBERED_PLACEHOLDER.fullmatch(key) is not None
        or _BRACKETED_PLACEHOLDER.fullmatch(text) is not None
        or _FEATURING.search(text) is not None
        or _WEB_ADDRESS.search(text) is not None
    )


def _may_be_no_artist(name: str, key: str) -> bool:
    """False only where ``is_no_artist`` is; much cheaper. A key has the letters of its name."""
    return (
        "." in name
        or "ft" in key
        or "feat" in key
        or "http" in key
        or "[" in name
        or key in _PLACEHOLDERS
        or key[-1:].isdecimal()
        # All of a shorter key is there; an empty one belongs to nobody.
        or not 0 < len(key) < LONGEST_NAME - 1
    )
