"""The map in words: for those who cannot see the picture, and beside it for those who can; pure."""

import io

import discord

from bot.language import gettext, lazy_gettext, listed
from bot.map.records import MapPicture, Neighbourhood, Place
from bot.recommend.records import DidYouMean, UnknownArtist
from bot.recommend.words import name_of, quoted, reach, source_note
from bot.text import clean, cut, escape

ALT_TEXT = 1024
"""UTF-16 units that Discord takes as the description of a file."""

MESSAGE = 2000
"""UTF-16 units that Discord takes in a message."""

_CLOSE_BY = 5
_SHOWN_NAME = 40
_SHOWN_TAG = 30
_HOW_TO_READ = lazy_gettext(
    "Artists played by the same people lie close together; the middle is drawn larger"
)


def alt_text(here: Neighbourhood) -> str:
    """What the picture shows, in sentences of at most ``ALT_TEXT`` UTF-16 units."""
    sentences = [gettext("Map of the artists around {artist}.", artist=_tagged(here.asked))]
    if here.recommended:
        names = listed(list(map(_tagged, here.recommended)))
        sentences.append(gettext("Recommended, best first: {artists}.", artists=names))
    close = sorted(here.others, key=lambda place: max(abs(place.x), abs(place.y)))[:_CLOSE_BY]
    if close:
        names = listed([name_of(place.artist, _SHOWN_NAME) for place in close])
        sentences.append(gettext("Close by on the map: {artists}.", artists=names))
    return cut(" ".join(sentences), ALT_TEXT)


def map_message(picture: MapPicture, typed: str | None = None) -> str:
    """The text above the picture.

    Args:
        picture: what is shown.
        typed: what the member typed where it had to be corrected.
    """
    name = escape(name_of(picture.artist))
    lines = ["### " + gettext("Around {artist}", artist=name)]
    if typed is not None:
        asked = escape(quoted([typed]))
        lines.append(gettext("Showing **{artist}** for {typed}.", artist=name, typed=asked))
    if picture.recommended:
        names = ", ".join(name_of(artist, _SHOWN_NAME) for artist in picture.recommended)
        lines.append(gettext("Recommended, best first: {artists}", artists=escape(names)))
    lines.append(f"-# {_HOW_TO_READ.spoken()} · {source_note(picture.source)}")
    return cut("\n".join(lines), MESSAGE)


def map_file(picture: MapPicture) -> discord.File:
    """The picture as Discord takes it; a file is used up by one request."""
    return discord.File(io.BytesIO(picture.png), "map.png", description=picture.alt)


def not_shown(picture: MapPicture) -> str:
    """What is said where no file may be sent."""
    why = gettext("I may not attach pictures here.")
    return cut(f"{escape(picture.alt)}\n-# {why}", MESSAGE)


def question(answer: DidYouMean) -> str:
    """The text above the buttons that ask who is meant."""
    typed = escape(quoted([answer.doubts[0].typed]))
    return gettext("I know no {typed}. Did you mean …?", typed=typed)


def unknown(answer: UnknownArtist) -> str:
    """What is said when nobody is called so."""
    names = escape(quoted(answer.names))
    said = gettext("Nobody I know is called {artists}.", artists=names)
    return f"{said} {reach(answer.source)}"


def _tagged(place: Place) -> str:
    name, tag = name_of(place.artist, _SHOWN_NAME), cut(clean(place.tag), _SHOWN_TAG)
    return f"{name} ({tag})" if tag else name
