"""From a lyrics answer to embeds, or to plain text for the terminal. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import quote_plus

import discord

from bot.language import gettext, listed, ngettext
from bot.lyrics.records import Lyrics, LyricsFound, LyricsMissing, LyricsQuery
from bot.text import EMBED_FOOTER, EMBED_TITLE, clean, cut, escape, link, utf16_length

PAGE_LENGTH = 1_800
_PIECE = 500  # an escaped character is at most twice as long, so a piece always fits a page
_LINK_LENGTH = 600
_SEARCH_LENGTH = 400
_COLOUR = discord.Colour(0x5B6EE1)
_SECTION = re.compile(r"\[[^\[\]\n]{1,80}\]")


def suggestions_note(*, demo: bool) -> str:
    """What ends every answer while the artists offered come from the demo; else nothing.

    The words come from outside, so the demo has no part in them.
    """
    return gettext("Artist suggestions: DEMO CATALOGUE") if demo else ""


def lyrics_pages(lyrics: Lyrics, note: str = "") -> list[discord.Embed]:
    """One embed a page, cut between stanzas where that is possible; at least one.

    A page's text is at most PAGE_LENGTH UTF-16 units, which a phone shows without endless
    scrolling, followed by the link to the source.
    """
    if lyrics.instrumental or not lyrics.text.strip():
        bodies = [f"*{_instrumental()}*"]
    else:
        bodies = _bodies(lyrics.text)
    return [
        _page(lyrics, body, note, number=number, count=len(bodies))
        for number, body in enumerate(bodies, start=1)
    ]


def missing_embed(result: LyricsMissing, note: str = "") -> discord.Embed:
    """A friendly "not found" that says who was asked and where else to look."""
    heading, *rest = _missing_lines(result)
    links = " · ".join(link(label, url) for label, url in _search_links(result.query))
    elsewhere = gettext("Look elsewhere: {links}", links=links)
    description = "\n\n".join([*(escape(line) for line in rest), elsewhere])
    embed = discord.Embed(
        title=cut(escape(heading), EMBED_TITLE), description=description, colour=_COLOUR
    )
    return embed.set_footer(text=note or None)


def lyrics_text(result: LyricsFound | LyricsMissing, note: str = "") -> str:
    """The same answers for the terminal: plain, without markup, ending without a line break."""
    footer = f"\n({note})" if note else ""
    if isinstance(result, LyricsMissing):
        links = [f"{label}: {url}" for label, url in _search_links(result.query)]
        return "\n".join([*_missing_lines(result), *links]) + footer
    lyrics = result.lyrics
    body = clean(lyrics.text, lines=True)
    if lyrics.instrumental or not body:
        body = f"({_instrumental()})"
    source = f"{_source(lyrics)}, {clean(lyrics.url)}"
    return f"{_heading(lyrics)}\n\n{body}\n\n{source}{footer}"


def _page(lyrics: Lyrics, body: str, note: str, *, number: int, count: int) -> discord.Embed:
    label = gettext("Open on {provider}", provider=lyrics.source)
    source = link(label, lyrics.url)
    # An address that is no sane one comes back as the bare label, which would lead nowhere.
    if source == escape(label) or utf16_length(source) > _LINK_LENGTH:
        source = ""
    embed = discord.Embed(
        title=cut(escape(_heading(lyrics)), EMBED_TITLE),
        description=f"{body}\n\n{source}".strip(),
        colour=_COLOUR,
    )
    position = gettext("Page {page} of {pages}", page=number, pages=count) if count > 1 else ""
    parts = (_source(lyrics), position, note)
    return embed.set_footer(text=cut(" · ".join(filter(None, parts)), EMBED_FOOTER))


def _heading(lyrics: Lyrics) -> str:
    return clean(f"{lyrics.artist} – {lyrics.title}")


def _source(lyrics: Lyrics) -> str:
    return gettext("Source: {provider}", provider=clean(lyrics.source))


def _instrumental() -> str:
    return gettext("Instrumental: this song has no words.")


def _missing_lines(result: LyricsMissing) -> list[str]:
    query = result.query
    asked = ngettext(
        "{providers} has no song “{title}” by {artist}. "
        "Check the spelling, or try the title without additions.",
        "{providers} have no song “{title}” by {artist}. "
        "Check the spelling, or try the title without additions.",
        len(result.asked),
        providers=listed(result.asked),
        title=clean(query.title),
        artist=clean(query.artist),
    )
    lines = [gettext("No lyrics found"), asked]
    if result.unreachable:
        missing = ngettext(
            "{providers} could not be asked just now and may have it: try again in a few minutes.",
            "{providers} could not be asked just now and may have it: try again in a few minutes.",
            len(result.unreachable),
            providers=listed(result.unreachable),
        )
        lines.append(missing)
    return lines


def _search_links(query: LyricsQuery) -> list[tuple[str, str]]:
    names = f"{query.artist} {query.title}"
    # A letter of most scripts takes nine characters of an address, and Discord and browsers have
    # limits; the beginning of two very long names finds the song as well.
    words = next(
        quoted
        for length in range(len(names), -1, -1)
        if len(quoted := quote_plus(names[:length].rstrip())) <= _SEARCH_LENGTH
    )
    return [
        ("Genius", f"https://genius.com/search?q={words}"),
        ("YouTube", f"https://www.youtube.com/results?search_query={words}"),
    ]


def _bodies(text: str) -> list[str]:
    bodies: list[str] = []
    for stanza in re.split(r"\n\s*\n", text.strip("\n")):
        shown = _show(stanza)
        if bodies and _fits(joined := f"{bodies[-1]}\n\n{shown}"):
            bodies[-1] = joined
        elif _fits(shown):
            bodies.append(shown)
        else:
            bodies.extend(_split_stanza(stanza))
    return bodies


def _split_stanza(stanza: str) -> Iterator[str]:
    page = ""
    for line in stanza.split("\n"):
        for piece in _pieces(line):
            shown = _show(piece)
            joined = f"{page}\n{shown}" if page else shown
            if _fits(joined):
                page = joined
            else:
                yield page
                page = shown
    yield page


def _pieces(line: str) -> Iterator[str]:
    while len(line) > _PIECE:
        cut_at = line.rfind(" ", 1, _PIECE)
        cut_at = _PIECE if cut_at < 0 else cut_at
        yield line[:cut_at]
        line = line[cut_at:].lstrip(" ")
    yield line


def _show(text: str) -> str:
    return "\n".join(
        f"**{escape(line)}**" if _SECTION.fullmatch(line) else escape(line)
        for line in text.split("\n")
    )


def _fits(body: str) -> bool:
    return utf16_length(body) <= PAGE_LENGTH
