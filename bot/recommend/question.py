"""A whole question in the custom id of a button, so that old messages can still be answered.

A custom id is ``rec:<action>:<code>``. The code is base64 of a checksum over all the rest, the
version of the artifact that answered, the owner, dial and number of results in one byte, the
offset, and the artist ids as varints: at most 91 characters where Discord allows 100. Nothing in it
is secret; the checksum tells ids that are damaged or not ours from good ones.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import MemberError
from bot.language import lazy_gettext
from bot.recommend.dial import DIAL
from bot.recommend.records import MOST_ARTISTS, MOST_RESULTS, Terms

TEMPLATE = r"rec:.*"
"""Matches every custom id that ``Question.custom_id`` can make, and whatever looks like one."""

MOST_OFFSET = 200
"""Further down an answer is not asked for."""

_PREFIX = "rec"
_CHECKSUM, _VERSION, _OWNER = 3, 3, 8
_HEAD = _VERSION + _OWNER + 2
_MOST_ID = 2**63 - 1
_RESULTS_BITS = 5


class Action(StrEnum):
    """What a press asks for."""

    MORE = "more"
    BACK = "back"
    FAMILIAR = "fam"
    ADVENTUROUS = "adv"
    CHOOSE = "pick"
    WHY = "why"
    MAP = "map"
    LIKE = "like"
    PREVIEW = "hear"

    @property
    def edits(self) -> bool:
        """Whether the press changes the message, which only its owner may do."""
        return self in {self.MORE, self.BACK, self.FAMILIAR, self.ADVENTUROUS, self.CHOOSE}


@dataclass(frozen=True)
class Question:
    """All that it takes to answer again.

    Attributes:
        artists: Crossfade's own ids, one to five, not negative.
        terms: dial, number of results and offset.
        owner: the Discord id of the member who asked.
        version: ``digest`` of the artifact's version that answered.
    """

    artists: tuple[int, ...]
    terms: Terms
    owner: int
    version: bytes

    def moved(self, offset: int) -> "Question":
        """The same from another offset."""
        return replace(self, terms=replace(self.terms, offset=offset))

    def dialled(self, step: int) -> "Question":
        """The same from the top, at another step of the dial or at the end it would pass."""
        end = min(max(step, 0), len(DIAL) - 1)
        return replace(self, terms=replace(self.terms, step=end, offset=0))

    def custom_id(self, action: Action) -> str:
        """A text of at most 100 characters from which ``read`` gets both back.

        Raises:
            ValueError: there is no room for such a question.
        """
        body = self._packed()
        code = base64.urlsafe_b64encode(_checksum(action, body) + body).decode().rstrip("=")
        return f"{_PREFIX}:{action}:{code}"

    def _packed(self) -> bytes:
        terms = self.terms
        if not _is_possible(self.artists, terms):
            raise ValueError(f"no custom id for {self}")
        dialled = terms.step << _RESULTS_BITS | terms.results
        head = self.version + self.owner.to_bytes(_OWNER, "big") + bytes((dialled, terms.offset))
        return head + b"".join(map(_varint, self.artists))


def read(custom_id: str) -> tuple[Action, Question]:
    """What ``Question.custom_id`` wrote.

    Raises:
        MemberError: it did not write this.
    """
    try:
        return _read(custom_id)
    except (ValueError, IndexError, binascii.Error):
        raise MemberError(
            lazy_gettext("These buttons no longer work"), mend=lazy_gettext("run the command again")
        ) from None


def digest(version: str) -> bytes:
    """A version's name in the three bytes that a custom id has for it."""
    return hashlib.blake2b(version.encode(), digest_size=_VERSION).digest()


def _read(custom_id: str) -> tuple[Action, Question]:
    _, action_text, code = custom_id.split(":")
    action = Action(action_text)
    packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    body = packed[_CHECKSUM:]
    version, owner = body[:_VERSION], body[_VERSION : _VERSION + _OWNER]
    dialled, offset = body[_HEAD - 2], body[_HEAD - 1]
    terms = Terms(dialled >> _RESULTS_BITS, dialled & ((1 << _RESULTS_BITS) - 1), offset)
    artists = tuple(_varints(body[_HEAD:]))
    question = Question(artists, terms, int.from_bytes(owner, "big"), version)
    # Written again it must be the same, checksum and all: one spelling for each question.
    if question.custom_id(action) != custom_id:
        raise ValueError("not one of ours")
    return action, question


def _is_possible(artists: tuple[int, ...], terms: Terms) -> bool:
    return (
        1 <= len(artists) <= MOST_ARTISTS
        and all(0 <= one <= _MOST_ID for one in artists)
        and 0 <= terms.step < len(DIAL)
        and 1 <= terms.results <= MOST_RESULTS
        and 0 <= terms.offset <= MOST_OFFSET
    )


def _checksum(action: Action, body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_CHECKSUM, key=action.encode()).digest()


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; a set high bit says that more follow."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _varints(encoded: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in encoded:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("ends within a number")
