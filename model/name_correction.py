"""When a misspelt name is surely that artist's: what may be acted on without asking.

The rules weigh two wrongs: asking somebody whose slip is plain, and answering somebody who meant an
artist that the catalogue lacks as if another was meant. ``scripts/bench.py names`` measures both.
"""

from dataclasses import dataclass

ACTS_FROM = 92.0
"""Edit ratio from which a name with more than one slip is acted on."""

# Letters that the shorter of the two needs, by what the one slip is. Names that differ by two
# swapped letters are hardly ever two artists', those that differ by one letter are quite often.
_SHORTEST_WITH_SWAP = 5
_SHORTEST_WITH_LETTER_MORE = 8
_SHORTEST_WITH_OTHER_LETTER = 10
# Maxwell and Axwell, Bryan and Ryan Adams: people rarely mistype the first letter of a name.
_SHORTEST_WITH_OTHER_START = 9
_SHORTEST_OF_PROMINENT = 6


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed beside the one spelling nearest to it.

    Attributes:
        typed: the key of what was typed.
        spelling: the nearest of all spellings.
        edits: letters missing, too many, wrong or swapped with their neighbour.
        ratio: edit ratio of the two, 0 to 100.
        prominent: whether the artist is among the best known.
        known_words: whether every word of ``typed`` that ``spelling`` lacks is in another name.
    """

    typed: str
    spelling: str
    edits: int
    ratio: float
    prominent: bool
    known_words: bool

    @property
    def is_sure(self) -> bool:
        """Whether to act on it, given that no other artist is as near."""
        if _digits(self.typed) != _digits(self.spelling):
            return False  # blink-181 is a question
        same_start = self.typed[0] == self.spelling[0]
        if self.edits > 1:
            return self.ratio >= ACTS_FROM and same_start and not self.known_words
        length = min(len(self.typed), len(self.spelling))
        # A slip seldom makes another word: "killer" beside The Killers is rather another name.
        telling = not self.known_words and not self._is_plural
        if length >= self._shortest(same_start):
            return telling or (self.prominent and length >= _SHORTEST_WITH_LETTER_MORE)
        return length >= _SHORTEST_OF_PROMINENT and same_start and telling and self.prominent

    def _shortest(self, same_start: bool) -> int:
        if len(self.typed) != len(self.spelling):
            return _SHORTEST_WITH_LETTER_MORE if same_start else _SHORTEST_WITH_OTHER_START
        if sorted(self.typed) == sorted(self.spelling):
            return _SHORTEST_WITH_SWAP
        return _SHORTEST_WITH_OTHER_LETTER

    @property
    def _is_plural(self) -> bool:
        return self.spelling == self.typed + "s" or self.typed == self.spelling + "s"


def _digits(key: str) -> list[str]:
    return [character for character in key if character.isdecimal()]
