"""From the words that a provider sent to plain text: no stamps, junk or control characters."""

import re

from bot.text import clean, cut

MAX_WORDS = 20_000
_MAX_REPEATS = 20  # stamps read on one line, so that a short text cannot become a huge one
_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_WORD_STAMP = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")
_LRC_TAG = re.compile(
    r"\[(?:ar|al|ti|au|by|re|ve|la|length|offset|tool|#)\s*:[^\]]*\]", re.IGNORECASE
)
_GAP = re.compile(r"\n{3,}")


def tidy_words(text: str) -> str:
    """``text`` cleaned line by line, at most one empty line in a row, at most MAX_WORDS long."""
    # Cleaning goes character by character, so a huge text is cut before and after.
    cleaned = clean(text[: MAX_WORDS * 2], lines=True)
    return cut(_GAP.sub("\n\n", cleaned).strip(), MAX_WORDS)


def without_stamps(synced: str) -> str:
    """The plain words of an LRC text, its lines in the order in which they are sung.

    A line may carry several stamps (it is then repeated) and lines may be out of order.
    """
    sung: list[tuple[int, str]] = []
    untimed: list[str] = []
    for line in synced[: MAX_WORDS * 4].splitlines():
        rest, times = _read_stamps(line.strip())
        if times:
            words = _WORD_STAMP.sub("", rest).strip()
            sung.extend((time, words) for time in times)
        elif not _LRC_TAG.fullmatch(rest):
            untimed.append(rest)
    if not sung:
        return "\n".join(untimed)
    sung.sort(key=lambda timed: timed[0])
    return "\n".join(words for _, words in sung)


def _read_stamps(line: str) -> tuple[str, list[int]]:
    times: list[int] = []
    while len(times) < _MAX_REPEATS and (stamp := _STAMP.match(line)):
        minutes, seconds, fraction = stamp.groups()
        milliseconds = int((fraction or "0").ljust(3, "0"))
        times.append((int(minutes) * 60 + int(seconds)) * 1000 + milliseconds)
        line = line[stamp.end() :].lstrip()
    return line, times


def without_genius_junk(text: str, title: str) -> str:
    """``text`` without what surrounds and interrupts the words on a Genius page.

    The shapes seen: ``27 ContributorsTranslationsDeutschHurt Lyrics`` before the first words,
    ``You might also like`` and ``See X LiveGet tickets as low as $17`` glued into them, ``3Embed``
    glued to the last one.
    """
    text = text[: MAX_WORDS * 2]
    for closer in (re.escape(title) + " Lyrics", "Lyrics"):
        header = rf"\A\s*\d+\s*Contributors?[^\n]*?{closer}(?:[^\n]*?Read More)?\s*"
        text, found = re.subn(header, "", text, count=1)
        if found:
            break
    text = re.sub(r"(?<![ \t])(?:\d{1,6}(?:\.\d{1,3})?K?)?Embed\s*\Z", "", text)
    text = re.sub(r"See [^\n]{1,100} LiveGet tickets as low as \$\d+", "", text)
    # Sung words would go on after a space or a comma; the junk is glued to what follows.
    return re.sub(r"(?<![ \t])You might also like(?![ \t,.;!?'’])", "", text)
