"""What members do in the menu of a message."""

from __future__ import annotations

from tests.discord_double import world as things
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import Kind
from tests.discord_double.records import Guild, Json, User
from tests.discord_double.server import DiscordDouble

MESSAGE_MENU = 3


async def use_on_message(
    double: DiscordDouble,
    name: str,
    content: str,
    *,
    embeds: tuple[Json, ...] = (),
    user: User = things.JUNE,
    author: User = things.OTIS,
    guild: Guild | None = None,
    private: bool = False,
    wait: bool = True,
) -> Answer:
    """Choose an entry of the menu of a message that ``author`` wrote.

    Waits for the initial response, not if ``wait`` is False.

    Raises:
        NotOfferedError: there is no such entry here.
        NoAnswerError: no initial response within three seconds.
    """
    place: Guild | None = None if private else guild or double.guilds[0]
    command = double.registry.offered(name, place)
    assert command["type"] == MESSAGE_MENU
    target = str(double.world.new_id())
    message: Json = {
        "id": target,
        "type": 0,
        "channel_id": str(place.channels[0].id if place else 230_000_000_000_000_003),
        "author": things.user_payload(author),
        "content": content,
        "embeds": list(embeds),
        "attachments": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "flags": 0,
        "timestamp": "2025-01-02T03:04:05.000000+00:00",
        "edited_timestamp": None,
    }
    data: Json = {
        "id": command["id"],
        "name": command["name"],
        "type": MESSAGE_MENU,
        "target_id": target,
        "resolved": {"messages": {target: message}},
    }
    answer = await double._begin(Kind.COMMAND, data, user, place, None)
    if wait:
        await answer.responded()
    return answer
