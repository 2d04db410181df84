"""What tests of the bot share: services over the hand-made artifact, and presses on buttons."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import AsyncMock, Mock, create_autospec

import discord
import pytest

from bot.admin.service import ServerSettingsService
from bot.lyrics.records import Candidate, Lyrics, LyricsQuery
from bot.lyrics.service import LyricsService
from bot.map.service import MapService
from bot.model_in_use import ModelInUse
from bot.neighbours.service import NeighbourService
from bot.preview.service import PreviewService
from bot.recommend.service import RecommendService
from bot.services import Services
from bot.storage.database import open_database
from model.errors import CrossfadeError
from model.recommender import Recommender
from tests.artifacts import write_store
from tests.bot.databases import empty, postgres

Interact = Callable[..., Mock]


@pytest.fixture(autouse=True)
def isolated(no_stray_settings: None) -> None:
    """What every test of the bot needs."""


@pytest.fixture(autouse=True)
def no_logging_left_over() -> object:
    """What a test sets up about logging ends with it."""
    root, library = logging.getLogger(), logging.getLogger("discord")
    before = root.level, library.level, list(root.handlers)
    yield
    root.setLevel(before[0])
    library.setLevel(before[1])
    root.handlers[:] = before[2]


@pytest.fixture(scope="session")
def recommender(store: Path) -> Recommender:
    return Recommender.load(store)


@pytest.fixture(scope="session")
def service(recommender: Recommender) -> RecommendService:
    return RecommendService(model=ModelInUse(recommender))


@pytest.fixture(scope="session")
def lastfm_service(tmp_path_factory: pytest.TempPathFactory) -> RecommendService:
    """The same, over an artifact that says it was trained on the Last.fm data."""
    folder = tmp_path_factory.mktemp("lastfm") / "store"
    store = write_store(folder, dataset="lastfm-hetrec-2011")
    return RecommendService(model=ModelInUse(Recommender.load(store)))


@dataclass
class ShelfProvider:
    """A lyrics provider that knows one song, or fails."""

    failure: CrossfadeError | None = None
    name: str = "Shelf"

    async def search(self, query: LyricsQuery) -> Sequence[Candidate]:
        if self.failure is not None:
            raise self.failure
        if query.title.casefold() != "two clocks":
            return []
        return [Candidate("Ada Brook", "Two Clocks", self.name, "https://shelf.example/1", "1")]

    async def fetch(self, candidate: Candidate) -> Lyrics:
        words = "Tick says the left\nTock says the right"
        return Lyrics(candidate.artist, candidate.title, words, self.name, candidate.url)

    async def aclose(self) -> None: ...


@pytest.fixture
def shelf() -> ShelfProvider:
    return ShelfProvider()


@pytest.fixture
def services(recommender: Recommender, service: RecommendService, shelf: ShelfProvider) -> Services:
    return Services(
        recommend=service,
        lyrics=LyricsService(providers=[shelf]),
        model=ModelInUse(recommender),
        neighbours=NeighbourService(sources=[]),
        maps=MapService(model=ModelInUse(recommender)),
        previews=create_autospec(PreviewService, instance=True),
    )


@pytest.fixture
def interact() -> Interact:
    """Makes an interaction of a member; ``answered`` when it had its first response already."""

    def make(
        number: int = 7, name: str = "Ann *the* Asker", *, answered: bool = False, command: str = ""
    ) -> Mock:
        member = create_autospec(discord.Member, instance=True, id=number, display_name=name)
        interaction = create_autospec(discord.Interaction, instance=True, user=member)
        interaction.response = create_autospec(discord.InteractionResponse, instance=True)
        interaction.response.is_done = Mock(return_value=answered)
        interaction.followup = create_autospec(discord.Webhook, instance=True)
        interaction.edit_original_response = AsyncMock()
        interaction.command = Mock(qualified_name=command) if command else None
        return interaction

    return make


@pytest.fixture
async def server_settings(tmp_path: Path) -> AsyncIterator[ServerSettingsService]:
    """What admins chose, over an empty database."""
    async with open_database(f"sqlite:///{tmp_path}/settings.sqlite3") as database:
        yield ServerSettingsService(database=database)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/folder/crossfade.sqlite3"
    whole: str = request.getfixturevalue("postgres_server")
    empty(whole)
    return whole
