"""Invented listeners for a catalogue of artists: a seeded simulation in whole numbers.

The generative model, for L listeners, A artists, G genres and T tags:

1.  **Artists as tags.** An artist's vector has ``TAG_WEIGHTS[rank]`` at each of its tags (the genre
    ranks first), times the tag's rarity ``bit_length(A // artists with the tag)``, so "black metal"
    says more than "american". A genre's vector is the sum over its artists.
2.  **Kinship.** Genre to genre and genre to artist by squared cosine, in 1/1024, so that tastes
    spill over to neighbours through shared tags. An artist's own genre counts ``HOME_BONUS`` fold,
    and ``STRAY`` is added everywhere: what is popular enough reaches every taste.
3.  **Taste.** ``TASTE_DRAWS`` genres from a Pólya urn, whose shares are Dirichlet-multinomial:
    each draw repeats an earlier one (``REPEAT`` of 256), moves to a kin of an earlier one
    (``SPILL`` of 256), or is new, with the root of the genre's summed popularity as weight.
4.  **History.** A listener of one of three levels of curiosity (rows of ``POPULARITY``) draws 30 to
    50 distinct artists (one in ``NEWCOMERS`` a newcomer with 5 to 29), successively, with weight
    taste × kinship × popularity. Artists left over get one listener each, drawn by taste, who
    may end up with more than 50.
5.  **Plays.** Log-normal: 2 to the power of a level for the listener, less ``FADE`` for the place
    in the history (favourites were drawn first), plus noise for the pair.
6.  **Tags.** Two in five listeners never tag; the others tag an eighth to a half of what they play
    with one to three of the artist's tags, by weight; one in ``TAG_SLIPS`` is any tag. A pair is
    tagged on one day, evenly between ``FIRST_DAY`` and ``LAST_DAY``, at midnight UTC.
7.  **Friends.** Each listener invites up to six others, by squared overlap of tastes.

Equal seeds give equal bytes on every platform: the words come from PCG64's raw stream, which numpy
never changes, and all arithmetic is on int64. The one float, 2 to the power of k/256, is rounded
where it lies nowhere near a half.
"""

from dataclasses import dataclass
from math import isqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]

TAG_WEIGHTS = (12, 8, 6, 4, 3, 2, 2)
HOME_BONUS, STRAY = 3, 1
TASTE_DRAWS, REPEAT, SPILL = 12, 140, 70
POPULARITY = ((1, 4, 14, 48, 150), (2, 6, 16, 40, 90), (4, 8, 14, 22, 32))
CANDIDATE_DRAWS, LONGEST, NEWCOMERS = 400, 50, 10
FADE = 14
TAG_HABITS = (0, 0, 32, 64, 128)
TAG_SLIPS = 24
INVITATIONS = 6
FIRST_DAY, LAST_DAY = np.datetime64("2018-01-01", "D"), np.datetime64("2024-12-31", "D")


@dataclass(frozen=True)
class Simulation:
    """What the invented listeners did; all numbers are positions from 0, int64.

    Attributes:
        plays: [P, 3] listener, artist, plays; sorted, one row a pair.
        taggings: [Q, 3] listener, artist, tag; sorted, no row twice.
        tagged_on: [Q] day of each tagging, days since 1970-01-01.
        friends: [F, 2] listener, friend; sorted, both directions.
    """

    plays: Ints
    taggings: Ints
    tagged_on: Ints
    friends: Ints


class _Words:
    """Random integers that no numpy release or platform changes."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def below(self, bound: Ints | int, shape: tuple[int, ...]) -> Ints:
        """Integers of ``shape`` in [0, bound), bound < 2**31, bias under bound / 2**32."""
        words = self._bits.random_raw(int(np.prod(shape))).reshape(shape) >> np.uint64(32)
        return (words.astype(np.int64) * bound) >> 32

    def weighted(self, weights: Ints, draws: int) -> Ints:
        """Columns drawn with replacement by the weights of each row: [R, C] -> [R, draws]."""
        upto = np.cumsum(weights, axis=1)
        marks = self.below(upto[:, -1:], (len(weights), draws))
        drawn = [row.searchsorted(mark, "right") for row, mark in zip(upto, marks, strict=True)]
        return np.array(drawn, dtype=np.int64).reshape(marks.shape)

    def bell(self, shape: tuple[int, ...]) -> Ints:
        """Nearly normal integers in 1/256 of a standard deviation: four uniforms summed."""
        total = self.below(1 << 16, (4, *shape)).sum(axis=0)
        return (total - 2 * 65535) * 256 // 37837


def simulate(
    ranked_tags: Ints, genres: Ints, tiers: Ints, *, seed: int, listeners: int
) -> Simulation:
    """Invent listeners for a catalogue.

    Args:
        ranked_tags: [A, 7] tag positions, most telling first, -1 where an artist has fewer.
        genres: [A] genre position of each artist, 0 to G - 1, every genre taken.
        tiers: [A] rough popularity, 1 to 5.
        seed: equal seeds give equal simulations.
        listeners: how many to invent, at least 2.
    """
    words = _Words(seed)
    weights = tag_weights(ranked_tags)
    profiles = np.zeros((int(genres.max()) + 1, weights.shape[1]), dtype=np.int64)
    np.add.at(profiles, genres, weights)
    fame = np.zeros(len(profiles), dtype=np.int64)
    np.add.at(fame, genres, np.array(POPULARITY[1])[tiers - 1])
    tastes = _tastes(words, _kinship(profiles, profiles), fame, listeners)
    affinity = _kinship(profiles, weights) + STRAY
    affinity[genres, np.arange(len(genres))] *= HOME_BONUS
    appetite = tastes @ affinity
    histories = _histories(words, appetite, tiers)
    plays = _plays(words, histories, listeners)
    taggings, tagged_on = _taggings(words, plays, weights, listeners)
    return Simulation(plays, taggings, tagged_on, _friends(words, tastes))


def tag_weights(ranked_tags: Ints) -> Ints:
    """Step 1: [A, 7] ranked tag positions (-1: none) to [A, T] weights."""
    artist, rank = np.nonzero(ranked_tags >= 0)
    tag = ranked_tags[artist, rank]
    rarity = [int(len(ranked_tags) // count).bit_length() for count in np.bincount(tag)]
    weights = np.zeros((len(ranked_tags), len(rarity)), dtype=np.int64)
    weights[artist, tag] = np.array(TAG_WEIGHTS)[rank] * np.array(rarity)[tag]
    return weights


def _kinship(left: Ints, right: Ints) -> Ints:
    """Step 2: squared cosines of the rows in 1/1024: [R, T], [C, T] -> [R, C]."""
    lengths = np.outer((left**2).sum(axis=1), (right**2).sum(axis=1))
    return 1024 * (left @ right.T) ** 2 // lengths


def _tastes(words: _Words, kinship: Ints, fame: Ints, listeners: int) -> Ints:
    """Step 3: draws of each genre, [L, G]."""
    kin = kinship.copy()
    np.fill_diagonal(kin, 0)
    kin += 1
    renown = np.tile([isqrt(int(total)) for total in fame], (listeners, 1))
    drawn = words.weighted(renown, 1)
    everyone = np.arange(listeners)
    for step in range(1, TASTE_DRAWS):
        earlier = drawn[everyone, words.below(step, (listeners,))]
        related = words.weighted(kin[earlier], 1)[:, 0]
        new = words.weighted(renown, 1)[:, 0]
        chance = words.below(256, (listeners,))
        choice = np.where(chance < REPEAT, earlier, np.where(chance < REPEAT + SPILL, related, new))
        drawn = np.column_stack([drawn, choice])
    tastes = np.zeros((listeners, len(fame)), dtype=np.int64)
    np.add.at(tastes, (everyone[:, None], drawn), 1)
    return tastes


def _histories(words: _Words, appetite: Ints, tiers: Ints) -> list[Ints]:
    """Step 4: the artists of each listener, favourites first.

    Keeping the first of equal draws with replacement is successive sampling without replacement.
    """
    listeners = len(appetite)
    curiosity = words.below(len(POPULARITY), (listeners,))
    weights = appetite * np.array(POPULARITY)[curiosity][:, tiers - 1]
    newcomer = words.below(NEWCOMERS, (listeners,)) == 0
    lengths = np.where(
        newcomer, 5 + words.below(25, (listeners,)), 30 + words.below(21, (listeners,))
    )
    draws = words.weighted(weights, CANDIDATE_DRAWS)
    likeliest = np.argsort(-weights, axis=1, kind="stable")[:, :LONGEST]
    candidates = np.concatenate([draws, likeliest], axis=1)
    histories = [
        row[np.sort(np.unique(row, return_index=True)[1])][:length]
        for row, length in zip(candidates, lengths, strict=True)
    ]
    heard = np.zeros(len(tiers), dtype=bool)
    heard[np.concatenate(histories)] = True
    unheard = np.flatnonzero(~heard)
    finders = words.weighted(appetite.T[unheard], 1)[:, 0]
    for artist, finder in zip(unheard, finders, strict=True):
        histories[finder] = np.append(histories[finder], artist)
    return histories


def play_counts(exponents: Ints) -> Ints:
    """2 to the power of exponents / 256, rounded; exponents are at least 0."""
    return np.rint(np.exp2(exponents / 256)).astype(np.int64)


def _plays(words: _Words, histories: list[Ints], listeners: int) -> Ints:
    """Step 5: [P, 3] listener, artist, plays, sorted."""
    listener = np.repeat(np.arange(listeners), [len(history) for history in histories])
    place = np.concatenate([np.arange(len(history)) for history in histories])
    level = 8 * 256 + 3 * words.bell((listeners,)) // 2
    exponents = level[listener] - FADE * place + words.bell(place.shape)
    plays = play_counts(np.clip(exponents, 0, 18 * 256))
    rows = np.column_stack([listener, np.concatenate(histories), plays])
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def _taggings(words: _Words, plays: Ints, weights: Ints, listeners: int) -> tuple[Ints, Ints]:
    """Step 6: [Q, 3] listener, artist, tag, sorted, and the day of each."""
    habit = np.array(TAG_HABITS)[words.below(len(TAG_HABITS), (listeners,))]
    pairs = plays[words.below(256, (len(plays),)) < habit[plays[:, 0]]]
    days = int((LAST_DAY - FIRST_DAY).astype(np.int64)) + 1
    day = int(FIRST_DAY.astype(np.int64)) + words.below(days, (len(pairs),))
    tags = words.weighted(weights[pairs[:, 1]], 3)
    slips = words.below(TAG_SLIPS, tags.shape) == 0
    tags = np.where(slips, words.below(weights.shape[1], tags.shape), tags)
    kept = np.arange(3) <= words.below(3, (len(pairs),))[:, None]
    pair, place = np.nonzero(kept)
    rows = np.column_stack([pairs[pair, 0], pairs[pair, 1], tags[pair, place], day[pair]])
    rows = np.unique(rows, axis=0)
    return rows[:, :3], rows[:, 3]


def _friends(words: _Words, tastes: Ints) -> Ints:
    """Step 7: [F, 2] listener, friend, sorted, both directions."""
    weights = (tastes @ tastes.T) ** 2 + 1
    np.fill_diagonal(weights, 0)
    invited = words.weighted(weights, INVITATIONS)
    many = words.below(INVITATIONS + 1, (len(tastes),))
    listener, place = np.nonzero(np.arange(INVITATIONS) < many[:, None])
    pairs = np.column_stack([listener, invited[listener, place]])
    return np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
