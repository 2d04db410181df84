"""The sources of neighbours that the settings ask for, in the order in which they are asked."""

import aiohttp

from bot.limits import Limits, MemoryLimits, Rate, Turns
from bot.lyrics.providers import user_agent
from bot.neighbours import lastfm, musicbrainz
from bot.neighbours.json_service import JsonService
from bot.neighbours.lastfm import LastfmSource
from bot.neighbours.listenbrainz import ListenBrainzSource, authorization
from bot.neighbours.musicbrainz import MusicBrainz
from bot.neighbours.source import NeighbourSource
from bot.settings import Settings

_MUSICBRAINZ = "MusicBrainz"
_LABS_SECONDS_A_REQUEST = 0.5


def build_sources(
    settings: Settings, session: aiohttp.ClientSession, *, limits: Limits | None = None
) -> tuple[NeighbourSource, ...]:
    """Last.fm when there is a key for it, then ListenBrainz; none when nothing may be looked up.

    Built once, for the rates' sake.

    Args:
        settings: where the services are, and the keys to them.
        session: the shared HTTP session; the caller closes it.
        limits: keep count of the requests; those of these sources alone when left out.
    """
    if not settings.look_up_unknown:
        return ()
    limits = MemoryLimits() if limits is None else limits
    listenbrainz = _listenbrainz(settings, session, limits)
    if settings.lastfm_api_key is None:
        return (listenbrainz,)
    service = JsonService(
        session=session,
        name=LastfmSource.name,
        base_url=settings.lastfm_url,
        headers={"User-Agent": user_agent()},
        turns=_turns(limits, LastfmSource.name, lastfm.SECONDS_A_REQUEST),
    )
    return (LastfmSource(service=service, key=settings.lastfm_api_key), listenbrainz)


def _listenbrainz(
    settings: Settings, session: aiohttp.ClientSession, limits: Limits
) -> ListenBrainzSource:
    token = settings.listenbrainz_token
    agent = {"User-Agent": user_agent()}
    return ListenBrainzSource(
        musicbrainz=MusicBrainz(
            JsonService(
                session=session,
                name=_MUSICBRAINZ,
                base_url=settings.musicbrainz_url,
                headers=agent,
                turns=_turns(limits, _MUSICBRAINZ, musicbrainz.SECONDS_A_REQUEST),
            )
        ),
        labs=JsonService(
            session=session,
            name=ListenBrainzSource.name,
            base_url=settings.listenbrainz_labs_url,
            headers={**agent, **authorization(token.get_secret_value() if token else None)},
            turns=_turns(limits, ListenBrainzSource.name, _LABS_SECONDS_A_REQUEST),
        ),
    )


def _turns(limits: Limits, service: str, seconds_a_request: float) -> Turns:
    return Turns(limits=limits, key=f"service:{service}", rate=Rate(1, seconds_a_request))
