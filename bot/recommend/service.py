"""Finds the artist that is meant and asks the recommender; knows nothing of Discord."""

import re

from bot.errors import MemberError
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
    """Answers for one artifact.

    Args:
        recommender: what it asks.
    """

    def __init__(self, *, recommender: Recommender) -> None:
        self._recommender = recommender
        name = str(recommender.manifest.dataset["name"])
        self.source = Source(dataset=name, demo=name == "demo")

    def answer(self, typed: str) -> Answer:
        """Artists for the artist that ``typed`` names, or who could be meant, or that nobody is.

        Raises:
            MemberError: nothing readable was typed.
        """
        text = cut(clean(typed), NAME_LENGTH)
        if not text:
            raise MemberError("Please name an artist", mend="for example /recommend Johnny Cash")
        by_id = _BY_ID.fullmatch(text)
        if by_id is not None:
            row = self._row_of(int(by_id[1]))
            return self._recommended(row, None) if row is not None else self._unknown(text)
        found = self._recommender.names.resolve(text)
        match found:
            case Exact(row):
                return self._recommended(row, None)
            case Corrected(row):
                return self._recommended(row, text)
            case Choices(rows):
                artists = tuple(self._recommender.catalogue.artist(row) for row in rows)
                return DidYouMean(text, artists, self.source)
            case _:
                return self._unknown(text)

    def complete(self, typed: str) -> list[tuple[str, str]]:
        """What to offer while an artist is typed: at most 25 of (shown name, value to send)."""
        rows = self._recommender.names.complete(cut(clean(typed), NAME_LENGTH), CHOICES)
        artists = (self._recommender.catalogue.artist(row) for row in rows)
        return [(_shown(artist), choice_value(artist)) for artist in artists]

    def _recommended(self, row: int, typed: str | None) -> Recommended:
        artist = self._recommender.catalogue.artist(row)
        results = self._recommender.similar([row], RESULTS)
        return Recommended(artist, typed, tuple(results), self.source)

    def _unknown(self, text: str) -> UnknownArtist:
        return UnknownArtist(text, self.source)

    def _row_of(self, artist_id: int) -> int | None:
        ids = self._recommender.artist_ids
        row = int(ids.searchsorted(artist_id))
        return row if row < ids.size and ids[row] == artist_id else None


def choice_value(artist: Artist) -> str:
    """A text of at most 100 UTF-16 units that ``RecommendService.answer`` takes for ``artist``."""
    name = clean(artist.name)
    fits = name and utf16_length(name) <= CHOICE_NAME and not _BY_ID.fullmatch(name)
    return name if fits else f"id:{artist.id}"


def _shown(artist: Artist) -> str:
    return cut(clean(artist.name), CHOICE_NAME) or f"id:{artist.id}"
