"""A loopback Genius: the API's ``/search`` and the song pages that lyricsgenius reads.

The API and the pages live under different paths, so a request to the wrong base address fails.
"""

import html
import re
from collections.abc import Sequence

from aiohttp import web

from tests.services_double.loopback import Loopback
from tests.services_double.songs import CATALOGUE, Song

TOKEN = "loopback-token-5150"  # noqa: S105  nobody's password
_HEADER = (
    '<div class="LyricsHeader__Container-sc-1" data-exclude-from-selection="true">'
    "27 ContributorsTranslationsDeutsch{title} Lyrics</div>"
)


class GeniusDouble(Loopback):
    """Knows ``songs``. Finds by any shared word, best first by their number, as Genius nearly does.

    ``glued_junk`` makes the pages wear the junk inside the lyrics, as older pages did.
    """

    def __init__(self, songs: Sequence[Song] = CATALOGUE, *, glued_junk: bool = False) -> None:
        super().__init__()
        self.songs = list(songs)
        self.glued_junk = glued_junk
        self.empty_pages = False
        self.most_found = 10

    @property
    def api_url(self) -> str:
        return f"{self.address}/developer-api"

    @property
    def web_url(self) -> str:
        return f"{self.address}/site"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/developer-api/search", self._search),
            web.get("/site/{slug}", self._page),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            problem = {"error": "invalid_token", "error_description": "The access token is wrong"}
            return web.json_response(problem, status=401)
        wanted = _tokens(request.query["q"])
        ranked = sorted(
            ((len(wanted & _tokens(f"{song.artist} {song.title}")), song) for song in self.songs),
            key=lambda scored: -scored[0],
        )
        hits = [_hit(song) for shared, song in ranked if shared]
        return web.json_response(
            {"meta": {"status": 200}, "response": {"hits": hits[: self.most_found]}}
        )

    async def _page(self, request: web.Request) -> web.Response:
        for song in self.songs:
            if _slug(song) == request.match_info["slug"]:
                return web.Response(text=self._html(song), content_type="text/html")
        return web.Response(status=404, text="<h1>Oops</h1>", content_type="text/html")

    def _html(self, song: Song) -> str:
        if self.empty_pages:
            return "<html><body><div id='application'></div></body></html>"
        first, _, rest = html.escape(song.words or "").partition("\n\n")
        first, rest = first.replace("\n", "<br/>"), rest.replace("\n", "<br/>")
        if self.glued_junk:
            first = f"27 ContributorsTranslationsDeutsch{html.escape(song.title)} Lyrics{first}"
            ticket = f"See {song.artist} LiveGet tickets as low as $17You might also like"
            rest = f"{ticket}{rest}12Embed"
        containers = "".join(
            f'<div data-lyrics-container="true" class="Lyrics__Container-sc-2">{part}</div>'
            for part in (_HEADER.format(title=html.escape(song.title)) + first + "<br/><br/>", rest)
        )
        return f"<html><body><main>{containers}</main></body></html>"


def _hit(song: Song) -> dict[str, object]:
    names = f"{song.artist} (Ft. {song.featuring})" if song.featuring else song.artist
    return {
        "highlights": [],
        "index": "song",
        "type": "song",
        "result": {
            "annotation_count": 3,
            "api_path": "/songs/1",
            "artist_names": names,
            "full_title": f"{song.title} by {names}",
            "id": 1,
            "instrumental": song.instrumental,
            "lyrics_state": "complete" if song.words else "unreleased",
            "path": f"/{_slug(song)}",
            "title": song.title,
            "title_with_featured": song.title,
            "url": f"https://genius.com/{_slug(song)}",
            "primary_artist": {"id": 2, "name": song.artist},
        },
    }


def _slug(song: Song) -> str:
    words = re.findall(r"[a-z0-9]+", f"{song.artist} {song.title}".lower())
    return "-".join([*words, "lyrics"]).capitalize()


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
