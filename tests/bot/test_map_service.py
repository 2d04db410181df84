"""Drawing when it is asked for: once, off the event loop, and remembered within bounds."""

import asyncio
import threading
from dataclasses import replace

import pytest

from bot.errors import MemberError
from bot.map import service as service_module
from bot.map.pictures import PictureMemory
from bot.map.records import MapPicture
from bot.map.service import MapService
from bot.model_in_use import ModelInUse
from bot.recommend.records import Source
from model.catalogue import Artist
from model.recommender import Recommender
from tests.artifact_by_hand import artifact_by_hand as by_hand


class Drawing:
    """Stands in for the drawing: counts, notes the thread, and can be held up."""

    def __init__(self) -> None:
        self.drawn = 0
        self.at_once = 0
        self.most_at_once = 0
        self.threads: set[int] = set()
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, _here: object) -> bytes:
        self.drawn += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.threads.add(threading.get_ident())
        self.go_on.wait(5)
        self.at_once -= 1
        return b"PNG %d" % self.drawn


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Drawing:
    drawing = Drawing()
    monkeypatch.setattr(service_module, "draw_neighbourhood", drawing)
    return drawing


@pytest.fixture
def ids(recommender: Recommender) -> dict[str, int]:
    names = recommender.catalogue.names.texts()
    return {
        name: int(recommender.artist_ids[names.index(name)]) for name in ("Johnny Cash", "Björk")
    }


async def test_a_picture_is_of_the_artist_with_words_for_it(
    recommender: Recommender, ids: dict[str, int]
) -> None:
    picture = await MapService(model=ModelInUse(recommender)).picture(ids["Johnny Cash"])
    assert picture.png.startswith(b"\x89PNG")
    assert picture.artist.name == "Johnny Cash"
    assert picture.alt.startswith("Map of the artists around Johnny Cash (country).")
    assert len(picture.recommended) == 10
    assert picture.recommended[0].name in picture.alt
    assert picture.source.demo


async def test_it_is_drawn_once_and_off_the_event_loop(
    recommender: Recommender, ids: dict[str, int], drawing: Drawing
) -> None:
    maps = MapService(model=ModelInUse(recommender))
    first = await maps.picture(ids["Björk"])
    assert await maps.picture(ids["Björk"]) is first
    assert (await maps.picture(ids["Johnny Cash"])).png != first.png
    assert drawing.drawn == 2
    assert threading.get_ident() not in drawing.threads


async def test_several_who_ask_at_once_wait_for_one_drawing_each(
    recommender: Recommender, ids: dict[str, int], drawing: Drawing
) -> None:
    maps = MapService(model=ModelInUse(recommender))
    drawing.go_on.clear()
    asking = [
        asyncio.create_task(maps.picture(ids[name]))
        for name in ("Björk", "Johnny Cash", "Björk", "Björk")
    ]
    await asyncio.sleep(0)
    drawing.go_on.set()
    pictures = await asyncio.gather(*asking)
    assert pictures[0] is pictures[2] is pictures[3]
    assert drawing.drawn == 2
    assert drawing.most_at_once == 1


async def test_a_failed_drawing_is_tried_again(
    recommender: Recommender, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = MapService(model=ModelInUse(recommender))
    with monkeypatch.context() as patch:
        patch.setattr(service_module, "draw_neighbourhood", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await maps.picture(ids["Björk"])
    assert (await maps.picture(ids["Björk"])).png.startswith(b"\x89PNG")


async def test_a_newer_model_is_drawn_anew(
    recommender: Recommender, ids: dict[str, int], drawing: Drawing
) -> None:
    model = ModelInUse(recommender)
    maps = MapService(model=model)
    before = await maps.picture(ids["Björk"])
    newer = object.__new__(Recommender)
    newer.__dict__.update(recommender.__dict__)
    newer.manifest = replace(recommender.manifest, version="newer")
    model.replace(newer)
    assert await maps.picture(ids["Björk"]) is not before


async def test_an_artist_that_is_gone_is_one_line(recommender: Recommender) -> None:
    maps = MapService(model=ModelInUse(recommender))
    for artist_id in (-1, 0, 2**62):
        with pytest.raises(MemberError, match="don't know this artist"):
            await maps.picture(artist_id)


async def test_a_model_without_a_map_is_one_line() -> None:
    with pytest.raises(MemberError, match=r"no map; an admin can train"):
        await MapService(model=ModelInUse(Recommender(by_hand()))).picture(10)


def picture(size: int) -> MapPicture:
    artist = Artist(1, 1, "1", "A", 1, (), "")
    return MapPicture(b"x" * size, "alt", artist, (), Source("demo", demo=True))


def test_memory_is_bounded_by_bytes_and_forgets_the_one_not_asked_for_the_longest() -> None:
    memory = PictureMemory(100)
    for name in "abc":
        memory.put(name, picture(33))
    assert memory.get("a") is not None
    memory.put("d", picture(30))
    assert memory.get("b") is None
    assert all(memory.get(name) is not None for name in "acd")
    assert memory.size == 96


def test_what_is_put_again_counts_once_and_what_is_too_large_not_at_all() -> None:
    memory = PictureMemory(100)
    memory.put("a", picture(40))
    memory.put("a", picture(50))
    assert memory.size == 50
    memory.put("b", picture(101))
    assert memory.get("b") is None
    memory.put("a", picture(101))
    assert (memory.get("a"), memory.size) == (None, 0)
