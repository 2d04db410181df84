"""What is drawn, and what comes of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.recommend.records import Source
from model.catalogue import Artist


@dataclass(frozen=True, slots=True)
class Place:
    """An artist on the map.

    Attributes:
        artist: who.
        x: to the right of the artist asked about, in half-heights of the picture.
        y: above it, in the same unit.
        tag: what the artist is coloured by, empty where none of the neighbourhood's tags fits.
    """

    artist: Artist
    x: float
    y: float
    tag: str


@dataclass(frozen=True)
class Neighbourhood:
    """The part of the map around an artist, as through a lens: the middle is larger.

    The picture reaches from -1 to 1 upwards and ``ASPECT`` times as far to the sides.

    Attributes:
        asked: the artist in the middle.
        recommended: best first; some may lie outside of the picture.
        others: further artists that several listeners play, the best known first.
        dust: float32 [R, 2], x and y of the artists that hardly anybody plays.
        tags: what artists are coloured by, the most frequent first.
    """

    asked: Place
    recommended: tuple[Place, ...]
    others: tuple[Place, ...]
    dust: NDArray[np.float32]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A drawn neighbourhood.

    Attributes:
        png: the picture.
        alt: what it shows, in words; at most 1,024 UTF-16 units, for Discord's description.
        artist: who is in the middle.
        recommended: the marked artists, best first.
        source: where the map comes from.
    """

    png: bytes
    alt: str
    artist: Artist
    recommended: tuple[Artist, ...]
    source: Source
