"""What a test lets go wrong at the local Discord."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Weather:
    """Fair until a test changes it.

    ``refusing`` is the status that every REST request gets, as HTML from a proxy. ``lost_answers``
    initial responses take effect but their senders get a 502, so that they are sent again.
    ``closing`` is the code with which the gateway closes each login. A ``silent`` gateway accepts
    connections and says nothing on them.
    """

    refusing: int | None = None
    lost_answers: int = 0
    closing: int | None = None
    silent: bool = False

    def loses_answer(self, route: str | None) -> bool:
        """Return whether the answer to this request gets lost; each one counts."""
        if not self.lost_answers or not (route or "").startswith("/interactions"):
            return False
        self.lost_answers -= 1
        return True
