"""From an answer to what a member sees, in Discord and in a terminal; pure."""

from collections.abc import Sequence

import discord
from rich.cells import cell_len

from bot.recommend.records import Answer, DidYouMean, Recommended, Source, UnknownArtist
from bot.text import EMBED_DESCRIPTION, EMBED_TITLE, clean, cut, escape, link, utf16_length
from model.catalogue import Artist
from model.reasons import NearestAsked, Reason, SharedListeners, SharedTags
from model.recommender import Recommendation

ACCENT = discord.Colour(0x5B8DEF)
ATTENTION = discord.Colour(0xE0A030)

_SHOWN_NAME = 80
_SHOWN_TYPED = 60
_SHOWN_TAGS = 3
# A single listener who plays both says more about that listener than about the artists.
_TELLING_LISTENERS = 2


def recommend_embed(answer: Answer) -> discord.Embed:
    """The answer as an embed within Discord's limits; everything from outside is escaped."""
    match answer:
        case Recommended():
            title = f"Artists like {_name(answer.artist)}"
            lines = [_line(rank, item) for rank, item in enumerate(answer.results, start=1)]
            if answer.typed is not None:
                lines.insert(
                    0, f"Showing **{_name(answer.artist)}** for “{_typed(answer.typed)}”.\n"
                )
            embed = discord.Embed(title=cut(title, EMBED_TITLE), colour=ACCENT)
            embed.description = _joined(lines)
        case DidYouMean():
            embed = discord.Embed(title="Did you mean …?", colour=ATTENTION)
            names = "\n".join(f"- {_name(artist)}" for artist in answer.choices)
            embed.description = (
                f"I know no “{_typed(answer.typed)}”. Perhaps one of these:\n{names}"
            )
        case UnknownArtist():
            embed = discord.Embed(title="I don't know that artist", colour=ATTENTION)
            embed.description = "\n".join(
                (f"Nobody I know is called “{_typed(answer.typed)}”.", _reach(answer.source))
            )
    return embed.set_footer(text=source_note(answer.source))


def recommend_text(answer: Answer) -> str:
    """The answer as plain lines for a terminal."""
    match answer:
        case Recommended():
            head = f"Artists like {_plain(answer.artist, _SHOWN_NAME)}"
            if answer.typed is not None:
                head += f" (showing this for “{answer.typed}”)"
            lines = _table(answer.results)
        case DidYouMean():
            head = f"I know no “{answer.typed}”. Did you mean …?"
            lines = [f"  - {_plain(artist, _SHOWN_NAME)}" for artist in answer.choices]
        case UnknownArtist():
            head = f"I don't know an artist called “{answer.typed}”."
            lines = [_reach(answer.source)]
    return "\n".join((head, *lines, f"({source_note(answer.source)})"))


def source_note(source: Source) -> str:
    """The credit line under every answer."""
    if source.demo:
        return "DEMO CATALOGUE: simulated listeners, not real listening data"
    return "From listening data of Last.fm users, 2011 (HetRec 2011)"


def _line(rank: int, item: Recommendation) -> str:
    name = link(_plain(item.artist, _SHOWN_NAME), item.artist.url)
    why = [escape(reason) for reason in _why(item)]
    detail = " · ".join((item.in_words, *why, _listeners(item.artist)))
    return f"**{rank}.** {name}\n-# {detail}"


def _table(results: Sequence[Recommendation]) -> list[str]:
    """One line an artist, in columns."""
    names = [_plain(item.artist, 40) for item in results]
    width = max(map(cell_len, names))
    sure = max(len(item.in_words) for item in results)
    return [
        f"{rank:>3}. {name}{' ' * (width - cell_len(name))}  {_listeners(item.artist):>13}"
        f"  {item.in_words:<{sure}}  {'; '.join(_why(item))}".rstrip()
        for rank, (name, item) in enumerate(zip(names, results, strict=True), start=1)
    ]


def _joined(lines: list[str]) -> str:
    """The lines that fit into a description."""
    while utf16_length("\n".join(lines)) > EMBED_DESCRIPTION:
        lines.pop()
    return "\n".join(lines)


def _why(item: Recommendation) -> list[str]:
    """The reasons that tell something, in words and not yet escaped."""
    return [words for words in map(_reason, item.reasons) if words]


def _reason(reason: Reason) -> str:
    match reason:
        case SharedTags(tags):
            shown = _distinct(tags)[:_SHOWN_TAGS]
            return f"also {', '.join(shown)}" if shown else ""
        case SharedListeners(together, of):
            telling = together >= _TELLING_LISTENERS
            return f"{together:,} of {of:,} listeners play both" if telling else ""
        case NearestAsked(asked):
            return f"closest to {_plain(asked, 40)}"


def _distinct(tags: Sequence[str]) -> list[str]:
    """The tags as shown, the first spelling of each: "post-rock" and "post rock" are one."""
    spelt: dict[str, str] = {}
    for tag in tags:
        shown = cut(clean(tag), 30)
        letters = "".join(filter(str.isalnum, shown.casefold()))
        if shown:
            spelt.setdefault(letters or shown, shown)
    return list(spelt.values())


def _listeners(artist: Artist) -> str:
    return f"{artist.listeners:,} listener{'' if artist.listeners == 1 else 's'}"


def _reach(source: Source) -> str:
    if source.demo:
        return "The demo catalogue knows only some well-known artists."
    return "My data ends in 2011, so newer artists are missing. Check the spelling, or try another."


def _name(artist: Artist) -> str:
    return escape(_plain(artist, _SHOWN_NAME))


def _plain(artist: Artist, limit: int) -> str:
    """The name, or the id of an artist whose name shows nothing."""
    return cut(clean(artist.name), limit) or f"id:{artist.id}"


def _typed(text: str) -> str:
    return escape(cut(text, _SHOWN_TYPED))
