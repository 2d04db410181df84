"""A crowd that uses the bot at a steady rate, whether it is answered or not."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Sequence

from tests.discord_double import world
from tests.discord_double.components import BUTTON, STRING_SELECT, walk
from tests.discord_double.errors import NoAnswerError, NotConnectedError
from tests.discord_double.interactions import Answer
from tests.discord_double.records import Guild, Json, User
from tests.discord_double.server import ANSWER_WITHIN_S, DiscordDouble
from tests.load.records import Doing, Interaction, Orders, Outcome

MEMBERS = 10
"""Of each server."""

# Commands and presses take turns through the servers and their members: a server's 30 in 10 s are
# not reached below 3 a second and server, a member's 8 in 10 s far later.
_TYPING, _PRESSING = 0.4, 0.2
_SLIPS = 0.1
_UNKNOWN_INTERACTION = 10062

# A map is drawn, which no promise about answers in milliseconds covers.
_NOT_PRESSED = frozenset({"Map", "Preview"})


def places(servers: int) -> list[Guild]:
    """The servers of a crowd."""
    return [world.guild(number) for number in range(servers)]


class Crowd:
    """Members of all servers of a local Discord.

    Attributes:
        behind: seconds that an interaction began later than it should have, at most so far.

    Args:
        discord: where the bot is ready.
        orders: what the crowd shall do.
    """

    def __init__(self, discord: DiscordDouble, orders: Orders) -> None:
        self.behind = 0.0
        self._discord = discord
        self._orders = orders
        self._random = random.Random(orders.seed)
        self._asked = 0
        self._begun: list[tuple[Doing, Answer]] = []
        self._to_press: deque[Answer] = deque()

    async def use_the_bot(self) -> list[Interaction]:
        """Do everything, wait until it is answered or too late, and tell how it ended.

        Ends early when the bot is not connected any more.
        """
        orders = self._orders
        moments = [
            self._random.uniform(0, orders.seconds)
            for _ in range(max(round(orders.rate * orders.seconds), 1))
        ]
        loop = asyncio.get_running_loop()
        began = loop.time()
        with contextlib.suppress(NotConnectedError):
            for moment in sorted(moments):
                # Also when it is late already, so that answers are taken meanwhile.
                await asyncio.sleep(max(began + moment - loop.time(), 0))
                self.behind = max(self.behind, loop.time() - began - moment)
                await self._act()
        with contextlib.suppress(NoAnswerError):
            await self._discord.signal.until(
                self._all_settled, timeout=ANSWER_WITHIN_S + 0.5, what="all answers"
            )
        return [_told(doing, answer) for doing, answer in self._begun]

    def _all_settled(self) -> bool:
        return all(_settled(answer) for _, answer in reversed(self._begun))

    async def _act(self) -> None:
        drawn = self._random.random()
        if drawn < _TYPING:
            await self._type()
        elif drawn < _TYPING + _PRESSING and self._to_press and _settled(self._to_press[0]):
            await self._press(self._to_press.popleft())
        else:
            await self._recommend()

    async def _type(self) -> None:
        name, (place, member) = self._name(), self._somebody()
        typed = name[: self._random.randint(1, len(name))]
        answer = await self._discord.begin_autocomplete(
            "recommend", {"artist": typed}, focused="artist", user=member, guild=place
        )
        self._begun.append((Doing.TYPE, answer))

    async def _recommend(self) -> None:
        name, (place, member) = self._name(), self._somebody()
        if len(name) > 3 and self._random.random() < _SLIPS:
            gone = self._random.randrange(len(name))
            name = name[:gone] + name[gone + 1 :]
        answer = await self._discord.slash(
            "recommend", {"artist": name}, user=member, guild=place, wait=False
        )
        self._begun.append((Doing.RECOMMEND, answer))
        self._to_press.append(answer)

    async def _press(self, asked: Answer) -> None:
        message = asked.message or {}
        usable = _usable(message.get("components", []))
        if not usable:
            await self._recommend()
            return
        chosen = self._random.choice(usable)
        options = [one["value"] for one in chosen.get("options", [])]
        answer = await self._discord.press(
            message,
            custom_id=chosen["custom_id"],
            values=self._random.sample(options, 1) if options else None,
            user=asked.user,
            wait=False,
        )
        self._begun.append((Doing.PRESS, answer))

    def _name(self) -> str:
        return self._orders.names[len(self._begun) % len(self._orders.names)]

    def _somebody(self) -> tuple[Guild, User]:
        servers = self._discord.guilds
        turn, at = divmod(self._asked, len(servers))
        self._asked += 1
        number = at * MEMBERS + turn % MEMBERS
        return servers[at], User(310_000_000_000_000_000 + number, f"member{number}", "Member")


def _usable(components: Sequence[Json]) -> list[Json]:
    return [
        one
        for one in walk(components)
        if one["type"] in {BUTTON, STRING_SELECT}
        and "custom_id" in one
        and not one.get("disabled")
        and one.get("label") not in _NOT_PRESSED
    ]


def _settled(answer: Answer) -> bool:
    """Whether there is an answer to be seen, not only the promise of one."""
    if answer.initial is None or not answer.deferred:
        return answer.initial is not None
    return answer.touched and answer.message is not None


def _told(doing: Doing, answer: Answer) -> Interaction:
    return Interaction(
        int(answer.interaction["id"]), doing, answer.began, answer.latency, _outcome(doing, answer)
    )


def _outcome(doing: Doing, answer: Answer) -> Outcome:
    if not _settled(answer):
        late = any(one.code == _UNKNOWN_INTERACTION for one in answer.rejections)
        return Outcome.LATE if late else Outcome.UNANSWERED
    if doing is Doing.TYPE:
        return Outcome.RIGHT if answer.choices else Outcome.WRONG
    # Errors are told without an embed.
    return Outcome.RIGHT if (answer.message or {}).get("embeds") else Outcome.WRONG
