"""Text from outside made fit for Discord: cleaned, escaped and cut.

Discord counts a text's length in UTF-16 code units, so an emoji outside the basic plane counts
twice; every limit here is in those units.
"""

import re
import unicodedata

from bot.language import gettext

EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FOOTER = 2048
EMBED_TOTAL = 6000
CHOICE_NAME = 100
CHOICES = 25
BUTTON_LABEL = 80

# Only what a text needs to look as its author meant: joiners shape emoji and several scripts.
_KEPT_FORMAT_CHARACTERS = frozenset("\u200c\u200d")
# Letters and marks that show nothing: fillers and a joiner of marks, Braille's blank.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_INVITE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:discord(?:app)?\.com/invite|discord\.gg|dsc\.gg)/\\*[\w-]+",
    re.IGNORECASE,
)
_MARK = re.compile(r"([\\*_~`|\[\]()<>])")
_BLOCK_MARK = re.compile(r"^(\s*\d*)([#.+-])", re.MULTILINE)
_SCHEME = re.compile(r"(?<=[a-z]):(?=//)", re.IGNORECASE)
_MAX_COMBINING = 4
_LINK_URL = 512


def utf16_length(text: str) -> int:
    """Length of ``text`` as Discord counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """``text`` itself if it fits ``limit`` UTF-16 units, else its beginning and an ellipsis."""
    if utf16_length(text) <= limit:
        return text
    room = limit - 1
    units = text.encode("utf-16-le", "surrogatepass")[: room * 2]
    kept = units.decode("utf-16-le", "ignore").rstrip()
    return f"{kept}…" if limit > 0 else ""


def clean(text: str, *, lines: bool = False) -> str:
    """``text`` without control, bidirectional, zero-width and piled-up combining characters.

    Args:
        text: anything, from a member or a service.
        lines: keep line breaks (normalised to ``\\n``); otherwise all white space is one space.
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    combining = 0
    for character in normal:
        category = unicodedata.category(character)
        combining = combining + 1 if category in {"Mn", "Me"} else 0
        if combining > _MAX_COMBINING or category in {"Cs", "Co", "Cn"} or character in _BLANKS:
            continue
        if category == "Cc":
            kept.append(character if character == "\n" else " ")
        elif category != "Cf" or character in _KEPT_FORMAT_CHARACTERS:
            kept.append("\n" if category in {"Zl", "Zp"} else character)
    cleaned = "".join(kept)
    if not cleaned.strip("\u200c\u200d \n"):
        return ""
    if not lines:
        return " ".join(cleaned.split())
    return "\n".join(" ".join(line.split()) for line in cleaned.split("\n")).strip("\n")


def escape(text: str) -> str:
    """``text`` shown by Discord as written: no markdown, no mention, no invite, no link."""
    without_invites = _INVITE.sub(lambda _: gettext("[invite removed]"), text)
    escaped = _BLOCK_MARK.sub(r"\1\\\2", _MARK.sub(r"\\\1", without_invites))
    # A zero-width space keeps a scheme or an @ from becoming a link or a mention.
    return _SCHEME.sub(":\u200b", escaped).replace("@", "@\u200b")


def link(label: str, url: str) -> str:
    """A markdown link whose label cannot break out; plain text if ``url`` is no sane web link."""
    sane = url.startswith(("https://", "http://")) and utf16_length(url) <= _LINK_URL
    if not sane or not url.isprintable() or re.search(r"[\s<>]", url):
        return escape(label)
    return f"[{escape(label)}]({url.replace('(', '%28').replace(')', '%29')})"
