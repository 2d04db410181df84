"""The model card of an artifact (Mitchell et al. 2019), as Markdown from its manifest."""

from collections.abc import Mapping
from typing import Any

from model.sources import DEMO, LASTFM

_MEASURES = {
    "ndcg@10": "NDCG@10",
    "ndcg@20": "NDCG@20",
    "recall@20": "recall@20",
    "hit_rate@20": "hit rate@20",
}
_BESIDE = {
    "latent_tags": "cosine of tag profiles in their latent space",
    "tags": "cosine of tag profiles",
    "co_listening": "shrunk cosine of the artists' listeners",
}
_HOLDOUTS = {"per-listener": "of each listener's artists", "pairs": "of all pairs"}
_SOLVERS = {"als": "alternating least squares", "gradient-descent": "full-batch gradient descent"}
_OBJECTIVE = (
    "loss = observed error + r · regularisation + g · gravity, a regularised matrix factorisation "
    "in which every unobserved pair pulls to zero"
)
_ORIGINS = {
    LASTFM: (
        "Last.fm listening and tagging, gathered by GroupLens for the HetRec 2011 workshop "
        "(Cantador, Brusilovsky, Kuflik, RecSys 2011). **Licence:** non-commercial use, with "
        "citation of Last.fm and the workshop; whatever is trained on it should be treated alike."
    ),
    DEMO: (
        "The embedded demo catalogue: real artists, *simulated* listeners. **Licence:** that of "
        "this project. It shows how things work; its answers are nobody's listening."
    ),
}
_UNKNOWN_ORIGIN = "**Licence:** that of the source; look it up before sharing this model."


def model_card(manifest: Mapping[str, Any]) -> str:
    """A Markdown text about one artifact.

    Args:
        manifest: the content of ``manifest.json``: ``version``, ``created``, ``configuration``,
            ``dataset``, ``metrics``, ``timings`` and ``similarity``. A measure's interval is taken
            from ``<measure>_low`` and ``<measure>_high`` where they are. What else stands there is
            left out.
    """
    title = f"# Model card: {_code(manifest['version'])}\n\nTrained {manifest['created']}."
    sections = card_sections(manifest)
    parts = [title, *(f"## {heading}\n\n{text}" for heading, text in sections.items())]
    return "\n\n".join(parts) + "\n"


def card_sections(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The Markdown of each section of ``model_card``, by its heading, in order."""
    return {
        "Data and licence": _data(manifest),
        "Objective and configuration": _training(manifest),
        "Beside the factorisation": _beside(manifest),
        "Quality": _quality(manifest),
        "What it is bad at": _limits(manifest),
        "Time and memory": _cost(manifest),
    }


def _data(manifest: Mapping[str, Any]) -> str:
    dataset = manifest["dataset"]
    size = (
        f"{_code(dataset['name'])}: {dataset['listeners']:,} listeners, "
        f"{dataset['artists']:,} artists, {dataset['plays']:,} pairs of both."
    )
    dropped = [f"- left out: {n:,} of {what}" for what, n in dataset.get("dropped", {}).items()]
    lines = [
        f"{size} {_ORIGINS.get(dataset['name'], _UNKNOWN_ORIGIN)}",
        "\n".join([f"- fingerprint {_code(dataset['fingerprint'])}", *dropped]),
    ]
    return "\n\n".join(lines)


def _training(manifest: Mapping[str, Any]) -> str:
    configuration = manifest["configuration"]
    solver = _SOLVERS.get(configuration["solver"], configuration["solver"])
    rows = [
        f"| {_code(name)} | {value} |"
        for name, value in configuration.items()
        if not isinstance(value, Mapping)
    ]
    table = "\n".join(["| choice | value |", "|---|---|", *rows])
    return f"{_OBJECTIVE}, solved by {solver}.\n\n{table}"


def _beside(manifest: Mapping[str, Any]) -> str:
    shares = {name: share for name, share in manifest["similarity"].items() if share}
    if not shares:
        return "Nothing: artists are compared by the factorisation's fold-in alone."
    lines = [f"- {share:g} · {_BESIDE.get(name, name)}" for name, share in shares.items()]
    intro = (
        "Artists are compared by the fold-in of the factorisation, which counts 1, and beside it:"
    )
    return "\n".join([intro, "", *lines])


def _quality(manifest: Mapping[str, Any]) -> str:
    metrics, configuration = manifest["metrics"], manifest["configuration"]
    if not metrics:
        return "Not measured."
    held_out = _HOLDOUTS.get(configuration["holdout"], configuration["holdout"])
    intro = (
        f"Measured on one holdout ({configuration['holdout_share']:.0%} {held_out}, seed "
        f"{configuration['seed']}), ranking the whole catalogue without what a listener is known "
        "to play. In brackets: 95% bootstrap interval over listeners."
    )
    head = f"| model | {' | '.join(_MEASURES.values())} |"
    rows = [
        f"| {name} | {' | '.join(_measured(quality, measure) for measure in _MEASURES)} |"
        for name, quality in metrics.items()
    ]
    table = "\n".join([head, "|---" * (1 + len(_MEASURES)) + "|", *rows])
    error = metrics.get(configuration["preset"], {}).get("calibration_error")
    promise = (
        ""
        if error is None
        else f"\n\nThe confidence of an answer is off by {error:.3f} on average (expected "
        "calibration error, listeners it was not fitted on)."
    )
    return f"{intro}\n\n{table}{promise}"


def _measured(quality: Mapping[str, float], measure: str) -> str:
    if measure not in quality:
        return "–"
    low, high = quality.get(f"{measure}_low"), quality.get(f"{measure}_high")
    interval = "" if low is None or high is None else f" [{low:.4f}, {high:.4f}]"
    return f"{quality[measure]:.4f}{interval}"


def _limits(manifest: Mapping[str, Any]) -> str:
    people = f"{manifest['dataset']['listeners']:,}"
    limits = [
        "**Artists with one listener**, or a handful: it knows little more than who that is.",
        f"**Listeners unlike the {people} in the data**: their habits are all that it learnt.",
        "**Plays are no opinion**: an artist that somebody never came across counts as unwanted.",
    ]
    if manifest["dataset"]["name"] == LASTFM:
        limits.insert(
            0, "**Artists after 2011**: the data ends there, and newer artists are unknown to it."
        )
    return "\n".join(f"- {limit}" for limit in limits)


def _cost(manifest: Mapping[str, Any]) -> str:
    dataset, dimension = manifest["dataset"], manifest["configuration"]["dimension"]
    artists = dataset["artists"] * dimension * 4 / 1e6
    listeners = dataset["listeners"] * dimension * 4 / 1e6
    lines = [
        f"- {name.removesuffix('_s').replace('_', ' ')}: {seconds:.1f} s"
        for name, seconds in manifest["timings"].items()
        if name.endswith("_s")
    ]
    peak = manifest["timings"].get("peak_memory_mb")
    if peak is not None:
        lines.append(f"- peak memory of the training: {peak:,.0f} MB")
    lines.append(
        f"- embeddings: {artists:,.1f} MB of artists, which the bot loads, and "
        f"{listeners:,.1f} MB of listeners, which it never opens"
    )
    return "\n".join(lines)


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"
