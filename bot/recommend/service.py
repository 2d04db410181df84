"""Finds the artist that is meant and asks the recommender; knows nothing of Discord."""

import re

from bot.errors import MemberError
from bot.model_in_use import ModelInUse
from bot.recommend.records import Answer, DidYouMean, Recommended, Source, UnknownArtist
from bot.text import CHOICE_NAME, CHOICES, clean, cut, utf16_length
from model.catalogue import Artist
from model.names import Choices, Corrected, Exact
from model.recommender import Recommender

RESULTS = 10
NAME_LENGTH = 200

# How a choice names an artist whose name does not fit into a choice's value.
_BY_ID = re.compile(r"id:(\d{1,18})")


class RecommendService:
    """Answers from the model in use.

    Args:
        model: what it asks.
    """

    def __init__(self, *, model: ModelInUse) -> None:
        self._model = model

    @property
    def source(self) -> Source:
        """Where answers come from now."""
        return Source.of(self._model.recommender)

    def answer(self, typed: str) -> Answer:
        """Artists for the artist that ``typed`` names, or who could be meant, or that nobody is.

        Raises:
            MemberError: nothing readable was typed.
        """
        text = cut(clean(typed), NAME_LENGTH)
        if not text:
            raise MemberError("Please name an artist", mend="for example /recommend Johnny Cash")
        recommender = self._model.recommender
        source = Source.of(recommender)
        by_id = _BY_ID.fullmatch(text)
        if by_id is not None:
            row = _row_of(recommender, int(by_id[1]))
            return (
                _recommended(recommender, row) if row is not None else UnknownArtist(text, source)
            )
        match recommender.names.resolve(text):
            case Exact(row):
                return _recommended(recommender, row)
            case Corrected(row):
                return _recommended(recommender, row, text)
            case Choices(rows):
                artists = tuple(recommender.catalogue.artist(row) for row in rows)
                return DidYouMean(text, artists, source)
            case _:
                return UnknownArtist(text, source)

    def complete(self, typed: str) -> list[tuple[str, str]]:
        """What to offer while an artist is typed: at most 25 of (shown name, value to send)."""
        recommender = self._model.recommender
        rows = recommender.names.complete(cut(clean(typed), NAME_LENGTH), CHOICES)
        artists = (recommender.catalogue.artist(row) for row in rows)
        return [(_shown(artist), choice_value(artist)) for artist in artists]


def _recommended(recommender: Recommender, row: int, typed: str | None = None) -> Recommended:
    artist = recommender.catalogue.artist(row)
    results = recommender.similar([row], RESULTS)
    return Recommended(artist, typed, tuple(results), Source.of(recommender))


def _row_of(recommender: Recommender, artist_id: int) -> int | None:
    ids = recommender.artist_ids
    row = int(ids.searchsorted(artist_id))
    return row if row < ids.size and ids[row] == artist_id else None


def choice_value(artist: Artist) -> str:
    """A text of at most 100 UTF-16 units that ``RecommendService.answer`` takes for ``artist``."""
    name = clean(artist.name)
    fits = name and utf16_length(name) <= CHOICE_NAME and not _BY_ID.fullmatch(name)
    return name if fits else f"id:{artist.id}"


def _shown(artist: Artist) -> str:
    return cut(clean(artist.name), CHOICE_NAME) or f"id:{artist.id}"
