"""What the bot says about itself; pure."""

import re
from collections.abc import Iterable
from datetime import datetime

import discord

from bot.about.card import data_of, limits_of, objective_of
from bot.about.quality import quality_table
from bot.language import decimal, gettext, lazy_gettext
from bot.recommend.present import ACCENT, ATTENTION
from bot.text import EMBED_DESCRIPTION, cut, escape, link
from model.manifest import Manifest
from model.sources import DEMO

_FOOTER = 200
FIELD = 1024
"""UTF-16 units that Discord takes in a field of an embed."""

_PURPOSE = lazy_gettext(
    "A self-hosted bot for discovering music together. The answers come from a model that the "
    "admin of this bot trained on listening data; no recommendation service is asked."
)
_DEMO = lazy_gettext(
    "DEMO CATALOGUE: the listeners are simulated, the answers only an example. "
    "The admin can train on real data."
)
_CREDITS = (
    (
        "Last.fm",
        "https://www.last.fm",
        lazy_gettext("listening data, artists' pages, neighbours with a key"),
    ),
    (
        "GroupLens",
        "https://grouplens.org/datasets/hetrec-2011/",
        lazy_gettext("the HetRec 2011 data set"),
    ),
    ("LRCLIB", "https://lrclib.net", lazy_gettext("lyrics")),
    ("Genius", "https://genius.com", lazy_gettext("lyrics, where the admin set a token")),
    (
        "ListenBrainz",
        "https://listenbrainz.org",
        lazy_gettext("neighbours of artists that I don't know"),
    ),
    ("MusicBrainz", "https://musicbrainz.org", lazy_gettext("who such an artist is")),
    ("Deezer", "https://www.deezer.com", lazy_gettext("previews of 30 seconds")),
)
_LICENCE = lazy_gettext("Crossfade itself is free software under the MIT licence.")
_MONTHS = (
    *(lazy_gettext("January"), lazy_gettext("February"), lazy_gettext("March")),
    *(lazy_gettext("April"), lazy_gettext("May"), lazy_gettext("June")),
    *(lazy_gettext("July"), lazy_gettext("August"), lazy_gettext("September")),
    *(lazy_gettext("October"), lazy_gettext("November"), lazy_gettext("December")),
)
_MARK = re.compile(r"\*\*?|`")


def about_lines(manifest: Manifest) -> list[str]:
    """The model card and the credits as plain lines for a terminal."""
    lines = [_PURPOSE.spoken(), *([_DEMO.spoken()] if is_demo(manifest) else [])]
    for heading, text in _sections(manifest).items():
        lines += ["", f"{heading}:", *_MARK.sub("", text).splitlines()]
    lines += ["", gettext("Thanks to") + ":"]
    lines += [f"- {name} ({url}): {what.spoken()}" for name, url, what in _CREDITS]
    return [*lines, "", _LICENCE.spoken(), _trained(manifest)]


def about_embed(manifest: Manifest) -> discord.Embed:
    """The same as an embed, a field a section."""
    demo = is_demo(manifest)
    title = gettext("About Crossfade")
    embed = discord.Embed(title=title, colour=ATTENTION if demo else ACCENT)
    embed.description = _PURPOSE.spoken()
    if demo:
        embed.description += f"\n\n**⚠ {_DEMO.spoken()}**"
    for heading, text in _sections(manifest).items():
        embed.add_field(name=heading, value=cut(text, FIELD), inline=False)
    thanks = [f"- {link(name, url)}: {escape(what.spoken())}" for name, url, what in _CREDITS]
    thanks.append(_LICENCE.spoken())
    embed.add_field(name=gettext("Thanks to"), value="\n".join(thanks), inline=False)
    return embed.set_footer(text=cut(_trained(manifest), _FOOTER))


def help_lines(commands: Iterable[tuple[str, str]], *, demo: bool = False) -> list[str]:
    """One line a command, from (usage, description), and one that names the demo."""
    lines = [f"{usage}: {description}" for usage, description in commands]
    return [*lines, f"({_DEMO.spoken()})"] if demo else lines


def help_embed(commands: Iterable[tuple[str, str]], *, demo: bool = False) -> discord.Embed:
    """``help_lines`` as an embed."""
    text = "\n".join(f"**{escape(usage)}**\n{escape(what)}" for usage, what in commands)
    embed = discord.Embed(
        title=gettext("What I can do"), description=cut(text, EMBED_DESCRIPTION), colour=ACCENT
    )
    return embed.set_footer(text=_DEMO.spoken() if demo else None)


def is_demo(manifest: Manifest) -> bool:
    """Whether the listeners of this model are simulated."""
    return manifest.dataset["name"] == DEMO


def _sections(manifest: Manifest) -> dict[str, str]:
    """The parts of the model card that members care for, as Markdown with few marks."""
    return {
        gettext("Data and licence"): data_of(manifest),
        gettext("How it answers"): objective_of(manifest),
        gettext("How good it is"): _quality(manifest),
        gettext("What it is bad at"): limits_of(manifest),
    }


def _quality(manifest: Manifest) -> str:
    metrics, preset = manifest.metrics, str(manifest.configuration["preset"])
    if preset not in metrics or "popularity" not in metrics:
        return gettext("Not measured.")
    model, popular = metrics[preset]["ndcg@20"], metrics["popularity"]["ndcg@20"]
    sentence = gettext(
        "Held-out NDCG@20 {model}; recommending what is popular scores {popular}. "
        "1 would be perfect: every artist that was hidden from the model, first.",
        model=decimal(model, 3),
        popular=decimal(popular, 3),
    )
    return f"{sentence}\n```\n{quality_table(metrics, first=preset)}\n```"


def _trained(manifest: Manifest) -> str:
    try:
        day = datetime.fromisoformat(manifest.created)
    except ValueError:
        return gettext("Version {version}", version=manifest.version)
    return gettext(
        "Version {version} · trained on {day} {month} {year}",
        version=manifest.version,
        day=day.day,
        month=_MONTHS[day.month - 1],
        year=day.year,
    )
