"""A loopback of ListenBrainz's labs: ``/similar-artists/json`` as the real one answers it."""

from collections.abc import Sequence
from uuid import UUID

from aiohttp import web

from tests.services_double.artists import CATALOGUE, Artist, mbid_of
from tests.services_double.loopback import Loopback

_ALGORITHMS = {
    f"session_based_days_7500_session_300_contribution_{least}_threshold_10_limit_100_"
    "filter_True_skip_30"
    for least in (3, 5)
}
_FIRST_NEIGHBOUR = 1000


class ListenBrainzLabsDouble(Loopback):
    """Knows who is near ``artists``; rows come in no order, and an unknown id brings none.

    With a ``token``, requests without it are refused, as other parts of ListenBrainz already do.
    """

    def __init__(self, artists: Sequence[Artist] = CATALOGUE, *, token: str = "") -> None:
        super().__init__()
        self.artists = list(artists)
        self.token = token

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/similar-artists/json", self._similar)]

    async def _similar(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("Authorization") != f"Token {self.token}":
            problem = {"code": 401, "error": "you need to provide an Auth token"}
            return web.json_response(problem, status=401)
        if request.query.get("algorithm") not in _ALGORITHMS:
            return web.json_response({"error": "algorithm: Input should be one of"}, status=400)
        try:
            asked = [str(UUID(mbid)) for mbid in request.query.getall("artist_mbids")]
        except (KeyError, ValueError):
            return web.json_response({"error": "artist_mbids: no valid UUID"}, status=400)
        rows: list[object] = []
        for artist in self.artists:
            if artist.mbid in asked:
                rows += [*artist.records, *_rows(artist)]
        return web.json_response(rows)


def _rows(artist: Artist) -> list[dict[str, object]]:
    return [
        {
            "artist_mbid": mbid_of(_FIRST_NEIGHBOUR + number),
            "name": name,
            "comment": "",
            "type": "Person",
            "gender": None,
            "score": score,
            "reference_mbid": artist.mbid,
        }
        for number, (name, score) in enumerate(artist.near.items())
    ]
