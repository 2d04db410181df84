"""From an answer by way of neighbours to what a member sees, in Discord and in a terminal; pure."""

from collections.abc import Sequence

import discord
from rich.cells import cell_len

from bot.neighbours.records import Answer, Borrowed, Neighbours, NoneKnown, OtherName, Unheard
from bot.recommend.present import ACCENT, ATTENTION, source_note
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
        head.append(f"-# {link(answer.found.credit, answer.found.link)}")
    embed.description = _joined(["\n".join(head), *lines])
    return embed.set_footer(text=source_note(answer.source))


def neighbours_text(answer: Answer) -> str:
    """The answer as plain lines for a terminal."""
    lines = [_title(answer), *_head(answer)]
    if isinstance(answer, Borrowed | OtherName):
        lines += _table(answer.results)
    if not isinstance(answer, Unheard):
        lines.append(f"({clean(answer.found.credit)}: {clean(answer.found.link)})")
    return "\n".join((*lines, f"({source_note(answer.source)})"))


def _title(answer: Answer) -> str:
    match answer:
        case Borrowed():
            return f"Artists near {_found_name(answer.found)}"
        case OtherName():
            return f"Artists like {_name(answer.artist)}"
        case NoneKnown():
            return f"I know nobody near {_found_name(answer.found)}"
        case Unheard():
            return "Nobody knows that artist"


def _head(answer: Answer) -> list[str]:
    """What was understood and what the answer rests on, not yet escaped."""
    typed = cut(clean(answer.typed), _SHOWN_TYPED)
    match answer:
        case Borrowed():
            names = _listed([_name(artist) for artist in answer.used])
            who = _introduced(answer.found, typed)
            return [f"{who} is not in my data, so this goes by neighbours that are: {names}."]
        case OtherName():
            return [f"“{typed}” is another name of {_name(answer.artist)}."]
        case NoneKnown() if answer.found.neighbours:
            who = _introduced(answer.found, typed)
            return [f"{who} is not in my data, nor are the artists nearest to them."]
        case NoneKnown():
            who = _introduced(answer.found, typed)
            return [f"{who} is not in my data, and nobody told me who is near them."]
        case Unheard():
            asked = " and ".join(answer.nobody.asked)
            lines = [f"“{typed}” is not in my data, and {asked} found no such artist."]
            if answer.nobody.unreachable:
                missing = " and ".join(answer.nobody.unreachable)
                lines.append(f"{missing} could not be asked just now.")
            return lines


def _introduced(found: Neighbours, typed: str) -> str:
    """Who was found, told from namesakes, and what was typed where the two differ."""
    name, about = _found_name(found), cut(clean(found.about), _SHOWN_ABOUT)
    told_apart = f"{name} ({about})" if about else name
    same = clean(found.name).casefold() == typed.casefold()
    return told_apart if same else f"{told_apart}, taken for “{typed}”,"


def _listed(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _line(rank: int, item: Recommendation) -> str:
    detail = " · ".join((*map(escape, _why(item)), _listeners(item.artist)))
    return f"**{rank}.** {link(_name(item.artist), item.artist.url)}\n-# {detail}"


def _table(results: Sequence[Recommendation]) -> list[str]:
    """One line an artist, in columns."""
    names = [cut(_name(item.artist), 40) for item in results]
    width = max(map(cell_len, names), default=0)
    return [
        f"{rank:>3}. {name}{' ' * (width - cell_len(name))}  {_listeners(item.artist):>13}"
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
            words.append(f"closest to {cut(_name(reason.asked), 40)}")
        elif isinstance(reason, SharedTags):
            tags = [cut(clean(tag), 30) for tag in reason.tags[:_SHOWN_TAGS]]
            words.append(f"also {', '.join(tags)}")
    return words


def _joined(lines: list[str]) -> str:
    """The lines that fit into a description."""
    while utf16_length("\n".join(lines)) > EMBED_DESCRIPTION:
        lines.pop()
    return "\n".join(lines)


def _listeners(artist: Artist) -> str:
    return f"{artist.listeners:,} listener{'' if artist.listeners == 1 else 's'}"


def _found_name(found: Neighbours) -> str:
    return cut(clean(found.name), _SHOWN_NAME)


def _name(artist: Artist) -> str:
    """The name, or the id of an artist whose name shows nothing."""
    return cut(clean(artist.name), _SHOWN_NAME) or f"id:{artist.id}"
