"""The lyrics providers that the settings ask for, in their order."""

from importlib.metadata import PackageNotFoundError, version

import aiohttp

from bot.claims import Claims
from bot.lyrics.genius import GeniusProvider
from bot.lyrics.lrclib import LrclibProvider
from bot.lyrics.provider import LyricsProvider
from bot.settings import Settings


def build_providers(
    settings: Settings, session: aiohttp.ClientSession, *, claims: Claims | None = None
) -> tuple[LyricsProvider, ...]:
    """One provider for each name in ``LYRICS_ORDER``; Genius only when its token is set.

    Args:
        settings: the order, where the providers are, and the keys to them.
        session: the shared HTTP session; the caller closes it.
        claims: keep apart the requests to a provider that wants one at a time, those of other
            processes included.
    """
    providers: list[LyricsProvider] = []
    for name in settings.lyrics_order:
        if name == "lrclib":
            providers.append(
                LrclibProvider(
                    session=session,
                    base_url=settings.lrclib_url,
                    user_agent=user_agent(),
                    claims=claims,
                )
            )
        elif settings.genius_token is not None:
            providers.append(
                GeniusProvider(
                    token=settings.genius_token,
                    api_url=settings.genius_api_url,
                    web_url=settings.genius_web_url,
                    user_agent=user_agent(),
                )
            )
    return tuple(providers)


def user_agent() -> str:
    """How Crossfade introduces itself to services, with the version of the installed package."""
    try:
        release = version("crossfade")
    except PackageNotFoundError:
        release = "development"
    return f"Crossfade/{release} (+self-hosted Discord bot)"
