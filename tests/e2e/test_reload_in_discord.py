"""A model is published while members ask."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from bot.client import CrossfadeBot
from bot.model_watch import ModelWatch
from model.errors import ArtifactError
from model.store import CURRENT, use_version
from tests.artifacts import write_store
from tests.discord_double.interactions import Answer
from tests.discord_double.server import DiscordDouble
from tests.e2e.conftest import Running, embed

ASKED = {"artist": "Johnny Cash"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_store(tmp_path / "own store")


def publish(place: Path) -> str:
    return (write_store(place) / CURRENT).read_text("utf-8").strip()


def watch_of(bot: CrossfadeBot, place: Path) -> ModelWatch:
    return ModelWatch(store=place, model=bot._services.model)


def answered(answer: Answer) -> str:
    shown = embed(answer)
    assert shown["title"] == "Artists like Johnny Cash"
    return shown["description"]


async def test_no_answer_fails_while_models_are_swapped(
    double: DiscordDouble, running: Running, place: Path
) -> None:
    async with running(artifacts=place) as bot:
        first = answered(await double.slash("recommend", ASKED))
        watch = watch_of(bot, place)
        versions = [bot._services.model.version]
        swaps = 0
        for _ in range(3):
            versions.append(publish(place))
            looking = asyncio.create_task(watch.look())
            while not looking.done():
                assert answered(await double.slash("recommend", ASKED)) == first
                choices = await double.autocomplete("recommend", {"artist": "jo"}, focused="artist")
                assert choices
            swaps += looking.result()
        assert swaps == 3
        assert len(set(versions)) == 4
        assert bot._services.model.version == versions[-1]


async def test_buttons_of_before_still_answer_after_a_swap_and_a_rollback(
    double: DiscordDouble, running: Running, place: Path
) -> None:
    async with running(artifacts=place) as bot:
        before = bot._services.model.version
        answer = await double.slash("recommend", ASKED)
        publish(place)
        watch = watch_of(bot, place)
        assert await watch.look()
        await double.press(answer.message, label="More")
        assert embed(answer)["footer"]["text"].endswith("from a newer model")
        use_version(place, before)
        assert await watch.look()
        assert bot._services.model.version == before
        await double.press(answer.message, label="Back")
        assert embed(answer)["title"] == "Artists like Johnny Cash"


async def test_a_store_that_disappears_leaves_members_with_the_model_they_had(
    double: DiscordDouble, running: Running, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(artifacts=place) as bot:
        first = answered(await double.slash("recommend", ASKED))
        shutil.rmtree(place)
        watch = watch_of(bot, place)
        for _ in range(3):
            assert not await watch.look()
        assert answered(await double.slash("recommend", ASKED)) == first
        about = await double.slash("about")
        assert bot._services.model.version in json.dumps(about.message)
    told = [one.getMessage() for one in caplog.records if one.name == "bot.model_watch"]
    assert len(told) == 1
    assert "nothing has been trained yet" in told[0]


async def test_a_damaged_model_is_never_put_in_the_place_of_a_good_one(
    double: DiscordDouble, running: Running, place: Path
) -> None:
    async with running(artifacts=place) as bot:
        before = bot._services.model.version
        file = place / publish(place) / "catalogue.safetensors"
        file.write_bytes(b"\0" * file.stat().st_size)
        watch = watch_of(bot, place)
        assert not await watch.look()
        with pytest.raises(ArtifactError):
            use_version(place, file.parent.name)
        answered(await double.slash("recommend", ASKED))
        assert bot._services.model.version == before
        assert (watch.reloads, watch.failed_reloads) == (0, 1)
