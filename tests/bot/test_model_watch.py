"""A newly published model answers without a restart, and a bad one never does."""

import asyncio
import logging
import shutil
from pathlib import Path

import pytest

from bot.model_in_use import ModelInUse
from bot.model_watch import ModelWatch, watching
from bot.recommend.service import RecommendService
from model.recommender import Recommender
from model.store import CURRENT
from tests.artifacts import write_store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_store(tmp_path / "store")


@pytest.fixture
def model(place: Path) -> ModelInUse:
    return ModelInUse(Recommender.load(place))


@pytest.fixture
def watch(place: Path, model: ModelInUse) -> ModelWatch:
    return ModelWatch(store=place, model=model)


def publish(place: Path) -> str:
    """Publish another version; returns its name."""
    before = (place / CURRENT).read_text("utf-8").strip()
    name = (write_store(place) / CURRENT).read_text("utf-8").strip()
    assert name != before
    return name


async def test_nothing_new_changes_nothing(watch: ModelWatch, model: ModelInUse) -> None:
    before = model.recommender
    assert not await watch.look()
    assert model.recommender is before


async def test_a_new_version_answers_and_is_told_in_one_line(
    place: Path, watch: ModelWatch, model: ModelInUse, caplog: pytest.LogCaptureFixture
) -> None:
    first = model.version
    second = publish(place)
    with caplog.at_level(logging.INFO):
        assert await watch.look()
        assert not await watch.look()
    assert model.version == second
    assert [one.getMessage() for one in caplog.records] == [
        f"the model {second} answers in the place of {first}"
    ]


async def test_rolling_back_works_as_well(
    place: Path, watch: ModelWatch, model: ModelInUse
) -> None:
    first = model.version
    publish(place)
    assert await watch.look()
    (place / CURRENT).write_text(first + "\n", "utf-8")
    assert await watch.look()
    assert model.version == first


@pytest.mark.parametrize("damage", ["torn", "no version", "no store", "no pointer"])
async def test_whatever_is_wrong_the_old_one_goes_on_and_it_is_told_once(
    place: Path,
    watch: ModelWatch,
    model: ModelInUse,
    caplog: pytest.LogCaptureFixture,
    damage: str,
) -> None:
    before = model.recommender
    new = publish(place)
    if damage == "torn":
        file = place / new / "artists.safetensors"
        file.write_bytes(file.read_bytes()[:-1])
    elif damage == "no version":
        shutil.rmtree(place / new)
    elif damage == "no store":
        shutil.rmtree(place)
    else:
        (place / CURRENT).unlink()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert not await watch.look()
    assert model.recommender is before
    (line,) = caplog.records
    assert line.getMessage().startswith(f"the model {model.version} goes on answering: ")
    assert RecommendService(model=model).complete("johnny")


async def test_a_fault_that_is_mended_is_forgotten(
    place: Path, watch: ModelWatch, model: ModelInUse, caplog: pytest.LogCaptureFixture
) -> None:
    new = publish(place)
    hidden = (place / new).rename(place.parent / "hidden")
    assert not await watch.look()
    hidden.rename(place / new)
    assert await watch.look()
    shutil.rmtree(place / new)
    assert not await watch.look()
    assert len([one for one in caplog.records if one.levelno == logging.ERROR]) == 2


async def test_an_answer_begun_before_is_of_the_old_model_to_its_end(
    place: Path, watch: ModelWatch, model: ModelInUse
) -> None:
    used = model.recommender
    publish(place)
    assert await watch.look()
    assert model.recommender is not used
    assert used.similar([0], 3)


async def test_it_looks_again_and_again_until_the_end(
    place: Path, model: ModelInUse, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()
    count = 0

    async def look(_self: ModelWatch) -> bool:
        nonlocal count
        count += 1
        if count == 3:
            looked.set()
        return False

    monkeypatch.setattr(ModelWatch, "look", look)
    async with watching(place, model, seconds=0.001):
        await asyncio.wait_for(looked.wait(), 5)
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "model watch"]


async def test_what_is_damaged_is_read_again_only_when_it_changed(
    place: Path, watch: ModelWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place / publish(place) / "similarity.safetensors"
    good = file.read_bytes()
    file.write_bytes(good[:-1])
    loaded: list[Path] = []
    load = Recommender.load

    def loading(path: Path) -> Recommender:
        loaded.append(path)
        return load(path)

    monkeypatch.setattr(Recommender, "load", loading)
    for _ in range(3):
        assert not await watch.look()
    assert loaded == [file.parent]
    file.write_bytes(good)
    assert await watch.look()
    assert loaded == [file.parent] * 2
    assert (watch.reloads, watch.failed_reloads) == (1, 1)


@pytest.mark.parametrize("fault", [MemoryError(), OSError(5, "Input/output error")])
async def test_a_fault_of_the_machine_is_told_and_tried_again(
    place: Path,
    watch: ModelWatch,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    publish(place)
    load = Recommender.load

    def failing(_path: Path) -> Recommender:
        raise fault

    monkeypatch.setattr(Recommender, "load", failing)
    for _ in range(2):
        assert not await watch.look()
    assert len(caplog.records) == 1
    monkeypatch.setattr(Recommender, "load", load)
    assert await watch.look()


async def test_a_version_folder_of_any_name_is_the_version_that_it_holds(
    place: Path, tmp_path: Path
) -> None:
    version = (place / CURRENT).read_text("utf-8").strip()
    folder = (place / version).rename(tmp_path / "our model")
    model = ModelInUse(Recommender.load(folder))
    assert not await ModelWatch(store=folder, model=model).look()
