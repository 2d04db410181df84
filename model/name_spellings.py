"""The spellings of a catalogue's names in a few arrays, searchable by likeness.

As objects, half a million names take 60 MB and most of a search goes into touching them. Here a
spelling takes about 30 bytes, and which letters it holds tells without reading it that most of
them cannot be near.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from model.catalogue import TextColumn

Places = NDArray[np.integer]

# What the 64 bits of a spelling tell: of every letter whether there is one, and a second; of the
# commonest whether there is a third; whether there are digits, and anything else. A space tells
# nothing, as it is often missing or too many. One edit changes one bit at most.
_DIGITS, _ANYTHING_ELSE, _NOTHING = 26, 28, 29
_LOOKED_AT = 8
_THIRDS = {ord(letter) - ord("a"): (55 + place,) for place, letter in enumerate("aeilnorst")}
_BITS_OF_CLASS: dict[int, tuple[int, ...]] = {
    **{letter: (letter, 29 + letter, *_THIRDS.get(letter, ())) for letter in range(26)},
    **{other: (other,) for other in (_DIGITS, _DIGITS + 1, _ANYTHING_ELSE)},
}


def _class_of_byte() -> NDArray[np.uint8]:
    classes = np.full(256, _ANYTHING_ELSE, np.uint8)
    classes[ord("a") : ord("z") + 1] = np.arange(26)
    classes[ord("0") : ord("9") + 1] = _DIGITS + np.arange(10) % 2
    classes[ord(" ")] = _NOTHING
    return classes


def _ones() -> NDArray[np.uint8]:
    """How many bits are set in each number of 16 bits; NumPy counts them itself from 2.0 only."""
    ones = np.zeros(1, np.uint8)
    for _ in range(16):
        ones = np.concatenate((ones, ones + np.uint8(1)))
    return ones


_CLASS = _class_of_byte()
_BIT_OF_CLASS = np.array([*(1 << place for place in range(_NOTHING)), 0], np.uint64)
_ONES = _ones()


def _set_bits(numbers: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """How many bits are set in each number."""
    quarters = _ONES[numbers.view(np.uint16)].view(np.uint32)
    # The highest byte of the product is the sum of all four.
    return (quarters * np.uint32(0x01010101)) >> np.uint32(24)


def _bits(data: NDArray[np.uint8], begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The bits of texts, none empty, of which each begins where the one before ends.

    Args:
        data: uint8, the texts as UTF-8.
        begins: int64 [S].
    """
    classes = _CLASS[data]
    bits = np.zeros(begins.size, np.uint64)
    for kind, levels in _BITS_OF_CLASS.items():
        counts = np.add.reduceat(classes == kind, begins, dtype=np.uint16)
        for level, bit in enumerate(levels):
            bits |= (counts > level).astype(np.uint64) << np.uint64(bit)
    return bits


class Spellings:
    """Keys of names, as ``model.name_keys`` makes them, each with its name's rank.

    Args:
        texts: S keys, none empty, of at most 255 characters; a name may have several.
        ranks: int32 [S], ascending: each key's name as its place in the order of popularity.
    """

    def __init__(self, texts: Sequence[str], ranks: NDArray[np.int32]) -> None:
        self.ranks = ranks
        column = TextColumn.of(texts)
        # The array shares the block; slices of bytes are read faster than slices of arrays.
        self._block = column.data.tobytes()
        self._texts = TextColumn(np.frombuffer(self._block, np.uint8), column.offsets)
        self._lengths = np.fromiter(map(len, texts), np.uint8, len(texts))
        self._bits = _bits(self._texts.data, self._texts.offsets[:-1])

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, place: int) -> str:
        return self._texts[place]

    def texts(self, places: Places) -> list[str]:
        """The spellings at these places (int), several times faster than one at a time."""
        block, offsets = self._block, self._texts.offsets
        pairs = zip(offsets[places].tolist(), offsets[places + 1].tolist(), strict=True)
        return [block[begin:end].decode() for begin, end in pairs]

    def near(self, text: str, least: float, below: int, limit: int) -> list[tuple[int, float]]:
        """Place and edit ratio of the nearest spellings, nearest first, then by place.

        Args:
            text: a key.
            least: edit ratio from which a spelling counts, 0 to 100.
            below: only places below this.
            limit: at most so many.
        """
        # The ratio is 1 - edits / (both lengths), and two lengths, or two sets of characters, that
        # differ by n need n edits at least; the little more is for rounding.
        size, lengths = len(text), np.arange(256)
        allowed = np.floor((1 - least / 100) * (size + lengths) + 1e-6)
        allowed[np.abs(lengths - size) > allowed] = -1
        allowed = np.minimum(allowed, 64).astype(np.int32)
        differing = _set_bits(self._bits[:below] ^ _bits_of(text))
        places = np.flatnonzero(differing <= allowed[self._lengths[:below]])
        return _nearest(text, self.texts(places), places, least, limit)

    def near_beginnings(
        self, text: str, least: float, below: int, limit: int
    ) -> list[tuple[int, float]]:
        """As ``near``, but only the beginning of each spelling is compared."""
        # One more character than typed: a forgotten letter is the commonest slip.
        longest, bits = len(text) + 1, _bits_of(text)
        allowed = (1 - least / 100) * (len(text) + longest) + 1e-6
        missing = _set_bits(~self._bits[:below] & bits)
        places = np.flatnonzero(missing <= allowed)
        too_many = _set_bits(self._bits_of_beginnings(places, longest) & ~bits)
        places = places[missing[places] + too_many <= allowed]
        starts = [spelling[:longest] for spelling in self.texts(places)]
        return _nearest(text, starts, places, least, limit)

    def _bits_of_beginnings(self, places: Places, longest: int) -> NDArray[np.uint64]:
        """Which characters the beginnings have; only the first few are looked at."""
        begins, ends = self._texts.offsets[places], self._texts.offsets[places + 1]
        characters = begins[:, None] + np.arange(min(longest, _LOOKED_AT))
        classes = _CLASS[self._texts.data[np.minimum(characters, ends[:, None] - 1)]]
        return np.bitwise_or.reduce(_BIT_OF_CLASS[classes], axis=1)


class HashedTexts:
    """Where a text may be among many that are not kept: a dozen bytes each instead of a string.

    Args:
        texts: what is looked for later.
        count: how many.
    """

    def __init__(self, texts: Iterable[str], count: int) -> None:
        hashes = np.fromiter(map(hash, texts), np.int64, count)
        self._places = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._places]

    def places(self, text: str) -> list[int]:
        """Places of texts that are probably equal, ascending; whoever asks has to read them."""
        hashed = hash(text)
        begin = end = int(np.searchsorted(self._hashes, hashed))
        while end < self._hashes.size and self._hashes[end] == hashed:
            end += 1
        return self._places[begin:end].tolist()


def _bits_of(text: str) -> np.uint64:
    bits = 0
    seen = [0] * (_NOTHING + 1)
    kinds: list[int] = _CLASS[np.frombuffer(text.encode(), np.uint8)].tolist()
    for kind in kinds:
        levels = _BITS_OF_CLASS.get(kind, ())
        if seen[kind] < len(levels):
            bits |= 1 << levels[seen[kind]]
        seen[kind] += 1
    return np.uint64(bits)


def _nearest(
    text: str, choices: Sequence[str], places: Places, least: float, limit: int
) -> list[tuple[int, float]]:
    # rapidfuzz returns equal scores in the order of the choices, which is by popularity.
    found = process.extract(
        text, choices, scorer=fuzz.ratio, processor=None, score_cutoff=least, limit=limit
    )
    return [(int(places[position]), score) for _, score, position in found]
