"""How much memory the bot takes at its peak, with a model of the whole Last.fm data."""

import random
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from model.manifest import MANIFEST, load_manifest
from model.recommender import Recommender
from model.store import CURRENT, use_version, version_folder
from tests.conftest import Environment
from tests.discord_double import world
from tests.discord_double.records import User
from tests.discord_double.server import DiscordDouble
from tests.e2e.processes import Process, logged, starter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

COMMANDS, SERVERS, MEMBERS = 1_000, 100, 400
PEAK_MB = 200.0


def peak_mb(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def publish_again(store: Path) -> str:
    """Publish the version in use under another name; returns the name."""
    before = version_folder(store)
    after = before.with_name(f"{before.name}-again")
    shutil.copytree(before, after)
    manifest = replace(load_manifest(before), version=after.name)
    (after / MANIFEST).write_text(manifest.to_json(), "utf-8")
    use_version(store, after.name)
    return after.name


@pytest.fixture
def place(lastfm_store: Path, tmp_path: Path) -> Path:
    """A store of our own with the version in use."""
    used = version_folder(lastfm_store)
    shutil.copytree(used, tmp_path / "store" / used.name)
    shutil.copy(lastfm_store / CURRENT, tmp_path / "store" / CURRENT)
    return tmp_path / "store"


async def test_a_thousand_commands_a_map_and_a_swap_stay_small(
    place: Path, tmp_path: Path, environment: Environment
) -> None:
    catalogue = Recommender.load(place).catalogue
    names = random.Random(4).choices(
        [catalogue.names[row][:90] for row in range(len(catalogue))],
        weights=catalogue.listeners.tolist(),
        k=COMMANDS,
    )
    servers = [world.guild(number) for number in range(SERVERS)]
    start = starter(place, tmp_path, environment)
    async with DiscordDouble(servers) as discord:

        async def ask(number: int) -> None:
            member = User(310_000_000_000_000_000 + number % MEMBERS, "member", "Member")
            server = servers[number % SERVERS]
            question = {"artist": names[number]}
            await discord.slash("recommend", question, user=member, guild=server, timeout=10)

        async with start(discord, LOOK_UP_UNKNOWN="false") as process:
            await logged(process, "ready as")
            for number in range(COMMANDS // 2):
                await ask(number)
            shown = await discord.slash("map", {"artist": "Johnny Cash"})
            await shown.settled()
            version = publish_again(place)
            await logged(process, f"the model {version} answers")
            for number in range(COMMANDS // 2, COMMANDS):
                await ask(number)
            peak = peak_mb(process)
    print(f"at most {peak:.1f} MB resident")  # pytest -s shows it
    assert discord.rejections == []
    assert peak < PEAK_MB
