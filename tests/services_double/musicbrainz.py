"""A loopback MusicBrainz: ``/ws/2/artist?query=`` as musicbrainz.org answers it."""

import re
from collections.abc import Sequence

from aiohttp import web

from tests.services_double.artists import CATALOGUE, Artist
from tests.services_double.loopback import Loopback

_UNESCAPED_MARK = re.compile(r'(?<!\\)[-+!(){}\[\]^"~*?:/]')
_COMMAND = re.compile(r"\b(?:AND|OR|NOT)\b")
_DANGLING = re.compile(r"^\W*(?:AND|OR)\b|\b(?:AND|OR|NOT)\W*$")


class MusicBrainzDouble(Loopback):
    """Knows ``artists``. Any shared word is a hit, as there; the words alone make the score.

    ``too_fast`` answers what a client in a hurry gets. ``extra`` records stand before the others.
    """

    def __init__(self, artists: Sequence[Artist] = CATALOGUE) -> None:
        super().__init__()
        self.artists = list(artists)
        self.too_fast = False
        self.extra: list[object] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/ws/2/artist", self._search)]

    async def _search(self, request: web.Request) -> web.Response:
        if "aiohttp" in request.headers.get("User-Agent", "aiohttp"):
            return web.json_response({"error": "Please identify your application"}, status=403)
        if self.too_fast:
            return _too_fast()
        query = request.query["query"]
        if _UNESCAPED_MARK.search(query) or _DANGLING.search(query):
            return _problem("Unable to parse search. The given query is not valid.", 400)
        if request.query.get("fmt") != "json":
            return web.Response(text="<metadata/>", content_type="application/xml")
        words = _words(_COMMAND.sub(" ", query).replace("\\", ""))
        scored = [(_score(words, artist), artist) for artist in self.artists]
        scored.sort(key=lambda hit: -hit[0])
        best = max((score for score, _ in scored), default=0.0)
        hits = [_record(artist, round(100 * score / best)) for score, artist in scored if score]
        limit = int(request.query.get("limit", "25"))
        found = [*self.extra, *hits][:limit]
        return web.json_response(
            {
                "created": "2026-01-08T12:00:00.000Z",
                "count": len(found),
                "offset": 0,
                "artists": found,
            }
        )


def _score(words: set[str], artist: Artist) -> float:
    known = _words(" ".join((artist.name, *artist.aliases)))
    return len(words & known) / len(known)


def _record(artist: Artist, score: int) -> dict[str, object]:
    record: dict[str, object] = {
        "id": artist.mbid,
        "type": "Group",
        "type-id": "e431f5f6-b5d2-343d-8b36-72607fffb74b",
        "score": score,
        "name": artist.name,
        "sort-name": ", ".join(reversed(artist.name.split(" ", 1))),
        "country": "PT",
        "life-span": {"begin": "2016", "ended": None},
    }
    if artist.about:
        record["disambiguation"] = artist.about
    if artist.aliases:
        record["aliases"] = [
            {"sort-name": alias, "name": alias, "locale": None, "type": None, "primary": None}
            for alias in artist.aliases
        ]
    return record


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _too_fast() -> web.Response:
    response = _problem("Your requests are exceeding the allowable rate limit.", 503)
    response.headers["Retry-After"] = "7"
    return response


def _problem(text: str, status: int) -> web.Response:
    body = {"error": text, "help": "For usage, please see: https://musicbrainz.org/development/mmd"}
    return web.json_response(body, status=status)
