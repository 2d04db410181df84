"""What a person sees of pip: its present step, and the one line when it fails."""

import io

import pytest
from pip_run import Condenser, Display, name_fault

RETRYING = (
    "WARNING: Retrying (Retry(total=1, connect=None, read=None, redirect=None, status=None)) after "
    "connection broken by "
)
NOTHING_FOUND = "ERROR: No matching distribution found for setuptools>=77\n"


@pytest.mark.parametrize(
    ("log", "problem"),
    [
        (
            RETRYING
            + "'NameResolutionError(\"HTTPSConnection(host='pypi.org', port=443): Failed to "
            "resolve 'pypi.org' ([Errno -3] Temporary failure in name resolution)\")'\n",
            "the package index's name cannot be resolved (pypi.org)",
        ),
        (
            RETRYING + "'NewConnectionError(\"HTTPConnection(host='127.0.0.1', port=9): Failed to "
            "establish a new connection: [Errno 111] Connection refused\")': /simple/rich/\n",
            "the package index refuses connections (127.0.0.1)",
        ),
        (
            RETRYING + "'ConnectTimeoutError(<HTTPSConnection>, 'timed out')'\n",
            "the package index cannot be reached",
        ),
        (
            RETRYING + "'ProxyError('Cannot connect to proxy.', ConnectionRefusedError(111, "
            "'Connection refused'))'\n",
            "the proxy does not answer",
        ),
        (
            RETRYING + "'SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')'\n",
            "the package index's certificate is not trusted",
        ),
        (
            (
                "2026-01-02T03:04:05,678 Could not fetch URL http://[::1]:9/simple/rich/: error: "
                "HTTPConnectionPool(host='::1', port=9): Max retries exceeded (Caused by "
                "NewConnectionError('Connection refused')) - skipping\n"
            ),
            "the package index refuses connections (::1)",
        ),
        (  # as the pip of Python 3.11 writes it
            "Looking in indexes: http://user:****@127.0.0.1:9/simple, file:///srv/wheels\n"
            + RETRYING
            + "'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7>: "
            "Failed to establish a new connection: [Errno 111] Connection refused')': /simple/r/\n",
            "the package index refuses connections (127.0.0.1)",
        ),
        (
            "Looking in indexes: https://[::1]:9/simple\n" + RETRYING + "'timed out'\n",
            "the package index cannot be reached (::1)",
        ),
        (
            "Looking in indexes: https://a.example/simple, https://b.example/simple\n"
            + RETRYING
            + "'timed out'\n",
            "the package index cannot be reached",
        ),
        (
            "ERROR: No version that satisfies requirement setuptools>=77 (from versions: none)",
            "the package index cannot be reached, or is empty",
        ),
        (
            "ERROR: 503 Server Error: Service Unavailable for url: https://pypi.org/simple/rich/\n",
            "the package index answers with an error",
        ),
    ],
)
def test_an_index_out_of_reach_is_named(log: str, problem: str) -> None:
    assert name_fault(log + NOTHING_FOUND)[0] == problem


def test_a_library_without_a_build_is_named() -> None:
    log = "ERROR: No matching distribution found for tensorflow>=2.18; sys_platform != 'linux'\n"
    assert "there is no tensorflow>=2.18 for Python" in name_fault(log)[0]


def test_what_merely_sounds_like_a_fault_is_passed_over() -> None:
    log = "  Skipping link: timed out.whl\nFound link SSLError.whl\nERROR: Cannot build it\n"
    assert name_fault(log)[0] == "Cannot build it"


@pytest.mark.parametrize(
    "reason",
    [
        "[Errno 28] No space left on device",
        "[WinError 112] There is not enough space on the disk",
        "[Errno 122] Disk quota exceeded",
    ],
)
def test_a_full_disk_is_named(reason: str) -> None:
    log = f"ERROR: Could not install packages due to an OSError: {reason}"
    assert name_fault(log)[0] == "the disk is full"


def test_a_path_too_long_for_windows_is_named() -> None:
    log = (
        "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: "
        "'C:\\\\deep\\\\folder'\n"
        "HINT: This error might have occurred since this system does not have Windows Long Path "
        "support enabled.\n"
    )
    problem, mend = name_fault(log)
    assert problem == "a path is longer than this Windows allows"
    assert "short path" in mend


def test_an_unknown_fault_gives_pips_last_error() -> None:
    log = "Collecting rich\nERROR: the first\nERROR: the last\nnote: read on\n"
    assert name_fault(log) == ("the last", "read pip's log")
    assert name_fault("") == ("pip failed", "read pip's log")


def test_the_step_follows_pips_lines() -> None:
    condenser = Condenser()
    assert not condenser.feed("Collecting numpy>=1.26 (from crossfade==0.1.0)\n")
    assert condenser.step == "looking up numpy"
    assert not condenser.feed("  Downloading numpy-2.4.6-cp311-cp311-win_amd64.whl (9.1 MB)\n")
    assert condenser.step == "downloading numpy 2.4.6 (9.1 MB)"
    assert condenser.feed("Downloading https://x/a/b_c-1.0-py3-none-any.whl (230.0 MB)\n")
    assert condenser.step == "downloading b_c 1.0 (230.0 MB)"
    assert condenser.feed("Installing collected packages: numpy, b_c, rich\n")
    assert condenser.packages == 3


def test_a_quiet_log_gets_a_line_every_five_seconds_and_for_what_matters() -> None:
    times = iter([100.0, 101.0, 102.0, 106.0, 107.5])
    stream = io.StringIO()
    display = Display(stream, clock=lambda: next(times))
    display.show("looking up a")
    display.show("downloading b", important=True)
    display.show("looking up c")
    display.show("looking up d")
    assert stream.getvalue() == "     2 s  downloading b\n     8 s  looking up d\n"


def test_a_terminal_gets_one_line_that_changes() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    display = Display(stream, clock=lambda: 0.0)
    display.show("looking up a")
    display.show("x" * 300)
    display.close("installed")
    *shown, last = stream.getvalue().split("\r")[1:]
    assert last.endswith("\n")
    assert all(len(text) == 78 for text in [*shown, last.rstrip("\n")])
