"""How well and how fast names are understood, measured on a catalogue of names; seeded.

A question counts as *acted on* when it is answered as the artist it was made from, or as another
row of that artist; as *offered first* when that artist is the first of the choices.
"""

import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.name_keys import name_keys
from model.name_questions import SLIPS, invented_names, is_variant, other_order, other_ways, slip
from model.names import ArtistNames, Choices, Corrected, Exact

FEWEST_LETTERS = 5
"""Letters below which a slip leaves too little of a name to go by."""

_TYPED = 300
_TYPED_WITH_SLIP = 0.2
_BUILDS = 3

Popularity = NDArray[np.integer]
Questions = Iterable[tuple[int, str]]
Watch = Callable[[], object]


@dataclass
class Understood:
    """What became of questions about artists that are in the catalogue."""

    asked: int = 0
    acted_on: int = 0
    offered_first: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """What was typed, and as whom it was answered instead."""

    @property
    def acted_share(self) -> float:
        """Share of the questions that was acted on, 0 to 1."""
        return self.acted_on / max(self.asked, 1)

    @property
    def first_share(self) -> float:
        """Share of the questions that was acted on or offered first, 0 to 1."""
        return (self.acted_on + self.offered_first) / max(self.asked, 1)


@dataclass(frozen=True)
class Absent:
    """What became of names that are not in the catalogue."""

    asked: int
    answered: list[tuple[str, str]]
    """A name, and as whom it was silently answered."""

    @property
    def answered_share(self) -> float:
        """Share of the names that were answered as somebody else, 0 to 1."""
        return len(self.answered) / max(self.asked, 1)


@dataclass(frozen=True)
class Latency:
    """Milliseconds that a call took."""

    calls: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Size:
    """What an ``ArtistNames`` costs: seconds to build, megabytes kept and at the peak of it."""

    build_s: float
    kept_mb: float
    peak_mb: float


class NamesBenchmark:
    """Questions about the names of a catalogue.

    Args:
        catalogue: M names, one a row.
        popularity: int [M], listeners.
        seed: of all draws; the same seed asks the same questions.
    """

    def __init__(self, catalogue: Sequence[str], popularity: Popularity, seed: int) -> None:
        self.names = ArtistNames(catalogue, popularity)
        self._catalogue = catalogue
        self._popularity = popularity
        self._seed = seed
        self._artists = np.flatnonzero(~self.names.no_artist)

    def slips(self, most: int) -> dict[str, Understood]:
        """One random typo of each kind in at most so many names of five letters or more."""
        rows = self._drawn(
            most, "slips", lambda name: sum(map(str.isalpha, name)) >= FEWEST_LETTERS
        )
        rng = self._rng("slip")
        return {
            kind: self._understood((row, slip(self._catalogue[row], kind, rng)) for row in rows)
            for kind in SLIPS
        }

    def other_ways(self, most: int) -> dict[str, Understood]:
        """At most so many names in other case, without accents, and so on, by kind."""
        questions: dict[str, list[tuple[int, str]]] = {}
        for row in self._drawn(most, "ways"):
            for kind, text in other_ways(self._catalogue[row]):
                questions.setdefault(kind, []).append((row, text))
        return {kind: self._understood(texts) for kind, texts in questions.items()}

    def other_order(self, most: int) -> Understood:
        """At most so many names of several words, their words shuffled."""
        rng = self._rng("order")
        rows = self._drawn(most, "order", lambda name: len(set(name.casefold().split())) > 1)
        return self._understood((row, other_order(self._catalogue[row], rng)) for row in rows)

    def absent(self, most: int, watch: Watch = lambda: None) -> Absent:
        """At most so many artists, each in turn taken out with all rows of an equal key.

        Builds a catalogue for each, so a thousand take minutes. ``watch`` is called after each.
        """
        keys = name_keys(self._catalogue)
        answered: list[tuple[str, str]] = []
        rows = self._drawn(most, "absent")
        for row in rows:
            kept = [at for at, key in enumerate(keys) if key != keys[row]]
            others = ArtistNames([self._catalogue[at] for at in kept], self._popularity[kept])
            found = others.resolve(self._catalogue[row])
            if isinstance(found, Exact | Corrected):
                answered.append((self._catalogue[row], self._catalogue[kept[found.row]]))
            watch()
        return Absent(len(rows), answered)

    def resolving(self, most: int) -> Latency:
        """Of resolving at most so many names with a slip, which takes longest."""
        rng = self._rng("resolving")
        rows = self._drawn(most, "resolving", lambda name: len(name) > 1)
        kinds = rng.choice(SLIPS, len(rows))
        typed = [
            slip(self._catalogue[row], kind, rng) for row, kind in zip(rows, kinds, strict=True)
        ]
        return _latency(self.names.resolve, typed)

    def completing(self) -> Latency:
        """Of completing names while they are typed, letter for letter, some with a slip."""
        rng = self._rng("completing")
        typed: list[str] = []
        for row in self._drawn(_TYPED, "completing", lambda name: len(name) > 1):
            name = self._catalogue[row]
            if rng.random() < _TYPED_WITH_SLIP:
                name = slip(name, str(rng.choice(SLIPS)), rng)
            typed += [name[:end] for end in range(len(name) + 1)]
        return _latency(self.names.complete, typed)

    def size(self) -> Size:
        """Builds the catalogue several times."""
        times: list[float] = []
        for _ in range(_BUILDS):
            started = time.perf_counter()
            ArtistNames(self._catalogue, self._popularity)
            times.append(time.perf_counter() - started)
        tracemalloc.start()
        kept = ArtistNames(self._catalogue, self._popularity)
        level, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del kept
        return Size(min(times), level / 2**20, peak / 2**20)

    def _rng(self, use: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, *use.encode()])

    def _drawn(
        self, most: int, use: str, suits: Callable[[str], bool] = lambda _: True
    ) -> list[int]:
        """At most so many artists' rows whose names suit, another draw for each use."""
        rows = [row for row in self._artists.tolist() if suits(self._catalogue[row])]
        return self._rng(f"{use}, rows").permutation(rows)[:most].tolist()

    def _understood(self, questions: Questions) -> Understood:
        tally = Understood()
        for row, text in questions:
            meant, found = self._catalogue[row], self.names.resolve(text)
            tally.asked += 1
            if isinstance(found, Exact | Corrected):
                answer = self._catalogue[found.row]
                if is_variant(answer, meant):
                    tally.acted_on += 1
                else:
                    tally.wrong.append((text, answer))
            elif isinstance(found, Choices):
                tally.offered_first += is_variant(self._catalogue[found.rows[0]], meant)
        return tally


def invented(count: int, seed: int) -> NamesBenchmark:
    """The questions over so many invented names, the first the most popular."""
    return NamesBenchmark(invented_names(count, seed), np.arange(count, 0, -1), seed)


def _latency(call: Callable[[str], object], texts: Sequence[str]) -> Latency:
    milliseconds: list[float] = []
    for text in texts:
        started = time.perf_counter_ns()
        call(text)
        milliseconds.append((time.perf_counter_ns() - started) / 1e6)
    p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99)).tolist()
    return Latency(len(texts), p50, p95, p99)
