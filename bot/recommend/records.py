"""What ``/recommend`` can answer."""

from dataclasses import dataclass

from model.catalogue import Artist
from model.recommender import Recommendation, Recommender


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
class Recommended:
    """Artists for an artist.

    Attributes:
        artist: the one that was asked about.
        typed: what the member typed when it had to be corrected, else None.
        results: best first, never empty.
        source: where the answer comes from.
    """

    artist: Artist
    typed: str | None
    results: tuple[Recommendation, ...]
    source: Source


@dataclass(frozen=True)
class DidYouMean:
    """Several artists could be meant; best first, one to five."""

    typed: str
    choices: tuple[Artist, ...]
    source: Source


@dataclass(frozen=True)
class UnknownArtist:
    """Nobody in the catalogue is called anything like this."""

    typed: str
    source: Source


Answer = Recommended | DidYouMean | UnknownArtist
