"""Interactions that the local Discord has begun, and what the bot answered to each."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.discord_double.errors import (
    NoAnswerError,
    already_acknowledged,
    expired_token,
    unknown_interaction,
    unknown_webhook,
)
from tests.discord_double.kinds import EPHEMERAL, Kind, Reply, StoredMessage
from tests.discord_double.records import Channel, Guild, Json, Rejection, User
from tests.discord_double.waiting import Signal


class Answer:
    """What a bot answered to one interaction: everything that it sent, and what is to be seen.

    ``interaction`` is the INTERACTION_CREATE event; ``initial`` the accepted body of the first
    response; ``latency`` the seconds from the event to it; ``history`` the messages as they
    were after each change, oldest first; ``rejections`` what was refused on the way; ``source``
    the message whose component was used; ``trigger`` the interaction that opened a modal.
    """

    def __init__(
        self,
        interaction: Json,
        *,
        user: User,
        place: Guild | None,
        channel: Channel,
        began: float,
        signal: Signal,
        source: StoredMessage | None = None,
        trigger: Answer | None = None,
    ) -> None:
        self.interaction = interaction
        self.user = user
        self.place = place
        self.channel = channel
        self.began = began
        self.initial: Json | None = None
        self.latency: float | None = None
        self.history: list[Json] = []
        self.rejections: list[Rejection] = []
        self.original: StoredMessage | None = None
        self.followup_messages: list[StoredMessage] = []
        self.source = source
        self.trigger = trigger
        self.touched = False
        self._signal = signal

    @property
    def kind(self) -> Kind:
        """What the member did."""
        return Kind(self.interaction["type"])

    @property
    def reply(self) -> Reply | None:
        """How the bot answered first."""
        return None if self.initial is None else Reply(self.initial["type"])

    @property
    def deferred(self) -> bool:
        """Whether the first response only promised one."""
        return self.reply in {Reply.DEFERRED_MESSAGE, Reply.DEFERRED_UPDATE}

    @property
    def ephemeral(self) -> bool:
        """Whether the answer can be seen by the member alone."""
        shown = self._shown()
        return shown is not None and bool(shown.payload["flags"] & EPHEMERAL)

    @property
    def message(self) -> Json | None:
        """The message to be seen now, after edits; None while the bot thinks or if deleted."""
        shown = self._shown()
        return shown.payload if shown is not None and shown.visible else None

    @property
    def followups(self) -> list[Json]:
        """The further messages that are to be seen."""
        return [one.payload for one in self.followup_messages if one.visible]

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the message to be seen, by name."""
        shown = self._shown()
        return {} if shown is None else {name: one.content for name, one in shown.files.items()}

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offered."""
        data: Any = (self.initial or {}).get("data") or {}
        return list(data.get("choices") or [])

    @property
    def modal(self) -> Json | None:
        """The modal that was opened."""
        return (self.initial or {}).get("data") if self.reply is Reply.MODAL else None

    async def responded(self, timeout: float = 3.0) -> None:
        """Wait until the bot gave its initial response."""
        await self._until(lambda: self.initial is not None, timeout, "an initial response")

    async def settled(self, timeout: float = 10.0) -> Json:
        """Wait until the answer can be seen (after a deferral: until it is filled); return it."""
        await self._until(
            lambda: (
                self.message is not None
                and (self.reply is not Reply.DEFERRED_UPDATE or self.touched)
            ),
            timeout,
            "a message to be seen",
        )
        assert self.message is not None
        return self.message

    async def until(self, true: Callable[[Json], bool], timeout: float = 10.0) -> Json:
        """Wait until the message to be seen fulfils a condition; return it."""
        await self._until(
            lambda: self.message is not None and true(self.message), timeout, "that message"
        )
        assert self.message is not None
        return self.message

    def keep(self, stored: StoredMessage) -> None:
        """Record how a message looks after a change, and wake who waits for it."""
        self.history.append(copy.deepcopy(stored.payload))
        self._signal.notify()

    def _shown(self) -> StoredMessage | None:
        if self.original is not None and not self.original.deleted:
            return self.original
        later = [one for one in self.followup_messages if not one.deleted]
        return later[-1] if later else None

    async def _until(self, true: Callable[[], bool], timeout: float, what: str) -> None:
        name = self.interaction.get("data", {}).get("name", self.kind.name.lower())
        try:
            await self._signal.until(true, timeout=timeout, what=f"{what} to {name!r}")
        except NoAnswerError as fault:
            refused = "".join(f"\n  refused: {one}" for one in self.rejections)
            raise NoAnswerError(f"{fault}{refused}") from None


class Interactions:
    """Every interaction by id and by token, and the two clocks that run from its beginning."""

    def __init__(self, clock: Callable[[], float], *, deadline: float, token_life: float) -> None:
        self.answers: list[Answer] = []
        self._by_token: dict[str, Answer] = {}
        self._clock = clock
        self._deadline = deadline
        self._token_life = token_life

    def now(self) -> float:
        """Return the time of the clock that deadlines are measured by."""
        return self._clock()

    def add(self, answer: Answer) -> None:
        """Remember an interaction that is about to be sent."""
        self.answers.append(answer)
        self._by_token[answer.interaction["token"]] = answer

    def find(self, token: str) -> Answer | None:
        """Return the interaction of a token."""
        return self._by_token.get(token)

    def to_acknowledge(self, interaction_id: str, token: str) -> Answer:
        """Return the interaction that an initial response is for.

        Raises:
            RefusedError: unknown or too late (10062), or answered before (40060).
        """
        answer = self.find(token)
        if answer is None or answer.interaction["id"] != interaction_id:
            raise unknown_interaction()
        if answer.initial is not None:
            raise already_acknowledged()
        if self._clock() - answer.began > self._deadline:
            raise unknown_interaction()
        return answer

    def of_webhook(self, application_id: str, token: str) -> Answer:
        """Return the interaction whose followup webhook this is.

        Raises:
            RefusedError: unknown or not answered yet (10015), or too old (50027).
        """
        answer = self.find(token)
        if answer is None or answer.interaction["application_id"] != application_id:
            raise unknown_webhook()
        if self._clock() - answer.began > self._token_life:
            raise expired_token()
        if answer.initial is None:
            raise unknown_webhook()
        return answer
