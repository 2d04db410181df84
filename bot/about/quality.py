"""How good the model is beside its baselines, as a small table of plain text."""

from collections.abc import Mapping

from bot.language import decimal, pgettext
from bot.text import clean, cut

_MOST_MODELS = 8
_LONGEST_NAME = 16


def quality_table(metrics: Mapping[str, Mapping[str, float]], *, first: str) -> str:
    """A line for each model, 46 characters wide at most, which a phone shows unbroken.

    Args:
        metrics: ``metrics[model][measure]``.
        first: the model to begin with; the others follow, best first.
    """
    others = sorted(
        (name for name in metrics if name != first),
        key=lambda name: (-metrics[name].get("ndcg@20", 0.0), name),
    )
    names = [first, *others][:_MOST_MODELS]
    shown = [cut(clean(name.replace("`", "")), _LONGEST_NAME) for name in names]
    model = pgettext("column", "model")
    width = max(map(len, (*shown, model)))
    head = "  ".join((f"{model:<{width}}", *_measures().values()))
    return "\n".join(
        (head, *(_line(one, metrics[name], width) for one, name in zip(shown, names, strict=True)))
    )


def _line(shown: str, quality: Mapping[str, float], width: int) -> str:
    cells = [
        f"{decimal(quality[measure], 3) if measure in quality else '–':>{len(title)}}"
        for measure, title in _measures().items()
    ]
    return "  ".join((f"{shown:<{width}}", *cells))


def _measures() -> dict[str, str]:
    """What each measure is called at the head of its column."""
    return {
        "ndcg@20": "NDCG@20",
        "recall@20": pgettext("column", "recall"),
        "hit_rate@20": pgettext("column", "hit rate"),
    }
