"""What a server's admins chose is kept, remembered for a moment, and never waited for."""

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest

from bot.admin.present import settings_embed
from bot.admin.records import ServerSettings
from bot.admin.service import AGE, CHANNEL_LIMIT, ServerSettingsService
from bot.errors import MemberError, StorageError
from bot.storage.database import open_database

HERE, THERE = 1_234_567_890_123_456_789, 4711


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/one.sqlite3"


async def test_nothing_chosen_is_the_defaults(server_settings: ServerSettingsService) -> None:
    assert await server_settings.of(HERE) == ServerSettings()
    assert await server_settings.of(None) == ServerSettings()


async def test_a_choice_holds_in_its_server_alone_and_after_a_restart(address: str) -> None:
    async with open_database(address) as database:
        service = ServerSettingsService(database=database)
        await service.set_dial(HERE, 0.5)
        await service.set_lyrics(HERE, on=False)
        await service.add_channel(HERE, 17)
        said = await service.add_channel(HERE, 11)
        assert said == ServerSettings(dial=0.5, lyrics=False, public_channels=frozenset({11, 17}))
    async with open_database(address) as database:
        service = ServerSettingsService(database=database)
        assert await service.of(HERE) == said
        assert await service.of(THERE) == ServerSettings()


async def test_what_another_process_changes_is_seen_within_its_age(address: str) -> None:
    clock = Clock()
    async with open_database(address) as database:
        here = ServerSettingsService(database=database, clock=clock)
        other = ServerSettingsService(database=database)
        await here.set_dial(HERE, -1.0)
        await other.set_dial(HERE, 1.0)
        assert (await here.of(HERE)).dial == -1.0, "from memory"
        clock.now += AGE
        assert (await here.of(HERE)).dial == 1.0


async def test_channels_are_added_once_removed_and_cleared(
    server_settings: ServerSettingsService,
) -> None:
    for channel in (5, 6, 5):
        now = await server_settings.add_channel(HERE, channel)
    assert now.public_channels == {5, 6}
    assert (await server_settings.remove_channel(HERE, 5)).public_channels == {6}
    with pytest.raises(MemberError, match="not on the list"):
        await server_settings.remove_channel(HERE, 5)
    with pytest.raises(MemberError, match="with none answers are public everywhere"):
        await server_settings.remove_channel(HERE, 6)
    assert (await server_settings.clear_channels(HERE)).public_channels == frozenset()


async def test_there_are_only_so_many_channels(server_settings: ServerSettingsService) -> None:
    for channel in range(CHANNEL_LIMIT):
        await server_settings.add_channel(HERE, channel + 1)
    with pytest.raises(MemberError, match="50 channels are the most"):
        await server_settings.add_channel(HERE, 999)
    assert len((await server_settings.of(HERE)).public_channels) == CHANNEL_LIMIT


async def test_a_server_that_is_left_is_forgotten(address: str) -> None:
    async with open_database(address) as database:
        service = ServerSettingsService(database=database)
        await service.add_channel(HERE, 5)
        await service.forget(HERE)
        assert await service.of(HERE) == ServerSettings()
        assert await ServerSettingsService(database=database).of(HERE) == ServerSettings()


async def test_changes_made_at_once_are_all_kept(server_settings: ServerSettingsService) -> None:
    await asyncio.gather(*(server_settings.add_channel(HERE, one) for one in range(1, 11)))
    assert len((await server_settings.of(HERE)).public_channels) == 10


async def test_an_outage_serves_what_was_known_and_is_told_once(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    async with open_database(address) as database:
        service = ServerSettingsService(database=database, clock=clock)
        await service.set_dial(HERE, 0.5)
        await service.of(HERE)

        def broken() -> None:
            raise StorageError("the disk is gone", where="DATABASE_URL")

        monkeypatch.setattr(database, "reading", broken)
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                clock.now += AGE
                assert (await service.of(HERE)).dial == 0.5
                assert await service.of(THERE) == ServerSettings()
        assert [one.getMessage() for one in caplog.records] == [
            "settings of servers are as last known: DATABASE_URL: the disk is gone"
        ]
        monkeypatch.undo()
        clock.now += AGE
        assert (await service.of(HERE)).dial == 0.5


def test_what_holds_is_said_in_words() -> None:
    chosen = ServerSettings(dial=0.4, lyrics=False, public_channels=frozenset(range(1, 24)))
    fields = {one.name: one.value or "" for one in settings_embed(chosen).fields}
    assert fields["Dial of /recommend"].startswith("adventurous\n")
    assert fields["Lyrics"].startswith("off\n")
    assert fields["Public answers"].startswith("in <#1> <#2> ")
    assert "<#20> and 3 more; elsewhere only the member sees them" in fields["Public answers"]
    assert all(len(value) <= 1024 for value in fields.values())
    everywhere = settings_embed(ServerSettings()).fields[2].value or ""
    assert everywhere.startswith("in every channel\n")


async def test_a_database_that_does_not_even_stop_when_told_keeps_nobody_waiting(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A driver may wait for its disk or its server before it lets itself be cancelled."""
    let_go = asyncio.Event()
    async with open_database(address) as database:
        service = ServerSettingsService(database=database)

        async def stalled(_server: int) -> ServerSettings:
            while not let_go.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await let_go.wait()
            raise StorageError("the disk came back too late", where="DATABASE_URL")

        monkeypatch.setattr(service, "_read", stalled)
        asked = asyncio.create_task(service.of(HERE))
        done, _ = await asyncio.wait({asked}, timeout=2)
        let_go.set()
        assert done == {asked}
        assert await asked == ServerSettings()
        assert [one.getMessage() for one in caplog.records] == [
            "settings of servers are as last known: the database is too slow"
        ]
