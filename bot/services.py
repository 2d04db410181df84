"""Everything that answers, built once and handed to whoever asks: Discord or a terminal."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.lyrics.providers import build_providers
from bot.lyrics.service import LyricsService
from bot.memory import release_freed_memory
from bot.model_in_use import ModelInUse
from bot.recommend.service import RecommendService
from bot.settings import Settings
from model.recommender import Recommender


@dataclass(frozen=True)
class Services:
    """What the commands use."""

    recommend: RecommendService
    lyrics: LyricsService
    model: ModelInUse


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncGenerator[Services]:
    """Load the artifact and open what reaches outside; everything is closed at the end.

    Raises:
        ArtifactError: there is no artifact, or it cannot be used.
    """
    model = ModelInUse(Recommender.load(settings.artifacts))
    release_freed_memory()
    async with (
        aiohttp.ClientSession() as session,
        aclosing(LyricsService(providers=build_providers(settings, session))) as lyrics,
    ):
        yield Services(
            recommend=RecommendService(model=model),
            lyrics=lyrics,
            model=model,
        )
