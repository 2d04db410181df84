"""What the bot says about itself; pure."""

from collections.abc import Iterable, Mapping

import discord

from bot.recommend.present import ACCENT
from bot.text import EMBED_DESCRIPTION, cut, escape
from model.artifact import Manifest


def about_lines(manifest: Manifest) -> list[str]:
    """The model in a few lines: data, size, quality on the holdout, licence."""
    dataset, metrics = manifest.dataset, manifest.metrics
    preset = str(manifest.configuration["preset"])
    lines = [
        (
            f"Trained on {dataset['name']}: {dataset['listeners']:,} listeners, "
            f"{dataset['artists']:,} artists, {dataset['plays']:,} pairs."
        ),
        f"Model: {preset}, d={manifest.configuration['dimension']}, version {manifest.version}.",
        *_quality_lines(preset, metrics),
    ]
    if dataset["name"] == "demo":
        lines.append("DEMO CATALOGUE: the listeners are simulated, the answers only an example.")
    else:
        lines.append(
            "Data: Last.fm (www.last.fm), HetRec 2011, for non-commercial use. It ends in 2011."
        )
    lines.append("Lyrics: LRCLIB and, where the admin set a token, Genius.")
    return lines


def about_embed(manifest: Manifest) -> discord.Embed:
    """``about_lines`` as an embed."""
    text = "\n".join(escape(line) for line in about_lines(manifest))
    return discord.Embed(title="About Crossfade", description=text, colour=ACCENT)


def help_lines(commands: Iterable[tuple[str, str]]) -> list[str]:
    """One line a command, from (usage, description)."""
    return [f"{usage}: {description}" for usage, description in commands]


def help_embed(commands: Iterable[tuple[str, str]]) -> discord.Embed:
    """``help_lines`` as an embed."""
    text = "\n".join(f"**{escape(usage)}**\n{escape(what)}" for usage, what in commands)
    return discord.Embed(
        title="What I can do", description=cut(text, EMBED_DESCRIPTION), colour=ACCENT
    )


def _quality_lines(preset: str, metrics: Mapping[str, Mapping[str, float]]) -> list[str]:
    if preset not in metrics or "popularity" not in metrics:
        return []
    model, popular = metrics[preset]["ndcg@20"], metrics["popularity"]["ndcg@20"]
    return [f"Held-out NDCG@20 {model:.3f}; recommending what is popular scores {popular:.3f}."]
