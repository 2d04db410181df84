"""What sources of neighbours say, and what is answered from it."""

from dataclasses import dataclass

from bot.recommend.records import Source
from model.catalogue import Artist
from model.recommender import Recommendation


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An artist near another one, as a source says.

    Attributes:
        name: as the source writes it; cleaned, escape before showing.
        strength: how near, from 1 for the nearest towards 0; comparable within one answer only.
        mbid: the MusicBrainz id when the source gave one.
    """

    name: str
    strength: float
    mbid: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An artist that a source knows, and who is near.

    Attributes:
        name: who was found, in the source's spelling.
        link: the artist's page.
        credit: the line that names the source, to be spoken.
        neighbours: nearest first; empty when the source knows the artist but nobody near.
        about: what tells the artist from others of the same name; often empty.
    """

    name: str
    link: str
    credit: str
    neighbours: tuple[Neighbour, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Nobody:
    """No source knows an artist of this name.

    Attributes:
        asked: the sources that said so, at least one.
        unreachable: those that could not be asked, so the artist may exist after all.
    """

    asked: tuple[str, ...]
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Borrowed:
    """Artists for an artist outside the catalogue, by way of neighbours that are in it.

    Attributes:
        typed: what the member typed.
        found: whom the source took it for, with credit and link.
        used: the neighbours that the results rest on, nearest first, never empty.
        results: best first, without those used.
        source: where the results come from.
    """

    typed: str
    found: Neighbours
    used: tuple[Artist, ...]
    results: tuple[Recommendation, ...]
    source: Source


@dataclass(frozen=True)
class OtherName:
    """What was typed is another name of an artist in the catalogue, a source says.

    Attributes:
        typed: what the member typed.
        found: whom the source took it for, with credit and link.
        artist: the same in the catalogue.
        results: best first.
        source: where the results come from.
    """

    typed: str
    found: Neighbours
    artist: Artist
    results: tuple[Recommendation, ...]
    source: Source


@dataclass(frozen=True)
class NoneKnown:
    """A source knows the artist, but nobody near the artist is in the catalogue."""

    typed: str
    found: Neighbours
    source: Source


@dataclass(frozen=True)
class Unheard:
    """No source that could be asked knows the artist either."""

    typed: str
    nobody: Nobody
    source: Source


Answer = Borrowed | OtherName | NoneKnown | Unheard
