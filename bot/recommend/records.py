"""What ``/recommend`` is asked, and what it can answer."""

from dataclasses import dataclass

from bot.recommend.dial import BALANCED_STEP
from model.catalogue import Artist
from model.recommender import Recommendation, Recommender

RESULTS = 10
MOST_RESULTS = 20
MOST_ARTISTS = 5


@dataclass(frozen=True)
class Source:
    """Where an answer comes from.

    Attributes:
        dataset: the name of the data set that the model was trained on.
        demo: whether its listeners are simulated.
    """

    dataset: str
    demo: bool

    @classmethod
    def of(cls, recommender: Recommender) -> "Source":
        """Where the answers of ``recommender`` come from."""
        name = str(recommender.manifest.dataset["name"])
        return cls(dataset=name, demo=name == "demo")


@dataclass(frozen=True)
class Terms:
    """How a question shall be answered.

    Attributes:
        step: position in ``DIAL``.
        results: how many at once, 1 to 20.
        offset: how many better ones have been shown before.
    """

    step: int = BALANCED_STEP
    results: int = RESULTS
    offset: int = 0


@dataclass(frozen=True)
class Correction:
    """What a member typed and who was taken for it."""

    typed: str
    artist: Artist


@dataclass(frozen=True)
class Recommended:
    """Artists for one to five artists.

    Attributes:
        artists: those asked about, each once.
        results: best first, never empty.
        terms: how it was asked.
        source: where the answer comes from.
        version: the name of the artifact's version that answers.
        best: the score of the best result of all, also where ``results`` begin further down.
        more: whether there are further results.
        corrections: names that were not typed as they are.
        unknown: names typed of artists that nobody knows; the answer is without them.
        newer: whether the question was first answered by another version.
    """

    artists: tuple[Artist, ...]
    results: tuple[Recommendation, ...]
    terms: Terms
    source: Source
    version: str
    best: float
    more: bool = False
    corrections: tuple[Correction, ...] = ()
    unknown: tuple[str, ...] = ()
    newer: bool = False

    @property
    def artist(self) -> Artist:
        """The one asked about, or the first of several."""
        return self.artists[0]


@dataclass(frozen=True)
class Doubt:
    """A name typed that could mean several artists.

    Attributes:
        typed: the name.
        choices: best first, one to five.
    """

    typed: str
    choices: tuple[Artist, ...]


@dataclass(frozen=True)
class DidYouMean:
    """It is not clear who is meant by some of the names; the rest of the question is kept.

    Attributes:
        doubts: the unclear names, at least one.
        known: the artists that are clear, in the order asked.
        place: how many of them come before the first doubt.
        terms: how it was asked.
        source: where the choices come from.
        version: the name of the artifact's version that they are of.
        unknown: names typed of artists that nobody knows.
    """

    doubts: tuple[Doubt, ...]
    known: tuple[Artist, ...]
    place: int
    terms: Terms
    source: Source
    version: str
    unknown: tuple[str, ...] = ()

    def with_choice(self, artist: Artist) -> tuple[int, ...]:
        """The ids of the whole question when ``artist`` is meant by the first doubt."""
        asked = (*self.known[: self.place], artist, *self.known[self.place :])
        return tuple(dict.fromkeys(one.id for one in asked))


@dataclass(frozen=True)
class UnknownArtist:
    """Nobody in the catalogue is called anything like what was typed.

    Attributes:
        names: what was typed, at least one name.
        source: where they were looked for.
        elsewhere: why they could not be looked up elsewhere, in one line; often empty.
    """

    names: tuple[str, ...]
    source: Source
    elsewhere: str = ""

    @property
    def typed(self) -> str:
        """The first name."""
        return self.names[0]


Answer = Recommended | DidYouMean | UnknownArtist
