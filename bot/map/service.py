"""Draws the map around an artist when it is asked for; knows nothing of Discord."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from bot.errors import MemberError
from bot.language import language, lazy_gettext
from bot.map.draw import draw_neighbourhood
from bot.map.neighbourhood import neighbourhood
from bot.map.pictures import PictureMemory
from bot.map.present import alt_text
from bot.map.records import MapPicture
from bot.memory import release_freed_memory
from bot.model_in_use import ModelInUse
from bot.recommend.records import Source
from model.recommender import Recommender

REMEMBERED_BYTES = 4_000_000


class MapService:
    """Pictures of where artists lie among others.

    Args:
        model: whose map is drawn.
        room: bytes of pictures that are remembered.
    """

    def __init__(self, *, model: ModelInUse, room: int = REMEMBERED_BYTES) -> None:
        self._model = model
        self._pictures = PictureMemory(room)
        self._drawing = asyncio.Lock()
        # A thread of its own, because each thread that ever drew keeps some megabytes: with those
        # that asyncio shares out the bot grew by 20 MB over 200 pictures, with one by 6.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="map")

    @property
    def remembered(self) -> int:
        """How many pictures are remembered."""
        return len(self._pictures)

    async def picture(self, artist_id: int) -> MapPicture:
        """The map around an artist of the model in use.

        Args:
            artist_id: Crossfade's own key of the artist.

        Raises:
            MemberError: the model has no such artist, or no map.
        """
        recommender = self._model.recommender
        key = (recommender.manifest.version, artist_id, language())
        if remembered := self._pictures.get(key):
            return remembered
        # One at a time; whoever waits for the same one then finds it.
        async with self._drawing:
            if remembered := self._pictures.get(key):
                return remembered
            running = asyncio.get_running_loop()
            # The thread is older than the question, whose language it is to use.
            context = copy_context()
            picture = await running.run_in_executor(
                self._thread, lambda: context.run(_picture, recommender, artist_id)
            )
            self._pictures.put(key, picture)
            return picture

    async def aclose(self) -> None:
        """Let the thread end after what it is drawing."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _picture(recommender: Recommender, artist_id: int) -> MapPicture:
    ids = recommender.artist_ids
    row = int(ids.searchsorted(artist_id))
    if row == ids.size or ids[row] != artist_id:
        raise MemberError(
            lazy_gettext("I don't know this artist any more"), mend=lazy_gettext("run /map again")
        )
    here = neighbourhood(recommender, row)
    if here is None:
        raise MemberError(
            lazy_gettext("The model in use has no map"),
            mend=lazy_gettext("an admin can train it again"),
        )
    picture = MapPicture(
        png=draw_neighbourhood(here),
        alt=alt_text(here),
        artist=here.asked.artist,
        recommended=tuple(place.artist for place in here.recommended),
        source=Source.of(recommender),
    )
    release_freed_memory()
    return picture
