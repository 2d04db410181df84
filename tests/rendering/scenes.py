"""What is asked for the photographs: each scene is a few answers that belong together."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import discord as discord_py

from tests.discord_double import world
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.rendering.page import Shot
from tests.services_double.songs import CATALOGUE

ADMIN = replace(world.JUNE, permissions=discord_py.Permissions.all().value)
Scene = Callable[[DiscordDouble], Awaitable[list[Shot]]]


def _shot(asked: str, answer: Answer) -> Shot:
    message, stored = answer.message, answer.original
    assert message is not None, asked
    files = {} if stored is None else {name: one.content for name, one in stored.files.items()}
    return Shot(asked, message, files)


async def _asked(discord: DiscordDouble, name: str, **options: object) -> Shot:
    return (await _answered(discord, name, **options))[0]


async def _answered(discord: DiscordDouble, name: str, **options: object) -> tuple[Shot, Answer]:
    words = " ".join((f"/{name}", *(f"{key}:{value}" for key, value in options.items())))
    answer = await discord.slash(name, options, user=ADMIN)
    await answer.settled()
    return _shot(words, answer), answer


async def _pressed(discord: DiscordDouble, before: Answer, label: str) -> Shot:
    pressed = await discord.press(before.message, label=label, user=ADMIN)
    await pressed.settled()
    return _shot(f"presses “{label}”", pressed)


async def recommend(discord: DiscordDouble) -> list[Shot]:
    """The usual answer."""
    return [await _asked(discord, "recommend", artist="Johnny Cash")]


async def several(discord: DiscordDouble) -> list[Shot]:
    """Two artists, a turned dial, and why."""
    options = {"artist": "Radiohead", "artist2": "Björk", "dial": "adventurous", "results": 5}
    shot, answer = await _answered(discord, "recommend", **options)
    return [shot, await _pressed(discord, answer, "Why?")]


async def names(discord: DiscordDouble) -> list[Shot]:
    """A slip, an unclear name, an unknown one."""
    typed = ("sigur ross", "jonny cahs", "zzyzx quorn")
    return [await _asked(discord, "recommend", artist=name) for name in typed]


async def lyrics(discord: DiscordDouble) -> list[Shot]:
    """Words of a song, and a song that nobody has."""
    song = CATALOGUE[0]
    return [
        await _asked(discord, "lyrics", artist=song.artist, song=song.title),
        await _asked(discord, "lyrics", artist=song.artist, song="No Such Song"),
    ]


async def settings(discord: DiscordDouble) -> list[Shot]:
    """What an admin sees."""
    return [await _asked(discord, "settings show")]


async def around(discord: DiscordDouble) -> list[Shot]:
    """The map around an artist."""
    return [await _asked(discord, "map", artist="Johnny Cash")]


async def about(discord: DiscordDouble) -> list[Shot]:
    """What the bot is and what it can do."""
    return [await _asked(discord, "about"), await _asked(discord, "help")]


SCENES: Mapping[str, Scene] = {
    scene.__name__: scene for scene in (recommend, several, names, lyrics, settings, around, about)
}
