"""What a test lets go wrong at the local Discord."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.discord_double.fates import (
    CONNECTION,
    EVENT,
    FAIR,
    HANDSHAKE,
    LIMITS,
    REST,
    Fate,
    Fault,
)
from tests.discord_double.storm import Storm


@dataclass(slots=True)
class Plan:
    """A fate that the next ``times`` matching requests meet."""

    fate: Fate
    times: int
    on: str


@dataclass
class Weather:
    """Fair until a test changes it.

    ``refusing`` is the status that every REST request gets, as HTML from a proxy. ``lost_answers``
    initial responses take effect but their senders get a 502, so that they are sent again.
    ``closing`` is the code with which the gateway closes each login. A ``silent`` gateway accepts
    connections and says nothing on them. ``storm`` draws what ``plan`` has not settled.
    """

    refusing: int | None = None
    lost_answers: int = 0
    closing: int | None = None
    silent: bool = False
    storm: Storm | None = None
    planned: list[Plan] = field(default_factory=list)
    _full_until: dict[str, tuple[float, Fault]] = field(default_factory=dict)

    def plan(
        self, fault: Fault, *, times: int = 1, seconds: float = 0.0, on: str = "/interactions"
    ) -> None:
        """Let the next ``times`` requests (events, connections) go wrong in this way.

        Args:
            fault: what goes wrong.
            times: how often.
            seconds: what a 429 tells the client to wait, or by how much something slow is late.
            on: a part of the method and route, such as ``PATCH /webhooks`` or, for any, nothing;
                of no account at the gateway.
        """
        self.planned.append(Plan(Fate(fault, seconds), times, on))

    def clear(self) -> None:
        """Be fair again, at once."""
        self.refusing = self.closing = None
        self.lost_answers, self.silent = 0, False
        self.planned.clear()
        self._full_until.clear()
        if self.storm is not None:
            self.storm.end()

    def loses_answer(self, route: str | None) -> bool:
        """Return whether the answer to this request gets lost; each one counts."""
        if not self.lost_answers or not (route or "").startswith("/interactions"):
            return False
        self.lost_answers -= 1
        return True

    def at_request(self, name: str, scope: str, now: float) -> Fate:
        """Return what befalls a REST request.

        Args:
            name: its method and route.
            scope: what it is an attempt at.
            now: seconds of the double's clock.
        """
        if self.refusing is not None:
            return Fate(Fault.UNAVAILABLE, status=self.refusing)
        until, fault = self._full_until.get(scope, (now, Fault.BUCKET_LIMIT))
        if until > now and (self.storm is None or not self.storm.over):
            return Fate(fault, until - now)
        fate = self._met(scope, REST, name)
        if fate.fault is not None and fate.fault in LIMITS:
            self._full_until[scope] = now + fate.seconds, fate.fault
        return fate

    def at_event(self) -> Fault | None:
        """Return what befalls the gateway connection around an interaction's event."""
        return self._met("event", EVENT).fault

    def at_connection(self) -> Fault | None:
        """Return what is wrong with a gateway connection that is accepted."""
        return self._met("connection", CONNECTION).fault

    def at_handshake(self) -> Fault | None:
        """Return what befalls a gateway handshake."""
        return self._met("handshake", HANDSHAKE).fault

    def _met(self, scope: str, faults: Sequence[Fault], name: str = "") -> Fate:
        for plan in self.planned:
            if plan.fate.fault in faults and (not name or plan.on in name):
                plan.times -= 1
                if plan.times <= 0:
                    self.planned.remove(plan)
                return plan.fate
        return FAIR if self.storm is None else self.storm.meet(scope, faults)
