"""Pictures that were drawn before, as many as fit into a number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable

from bot.map.records import MapPicture


class PictureMemory:
    """Keeps pictures; the one not asked for the longest goes first.

    Args:
        room: bytes of PNG that are kept at most.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, MapPicture] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes of PNG that are kept."""
        return self._size

    def get(self, key: Hashable) -> MapPicture | None:
        """The picture for ``key`` if it is still kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Hashable, picture: MapPicture) -> None:
        """Keep a picture; one that alone is larger than the room is not kept."""
        before = self._kept.pop(key, None)
        self._size -= len(before.png) if before is not None else 0
        if len(picture.png) > self._room:
            return
        self._kept[key] = picture
        self._size += len(picture.png)
        while self._size > self._room:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.png)
