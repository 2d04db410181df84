"""The anatomy of a song title: the title proper, and what stands in brackets or behind a dash."""

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

LIMIT = 300
_ASIDE = re.compile(r"[(\[{【]([^()\[\]{}【】]*)[)\]}】]")
_DASH = re.compile(r"\s[-–—|]\s")
_FEATURING = re.compile(r"(?:^|\s)(?:feat|ft|featuring)\b\.?\s.*$", re.IGNORECASE)

# Of the words of an aside: these say that it is another song, these that the same one is sung
# another time, and these nothing about the words at all.
_CHANGES = {
    "remix": re.compile("remix|rmx|mix|bootleg|mashup"),
    "karaoke": re.compile("karaoke"),
    "instrumental": re.compile("instrumental"),
    "parody": re.compile("parody"),
    "cover": re.compile("cover|tribute|style|famous|originally"),
    "translation": re.compile(
        "translat(?:ion|ed)|romani[sz](?:ed|ation)|ceviri(?:si)?|tradu(?:ccion|cao|ction|zione)"
        "|ubersetzung|perevod"
    ),
}
_RENDITION = re.compile("live|acoustic|demo|unplugged|sessions?")
_DECORATION = re.compile(
    "remaster(?:ed|izado)?|reissue|digital(?:ly)?|mono|stereo|official|music|video|audio|lyrics?"
    "|visuali[sz]er|hd|hq|4k|explicit|clean|album|single|radio|edit|version|original|extended|mix"
    "|bonus|track|deluxe|edition|anniversary"
)
_FILLER = re.compile(r"the|a|in|of|from|at|\d{2,4}(?:s|th|st|nd|rd)?")


@dataclass(frozen=True, slots=True)
class TitleParts:
    """A title taken apart for comparison.

    Attributes:
        whole: key of the title with the asides that belong to it.
        bare: key of the title without any aside.
        changes: what makes it another song: remix, karaoke, instrumental, parody, cover,
            translation.
        renditions: words such as "live" for the same song sung another time.
    """

    whole: str
    bare: str
    changes: frozenset[str]
    renditions: frozenset[str]


def key(text: str) -> str:
    """Words in plain lower-case letters and digits, apart by single spaces.

    NFKC, transliterated, case-folded, without punctuation; a name of nothing but signs stays.
    """
    folded = anyascii(unicodedata.normalize("NFKC", text[:LIMIT])).casefold()
    without_apostrophes = re.sub(r"['`´]", "", folded)
    joined = re.sub(r"[&+]", " and ", without_apostrophes)
    words = re.sub(r"[^a-z0-9]+", " ", joined).split()
    return " ".join(words) or " ".join(text[:LIMIT].casefold().split())


def read_title(title: str) -> TitleParts:
    """Take a title apart. Never raises, whatever the text."""
    core, asides = _take_apart(title)
    changes: set[str] = set()
    renditions: set[str] = set()
    kept: list[str] = []
    for aside in asides:
        if _says_nothing(aside):
            continue
        words = key(aside).split()
        other = {kind for kind, sign in _CHANGES.items() if any(map(sign.fullmatch, words))}
        again = {word for word in words if _RENDITION.fullmatch(word)}
        if other:
            changes |= other
        elif again:
            renditions |= again
        else:
            kept.append(aside)
    return TitleParts(
        whole=key(" ".join([core, *kept])),
        bare=key(core),
        changes=frozenset(changes),
        renditions=frozenset(renditions),
    )


def plain_title(title: str) -> str:
    """``title`` without featured artists and remaster notes, for a provider's second try."""
    core, asides = _take_apart(title)
    return " ".join([core, *(aside for aside in asides if not _says_nothing(aside))]) or title


def _take_apart(title: str) -> tuple[str, list[str]]:
    text = unicodedata.normalize("NFKC", title[:LIMIT])
    asides = _ASIDE.findall(text)
    outside = " ".join(_ASIDE.sub(" ", text).split())
    core, *behind = _DASH.split(outside)
    core = _FEATURING.sub("", core).strip() or core.strip()
    if not core:
        return " ".join(text.split()), []
    return core, [part.strip() for part in (*asides, *behind) if part.strip()]


def _says_nothing(aside: str) -> bool:
    words = key(aside).split()
    if words and words[0] in {"feat", "ft", "featuring", "with"}:
        return True
    telling = [word for word in words if not _FILLER.fullmatch(word)]
    return bool(telling) and all(map(_DECORATION.fullmatch, telling))
