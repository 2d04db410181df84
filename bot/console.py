"""The same commands in a terminal: one a line from standard input, answers on standard output."""

import asyncio
import os
import re
import shlex
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TextIO

from bot.about.present import about_lines, help_lines
from bot.errors import LyricsError, MemberError
from bot.language import gettext, lazy_gettext, spoken
from bot.lyrics.present import lyrics_text, suggestions_note
from bot.neighbours.present import neighbours_text
from bot.recommend.elsewhere import Elsewhere
from bot.recommend.line import parse
from bot.recommend.present import recommend_text, source_note
from bot.recommend.records import UnknownArtist
from bot.services import Services
from bot.text import clean
from bot.translator import command_called
from model.errors import CrossfadeError

PROMPT = "crossfade> "
_LINE_LENGTH = 10_000
_LEAVING = frozenset({"/quit", "/exit"})
_OPTIONS = re.compile(r"artist:\s*(.+?)\s+song:\s*(.+)", re.IGNORECASE)
# Phones and word processors turn straight quotes into curly ones.
_STRAIGHT = str.maketrans("“”„", '"""')

USAGES = (
    (lazy_gettext("/recommend ARTIST"), lazy_gettext("artists like one you know")),
    (
        lazy_gettext('/recommend "ARTIST" "ARTIST" dial:adventurous results:5'),
        lazy_gettext("like several, as you want it"),
    ),
    (lazy_gettext('/lyrics "ARTIST" "SONG"'), lazy_gettext("the lyrics of a song")),
    (lazy_gettext("/about"), lazy_gettext("what this is, and where its answers come from")),
    (lazy_gettext("/help"), lazy_gettext("this list")),
    ("/quit", lazy_gettext("leave (or Ctrl-D)")),
)


class Console:
    """Answers lines with the services that the Discord commands use.

    Args:
        services: what answers.
        lines: where commands are read.
        output: where answers are written.
    """

    def __init__(self, *, services: Services, lines: TextIO, output: TextIO) -> None:
        self._services = services
        self._lines = lines
        self._output = output
        self._commands: Mapping[str, Callable[[str], Awaitable[str]]] = {
            "recommend": self._recommend,
            "lyrics": self._lyrics,
            "about": self._about,
            "help": self._help,
        }

    async def run(self) -> None:
        """Answer until the end of input or ``/quit``."""
        interactive = self._lines.isatty()
        if interactive:
            self._say(source_note(self._services.recommend.source))
            self._say("\n".join(help_lines(_usages())))
        while True:
            if interactive:
                self._output.write(PROMPT)
                self._output.flush()
            # Read on the main thread, which Ctrl-C can interrupt; between lines the loop is idle.
            line = self._lines.readline(_LINE_LENGTH)
            self._skip_the_rest(line)
            if not line or line.strip().lower() in _LEAVING:
                return
            if line.strip():
                self._say(await self.answer(line))

    async def answer(self, line: str) -> str:
        """The answer to one line; what goes wrong is said in one line."""
        name, _, rest = clean(line).partition(" ")
        # Like Discord, but forgiving: a line without a slash is an artist.
        if not name.startswith("/"):
            name, rest = "/recommend", clean(line)
        command = self._called(name.lower())
        if command is None:
            return gettext("There is no command {name}; /help lists them.", name=name)
        try:
            return await command(rest.strip())
        except MemberError as error:
            return f"{error.spoken()}."
        except CrossfadeError as error:
            return gettext("That did not work: {problem}.", problem=error)

    def _called(self, name: str) -> Callable[[str], Awaitable[str]] | None:
        """The command of this name, in English or in the current language."""
        for command, answer in self._commands.items():
            if name in {f"/{command}", command_called(command)}:
                return answer
        return None

    async def _recommend(self, rest: str) -> str:
        asked = parse(rest)
        answer = await asyncio.to_thread(
            self._services.recommend.answer, *asked.names, terms=asked.terms
        )
        elsewhere = Elsewhere(neighbours=self._services.neighbours, model=self._services.model)
        if isinstance(answer, UnknownArtist) and elsewhere.can_help(answer):
            found = await elsewhere.find(answer, asked.terms)
            if not isinstance(found, UnknownArtist):
                return neighbours_text(found)
        return recommend_text(answer)

    async def _lyrics(self, rest: str) -> str:
        artist, title = _two_names(rest)
        note = suggestions_note(demo=self._services.recommend.source.demo)
        try:
            return lyrics_text(await self._services.lyrics.find(artist, title), note)
        except LyricsError as error:
            return f"{error.spoken()}. ({note})" if note else f"{error.spoken()}."

    async def _about(self, _rest: str) -> str:
        return "\n".join(about_lines(self._services.model.recommender.manifest))

    async def _help(self, _rest: str) -> str:
        return "\n".join(help_lines(_usages(), demo=self._services.recommend.source.demo))

    def _skip_the_rest(self, line: str) -> None:
        """Read over what a very long line has left, which is no command of its own."""
        while len(line) == _LINE_LENGTH and not line.endswith("\n"):
            line = self._lines.readline(_LINE_LENGTH)

    def _say(self, text: str) -> None:
        self._output.write(f"{text}\n\n")
        self._output.flush()


async def run_console(services: Services) -> None:
    """Answer standard input on standard output, until its end or until nobody reads any more.

    Raises:
        CrossfadeError: one of the two is closed, or cannot be read or written.
    """
    # The types do not say so, but a stream is None where the shell closed it (``<&-``).
    if None in {sys.stdin, sys.stdout}:
        raise CrossfadeError(
            "standard input or output is closed", mend="open both: they are the terminal"
        )
    for stream in (sys.stdin, sys.stdout):
        # A Windows console in a legacy code page must not fail on an artist's name.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    # asyncio's own handler would only note Ctrl-C until the line that is being read ends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        await Console(services=services, lines=sys.stdin, output=sys.stdout).run()
    except BrokenPipeError:
        # Whoever read the answers has left (``| head``), which is no fault.
        _discard_output()
    except OSError as error:
        _discard_output()
        raise CrossfadeError(
            f"cannot be read or written ({error.strerror})",
            where="standard input or output",
            mend="check what they are connected to",
        ) from error


def _usages() -> list[tuple[str, str]]:
    return [(spoken(usage), what.spoken()) for usage, what in USAGES]


def _discard_output() -> None:
    """Give what is still in the buffer somewhere to go, or Python complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _two_names(text: str) -> tuple[str, str]:
    """An artist and a song, in quotes or as ``artist:… song:…``.

    Raises:
        MemberError: it is not two names.
    """
    if options := _OPTIONS.fullmatch(text):
        return _unquoted(options[1]), _unquoted(options[2])
    try:
        words = shlex.split(text.translate(_STRAIGHT))
    except ValueError:
        words = []
    if len(words) != 2:
        raise MemberError(
            lazy_gettext("Two names are needed"),
            mend=lazy_gettext('write them in quotes: /lyrics "Johnny Cash" "Hurt"'),
        )
    return words[0], words[1]


def _unquoted(text: str) -> str:
    straight = text.translate(_STRAIGHT).strip()
    quoted = len(straight) > 1 and straight[0] == straight[-1] and straight[0] in "'\""
    return straight[1:-1] if quoted else text.strip()
