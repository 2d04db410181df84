"""The pictures of an exploration."""

# matplotlib types its keyword arguments only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font

from model.explore import Exploration, TagCount
from model.figure_style import ACCENT, BAR, GRID, INK, new_figure, plain, titled_png
from model.map_labels import label_text

_FONT = FontProperties(family="DejaVu Sans")
_DRAWABLE = frozenset(get_font(findfont(_FONT)).get_charmap())
_SHOWN_METAL = 25
_PLAYS_BARS = 50


@dataclass(frozen=True)
class Picture:
    """One picture with what is said about it.

    Attributes:
        name: of its file, without ``.png``.
        title: its heading.
        alternative: what it shows, for who cannot see it.
        caption: what to note.
        png: the file.
    """

    name: str
    title: str
    alternative: str
    caption: str
    png: bytes


def pictures(exploration: Exploration) -> Iterator[Picture]:
    """Draw the pictures, one at a time; what the data has nothing of is left out."""
    if exploration.friends.any():
        yield _friends(exploration)
    if exploration.tags and exploration.tags[0].applied:
        yield _top_tags(exploration)
    if any(count.applied for count in exploration.tags_ending_in("metal")):
        yield _metal(exploration)
    yield _plays(exploration)
    yield _plays_by_rank(exploration)
    yield _long_tail(exploration)
    if exploration.months.size:
        yield _over_time(exploration)


def _friends(exploration: Exploration) -> Picture:
    friends = exploration.friends
    low, middle, high = np.percentile(friends, (25, 50, 75))

    def draw(axes: Axes) -> None:
        axes.boxplot(
            friends,
            orientation="horizontal",
            widths=0.5,
            patch_artist=True,
            boxprops={"facecolor": "#bcd5e6", "edgecolor": INK},
            medianprops={"color": ACCENT, "linewidth": 2},
            whiskerprops={"color": INK},
            capprops={"color": INK},
            flierprops={
                "marker": "o",
                "markersize": 4,
                "markerfacecolor": BAR,
                "markeredgecolor": "none",
                "alpha": 0.35,
            },
        )
        axes.set(xlabel="friends of a listener", yticks=())
        axes.grid(axis="x", color=GRID)

    text = (
        f"Half of the {friends.size:,} listeners have {low:g} to {high:g} friends, the median is "
        f"{middle:g}, the mean {friends.mean():,.1f}, the maximum {friends.max():,}."
    )
    return _picture("friends", "Friends per listener", "Box plot", text, draw, height=2.8)


def _top_tags(exploration: Exploration) -> Picture:
    shown = exploration.tags[:10]
    listed = ", ".join(f"{count.tag} {count.applied:,}" for count in shown)
    text = f"The most applied tags: {listed}."
    first = shown[0]
    if exploration.unknown:
        text += (
            f" Counted over all tag assignments; {exploration.unknown:,} of them are on artists "
            f"that the artist table lacks and take no part in training, without which "
            f"{first.tag} counts {first.known:,}."
        )
    return _picture(
        "top-tags",
        "The ten most applied tags",
        "Bar chart",
        text,
        lambda axes: _bars(axes, shown),
        height=4.4,
    )


def _metal(exploration: Exploration) -> Picture:
    metal = exploration.tags_ending_in("metal")
    shown = metal[:_SHOWN_METAL]
    text = (
        f"{len(metal):,} tags end in “metal”; they were applied "
        f"{sum(count.applied for count in metal):,} times, {metal[0].tag} most of all "
        f"({metal[0].applied:,}). The picture shows the {len(shown)} most applied."
    )
    if never := sum(not count.applied for count in metal):
        text += f" {never:,} of them stand in the tag table but were never applied."
    return _picture(
        "metal-tags",
        "Tags ending in “metal”",
        "Bar chart",
        text,
        lambda axes: _bars(axes, shown),
        height=1.3 + 0.24 * len(shown),
    )


def _bars(axes: Axes, counts: tuple[TagCount, ...]) -> None:
    applied = [count.applied for count in counts]
    rows = range(len(counts))
    bars = axes.barh(rows, applied, color=BAR, height=0.72)
    axes.bar_label(bars, [f"{number:,}" for number in applied], padding=4, fontsize=9, color=INK)
    names = [label_text(count.tag, _DRAWABLE) for count in counts]
    axes.set_yticks(rows, names)
    for label in axes.get_yticklabels():
        # "$" is a letter in a tag, not the beginning of a formula.
        label.set_parse_math(False)
    axes.invert_yaxis()
    axes.set(xlabel="times applied", xlim=(0, max(applied) * 1.12))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID)
    axes.spines["left"].set_visible(False)


def _plays(exploration: Exploration) -> Picture:
    plays = exploration.plays
    figure = new_figure(4.4)
    linear, logarithmic = figure.subplots(1, 2)
    in_bars, *_ = linear.hist(plays, bins=_PLAYS_BARS, color=BAR)
    linear.set(yscale="log", xlabel="total plays, linear scale", ylabel="artists")
    bins = np.geomspace(1, max(int(plays[0]), 2), 41)
    logarithmic.hist(plays, bins=bins, color=BAR)
    logarithmic.set(xscale="log", xlabel="total plays, logarithmic scale")
    mean, median = float(plays.mean()), float(np.median(plays))
    for value, name, colour in ((median, "median", ACCENT), (mean, "mean", INK)):
        logarithmic.axvline(value, color=colour, linestyle="--", label=f"{name} {value:,.1f}")
    # Above, because the hump may be anywhere below.
    logarithmic.legend(
        frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=9, borderpad=0
    )
    for axes in (linear, logarithmic):
        plain(axes)
        axes.grid(axis="y", color=GRID)
    text = (
        f"An artist has {mean:,.1f} plays on average, {median:,.1f} in the median and "
        f"{plays[0]:,} at most. On the linear scale (left) {float(in_bars[0]) / plays.size:.1%} of "
        f"the artists fall into the first of {_PLAYS_BARS} bars; their number is drawn on a "
        f"logarithmic scale, or no other bar would show. On the right the plays are logarithmic."
    )
    title = "Total plays per artist"
    return Picture("plays", title, f"Two histograms. {text}", text, titled_png(figure, title))


def _plays_by_rank(exploration: Exploration) -> Picture:
    plays = exploration.plays
    top = max(plays.size // 100, 1)
    share = float(plays[:top].sum() / plays.sum())
    # Written on the side of the line where there is room.
    late = top * top > plays.size

    def draw(axes: Axes) -> None:
        axes.plot(np.arange(1, plays.size + 1), plays, color=BAR, linewidth=2)
        axes.axvline(top, color=ACCENT, linestyle="--", linewidth=1.2)
        axes.annotate(
            f"the first {top:,}: {share:.0%} of all plays",
            (top, 0.08),
            xycoords=("data", "axes fraction"),
            xytext=(-6 if late else 6, 0),
            textcoords="offset points",
            ha="right" if late else "left",
            color=ACCENT,
        )
        axes.set(xscale="log", yscale="log", xlabel="rank of the artist", ylabel="total plays")
        axes.grid(color=GRID)

    text = (
        f"The most played hundredth of the artists, {top:,} of {plays.size:,}, has {share:.1%} of "
        f"all {plays.sum():,} plays. Both scales are logarithmic."
    )
    return _picture("plays-by-rank", "Plays by rank", "Line", text, draw, height=4.4)


def _long_tail(exploration: Exploration) -> Picture:
    listeners = exploration.listeners
    numbers, artists = np.unique(listeners, return_counts=True)
    single, some = int((listeners == 1).sum()), int((listeners >= 5).sum())

    def draw(axes: Axes) -> None:
        axes.scatter(numbers, artists, s=20, color=BAR, alpha=0.8, linewidths=0)
        axes.set(xscale="log", yscale="log", xlabel="listeners of an artist", ylabel="artists")
        axes.grid(color=GRID)

    text = (
        f"{single:,} of {listeners.size:,} artists ({single / listeners.size:.1%}) have one "
        f"listener, {some:,} have five or more, and the best known has {listeners[0]:,}. Each "
        f"point says how many artists have exactly so many listeners. Both scales are logarithmic."
    )
    return _picture("long-tail", "The long tail", "Scatter plot", text, draw, height=4.4)


def _over_time(exploration: Exploration) -> Picture:
    months, taggings = exploration.months, exploration.taggings
    busiest = int(taggings.argmax())

    def draw(axes: Axes) -> None:
        # A month's width in days, less a gap.
        axes.bar(months.astype("datetime64[D]"), taggings, width=26, align="edge", color=BAR)
        axes.set(ylabel="tag assignments a month")
        axes.grid(axis="y", color=GRID)

    text = f"From {months[0]} to {months[-1]}; most in {months[busiest]} ({taggings[busiest]:,})."
    if exploration.misdated:
        text += (
            f" {exploration.misdated:,} tag assignments are dated before 2002, when there was no "
            f"Last.fm; they are left out here."
        )
    return _picture("tagging-over-time", "Tagging over time", "Bar chart", text, draw, height=3.8)


def _picture(
    name: str, title: str, form: str, text: str, draw: Callable[[Axes], None], *, height: float
) -> Picture:
    figure = new_figure(height)
    axes = figure.subplots()
    draw(axes)
    plain(axes)
    return Picture(name, title, f"{form}. {text}", text, titled_png(figure, title))
