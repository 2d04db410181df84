"""The part of Discord's markdown that answers use, as HTML.

Discord shows text as its author wrote it unless a mark is in front of it; a backslash takes a
mark's meaning away. Like Discord, a line that begins with ``-# `` is small, ``# `` to ``### `` a
heading, ``- `` an item, ``> `` a quotation.
"""

import html
import re
from datetime import UTC, datetime

_ESCAPED = re.compile(r"\\([\\*_~`|\[\]()<>#.+\-@:])")
_PRIVATE_USE = 0xE000  # where an escaped sign waits until all marks are found
_TIME = re.compile(r"&lt;t:(\d+)(?::([tTdDfFR]))?&gt;")
_INLINE = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"__(.+?)__"), r"<u>\1</u>"),
    (re.compile(r"\*(.+?)\*"), r"<i>\1</i>"),
    (re.compile(r"~~(.+?)~~"), r"<s>\1</s>"),
    (re.compile(r"\|\|(.+?)\|\|"), r'<span class="spoiler">\1</span>'),
)
_LINES = (
    (re.compile(r"^-# (.*)"), "small"),
    (re.compile(r"^### (.*)"), "h3"),
    (re.compile(r"^## (.*)"), "h2"),
    (re.compile(r"^# (.*)"), "h1"),
    (re.compile(r"^\s*[-*] (.*)"), "li"),
    (re.compile(r"^&gt; (.*)"), "blockquote"),
)


def to_html(text: str) -> str:
    """``text`` as HTML in which nothing of it is markup but what Discord would make markup."""
    before, mark, rest = text.partition("```")
    inside, closing, after = rest.partition("```")
    if not (mark and closing):
        return _shown(text)
    block = f"<pre>{html.escape(inside.strip(chr(10)), quote=False)}</pre>"
    return (_shown(before.rstrip()) if before.strip() else "") + block + to_html(after.lstrip())


def _shown(text: str) -> str:
    if not text:
        return ""
    hidden = _ESCAPED.sub(lambda found: chr(_PRIVATE_USE + ord(found[1])), text)
    shown = "".join(map(_line, html.escape(hidden, quote=False).split("\n")))
    return "".join(
        html.escape(chr(ord(sign) - _PRIVATE_USE))
        if _PRIVATE_USE <= ord(sign) < _PRIVATE_USE + 128
        else sign
        for sign in shown
    )


def _line(line: str) -> str:
    for mark, tag in _LINES:
        if found := mark.match(line):
            return f"<{tag}>{_inline(found[1])}</{tag}>"
    return f"<div>{_inline(line) or '&nbsp;'}</div>"


def _inline(text: str) -> str:
    for mark, shown in _INLINE:
        text = mark.sub(shown, text)
    return _TIME.sub(lambda found: f"<time>{_moment(int(found[1]))}</time>", text)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y %H:%M UTC")
