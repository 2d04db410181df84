"""What evaluate.py prints: the phases on standard error, records as tables on standard output."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from model.comparison import Comparison
    from model.dial_evaluation import DialPoint
    from model.intervals import Estimate

# Of what goes into a file or a pipe.
_WIDTH = 132


def listener_table(comparison: "Comparison") -> Table:
    """How well each model ranks for listeners."""
    dataset, plan = comparison.dataset, comparison.plan
    title = (
        f"Ranking for listeners. {dataset['name']}: {dataset['listeners']:,} listeners, "
        f"{dataset['artists']:,} artists; {plan.share:.0%} of each listener's artists hidden, "
        f"seeds {', '.join(map(str, plan.seeds))}; 95% intervals over listeners"
    )
    measures = tuple(next(iter(comparison.listeners.values())))
    table = Table("model", *measures, title=title)
    for name, quality in comparison.listeners.items():
        table.add_row(name, *(_cell(quality[measure]) for measure in measures))
    return table


def artist_table(comparison: "Comparison") -> Table | None:
    """How well each model answers about artists; None when nothing was asked."""
    if not comparison.artists:
        return None
    bands = tuple(next(iter(comparison.artists.values())).by_band)
    table = Table(
        *("model", "hit rate@10", *bands, "fresh", "tags", "coverage", "listeners"),
        title="Artists like this one: a hidden artist of a listener among the ten best, also by "
        "the listeners of the artist asked about; "
        f"{comparison.plan.draws} questions a listener and split",
        caption="fresh: without what the listener is known to play; tags: agreement, for models "
        "that saw none; coverage: of the catalogue; listeners: median of those recommended",
    )
    for name, quality in comparison.artists.items():
        table.add_row(
            *(name, _cell(quality.hit_rate)),
            *(_cell(estimate) for estimate in quality.by_band.values()),
            *(_cell(quality.fresh_hit_rate), _cell(quality.tag_agreement)),
            *(f"{quality.coverage:.1%}", f"{quality.median_listeners:g}"),
        )
    return table


def dial_table(curve: "Sequence[DialPoint]") -> Table:
    """The answers along the dial."""
    table = Table("dial", "hit rate@10", "median listeners", title="Along the dial")
    for point in curve:
        table.add_row(f"{point.dial:+g}", _cell(point.hit_rate), f"{point.median_listeners:g}")
    return table


def _cell(estimate: "Estimate | None") -> str:
    """The mean, and its interval in a second line."""
    if estimate is None:
        return "–"
    return f"{estimate.mean:.4f}\n{estimate.low:.3f}–{estimate.high:.3f}"


def show(*tables: Table | None) -> None:
    """Print those that are there."""
    console = Console()
    # Where the output is no terminal, wide enough for every cell.
    console = console if console.is_terminal else Console(width=_WIDTH)
    for table in tables:
        if table is not None:
            console.print(table)


class Phases:
    """Says what is being done, one line a phase, on standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def phase(self, name: str, steps: int | None) -> None:  # noqa: ARG002  (of the protocol)
        """Name it."""
        self._console.print(f"{name} …", highlight=False)

    def step(self, done: int, note: str = "") -> None:
        """Steps are too many to say."""
