"""From an answer to what a member sees, in Discord and in a terminal; pure."""

from collections.abc import Iterator

import discord
from rich.cells import cell_len

from bot.language import gettext, lazy_gettext, ngettext
from bot.recommend.links import listening, page
from bot.recommend.records import Answer, DidYouMean, Doubt, Recommended, UnknownArtist
from bot.recommend.words import (
    SHOWN_NAME,
    confidence_of,
    footnote,
    in_sentences,
    listeners_of,
    name_of,
    names_of,
    quoted,
    reach,
    reasons_of,
    source_note,
    strength,
)
from bot.text import EMBED_DESCRIPTION, EMBED_TITLE, EMBED_TOTAL, cut, escape, link, utf16_length
from model.catalogue import Artist
from model.recommender import Recommendation

__all__ = ["ACCENT", "ATTENTION", "recommend_embed", "recommend_text", "source_note", "why_embed"]

ACCENT = discord.Colour(0x5B8DEF)
ATTENTION = discord.Colour(0xE0A030)

_FIELD_NAME = 256
_FIELD_VALUE = 1024
_KEY = lazy_gettext(
    "The bar: how close, beside the best result. "
    "“n in 100 hit”: tested on artists that were hidden from the model."
)


def recommend_embed(answer: Answer) -> discord.Embed:
    """The answer as an embed within Discord's limits; everything from outside is escaped."""
    match answer:
        case Recommended():
            embed = _recommended(answer)
        case DidYouMean():
            embed = discord.Embed(title=gettext("Did you mean …?"), colour=ATTENTION)
            embed.description = _question(answer)
        case UnknownArtist():
            title = ngettext(
                "I don't know that artist", "I don't know those artists", len(answer.names)
            )
            embed = discord.Embed(title=title, colour=ATTENTION)
            embed.description = _unknown(answer)
    return embed.set_footer(text=footnote(answer))


def why_embed(answer: Recommended) -> discord.Embed:
    """Everything that speaks for each result, and where to hear it if that fits for all."""
    asked = escape(names_of(answer.artists))
    title = cut(gettext("Why these go with {artists}", artists=asked), EMBED_TITLE)
    footer = f"{footnote(answer)}\n{_KEY.spoken()}"
    embed = discord.Embed(title=title, colour=ACCENT).set_footer(text=footer)
    room = EMBED_TOTAL - utf16_length(title) - utf16_length(footer)
    headings = [cut(f"{rank}. {_name(item.artist)}", _FIELD_NAME) for rank, item in _ranked(answer)]
    values = [_why(item, answer.artist, hear=True) for item in answer.results]
    if sum(map(utf16_length, (*headings, *values))) > room:
        values = [_why(item, answer.artist, hear=False) for item in answer.results]
    for heading, value in zip(headings, values, strict=True):
        room -= utf16_length(heading) + utf16_length(value)
        if room >= 0:
            embed.add_field(name=heading, value=value, inline=False)
    return embed


def recommend_text(answer: Answer) -> str:
    """The answer as plain lines for a terminal."""
    match answer:
        case Recommended():
            head = gettext("Artists like {artists}", artists=names_of(answer.artists))
            for one in answer.corrections:
                artist, typed = name_of(one.artist), quoted([one.typed])
                head += " " + gettext("(showing {artist} for {typed})", artist=artist, typed=typed)
            lines = _table(answer)
            if answer.unknown:
                names = quoted(answer.unknown)
                lines.insert(0, gettext("(I know no {artists}.)", artists=names))
        case DidYouMean():
            blocks = map(_doubt_text, answer.doubts)
            head, lines = next(blocks), list(blocks)
        case UnknownArtist():
            names = quoted(answer.names)
            head = gettext("I don't know an artist called {artists}.", artists=names)
            lines = [reach(answer.source)]
    return "\n".join((head, *lines, f"({footnote(answer)})"))


def _doubt_text(doubt: Doubt) -> str:
    names = (f"  - {name_of(artist)}" for artist in doubt.choices)
    question = gettext("I know no {typed}. Did you mean …?", typed=quoted([doubt.typed]))
    return "\n".join((question, *names))


def _recommended(answer: Recommended) -> discord.Embed:
    title = gettext("Artists like {artists}", artists=escape(names_of(answer.artists)))
    embed = discord.Embed(title=cut(title, EMBED_TITLE), colour=ACCENT)
    if len(answer.artists) == 1:
        embed.url = page(answer.artist)
    head = [
        gettext(
            "Showing **{artist}** for {typed}.",
            artist=_name(one.artist),
            typed=escape(quoted([one.typed])),
        )
        for one in answer.corrections
    ]
    if answer.unknown:
        names = escape(quoted(answer.unknown))
        head.append(gettext("I know no {artists}, so this is without.", artists=names))
    opening = ["\n".join((*head, ""))] if head else []
    embed.description = next(_fitting(answer, opening))
    return embed


def _fitting(answer: Recommended, opening: list[str]) -> Iterator[str]:
    """Descriptions that fit, the richest first: what is long loses reasons, then links."""
    for reasons, linked, length in ((9, True, SHOWN_NAME), (1, True, SHOWN_NAME), (0, False, 40)):
        lines = [
            _line(rank, item, answer.best, reasons=reasons, linked=linked, length=length)
            for rank, item in _ranked(answer)
        ]
        text = "\n".join((*opening, *lines))
        if utf16_length(text) <= EMBED_DESCRIPTION:
            yield text
    yield cut("\n".join(opening), EMBED_DESCRIPTION)


def _line(
    rank: int, item: Recommendation, best: float, *, reasons: int, linked: bool, length: int
) -> str:
    name = name_of(item.artist, length)
    shown = link(name, item.artist.url) if linked else escape(name)
    why = [escape(reason) for reason in reasons_of(item)[:reasons]]
    detail = " · ".join((confidence_of(item), *why, listeners_of(item.artist)))
    return f"**{rank}.** {shown} {strength(item, best)}\n-# {detail}"


def _ranked(answer: Recommended) -> Iterator[tuple[int, Recommendation]]:
    return enumerate(answer.results, start=answer.terms.offset + 1)


def _question(answer: DidYouMean) -> str:
    parts: list[str] = []
    for doubt in answer.doubts:
        names = "\n".join(f"- {_name(artist)}" for artist in doubt.choices)
        typed = escape(quoted([doubt.typed]))
        parts.append(gettext("I know no {typed}. Perhaps one of these:", typed=typed))
        parts.append(names)
    if answer.unknown:
        unknown = escape(quoted(answer.unknown))
        parts.append(gettext("I know no {artists} at all.", artists=unknown))
    if len(answer.doubts) > 1:
        parts.append(gettext("Please run the command again with the right names."))
    elif answer.known:
        known = escape(names_of(answer.known))
        parts.append(gettext("The rest stays: {artists}.", artists=known))
    return cut("\n".join(parts), EMBED_DESCRIPTION)


def _unknown(answer: UnknownArtist) -> str:
    names = escape(quoted(answer.names))
    lines = [gettext("Nobody I know is called {artists}.", artists=names), reach(answer.source)]
    if answer.elsewhere:
        lines.append(f"-# {escape(cut(answer.elsewhere, _FIELD_NAME))}")
    return "\n".join(lines)


def _why(item: Recommendation, asked: Artist, *, hear: bool) -> str:
    said = escape(in_sentences(item, asked))
    places = " · ".join(link(label, address) for label, address in listening(item.artist))
    whole = f"{said}\n{places}"
    return whole if hear and utf16_length(whole) <= _FIELD_VALUE else cut(said, _FIELD_VALUE)


def _table(answer: Recommended) -> list[str]:
    """One line an artist, in columns."""
    names = [name_of(item.artist, 40) for item in answer.results]
    width = max(map(cell_len, names))
    sure = max(len(confidence_of(item)) for item in answer.results)
    return [
        f"{rank:>3}. {name}{' ' * (width - cell_len(name))}  {listeners_of(item.artist):>13}"
        f"  {strength(item, answer.best)} {confidence_of(item):<{sure}}"
        f"  {'; '.join(reasons_of(item))}".rstrip()
        for name, (rank, item) in zip(names, _ranked(answer), strict=True)
    ]


def _name(artist: Artist) -> str:
    return escape(name_of(artist))
