"""What the bot says about itself; pure."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import discord

from bot.about.quality import quality_table
from bot.recommend.present import ACCENT, ATTENTION
from bot.text import EMBED_DESCRIPTION, clean, cut, escape, link
from model.card import card_sections
from model.manifest import Manifest
from model.sources import DEMO, LASTFM

_FOOTER = 200
FIELD = 1024
"""UTF-16 units that Discord takes in a field of an embed."""

_PURPOSE = (
    "A self-hosted bot for discovering music together. The answers come from a model that the "
    "admin of this bot trained on listening data; no recommendation service is asked."
)
_DEMO = (
    "DEMO CATALOGUE: the listeners are simulated, the answers only an example. "
    "The admin can train on real data."
)
_CREDITS = (
    ("Last.fm", "https://www.last.fm", "listening data, artists' pages, neighbours with a key"),
    ("GroupLens", "https://grouplens.org/datasets/hetrec-2011/", "the HetRec 2011 data set"),
    ("LRCLIB", "https://lrclib.net", "lyrics"),
    ("Genius", "https://genius.com", "lyrics, where the admin set a token"),
    ("ListenBrainz", "https://listenbrainz.org", "neighbours of artists that I don't know"),
    ("MusicBrainz", "https://musicbrainz.org", "who such an artist is"),
    ("Deezer", "https://www.deezer.com", "previews of 30 seconds"),
)
_LICENCE = "Crossfade itself is free software under the MIT licence."
_MARK = re.compile(r"\*\*?|`")


def about_lines(manifest: Manifest) -> list[str]:
    """The model card and the credits as plain lines for a terminal."""
    lines = [_PURPOSE, *([_DEMO] if is_demo(manifest) else [])]
    for heading, text in _sections(manifest).items():
        lines += ["", f"{heading}:", *_MARK.sub("", text).splitlines()]
    lines += ["", "Thanks to:", *(f"- {name} ({url}): {what}" for name, url, what in _CREDITS)]
    return [*lines, "", _LICENCE, _trained(manifest)]


def about_embed(manifest: Manifest) -> discord.Embed:
    """The same as an embed, a field a section."""
    demo = is_demo(manifest)
    embed = discord.Embed(title="About Crossfade", colour=ATTENTION if demo else ACCENT)
    embed.description = f"{_PURPOSE}\n\n**⚠ {_DEMO}**" if demo else _PURPOSE
    for heading, text in _sections(manifest).items():
        embed.add_field(name=heading, value=cut(text, FIELD), inline=False)
    thanks = "\n".join(f"- {link(name, url)}: {escape(what)}" for name, url, what in _CREDITS)
    embed.add_field(name="Thanks to", value=f"{thanks}\n{_LICENCE}", inline=False)
    return embed.set_footer(text=cut(_trained(manifest), _FOOTER))


def help_lines(commands: Iterable[tuple[str, str]], *, demo: bool = False) -> list[str]:
    """One line a command, from (usage, description), and one that names the demo."""
    lines = [f"{usage}: {description}" for usage, description in commands]
    return [*lines, f"({_DEMO})"] if demo else lines


def help_embed(commands: Iterable[tuple[str, str]], *, demo: bool = False) -> discord.Embed:
    """``help_lines`` as an embed."""
    text = "\n".join(f"**{escape(usage)}**\n{escape(what)}" for usage, what in commands)
    embed = discord.Embed(
        title="What I can do", description=cut(text, EMBED_DESCRIPTION), colour=ACCENT
    )
    return embed.set_footer(text=_DEMO if demo else None)


def is_demo(manifest: Manifest) -> bool:
    """Whether the listeners of this model are simulated."""
    return manifest.dataset["name"] == DEMO


def _sections(manifest: Manifest) -> dict[str, str]:
    """The parts of the model card that members care for, as Markdown with few marks."""
    card = {
        heading: clean(text, lines=True)
        for heading, text in card_sections(asdict(manifest)).items()
    }
    configuration = manifest.configuration
    model = f"Model: {configuration['preset']}, d={configuration['dimension']}."
    ends = " It ends in 2011." if manifest.dataset["name"] == LASTFM else ""
    return {
        "Data and licence": f"Trained on {_begin(card['Data and licence'])}{ends}",
        "How it answers": f"{_begin(card['Objective and configuration'])}\n{model}",
        "How good it is": _quality(manifest),
        "What it is bad at": card["What it is bad at"],
    }


def _quality(manifest: Manifest) -> str:
    metrics, preset = manifest.metrics, str(manifest.configuration["preset"])
    if preset not in metrics or "popularity" not in metrics:
        return "Not measured."
    model, popular = metrics[preset]["ndcg@20"], metrics["popularity"]["ndcg@20"]
    sentence = (
        f"Held-out NDCG@20 {model:.3f}; recommending what is popular scores {popular:.3f}. "
        "1 would be perfect: every artist that was hidden from the model, first."
    )
    return f"{sentence}\n```\n{quality_table(metrics, first=preset)}\n```"


def _trained(manifest: Manifest) -> str:
    try:
        day = datetime.fromisoformat(manifest.created)
    except ValueError:
        return f"Version {manifest.version}"
    return f"Version {manifest.version} · trained on {day.day} {day:%B %Y}"


def _begin(text: str) -> str:
    """The first paragraph."""
    return text.split("\n\n", maxsplit=1)[0]
