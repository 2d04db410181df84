"""How long the handlers take through the real client, from the gateway's event to the request.

``SPEED_ARTIFACTS=artifacts OPENBLAS_NUM_THREADS=1 pytest -s tests/e2e/test_recommend_speed.py``
measures another artifact than the hand-made one.
"""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.tree import BoundaryTree
from model.recommender import Recommender
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running

pytestmark = pytest.mark.slow

ASKED, ROUNDS = 150, 3
# Read before tests take the developer's settings away.
ARTIFACTS = os.environ.get("SPEED_ARTIFACTS")


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Milliseconds from each interaction's arrival to the request that answers it."""
    began: dict[int, float] = {}
    taken: list[float] = []
    arrive, respond = (
        BoundaryTree._from_interaction,
        AsyncWebhookAdapter.create_interaction_response,
    )

    def arriving(tree: BoundaryTree, interaction: Any) -> None:
        began[interaction.id] = time.perf_counter()
        arrive(tree, interaction)

    def responding(adapter: AsyncWebhookAdapter, number: int, *args: Any, **more: Any) -> Any:
        taken.append(1000 * (time.perf_counter() - began[number]))
        return respond(adapter, number, *args, **more)

    monkeypatch.setattr(BoundaryTree, "_from_interaction", arriving)
    monkeypatch.setattr(AsyncWebhookAdapter, "create_interaction_response", responding)
    return taken


@pytest.fixture
def artifact(store: Path) -> Path:
    return Path(ARTIFACTS).absolute() if ARTIFACTS else store


@pytest.fixture
def asked(artifact: Path) -> list[str]:
    """Artists as members would ask for them: the more listeners, the more often."""
    recommender = Recommender.load(artifact)
    listeners = np.where(recommender.names.no_artist, 0, recommender.catalogue.listeners)
    draw = np.random.default_rng(11)
    rows = draw.choice(listeners.size, ASKED, p=listeners / listeners.sum())
    return [recommender.catalogue.names[int(row)][:90] for row in rows]


def quantiles(taken: list[float], *shares: float) -> list[float]:
    """Of the quickest of three rounds, because others may keep the machine busy."""
    rounds = np.sort(np.quantile(np.array_split(np.array(taken), ROUNDS), shares, axis=1), axis=1)
    return rounds[:, 0].tolist()


async def test_recommend_is_quick(
    double: DiscordDouble, running: Running, artifact: Path, asked: list[str], handled: list[float]
) -> None:
    async with running(artifacts=artifact):
        for name in asked:
            await double.slash("recommend", {"artist": name})
    median, slowest = quantiles(handled, 0.5, 0.99)
    print(f"/recommend: p50 {median:.1f} ms, p99 {slowest:.1f} ms")
    assert len(handled) == ASKED
    assert median <= 50  # a measurement, not a promise: machines are noisy


async def test_autocomplete_is_quick(
    double: DiscordDouble, running: Running, artifact: Path, asked: list[str], handled: list[float]
) -> None:
    async with running(artifacts=artifact):
        for at, name in enumerate(asked):
            typed = name[: at % 7 + 1] + "x" * (at % 3 == 0)
            options = {"artist": asked[at - 1], "artist2": asked[at - 2][:-1], "artist3": typed}
            await double.autocomplete("recommend", options, focused="artist3")
    median, slowest = quantiles(handled, 0.5, 0.99)
    print(f"autocomplete: p50 {median:.1f} ms, p99 {slowest:.1f} ms")
    assert len(handled) == ASKED
    assert slowest <= 100
