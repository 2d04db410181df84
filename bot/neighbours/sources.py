"""The sources of neighbours that the settings ask for, in the order in which they are asked."""

import aiohttp
from aiolimiter import AsyncLimiter

from bot.lyrics.providers import user_agent
from bot.neighbours import lastfm, musicbrainz
from bot.neighbours.json_service import JsonService
from bot.neighbours.lastfm import LastfmSource
from bot.neighbours.listenbrainz import ListenBrainzSource, authorization
from bot.neighbours.musicbrainz import MusicBrainz
from bot.neighbours.source import NeighbourSource
from bot.settings import Settings

_LABS_SECONDS_A_REQUEST = 0.5


def build_sources(
    settings: Settings, session: aiohttp.ClientSession
) -> tuple[NeighbourSource, ...]:
    """Last.fm when there is a key for it, then ListenBrainz; none when nothing may be looked up.

    Built once, for the rates' sake.
    """
    if not settings.look_up_unknown:
        return ()
    listenbrainz = _listenbrainz(settings, session)
    if settings.lastfm_api_key is None:
        return (listenbrainz,)
    service = JsonService(
        session=session,
        name=LastfmSource.name,
        base_url=settings.lastfm_url,
        headers={"User-Agent": user_agent()},
        rate=AsyncLimiter(1, lastfm.SECONDS_A_REQUEST),
    )
    return (LastfmSource(service=service, key=settings.lastfm_api_key), listenbrainz)


def _listenbrainz(settings: Settings, session: aiohttp.ClientSession) -> ListenBrainzSource:
    token = settings.listenbrainz_token
    agent = {"User-Agent": user_agent()}
    return ListenBrainzSource(
        musicbrainz=MusicBrainz(
            JsonService(
                session=session,
                name="MusicBrainz",
                base_url=settings.musicbrainz_url,
                headers=agent,
                rate=AsyncLimiter(1, musicbrainz.SECONDS_A_REQUEST),
            )
        ),
        labs=JsonService(
            session=session,
            name=ListenBrainzSource.name,
            base_url=settings.listenbrainz_labs_url,
            headers={**agent, **authorization(token.get_secret_value() if token else None)},
            rate=AsyncLimiter(1, _LABS_SECONDS_A_REQUEST),
        ),
    )
