"""What became of each interaction: every attempt at an answer, and what befell it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord_double.call import Call
from tests.discord_double.fates import FAIR, Fate, Fault
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import Kind
from tests.discord_double.records import Upload


@dataclass(slots=True)
class Attempt:
    """One request. Times are seconds since the interaction began.

    Attributes:
        arrived: when it came in.
        fate: what befell it.
        effect: when it did what it asked for, or None.
        code: Discord's own error code where Discord refused it.
    """

    arrived: float
    fate: Fate = FAIR
    effect: float | None = None
    code: int | None = None

    @property
    def clear(self) -> bool:
        """Whether nothing befell it."""
        return self.fate.fault is None


@dataclass(slots=True)
class Sending:
    """One thing that a bot wants sent, with every attempt at it.

    Attributes:
        name: ``first``, or the method and what follows the token in the path.
        scope: by what name a storm knows it.
        limit: until how many seconds after the interaction began Discord takes it.
        adds: whether a second one would stand beside the first.
    """

    name: str
    scope: str
    limit: float
    adds: bool = False
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def effects(self) -> int:
        """How often it took effect."""
        return sum(one.effect is not None for one in self.attempts)

    @property
    def in_time(self) -> bool:
        """Whether it took effect before the limit."""
        return any(one.effect is not None and one.effect <= self.limit for one in self.attempts)

    @property
    def clear_in_time(self) -> bool:
        """Whether an attempt that nothing befell came in before the limit."""
        return any(one.clear and one.arrived <= self.limit for one in self.attempts)

    @property
    def refused(self) -> bool:
        """Whether Discord itself said no, other than that it was answered before."""
        return any(one.code not in {None, 40060} for one in self.attempts)

    @property
    def faults(self) -> list[Fault]:
        """What befell its attempts, in order."""
        return [one.fate.fault for one in self.attempts if one.fate.fault is not None]


@dataclass(slots=True)
class Entry:
    """An interaction and what was sent about it.

    Attributes:
        number: how many interactions there were before.
        answer: what is to be seen.
        delivered: when its event went out, in seconds since it began; again after each RESUME by
            a client that had not seen it. Empty when no session was there to take it.
        first: the initial response.
        further: followups, edits and deletions by what they say.
    """

    number: int
    answer: Answer
    first: Sending
    token_life: float
    delivered: list[float] = field(default_factory=list)
    further: dict[str, Sending] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The interaction's snowflake."""
        return self.answer.interaction["id"]

    @property
    def answered(self) -> bool:
        """Whether the bot answered; Discord takes no first response after three seconds."""
        return self.first.in_time

    @property
    def answered_twice(self) -> bool:
        """Whether something took effect twice that should stand there once.

        Two followups of the same content count as one that was sent twice.
        """
        return any(one.effects > 1 for one in (self.first, *self.further.values()) if one.adds)

    @property
    def left_thinking(self) -> bool:
        """Whether a member still reads that the bot is thinking."""
        shown = self.answer.original
        return shown is not None and shown.loading and not shown.deleted

    @property
    def unfulfilled(self) -> list[Sending]:
        """Followups, edits and deletions that never took effect and that Discord did not refuse."""
        return [one for one in self.further.values() if not one.effects and not one.refused]

    def sending(self, call: Call) -> Sending:
        """Return what a request is an attempt at."""
        if call.route is not None and call.route.startswith("/interactions"):
            return self.first
        place = call.path.partition(str(call.token))[2]
        said = f"{call.method} {place} {_digest(call.body, call.uploads)}"
        if said not in self.further:
            name = f"{call.method} {place}".rstrip()
            scope = f"further {self.number} {len(self.further)}"
            adds = call.method == "POST"
            self.further[said] = Sending(name, scope, self.token_life, adds)
        return self.further[said]


class Ledger:
    """An entry for each interaction, oldest first.

    Args:
        clock: what deadlines are measured by.
        deadline: seconds that an interaction waits for its first response.
        token_life: seconds that its token lets anything be sent.
    """

    def __init__(self, clock: Callable[[], float], *, deadline: float, token_life: float) -> None:
        self.entries: list[Entry] = []
        self._clock = clock
        self._deadline = deadline
        self._token_life = token_life
        self._by_id: dict[str, Entry] = {}
        self._by_token: dict[str, Entry] = {}

    def open(self, answer: Answer) -> Entry:
        """Begin the entry of an interaction."""
        number = len(self.entries)
        adds = answer.kind is not Kind.AUTOCOMPLETE
        first = Sending("first", f"first {number}", self._deadline, adds)
        entry = Entry(number, answer, first, self._token_life)
        self.entries.append(entry)
        self._by_id[entry.id] = entry
        self._by_token[answer.interaction["token"]] = entry
        return entry

    def of(self, answer: Answer) -> Entry:
        """Return the entry of an interaction."""
        return self._by_id[answer.interaction["id"]]

    def delivered(self, interaction_id: str) -> None:
        """Write down that an interaction's event went out."""
        entry = self._by_id.get(interaction_id)
        if entry is not None:
            entry.delivered.append(self._clock() - entry.answer.began)

    def attempt(self, call: Call) -> tuple[str, Attempt]:
        """Write down a request; return what it is an attempt at, and the attempt.

        A request that is about no interaction, or that only reads, is written nowhere.
        """
        entry = self._by_token.get(call.token or "")
        if entry is None or call.method == "GET":
            return call.name, Attempt(0.0)
        sending = entry.sending(call)
        made = Attempt(self._clock() - entry.answer.began)
        sending.attempts.append(made)
        return sending.scope, made

    def took_effect(self, call: Call, attempt: Attempt) -> None:
        """Write down that a request did what it asked for."""
        entry = self._by_token.get(call.token or "")
        if entry is not None:
            attempt.effect = self._clock() - entry.answer.began


def _digest(body: object, uploads: tuple[Upload, ...]) -> str:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode())
    for one in uploads:
        digest.update(one.filename.encode() + one.content)
    return digest.hexdigest()[:16]
