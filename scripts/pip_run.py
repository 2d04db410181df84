"""Running pip so that a person sees what happens, and naming what went wrong in one line."""

import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

_TICK_S = 0.2
_HEARTBEAT_S = 5.0
_LARGE_MB = 20.0

_COLLECTING = re.compile(r"Collecting ([\w.\[\]-]+)")
_DOWNLOADING = re.compile(
    r"\s*(Downloading|Using cached) (?:\S*/)?([\w.]+)-([^-\s]+)-\S+\.whl \(([\d.]+) (\w+)\)"
)
_INSTALLING = "Installing collected packages: "
_RESOLVE = re.compile(
    r"NameResolutionError|Failed to resolve|name resolution|getaddrinfo failed|service not known"
)
_HOST = re.compile(r"host='([^']+)'|Failed to resolve '([^']+)'")
_INDEXES = re.compile(r"Looking in indexes: (.+)")
_INDEX_HOST = re.compile(r"https?://(?:[^/@\s]*@)?(?:\[([^\]]+)\]|([^/:,\s]+))")
_TELLING = re.compile(r"Could not fetch URL|Retrying \(|ERROR:|HINT:|[Ee]rror: ")
_ERROR = re.compile(r"ERROR: (.*)")
_NO_BUILD = re.compile(r"No matching distribution found for ([^\s;(]+)")

_REACH = "connect to the internet, or set PIP_INDEX_URL to a package index within reach"
_FAULTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"No space left on device|not enough space on the disk|Disk quota exceeded"),
        "the disk is full",
        "free about 3 GB",
    ),
    (
        re.compile(r"Windows Long Path"),
        "a path is longer than this Windows allows",
        "move the project into a folder with a short path, or enable long paths",
    ),
    (re.compile(r"ProxyError"), "the proxy does not answer", "check HTTPS_PROXY"),
    (
        re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLError"),
        "the package index's certificate is not trusted",
        "check the clock, or set PIP_CERT to your network's certificate",
    ),
    (_RESOLVE, "the package index's name cannot be resolved", _REACH),
    (re.compile(r"Connection refused|refused it"), "the package index refuses connections", _REACH),
    (
        re.compile(r"requirement setuptools\S* \(from versions: none\)"),
        "the package index cannot be reached, or is empty",
        _REACH,
    ),
    (
        re.compile(r"timed out|TimeoutError|unreachable|Connection aborted|connection broken"),
        "the package index cannot be reached",
        _REACH,
    ),
    (
        re.compile(r"HTTP error (\d+)|\b(\d{3}) Client Error|\b(\d{3}) Server Error"),
        "the package index answers with an error",
        "try again later, or set PIP_INDEX_URL to another package index",
    ),
    (
        re.compile(r"Permission denied|Access is denied"),
        "a file may not be written",
        "close what uses .venv",
    ),
)


def _failing_host(telling: str, log: str) -> str:
    """The host that pip could not reach; empty when its log does not tell."""
    host = _HOST.search(telling)
    if host:
        return host[1] or host[2]
    # The pip that comes with Python 3.11 does not name it beside the fault, only among the indexes.
    listed = _INDEXES.search(log)
    hosts = {one or other for one, other in _INDEX_HOST.findall(listed[1] if listed else "")}
    return hosts.pop() if len(hosts) == 1 else ""


def name_fault(log: str) -> tuple[str, str]:
    """Name the fault in pip's log: the problem and its mend, each a clause."""
    telling = "\n".join(line for line in log.splitlines() if _TELLING.search(line))
    for pattern, problem, mend in _FAULTS:
        if pattern.search(telling):
            host = _failing_host(telling, log) if "index" in problem else ""
            return f"{problem} ({host})" if host else problem, mend
    no_build = _NO_BUILD.search(telling)
    if no_build:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            f"there is no {no_build[1]} for Python {version} on this system",
            "use 64-bit Linux, Windows, or macOS on Apple silicon",
        )
    errors = _ERROR.findall(telling)
    return (errors[-1].strip() if errors else "pip failed"), "read pip's log"


class Condenser:
    """Turns pip's lines into the one step that a person wants to know.

    Attributes:
        step: what is going on now.
        packages: how many packages are being installed; 0 until pip has said so.
    """

    def __init__(self) -> None:
        self.step = "asking the package index"
        self.packages = 0

    def feed(self, line: str) -> bool:
        """Take one line; True when the step is worth a line of its own even in a quiet log."""
        if "Retrying (" in line:
            self.step = "the package index does not answer, trying again"
            return True
        if line.startswith(_INSTALLING):
            self.packages = line.count(",") + 1
            self.step = f"unpacking {self.packages} packages"
            return True
        downloading = _DOWNLOADING.match(line)
        if downloading:
            how, name, version, size, unit = downloading.groups()
            verb = "downloading" if how == "Downloading" else "already here:"
            self.step = f"{verb} {name} {version} ({size} {unit})"
            return how == "Downloading" and unit == "MB" and float(size) >= _LARGE_MB
        collecting = _COLLECTING.match(line)
        if collecting:
            self.step = f"looking up {collecting[1]}"
        return False


class Display:
    """One changing line on a terminal; on anything else a line now and then."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._start = self._last = clock()
        self._live = stream.isatty()

    def show(self, step: str, *, important: bool = False) -> None:
        """Show a step: at once when important, otherwise every few seconds (a terminal: always)."""
        now = self._clock()
        text = f"  {now - self._start:4.0f} s  {step}"
        if self._live:
            self._stream.write(f"\r{text[:78]:<78}")
        elif important or now - self._last >= _HEARTBEAT_S:
            self._stream.write(text + "\n")
        else:
            return
        self._last = now
        self._stream.flush()

    def close(self, step: str) -> None:
        """Show the last step and leave the line."""
        self.show(step, important=True)
        if self._live:
            self._stream.write("\n")
            self._stream.flush()


def _read_lines(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None  # noqa: S101  (opened with a pipe)
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _ticking(lines: queue.Queue[str | None]) -> Iterator[str]:
    """Yield the lines as they come, and an empty one whenever nothing came for a moment."""
    while True:
        try:
            line = lines.get(timeout=_TICK_S)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line


def _installed(site: Path, before: int, packages: int) -> str:
    done = max(0, len(list(site.glob("*.dist-info"))) - before)
    return f" ({min(done, packages)} of {packages} done)"


def run_pip(
    python: Path,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    log: Path,
    site: Path,
    stream: TextIO,
) -> bool:
    """Run pip and show its progress. True when it succeeded.

    Args:
        python: the interpreter whose pip it is.
        arguments: what pip is to do.
        environment: variables that pip sees.
        cwd: the folder it runs in.
        log: where pip writes all it knows; replaced.
        site: the folder it installs into, counted to show how far it is.
        stream: where progress is shown.
    """
    log.unlink(missing_ok=True)
    display, condenser, before = Display(stream), Condenser(), len(list(site.glob("*.dist-info")))
    lines: queue.Queue[str | None] = queue.Queue()
    with subprocess.Popen(  # noqa: S603  (our own command)
        [str(python), "-m", "pip", "--log", str(log), *arguments],
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        threading.Thread(target=_read_lines, args=(process, lines), daemon=True).start()
        try:
            for line in _ticking(lines):
                important = condenser.feed(line)
                count = condenser.packages
                done = _installed(site, before, count) if count else ""
                display.show(condenser.step + done, important=important)
        except BaseException:
            process.terminate()
            raise
    display.close("installed" if process.returncode == 0 else "stopped")
    return process.returncode == 0
