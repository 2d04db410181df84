"""The parts of a model card that members care for, in the current language; pure.

In English they are word for word those of ``model.card``.
"""

from bot.language import gettext, number
from bot.text import clean
from model.manifest import Manifest
from model.sources import DEMO, LASTFM


def data_of(manifest: Manifest) -> str:
    """What the model was trained on, and on what terms."""
    dataset = manifest.dataset
    size = gettext(
        "Trained on {dataset}: {listeners} listeners, {artists} artists, {plays} pairs of both.",
        dataset=_code(str(dataset["name"])),
        listeners=number(dataset["listeners"]),
        artists=number(dataset["artists"]),
        plays=number(dataset["plays"]),
    )
    return clean(" ".join((size, *_origin(dataset["name"]))))


def objective_of(manifest: Manifest) -> str:
    """What is minimised, how, and the model's preset and dimension."""
    configuration = manifest.configuration
    model = gettext(
        "Model: {preset}, d={dimension}.",
        preset=configuration["preset"],
        dimension=configuration["dimension"],
    )
    return f"{_solved_by(str(configuration['solver']))}\n{model}"


def limits_of(manifest: Manifest) -> str:
    """What the model is bad at, as a list."""
    limits = [
        gettext(
            "**Artists with one listener**, or a handful: it knows little more than who that is."
        ),
        gettext(
            "**Listeners unlike the {listeners} in the data**: "
            "their habits are all that it learnt.",
            listeners=number(manifest.dataset["listeners"]),
        ),
        gettext(
            "**Plays are no opinion**: an artist that somebody never came across counts as "
            "unwanted."
        ),
    ]
    if manifest.dataset["name"] == LASTFM:
        ends = gettext(
            "**Artists after 2011**: the data ends there, and newer artists are unknown to it."
        )
        limits.insert(0, ends)
    return "\n".join(f"- {limit}" for limit in limits)


def _origin(dataset: object) -> tuple[str, ...]:
    if dataset == LASTFM:
        origin = gettext(
            "Last.fm listening and tagging, gathered by GroupLens for the HetRec 2011 workshop "
            "(Cantador, Brusilovsky, Kuflik, RecSys 2011). **Licence:** non-commercial use, with "
            "citation of Last.fm and the workshop; whatever is trained on it should be treated "
            "alike."
        )
        return origin, gettext("It ends in 2011.")
    if dataset == DEMO:
        return (
            gettext(
                "The embedded demo catalogue: real artists, *simulated* listeners. **Licence:** "
                "that of this project. It shows how things work; its answers are nobody's "
                "listening."
            ),
        )
    return (gettext("**Licence:** that of the source; look it up before sharing this model."),)


def _solved_by(solver: str) -> str:
    if solver == "als":
        return gettext(
            "loss = observed error + r · regularisation + g · gravity, a regularised matrix "
            "factorisation in which every unobserved pair pulls to zero, solved by alternating "
            "least squares."
        )
    return gettext(
        "loss = observed error + r · regularisation + g · gravity, a regularised matrix "
        "factorisation in which every unobserved pair pulls to zero, solved by full-batch "
        "gradient descent."
    )


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"
