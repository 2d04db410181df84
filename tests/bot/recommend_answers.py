"""Answers of ``/recommend`` for tests: made by hand, and whatever Hypothesis thinks of."""

from typing import Any

from hypothesis import strategies as st

from bot.recommend.records import (
    Correction,
    DidYouMean,
    Doubt,
    Recommended,
    Source,
    Terms,
    UnknownArtist,
)
from model.catalogue import Artist
from model.reasons import NearestAsked, Reason, SharedListeners, SharedTags
from model.recommender import Recommendation

DEMO = Source("demo", demo=True)
LASTFM = Source("lastfm-hetrec-2011", demo=False)

NAMES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.text("🎸*_[]()@<>|`~\\", max_size=300),
    st.just("discord.gg/a" * 30),
)
URLS = st.one_of(
    st.just(""),
    st.text(max_size=40),
    st.text("abc()%🎸", max_size=600).map(lambda path: f"https://www.last.fm/music/{path}"),
)


@st.composite
def artists(draw: st.DrawFn) -> Artist:
    return Artist(
        row=draw(st.integers(0, 99)),
        id=draw(st.integers(1, 10**18)),
        source_id="1",
        name=draw(NAMES),
        listeners=draw(st.integers(0, 10**12)),
        tags=(),
        url=draw(URLS),
    )


def item(artist: Artist, *tags: str, reasons: tuple[Reason, ...] = ()) -> Recommendation:
    why = reasons or ((SharedTags(tags),) if tags else ())
    return Recommendation(
        artist=artist, score=0.5, reasons=why, confidence=0.2, in_words="worth a try"
    )


REASONS = st.one_of(
    st.builds(SharedTags, st.lists(NAMES, max_size=6).map(tuple)),
    st.builds(SharedListeners, st.integers(1, 10**9), st.integers(1, 10**9), artists()),
    st.builds(NearestAsked, artists()),
)
RESULTS = st.lists(
    st.builds(
        Recommendation,
        artists(),
        st.floats(-1, 3),
        st.lists(REASONS, max_size=4).map(tuple),
        st.floats(0, 1),
        st.sampled_from(["a safe bet", "worth a try", "a long shot"]),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda result: result.artist.id,
).map(tuple)
SOURCES = st.sampled_from([DEMO, LASTFM])
ARTISTS = st.lists(artists(), min_size=1, max_size=5, unique_by=lambda artist: artist.id).map(tuple)
FEW_NAMES = st.lists(NAMES, max_size=5).map(tuple)
TERMS = st.builds(Terms, st.integers(0, 4), st.integers(1, 20), st.integers(0, 200))
ANSWERS = st.one_of(
    st.builds(
        Recommended,
        artists=ARTISTS,
        results=RESULTS,
        terms=TERMS,
        source=SOURCES,
        version=st.just("v"),
        best=st.floats(-1, 2),
        corrections=st.lists(st.builds(Correction, NAMES, artists()), max_size=5).map(tuple),
        unknown=FEW_NAMES,
        newer=st.booleans(),
    ),
    st.builds(
        DidYouMean,
        doubts=st.lists(st.builds(Doubt, NAMES, ARTISTS), min_size=1, max_size=5).map(tuple),
        known=st.lists(artists(), max_size=4).map(tuple),
        place=st.integers(0, 4),
        terms=TERMS,
        source=SOURCES,
        version=st.just("v"),
        unknown=FEW_NAMES,
    ),
    st.builds(UnknownArtist, st.lists(NAMES, min_size=1).map(tuple), SOURCES, elsewhere=NAMES),
)


def recommended(
    *results: Recommendation,
    artists: tuple[Artist, ...] = (),
    source: Source = DEMO,
    terms: Terms | None = None,
    **more: Any,
) -> Recommended:
    asked = artists or (named("Johnny Cash"),)
    return Recommended(asked, results, terms or Terms(), source, "v", 0.5, **more)


def doubtful(*doubts: Doubt, known: tuple[Artist, ...] = (), **more: Any) -> DidYouMean:
    return DidYouMean(doubts, known, 0, Terms(), DEMO, "v", **more)


def named(
    name: str, *, listeners: int = 3, url: str = "https://www.last.fm/music/x", number: int = 9
) -> Artist:
    return Artist(4, number, "9", name, listeners, (), url)
