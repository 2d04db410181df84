"""Programs that run as a part of ours: whose input they read, and how they end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from children import run_child, stop_unwinds

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX does")

# Runs the program given as an argument as its child, then says how it ended and what input is left.
PARENT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
    "from children import run_child\n"
    "code = run_child([sys.executable, '-c', sys.argv[2]], cwd=Path.cwd(), "
    "own_input=sys.argv[3] == 'own')\n"
    "print('code', code, 'left', sys.stdin.read().split(), flush=True)\n"
    "sys.exit(code)\n"
)
WAITS = "import threading; print('ready', flush=True); threading.Event().wait()"


def start(child: str, whose: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", PARENT, str(SCRIPTS), child, whose],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def test_a_child_without_its_own_input_leaves_ours_alone() -> None:
    with start("import sys; sys.exit(len(sys.stdin.read()))", "none") as parent:
        output, _ = parent.communicate("/recommend Muse\n", timeout=20)
    assert output == "code 0 left ['/recommend', 'Muse']\n"


def test_a_child_with_our_input_reads_it() -> None:
    with start("import sys; sys.exit(len(sys.stdin.read()))", "own") as parent:
        output, _ = parent.communicate("12345\n", timeout=20)
    assert output == "code 6 left []\n"


@pytest.mark.parametrize("code", [0, 1, 2, 130])
def test_the_exit_code_passes_through(tmp_path: Path, code: int) -> None:
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    assert run_child(command, cwd=tmp_path, own_input=False) == code


@POSIX
def test_a_child_killed_by_a_signal_ends_as_in_a_shell(tmp_path: Path) -> None:
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_child([sys.executable, "-c", killed], cwd=tmp_path, own_input=False) == 137


@POSIX
def test_a_child_sees_an_empty_input_when_ours_is_closed(tmp_path: Path) -> None:
    program = (
        "import os, subprocess, sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from children import run_child\n"
        "child = [sys.executable, '-c', 'import sys; sys.exit(len(sys.stdin.read()) + 3)']\n"
        "sys.exit(run_child(child, cwd=Path.cwd(), own_input=True))\n"
    )
    command = [sys.executable, "-c", program, str(SCRIPTS)]
    ended = subprocess.run(  # noqa: S603  (our own command)
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *command],
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert (ended.returncode, ended.stderr) == (3, b"")


def test_a_polite_stop_unwinds_what_is_at_work_and_only_that() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught, stop_unwinds():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


@POSIX
def test_ctrl_c_ends_both_with_130() -> None:
    with start(WAITS, "none") as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        os.killpg(parent.pid, signal.SIGINT)
        output, _ = parent.communicate("", timeout=20)
    assert output == "code 130 left []\n"


@POSIX
def test_a_polite_stop_reaches_the_child() -> None:
    tidy = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); "
    with start(tidy + WAITS, "none") as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.send_signal(signal.SIGTERM)
        output, _ = parent.communicate("", timeout=20)
    assert output == "code 7 left []\n"
