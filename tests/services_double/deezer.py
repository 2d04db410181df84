"""A loopback Deezer: ``/search/artist`` and ``/artist/{id}/top`` as api.deezer.com answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web
from anyascii import anyascii

from tests.services_double.loopback import Loopback

_SOUND = (
    "https://cdnt-preview.dzcdn.net/api/1/1/5/3/1/0/{id:032x}.mp3"
    "?hdnea=exp={expires}~acl=/api/1/1/5/3/1/0/{id:032x}.mp3*"
    "~data=user_id=0,application_id=42~hmac={id:064x}"
)


@dataclass(frozen=True)
class Track:
    """A track; ``preview`` is False where its label allows none."""

    title: str
    preview: bool = True


@dataclass(frozen=True)
class DeezerArtist:
    """An artist with the best-known tracks first."""

    id: int
    name: str
    fans: int = 1000
    tracks: tuple[Track, ...] = field(default=(Track("Opening"),))


CATALOGUE = (
    DeezerArtist(11, "Johnny Cash Tribute Band", 70),
    DeezerArtist(12, "Johnny Cash", 5, (Track("A Namesake's Song"),)),
    DeezerArtist(
        13,
        "Johnny Cash",
        2_000_000,
        (Track("Hurt", preview=False), Track("Ring of Fire (Live)"), Track("Jackson")),
    ),
    DeezerArtist(14, "Björk", 900_000, (Track("Jóga"),)),
    DeezerArtist(15, "Metallica", 3_000_000, (Track("One", preview=False),)),
    DeezerArtist(16, "Quiet Shelf", 3, ()),
)


class DeezerDouble(Loopback):
    """Knows ``artists``; ``expires`` is the second in which its sounds end.

    ``fault`` answers everything with that error number and, as Deezer does, a 200. ``extra``
    records of any kind stand before the others of every list.
    """

    def __init__(self, artists: Sequence[DeezerArtist] = CATALOGUE) -> None:
        super().__init__()
        self.artists = list(artists)
        self.fault: int | None = None
        self.extra: list[object] = []
        self.expires = 2_000_000_000

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/search/artist", self._search),
            web.get("/artist/{id}/top", self._top),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        if self.fault is not None:
            return _error(self.fault)
        words = _words(request.query.get("q", ""))
        if not words:
            return _error(501, "ParameterException", "Missing parameters: q")
        # Any shared word is a hit, as there.
        hits = [self._artist(one) for one in self.artists if words & _words(one.name)]
        return self._list(hits, request, len(hits))

    async def _top(self, request: web.Request) -> web.Response:
        if self.fault is not None:
            return _error(self.fault)
        number = int(request.match_info["id"])
        artist = next((one for one in self.artists if one.id == number), None)
        if artist is None:
            return _error(800)
        tracks = [self._track(artist, place) for place in range(len(artist.tracks))]
        return self._list(tracks, request, len(tracks))

    def _list(self, records: list[object], request: web.Request, total: int) -> web.Response:
        limit = int(request.query.get("limit", "25"))
        return web.json_response({"data": [*self.extra, *records][:limit], "total": total})

    def _artist(self, artist: DeezerArtist) -> object:
        picture = f"https://api.deezer.com/artist/{artist.id}/image"
        return {
            "id": artist.id,
            "name": artist.name,
            "link": f"https://www.deezer.com/artist/{artist.id}",
            "picture": picture,
            "picture_small": "https://cdn-images.dzcdn.net/images/artist//56x56-000000-80-0-0.jpg",
            "nb_album": 26,
            "nb_fan": artist.fans,
            "radio": True,
            "tracklist": f"https://api.deezer.com/artist/{artist.id}/top?limit=50",
            "type": "artist",
        }

    def _track(self, artist: DeezerArtist, place: int) -> object:
        track, number = artist.tracks[place], 1000 * artist.id + place
        sound = _SOUND.format(id=number, expires=self.expires)
        return {
            "id": number,
            "readable": track.preview,
            "title": track.title,
            "title_short": track.title.split(" (")[0],
            "title_version": "",
            "link": f"https://www.deezer.com/track/{number}",
            "duration": 224,
            "rank": 900_000 - place,
            "explicit_lyrics": False,
            "preview": sound if track.preview else "",
            "contributors": [],
            "artist": {"id": artist.id, "name": artist.name, "type": "artist"},
            "album": {"id": 302127, "title": "An Album", "type": "album"},
            "type": "track",
        }


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", anyascii(text).lower()))


_KINDS = {4: ("Exception", "Quota limit exceeded"), 800: ("DataException", "no data")}


def _error(code: int, kind: str = "Exception", message: str = "Service busy") -> web.Response:
    kind, message = _KINDS.get(code, (kind, message))
    return web.json_response({"error": {"type": kind, "message": message, "code": code}})
