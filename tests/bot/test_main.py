"""``python -m bot`` as a command: what it exits with, and the one line it says."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.ending import until_asked_to_end
from bot.under_way import UnderWay
from tests.conftest import Environment, RunBot


def test_without_a_token_it_says_where_to_get_one(run_bot: RunBot, store: Path) -> None:
    done = run_bot(settings={"ARTIFACTS": str(store)})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("crossfade: DISCORD_TOKEN: not set; ")
    assert "https://discord.com/developers/applications" in line


def test_a_mistyped_setting_is_one_line_for_both_front_ends(run_bot: RunBot) -> None:
    for arguments in ((), ("--console",)):
        done = run_bot(*arguments, settings={"LYRICS_ORDER": "spotify", "DISCORD_TOKEN": "a.b.c"})
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("crossfade: LYRICS_ORDER: ")


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--terminal"])
    assert ended.value.code == 2
    assert "--terminal" in capsys.readouterr().err


def test_without_an_artifact_a_token_does_not_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    assert main([]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("crossfade: artifacts: nothing has been trained yet")


@pytest.mark.parametrize("library", ["pydantic", "discord", "aiohttp"])
def test_ctrl_c_while_libraries_load_ends_quietly(environment: Environment, library: str) -> None:
    program = f"""
import builtins, runpy
ours = builtins.__import__
def load(name, *rest, **more):
    if name == {library!r}:
        raise KeyboardInterrupt
    return ours(name, *rest, **more)
builtins.__import__ = load
runpy.run_module("bot", run_name="__main__")
"""
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


async def test_a_cancellation_that_gets_lost_is_repeated() -> None:
    began = asyncio.Event()

    async def loses_one() -> None:
        began.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(until_asked_to_end(loses_one(), UnderWay()))
    await began.wait()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    assert done == {task}
    assert task.cancelled()


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
async def test_ctrl_c_at_the_prompt_ends_at_once(store: Path, environment: Environment) -> None:
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--console"),
        stdin=theirs,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(ARTIFACTS=str(store)),
    )
    try:
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readuntil(b"crossfade> "), 20)
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), 5)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        os.close(ours)
        os.close(theirs)
    assert (process.returncode, errors) == (130, b"")
