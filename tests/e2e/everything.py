"""A walk through all that members can do, and every text that they are shown on the way."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.client import CrossfadeBot
from bot.limits import Rate
from model.recommender import Recommender
from tests.discord_double.context_menus import use_on_message
from tests.discord_double.interactions import Answer
from tests.discord_double.records import User
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import BALLAD
from tests.services_double.loopback import Manners
from tests.services_double.lrclib import LrclibDouble

CASH = {"artist": "Johnny Cash"}
WORDS = {"artist": BALLAD.artist, "song": BALLAD.title}
Json = dict[str, Any]


class Gate:
    """Limits that refuse what begins with ``shut``."""

    def __init__(self) -> None:
        self.shut = "-"

    async def take(self, key: str, rate: Rate, /) -> float:
        return 4.0 if key.startswith(self.shut) else 0.0


class Walk:
    """What ``member`` does, with the answers in ``seen``, in the order of the questions.

    Args:
        double: the local Discord.
        bot: logged in there.
        member: may manage the server.
        other: somebody who presses what is not theirs, and who speaks the same language.
        gate: the bot's limits.
    """

    def __init__(
        self, double: DiscordDouble, bot: CrossfadeBot, *, member: User, other: User, gate: Gate
    ) -> None:
        self.seen: list[tuple[str, Answer]] = []
        self._double = double
        self._bot = bot
        self._member = member
        self._other = other
        self._gate = gate

    async def asks(self, name: str, **options: Any) -> Answer:
        user = options.pop("user", self._member)
        answer = await self._double.slash(name, options, user=user)
        return await self._saw(f"/{name} {options}", answer)

    async def presses(self, before: Answer, what: str, *, other: bool = False) -> Answer:
        """Press what has this at the beginning of its custom id, or at this place in its row."""
        custom_id = next(one for one in _custom_ids(before) if one.startswith(what))
        user = self._other if other else self._member
        values = _first_option(before, custom_id)
        pressed = await self._double.press(
            before.message, custom_id=custom_id, values=values, user=user
        )
        named = what if what.startswith("rec:") else "one of the buttons"
        return await self._saw(f"presses {named}", pressed)

    async def recommendations(self) -> None:
        asked = await self.asks("recommend", **CASH)
        await self.presses(asked, "rec:more", other=True)
        for action in ("more", "back", "fam", "adv", "adv", "why", "map", "like"):
            answer = await self.presses(asked, f"rec:{action}")
        await self.presses(answer, "rec:hear")
        unclear = await self.asks("recommend", artist="jonny csh", artist2="Radiohead")
        await self.presses(unclear, "rec:pick")
        await self.asks("recommend", artist="Radiohed", artist2="zzyzx quorn", results=3)
        await self.asks("recommend", artist="jonny csh", artist2="sigur ross", artist3="zzyzx")
        await self.asks("recommend", artist="zzyzx quorn", artist2="Wholly Unheard Of")
        for name in ("Velvet Meridian", "zzyzx quorn", " "):
            await self.asks("recommend", artist=name)
        for text in ("Johnny Cash and Radiohead", "nothing to see here"):
            answer = await use_on_message(
                self._double, "Recommend from this", text, user=self._member
            )
            await self._saw("menu", answer)

    async def maps(self) -> None:
        for name in ("Johnny Cash", "johny cash", "zzyzx quorn"):
            await self.asks("map", artist=name)
        unclear = await self.asks("map", artist="jonny csh")
        await self.presses(unclear, "", other=True)
        await self.presses(unclear, "")

    async def lyrics(self, lrclib: LrclibDouble) -> None:
        asked = await self.asks("lyrics", **WORDS)
        following = _custom_ids(asked)[-1]
        await self.presses(asked, following, other=True)
        await self.presses(asked, following)
        for song in ("Never Written", " "):
            await self.asks("lyrics", artist="Ada Brook", song=song)
        lrclib.manners = Manners.INTERNAL
        await self.asks("lyrics", artist="Ada Brook", song="Two Clocks")
        lrclib.manners = None

    async def settings(self) -> None:
        first, second = self._double.guilds[0].channels
        await self.asks("settings show", user=self._other)
        await self.asks("settings dial", step=1.0)
        await self.asks("settings lyrics", on=False)
        await self.asks("lyrics", **WORDS)
        await self.asks("settings channels remove", channel=first)
        for channel in (first, second):
            await self.asks("settings channels add", channel=channel)
        await self.asks("settings channels remove", channel=second)
        await self.asks("settings channels remove", channel=first)
        await self.asks("settings channels clear")
        await self.asks("settings lyrics", on=True)
        await self.asks("settings dial", step=0.0)

    async def the_rest(self, before: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pages about the bot, buttons that died, and when it cannot answer."""
        await self.asks("about")
        await self.asks("help")
        await self.presses(before, _custom_ids(before)[-1])
        for self._gate.shut in ("member", "server"):
            await self.asks("about")
        self._gate.shut = "-"
        self._bot.reception.under_way.ending = True
        await self.asks("about")
        self._bot.reception.under_way.ending = False
        with monkeypatch.context() as broken:
            broken.setattr(Recommender, "similar", lambda *_, **__: 1 / 0)
            await self.asks("recommend", **CASH)
            broken.setattr(Recommender, "similar", lambda *_, **__: [])
            await self.asks("recommend", **CASH)

    async def _saw(self, what: str, answer: Answer) -> Answer:
        await answer.settled()
        self.seen.append((what, answer))
        return answer

    def texts(self) -> list[tuple[str, str]]:
        """(what was done, a text that was shown for it), in order."""
        return [
            (what, text)
            for what, answer in self.seen
            for message in (*answer.history, *answer.followups)
            for text in _texts(message)
        ]


def _custom_ids(answer: Answer) -> list[str]:
    assert answer.message is not None
    rows = [row["components"] for row in answer.message["components"]]
    return [
        one["custom_id"]
        for row in rows
        for one in row
        if not one.get("disabled") and "custom_id" in one
    ]


def _first_option(answer: Answer, custom_id: str) -> list[str] | None:
    assert answer.message is not None
    for row in answer.message["components"]:
        for one in row["components"]:
            if one.get("custom_id") == custom_id and "options" in one:
                return [one["options"][0]["value"]]
    return None


def _texts(message: Json) -> Iterator[str]:
    """Every text of a message that a member reads or is read to."""
    yield message["content"]
    for embed in message["embeds"]:
        yield from (embed.get("title") or "", embed.get("description") or "")
        yield (embed.get("footer") or {}).get("text", "")
        for field in embed.get("fields") or ():
            yield from (field["name"], field["value"])
    for row in message["components"]:
        for one in row["components"]:
            yield from (one.get("label") or "", one.get("placeholder") or "")
            for option in one.get("options") or ():
                yield from (option["label"], option.get("description") or "")
    for file in message["attachments"]:
        yield file.get("description") or ""
