"""A loopback LRCLIB: ``/api/get``, ``/api/get/{id}`` and ``/api/search`` as lrclib.net answers."""

import re
from collections.abc import Sequence

from aiohttp import web

from tests.services_double.loopback import Loopback
from tests.services_double.songs import CATALOGUE, Song


class LrclibDouble(Loopback):
    """Knows ``songs``; their ids start at 4000."""

    def __init__(self, songs: Sequence[Song] = CATALOGUE) -> None:
        super().__init__()
        self.songs = list(songs)
        self.most_found = 20

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/get", self._get),
            web.get("/api/get/{id}", self._by_id),
            web.get("/api/search", self._search),
        ]

    async def _get(self, request: web.Request) -> web.Response:
        wanted = (request.query["artist_name"].lower(), request.query["track_name"].lower())
        for number, song in enumerate(self.songs):
            if (_credit(song).lower(), song.title.lower()) == wanted:
                return web.json_response(self._record(number))
        return _not_found()

    async def _by_id(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"]) - 4000
        if 0 <= number < len(self.songs):
            return web.json_response(self._record(number))
        return _not_found()

    async def _search(self, request: web.Request) -> web.Response:
        title = _tokens(request.query.get("track_name", ""))
        artist = _tokens(request.query.get("artist_name", ""))
        found = [
            self._record(number)
            for number, song in enumerate(self.songs)
            if title <= _tokens(song.title) and artist <= _tokens(_credit(song))
        ]
        return web.json_response(found[: self.most_found])

    def _record(self, number: int) -> dict[str, object]:
        song = self.songs[number]
        return {
            "id": 4000 + number,
            "name": song.title,
            "trackName": song.title,
            "artistName": _credit(song),
            "albumName": "An Album",
            "duration": 233.0,
            "instrumental": song.instrumental,
            "plainLyrics": song.words,
            "syncedLyrics": song.synced,
        }


def _credit(song: Song) -> str:
    return f"{song.artist} feat. {song.featuring}" if song.featuring else song.artist


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _not_found() -> web.Response:
    problem = {
        "message": "Failed to find specified track",
        "name": "TrackNotFound",
        "statusCode": 404,
    }
    return web.json_response(problem, status=404)
