"""Finds the artists that are meant and asks the recommender; knows nothing of Discord."""

import re
from collections.abc import Sequence

from bot.errors import MemberError
from bot.language import lazy_gettext, lazy_ngettext
from bot.model_in_use import ModelInUse
from bot.recommend.dial import DIAL
from bot.recommend.question import MOST_OFFSET, Question, digest
from bot.recommend.records import (
    MOST_ARTISTS,
    MOST_RESULTS,
    Answer,
    Correction,
    DidYouMean,
    Doubt,
    Recommended,
    Source,
    Terms,
    UnknownArtist,
)
from bot.text import CHOICE_NAME, CHOICES, clean, cut, utf16_length
from model.catalogue import Artist
from model.name_keys import name_key
from model.names import Choices, Corrected, Exact, Resolution, Unknown
from model.recommender import Recommender

NAME_LENGTH = 200

# How a choice names an artist whose name does not fit into a choice's value.
_BY_ID = re.compile(r"id:(\d{1,18})")


class RecommendService:
    """Answers from the model in use.

    Attributes:
        model: what it asks.
    """

    def __init__(self, *, model: ModelInUse) -> None:
        self.model = model

    @property
    def source(self) -> Source:
        """Where answers come from now."""
        return Source.of(self.model.recommender)

    def answer(self, *typed: str, terms: Terms | None = None) -> Answer:
        """Artists for the artists that are named, or who could be meant, or that nobody is.

        A name that nobody has is left out as long as another one is known.

        Args:
            typed: one to five names; empty ones are passed over.
            terms: dial and number of results.

        Raises:
            MemberError: nothing readable was typed, or too much, or the terms are out of range.
        """
        names = _readable(typed)
        terms = _possible(terms or Terms())
        recommender = self.model.recommender
        found = [(name, _resolve(recommender, name)) for name in names]
        unknown = tuple(name for name, what in found if isinstance(what, Unknown))
        if len(unknown) == len(found):
            return UnknownArtist(unknown, Source.of(recommender))
        if any(isinstance(what, Choices) for _, what in found):
            return _did_you_mean(recommender, found, terms, unknown)
        artist = recommender.catalogue.artist
        rows = [what.row for _, what in found if isinstance(what, Exact | Corrected)]
        corrections = tuple(
            Correction(name, artist(what.row))
            for name, what in found
            if isinstance(what, Corrected)
        )
        return _recommended(recommender, rows, terms, corrections=corrections, unknown=unknown)

    def again(self, question: Question) -> Recommended:
        """The answer to a question that a button kept, from the model that is in use now.

        Raises:
            MemberError: this model does not know all of its artists, or the answer ends before.
        """
        recommender = self.model.recommender
        rows = [_row_of(recommender, one) for one in question.artists]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            raise MemberError(
                lazy_ngettext(
                    "A newer model has taken over, and it does not know this artist any more",
                    "A newer model has taken over, and it does not know all of these artists",
                    len(rows),
                ),
                mend=lazy_gettext("run /recommend again"),
            )
        newer = digest(recommender.manifest.version) != question.version
        return _recommended(recommender, known, question.terms, newer=newer)

    def artist(self, artist_id: int) -> Artist | None:
        """The artist with this id in the model in use."""
        recommender = self.model.recommender
        row = _row_of(recommender, artist_id)
        return None if row is None else recommender.catalogue.artist(row)

    def complete(self, typed: str, given: Sequence[str] = ()) -> list[tuple[str, str]]:
        """What to offer while an artist is typed: at most 25 of (shown name, value to send).

        Args:
            typed: the beginning of a name.
            given: names or values that were chosen before and are not offered again.
        """
        recommender = self.model.recommender
        rows = recommender.names.complete(cut(clean(typed), NAME_LENGTH), CHOICES + len(given))
        artists = [recommender.catalogue.artist(row) for row in rows]
        if given:
            # Compared as they are written: to resolve a slip takes longer than a choice may.
            taken = {name_key(cut(one, NAME_LENGTH)) for one in given}
            artists = [
                one for one in artists if name_key(one.name) not in taken and _id(one) not in given
            ]
        return [(_shown(artist), choice_value(artist)) for artist in artists[:CHOICES]]


def _readable(typed: Sequence[str]) -> list[str]:
    names = [text for one in typed if (text := cut(clean(one), NAME_LENGTH))]
    if not names:
        raise MemberError(
            lazy_gettext("Please name an artist"),
            mend=lazy_gettext("for example /recommend Johnny Cash"),
        )
    if len(names) > MOST_ARTISTS:
        raise MemberError(
            lazy_ngettext("Those are {count} artist", "Those are {count} artists", len(names)),
            mend=lazy_gettext("name up to {most}", most=MOST_ARTISTS),
        )
    return list(dict.fromkeys(names))


def _possible(terms: Terms) -> Terms:
    if not 1 <= terms.results <= MOST_RESULTS:
        raise MemberError(
            lazy_ngettext(
                "I cannot give {count} result", "I cannot give {count} results", terms.results
            ),
            mend=lazy_gettext("ask for 1 to {most}", most=MOST_RESULTS),
        )
    return terms


def _resolve(recommender: Recommender, text: str) -> Resolution:
    by_id = _BY_ID.fullmatch(text)
    if by_id is None:
        return recommender.names.resolve(text)
    row = _row_of(recommender, int(by_id[1]))
    return Unknown(text) if row is None else Exact(row)


def _recommended(
    recommender: Recommender,
    rows: Sequence[int],
    terms: Terms,
    *,
    corrections: tuple[Correction, ...] = (),
    unknown: tuple[str, ...] = (),
    newer: bool = False,
) -> Recommended:
    asked = list(dict.fromkeys(rows))
    end = terms.offset + terms.results
    # One more than shown tells whether there is more.
    found = recommender.similar(asked, end + 1, dial=DIAL[terms.step][1])
    results = tuple(found[terms.offset : end])
    if not results:
        raise MemberError(
            lazy_gettext("There is nobody left to recommend"),
            mend=lazy_gettext("ask for other artists"),
        )
    return Recommended(
        artists=tuple(map(recommender.catalogue.artist, asked)),
        results=results,
        terms=terms,
        source=Source.of(recommender),
        version=recommender.manifest.version,
        best=found[0].score,
        more=len(found) > end and end <= MOST_OFFSET,
        corrections=corrections,
        unknown=unknown,
        newer=newer,
    )


def _did_you_mean(
    recommender: Recommender,
    found: Sequence[tuple[str, Resolution]],
    terms: Terms,
    unknown: tuple[str, ...],
) -> DidYouMean:
    artist = recommender.catalogue.artist
    unclear = [at for at, (_, what) in enumerate(found) if isinstance(what, Choices)]
    known = [
        (at, artist(what.row))
        for at, (_, what) in enumerate(found)
        if isinstance(what, Exact | Corrected)
    ]
    doubts = tuple(
        Doubt(name, tuple(map(artist, what.rows)))
        for name, what in found
        if isinstance(what, Choices)
    )
    return DidYouMean(
        doubts=doubts,
        known=tuple(one for _, one in known),
        place=sum(at < unclear[0] for at, _ in known),
        terms=terms,
        source=Source.of(recommender),
        version=recommender.manifest.version,
        unknown=unknown,
    )


def _row_of(recommender: Recommender, artist_id: int) -> int | None:
    ids = recommender.artist_ids
    row = int(ids.searchsorted(artist_id))
    return row if row < ids.size and ids[row] == artist_id else None


def choice_value(artist: Artist) -> str:
    """A text of at most 100 UTF-16 units that ``RecommendService.answer`` takes for ``artist``."""
    name = clean(artist.name)
    fits = name and utf16_length(name) <= CHOICE_NAME and not _BY_ID.fullmatch(name)
    return name if fits else _id(artist)


def _shown(artist: Artist) -> str:
    return cut(clean(artist.name), CHOICE_NAME) or _id(artist)


def _id(artist: Artist) -> str:
    return f"id:{artist.id}"
