"""A loopback Last.fm API: ``artist.getCorrection`` and ``artist.getSimilar`` under ``/2.0/``."""

from collections.abc import Sequence

from aiohttp import web

from tests.services_double.artists import CATALOGUE, Artist
from tests.services_double.loopback import Loopback

KEY = "b25b959554ed76058ac220b7b2e0a026"
_STAR = "https://lastfm.freetls.fastly.net/i/u/34s/2a96cbd8b46e442fc41c2b86b821562f.png"


class LastfmDouble(Loopback):
    """Knows ``artists``; their aliases are what it corrects, and namesakes share the page of one.

    ``fault`` answers everything with that error number and, as Last.fm likes to, a 200.
    ``bare_corrections`` answers a correction that is none as blank text instead of an empty record.
    """

    def __init__(self, artists: Sequence[Artist] = CATALOGUE) -> None:
        super().__init__()
        self.artists = list(artists)
        self.fault: int | None = None
        self.fault_status = 200
        self.bare_corrections = False

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/2.0/", self._call)]

    async def _call(self, request: web.Request) -> web.Response:
        if request.query.get("format") != "json":
            return web.Response(text="<lfm status='ok'/>", content_type="text/xml")
        if request.query.get("api_key") != KEY:
            return _error(10, "Invalid API key - You must be granted a valid key by last.fm", 403)
        if self.fault is not None:
            return _error(self.fault, "Something is wrong", self.fault_status)
        name = request.query["artist"]
        match request.query["method"]:
            case "artist.getCorrection":
                return web.json_response({"corrections": self._corrections(name)})
            case "artist.getSimilar":
                return self._similar(name, int(request.query.get("limit", "100")))
            case _:
                return _error(3, "Invalid Method - No method with that name in this package")

    def _corrections(self, name: str) -> object:
        known = self._known(name)
        if known is None and self.bare_corrections:
            return "\n                "
        found = {"url": ""} if known is None else _artist(known.name, known.mbid)
        attributes = {"index": "0"}
        return {"correction": {"artist": found, "@attr": attributes}}

    def _similar(self, name: str, limit: int) -> web.Response:
        namesakes = [one for one in self.artists if one.name.lower() == name.lower()]
        if not namesakes:
            return _error(6, "The artist you supplied could not be found")
        artist = max(namesakes, key=lambda one: sum(one.near.values()))
        most = max(artist.near.values(), default=1)
        similar: list[object] = [
            *artist.records,
            *(
                {
                    **_artist(near, ""),
                    "match": f"{score / most:.6g}",
                    "image": [{"#text": _STAR, "size": "small"}],
                    "streamable": "0",
                }
                for near, score in sorted(artist.near.items(), key=lambda item: -item[1])
            ),
        ][:limit]
        # A list of one loses its brackets on the way out of Last.fm's XML.
        shown = similar[0] if len(similar) == 1 else similar
        return web.json_response(
            {"similarartists": {"artist": shown, "@attr": {"artist": artist.name}}}
        )

    def _known(self, name: str) -> Artist | None:
        for artist in self.artists:
            if name.lower() in {known.lower() for known in (artist.name, *artist.aliases)}:
                return artist
        return None


def _artist(name: str, mbid: str) -> dict[str, object]:
    page = name.replace(" ", "+")
    return {"name": name, "mbid": mbid, "url": f"https://www.last.fm/music/{page}"}


def _error(number: int, message: str, status: int = 200) -> web.Response:
    body = {"error": number, "message": message, "links": []}
    return web.json_response(body, status=status)
