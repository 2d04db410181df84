"""From an answer by way of neighbours to what a member sees, in Discord and in a terminal; pure."""

from collections.abc import Sequence

import discord
from rich.cells import cell_len

from bot.language import gettext, listed, ngettext, spoken
from bot.neighbours.records import Answer, Borrowed, Neighbours, NoneKnown, OtherName, Unheard
from bot.recommend.present import ACCENT, ATTENTION, source_note
from bot.recommend.words import listeners_of
from bot.text import EMBED_DESCRIPTION, EMBED_TITLE, clean, cut, escape, link, utf16_length
from model.catalogue import Artist
from model.reasons import NearestAsked, SharedTags
from model.recommender import Recommendation

_SHOWN_NAME = 80
_SHOWN_TYPED = 60
_SHOWN_ABOUT = 80
_SHOWN_TAGS = 3


def neighbours_embed(answer: Answer) -> discord.Embed:
    """The answer as an embed within Discord's limits; everything from outside is escaped."""
    head = [escape(line) for line in _head(answer)]
    match answer:
        case Borrowed() | OtherName():
            colour = ACCENT
            lines = [_line(rank, item) for rank, item in enumerate(answer.results, start=1)]
        case NoneKnown() | Unheard():
            colour, lines = ATTENTION, []
    embed = discord.Embed(title=cut(escape(_title(answer)), EMBED_TITLE), colour=colour)
    if not isinstance(answer, Unheard):
        head.append(f"-# {link(spoken(answer.found.credit), answer.found.link)}")
    embed.description = _joined(["\n".join(head), *lines])
    return embed.set_footer(text=source_note(answer.source))


def neighbours_text(answer: Answer) -> str:
    """The answer as plain lines for a terminal."""
    lines = [_title(answer), *_head(answer)]
    if isinstance(answer, Borrowed | OtherName):
        lines += _table(answer.results)
    if not isinstance(answer, Unheard):
        lines.append(f"({clean(spoken(answer.found.credit))}: {clean(answer.found.link)})")
    return "\n".join((*lines, f"({source_note(answer.source)})"))


def _title(answer: Answer) -> str:
    match answer:
        case Borrowed():
            return gettext("Artists near {artist}", artist=_found_name(answer.found))
        case OtherName():
            return gettext("Artists like {artists}", artists=_name(answer.artist))
        case NoneKnown():
            return gettext("I know nobody near {artist}", artist=_found_name(answer.found))
        case Unheard():
            return gettext("Nobody knows that artist")


def _head(answer: Answer) -> list[str]:
    """What was understood and what the answer rests on, not yet escaped."""
    typed = cut(clean(answer.typed), _SHOWN_TYPED)
    match answer:
        case Borrowed():
            names = listed([_name(artist) for artist in answer.used])
            said = gettext(
                "{artist} is not in my data, so this goes by neighbours that are: {neighbours}.",
                artist=_introduced(answer.found, typed),
                neighbours=names,
            )
            return [said]
        case OtherName():
            name = _name(answer.artist)
            return [gettext("“{typed}” is another name of {artist}.", typed=typed, artist=name)]
        case NoneKnown() if answer.found.neighbours:
            said = gettext(
                "{artist} is not in my data, nor are the artists nearest to them.",
                artist=_introduced(answer.found, typed),
            )
            return [said]
        case NoneKnown():
            said = gettext(
                "{artist} is not in my data, and nobody told me who is near them.",
                artist=_introduced(answer.found, typed),
            )
            return [said]
        case Unheard():
            return _unheard(answer, typed)


def _unheard(answer: Unheard, typed: str) -> list[str]:
    asked, missing = answer.nobody.asked, answer.nobody.unreachable
    said = ngettext(
        "“{typed}” is not in my data, and {sources} found no such artist.",
        "“{typed}” is not in my data, and {sources} found no such artist.",
        len(asked),
        typed=typed,
        sources=listed(asked),
    )
    if not missing:
        return [said]
    unreachable = ngettext(
        "{sources} could not be asked just now.",
        "{sources} could not be asked just now.",
        len(missing),
        sources=listed(missing),
    )
    return [said, unreachable]


def _introduced(found: Neighbours, typed: str) -> str:
    """Who was found, told from namesakes, and what was typed where the two differ."""
    name, about = _found_name(found), cut(clean(found.about), _SHOWN_ABOUT)
    told_apart = f"{name} ({about})" if about else name
    same = clean(found.name).casefold() == typed.casefold()
    if same:
        return told_apart
    return gettext("{artist}, taken for “{typed}”,", artist=told_apart, typed=typed)


def _line(rank: int, item: Recommendation) -> str:
    detail = " · ".join((*map(escape, _why(item)), listeners_of(item.artist)))
    return f"**{rank}.** {link(_name(item.artist), item.artist.url)}\n-# {detail}"


def _table(results: Sequence[Recommendation]) -> list[str]:
    """One line an artist, in columns."""
    names = [cut(_name(item.artist), 40) for item in results]
    width = max(map(cell_len, names), default=0)
    return [
        f"{rank:>3}. {name}{' ' * (width - cell_len(name))}  {listeners_of(item.artist):>13}"
        f"  {'; '.join(_why(item))}".rstrip()
        for rank, (name, item) in enumerate(zip(names, results, strict=True), start=1)
    ]


def _why(item: Recommendation) -> list[str]:
    """What connects the result with the neighbours, not yet escaped.

    Its measured confidence is left out: it was measured on artists of the catalogue.
    """
    words: list[str] = []
    for reason in item.reasons:
        if isinstance(reason, NearestAsked):
            nearest = cut(_name(reason.asked), 40)
            words.append(gettext("closest to {artist}", artist=nearest))
        elif isinstance(reason, SharedTags):
            tags = [cut(clean(tag), 30) for tag in reason.tags[:_SHOWN_TAGS]]
            words.append(gettext("also {tags}", tags=", ".join(tags)))
    return words


def _joined(lines: list[str]) -> str:
    """The lines that fit into a description."""
    while utf16_length("\n".join(lines)) > EMBED_DESCRIPTION:
        lines.pop()
    return "\n".join(lines)


def _found_name(found: Neighbours) -> str:
    return cut(clean(found.name), _SHOWN_NAME)


def _name(artist: Artist) -> str:
    """The name, or the id of an artist whose name shows nothing."""
    return cut(clean(artist.name), _SHOWN_NAME) or f"id:{artist.id}"
