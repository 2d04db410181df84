import io
import subprocess
import sys
from pathlib import Path

import pytest

from bot.console import PROMPT, USAGES, Console
from bot.errors import ProviderUnavailableError
from bot.services import Services
from tests import artifacts
from tests.bot.conftest import ShelfProvider
from tests.conftest import Environment, RunBot

DEMO = "DEMO CATALOGUE"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="redirects in a POSIX shell")


class Terminal(io.StringIO):
    """Lines as if somebody typed them."""

    def isatty(self) -> bool:
        return True


def console(services: Services, lines: io.StringIO | None = None) -> Console:
    return Console(services=services, lines=lines or io.StringIO(), output=io.StringIO())


async def session(services: Services, typed: str, *, terminal: bool = False) -> str:
    lines, output = (Terminal if terminal else io.StringIO)(typed), io.StringIO()
    await Console(services=services, lines=lines, output=output).run()
    return output.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        *("/recommend Johnny Cash", "/RECOMMEND johnny cash\n", "  /recommend   Johnny Cash  "),
        *('/recommend "Johnny Cash"', "/recommend artist:Johnny Cash", "Johnny Cash\r\n"),
        *('/recommend artist:"Johnny Cash"', "/recommend “Johnny Cash”"),
    ],
)
async def test_recommend_answers_as_in_discord(services: Services, line: str) -> None:
    first, *rest = (await console(services).answer(line)).splitlines()
    assert first == "Artists like Johnny Cash"
    assert len(rest) == 11
    assert DEMO in rest[-1]


@pytest.mark.parametrize(
    "line",
    [
        *('/lyrics "Ada Brook" "Two Clocks"', "/lyrics 'Ada Brook' 'Two Clocks'"),
        *('/lyrics artist:"Ada Brook" song:"Two Clocks"', "/lyrics “Ada Brook” “Two Clocks”"),
        "/lyrics artist:Ada Brook song:Two Clocks",
    ],
)
async def test_lyrics_are_shown_with_their_source(services: Services, line: str) -> None:
    text = await console(services).answer(line)
    assert "Tick says the left\nTock says the right" in text
    assert text.endswith(f"Source: Shelf, https://shelf.example/1\n(Artist suggestions: {DEMO})")


async def test_a_missing_song_says_who_was_asked(services: Services) -> None:
    text = await console(services).answer('/lyrics "Ada Brook" "Three Clocks"')
    assert "Shelf" in text
    assert text.endswith(f"(Artist suggestions: {DEMO})")


@pytest.mark.parametrize("rest", ["", "Hurt", "Johnny Cash Hurt", '"Johnny Cash "Hurt"', '"a'])
async def test_lyrics_without_two_names_show_how_to_ask(services: Services, rest: str) -> None:
    text = await console(services).answer(f"/lyrics {rest}")
    assert text == ('Two names are needed; write them in quotes: /lyrics "Johnny Cash" "Hurt".')


async def test_about_and_help(services: Services) -> None:
    about = await console(services).answer("/about")
    assert "Trained on demo" in about
    listed = await console(services).answer("/help")
    *lines, note = listed.splitlines()
    assert [line.split(": ")[0] for line in lines] == [usage for usage, _ in USAGES]
    assert DEMO in note


async def test_a_song_may_be_called_like_an_option(services: Services) -> None:
    text = await console(services).answer('/lyrics "Ada Brook" "Last song: two clocks"')
    assert "“Last song: two clocks” by Ada Brook" in text


async def test_an_unknown_command_is_named(services: Services) -> None:
    assert await console(services).answer("/play Hurt") == (
        "There is no command /play; /help lists them."
    )


async def test_an_outage_is_one_line(services: Services, shelf: ShelfProvider) -> None:
    shelf.failure = ProviderUnavailableError("is down", where="Shelf")
    text = await console(services).answer('/lyrics "Ada Brook" "Two Clocks"')
    assert text == f"Shelf: is down. (Artist suggestions: {DEMO})"
    assert len(text.splitlines()) == 1


async def test_an_empty_name_is_one_line(services: Services) -> None:
    text = await console(services).answer("/recommend   ")
    assert text == "Please name an artist; for example /recommend Johnny Cash."


@pytest.mark.parametrize("line", ["/recommend " + "x" * 6_000, "\x1b[2J\x1b[31mred", "🎸" * 500])
async def test_strange_lines_are_answered_without_control_characters(
    services: Services, line: str
) -> None:
    text = await console(services).answer(line)
    assert "\x1b" not in text
    assert DEMO in text


async def test_the_end_of_input_ends_it(services: Services) -> None:
    shown = await session(services, "/help\n\n   \nJohnny Cash")
    assert shown.count("/recommend ARTIST") == 1
    assert shown.count("Artists like Johnny Cash") == 1, "a last line without an end counts"


@pytest.mark.parametrize("word", ["/quit", "/exit", "  /quit  "])
async def test_quitting_leaves_the_rest_unread(services: Services, word: str) -> None:
    shown = await session(services, f"/about\n{word}\n/help\n")
    assert "Trained on" in shown
    assert "/recommend ARTIST" not in shown


async def test_a_very_long_line_is_one_command(services: Services) -> None:
    shown = await session(services, f"/about {'x' * 9_993}\n{'y' * 24_990} /help\n/help\n")
    assert shown.count("Trained on") == 1
    assert shown.count("I don't know an artist called") == 1
    assert shown.count("/recommend ARTIST") == 1, "only the last line asked for help"


async def test_only_a_terminal_is_greeted_and_prompted(services: Services) -> None:
    shown = await session(services, "/about\n", terminal=True)
    assert shown.startswith(DEMO)
    assert shown.count(PROMPT) == 2
    assert "/recommend ARTIST" in shown
    assert PROMPT not in await session(services, "/about\n")


async def test_one_bad_line_does_not_end_the_session(services: Services) -> None:
    shown = await session(services, "/nonsense\n/lyrics x\nJohnny Cash\n")
    assert "Artists like Johnny Cash" in shown


def test_as_a_process_it_answers_lines_and_ends_well(run_bot: RunBot, store: Path) -> None:
    lines = f"/recommend Johnny Cash\n/recommend {artifacts.ARABIC}\n"
    done = run_bot("--console", lines=lines, settings={"ARTIFACTS": str(store)})
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("Artists like Johnny Cash\n  1. ")
    assert f"Artists like {artifacts.ARABIC}" in done.stdout
    assert PROMPT not in done.stdout


@POSIX
@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        ("| head -n 1", ""),
        ("<&-", "crossfade: standard input or output is closed; "),
        (">&-", "crossfade: standard input or output is closed; "),
        pytest.param(
            *(">/dev/full", "crossfade: standard input or output: cannot be read or written "),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="has no /dev/full"),
        ),
    ],
)
def test_as_a_process_a_broken_standard_stream_is_one_line_at_most(
    environment: Environment, store: Path, tmp_path: Path, redirection: str, said: str
) -> None:
    (tmp_path / "lines").write_text("/about\n" * 500)
    command = f'"{sys.executable}" -m bot --console <lines {redirection}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(  # noqa: S603  our own program
        ["/bin/bash", "-c", command],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(ARTIFACTS=str(store)),
        timeout=30,
        check=False,
    )
    assert done.returncode == (2 if said else 0)
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == (1 if said else 0)


def test_as_a_process_without_an_artifact_it_says_one_line(run_bot: RunBot) -> None:
    done = run_bot("--console", lines="/about\n", settings={"ARTIFACTS": "nowhere"})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("crossfade: nowhere: nothing has been trained yet; ")
    assert "scripts/train.py" in line


def test_as_a_process_a_damaged_artifact_is_one_line(
    run_bot: RunBot, store: Path, tmp_path: Path
) -> None:
    (tmp_path / "torn").mkdir()
    version = (store / "CURRENT").read_text().strip()
    (tmp_path / "torn" / "manifest.json").write_bytes(
        (store / version / "manifest.json").read_bytes()
    )
    done = run_bot("--console", settings={"ARTIFACTS": "torn"})
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "artists.safetensors: is missing" in line
