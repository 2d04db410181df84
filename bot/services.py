"""Everything that answers, built once and handed to whoever asks: Discord or a terminal."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.admin.service import ServerSettingsService
from bot.counts import Counts
from bot.lyrics.providers import build_providers
from bot.lyrics.service import LyricsService
from bot.map.service import MapService
from bot.memory import release_freed_memory
from bot.model_in_use import ModelInUse
from bot.neighbours.service import NeighbourService
from bot.neighbours.sources import build_sources
from bot.preview.service import PreviewService, build_previews
from bot.recommend.service import RecommendService
from bot.settings import Settings
from bot.sharing import Shared
from bot.storage.database import open_database
from model.recommender import Recommender


@dataclass(frozen=True)
class Services:
    """What the commands use."""

    recommend: RecommendService
    lyrics: LyricsService
    model: ModelInUse
    neighbours: NeighbourService
    maps: MapService
    previews: PreviewService
    counts: Counts = field(default_factory=Counts)

    def remembered(self) -> dict[str, int]:
        """How many answers each service remembers, by its name."""
        return {
            "lyrics": self.lyrics.remembered,
            "neighbours": self.neighbours.remembered,
            "maps": self.maps.remembered,
            "previews": self.previews.remembered,
        }


@asynccontextmanager
async def open_services(
    settings: Settings, shared: Shared | None = None
) -> AsyncGenerator[Services]:
    """Load the artifact and open what reaches outside; everything is closed at the end.

    Args:
        settings: where everything is.
        shared: limits and claims; those of this process alone when left out.

    Raises:
        ArtifactError: there is no artifact, or it cannot be used.
    """
    shared = shared or Shared()
    counts = Counts()
    failed = counts.outage
    model = ModelInUse(Recommender.load(settings.artifacts))
    release_freed_memory()
    async with (
        aiohttp.ClientSession() as session,
        aclosing(
            LyricsService(
                providers=build_providers(settings, session, claims=shared.claims), failed=failed
            )
        ) as lyrics,
        aclosing(
            NeighbourService(
                sources=build_sources(settings, session, limits=shared.limits), failed=failed
            )
        ) as neighbours,
        aclosing(MapService(model=model)) as maps,
    ):
        yield Services(
            recommend=RecommendService(model=model),
            lyrics=lyrics,
            model=model,
            neighbours=neighbours,
            maps=maps,
            previews=build_previews(settings, session, limits=shared.limits, failed=failed),
            counts=counts,
        )


@asynccontextmanager
async def open_server_settings(settings: Settings) -> AsyncGenerator[ServerSettingsService]:
    """Open the database that holds what admins chose; a terminal needs none.

    Raises:
        SettingsError: DATABASE_URL cannot be understood.
        StorageError: the database cannot be used.
    """
    async with open_database(settings.database_url.get_secret_value()) as database:
        yield ServerSettingsService(database=database)
