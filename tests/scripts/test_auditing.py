"""Advisories about libraries and secrets in files, looked for as CI does it."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from auditing import Verdict, audit_libraries, scan_for_secrets

PYTHON = Path(sys.executable)
ADVISORY = {
    "id": "PYSEC-2031-7",
    "aliases": [],
    "summary": "Lets anybody in",
    "published": "2031-02-03T00:00:00Z",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.4"}]}],
        }
    ],
}
# In pieces, so that this file holds none.
DISCORD_TOKEN = "MTk4NjIyNDgz" + "NDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRz" + "e4b7Cq4se7kKWs"
GITHUB_TOKEN = "ghp_" + "9dK2mWq7Lx0ZsVb3Nf" + "TyRcHuJpAeGi5oQ41X"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git lists the files")


@contextmanager
def index(advise: Callable[[str], dict[str, Any] | None]) -> Iterator[tuple[str, ...]]:
    """An OSV server that tells what ``advise`` gives for a library's name; None: it fails.

    Gives pip-audit's options for asking it.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told = advise(asked["package"]["name"])
            body = json.dumps(told or {}).encode()
            self.send_response(503 if told is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield ("-s", "osv", "--osv-url", f"http://127.0.0.1:{server.server_port}/v1/query")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    file = tmp_path / "constraints.txt"
    file.write_text("# two libraries\nsolid==3.1\nleaky==1.2; python_version >= '3'\n", "utf-8")
    return file


@pytest.mark.slow
def test_an_advisory_is_found_and_says_what_mends_it(pinned: Path) -> None:
    with index(lambda name: {"vulns": [ADVISORY]} if name == "leaky" else {}) as service:
        verdict = audit_libraries(PYTHON, pinned, service=service)
    assert verdict.failed
    assert verdict.summary == "FAILED (1 advisory)"
    assert verdict.found == ("leaky 1.2: PYSEC-2031-7, mended in 1.4",)


@pytest.mark.slow
def test_libraries_without_advisories_are_clean(pinned: Path) -> None:
    with index(lambda _: {}) as service:
        assert audit_libraries(PYTHON, pinned, service=service) == Verdict(
            failed=False, summary="clean, 2 libraries"
        )


@pytest.mark.slow
def test_an_index_that_cannot_be_reached_is_a_skip_that_is_shown(pinned: Path) -> None:
    nobody = ("-s", "osv", "--osv-url", "http://127.0.0.1:9/v1/query")
    verdict = audit_libraries(PYTHON, pinned, service=nobody)
    assert verdict == Verdict(failed=False, summary="skipped: no index answers")


@pytest.mark.slow
def test_an_index_that_fails_is_a_skip_that_is_shown(pinned: Path) -> None:
    with index(lambda _: None) as service:
        verdict = audit_libraries(PYTHON, pinned, service=service)
    assert verdict == Verdict(failed=False, summary="skipped: no index answers")


@pytest.mark.slow
def test_an_index_that_hangs_does_not_hold_up_the_check(pinned: Path) -> None:
    released = threading.Event()

    def advise(_name: str) -> dict[str, Any]:
        released.wait(30)
        return {}

    with index(advise) as service:
        verdict = audit_libraries(PYTHON, pinned, service=service, seconds=2.0)
        released.set()
    assert verdict == Verdict(failed=False, summary="skipped: no index answers within 2 s")


def answering(report: dict[str, Any] | None, *, said: str = "") -> Callable[..., Any]:
    """As ``subprocess.run`` with a pip-audit that reports and says this."""

    def run(command: list[Any], **_: object) -> subprocess.CompletedProcess[str]:
        if report is not None:
            Path(command[command.index("--output") + 1]).write_text(json.dumps(report), "utf-8")
        return subprocess.CompletedProcess(command, 1, "", said)

    return run


def test_an_index_that_knows_no_library_at_all_is_none(
    monkeypatch: pytest.MonkeyPatch, pinned: Path
) -> None:
    unknown = [{"name": name, "skip_reason": "not found"} for name in ("solid", "leaky")]
    monkeypatch.setattr(subprocess, "run", answering({"dependencies": unknown}))
    verdict = audit_libraries(PYTHON, pinned)
    assert verdict == Verdict(
        failed=False, summary="skipped: no index answers (2 libraries unknown)"
    )


def test_libraries_that_the_index_does_not_know_are_counted(
    monkeypatch: pytest.MonkeyPatch, pinned: Path
) -> None:
    known = [{"name": "solid", "version": "3.1", "vulns": []}]
    unknown = [{"name": "leaky", "skip_reason": "not found"}]
    monkeypatch.setattr(subprocess, "run", answering({"dependencies": known + unknown}))
    summary = "clean, 1 library, 1 unknown to the index"
    assert audit_libraries(PYTHON, pinned) == Verdict(failed=False, summary=summary)


def test_an_audit_that_does_not_work_is_a_failure_that_says_why(
    monkeypatch: pytest.MonkeyPatch, pinned: Path
) -> None:
    monkeypatch.setattr(subprocess, "run", answering(None, said="a\nERROR: No module named x\n"))
    verdict = audit_libraries(PYTHON, pinned)
    assert verdict.failed
    assert verdict.summary == "FAILED (pip-audit ended with exit code 1)"
    assert verdict.found == ("a", "ERROR: No module named x")


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Makes a project of the files given, which git keeps; others lie beside them."""

    def make(beside: dict[str, str] | None = None, **files: str) -> Path:
        root = tmp_path / "project"
        root.mkdir()
        for name, text in {**files, **(beside or {})}.items():
            (root / name).write_text(text, "utf-8")
        for command in (["init", "-q"], ["add", *files]):
            subprocess.run(["git", *command], cwd=root, check=True)  # noqa: S603, S607
        return root

    return make


@needs_git
@pytest.mark.slow
def test_planted_tokens_are_found_by_file_and_line_and_not_repeated(
    project: Callable[..., Path],
) -> None:
    root = project(
        settings=f"# ours\nDISCORD_TOKEN={DISCORD_TOKEN}\n",
        code=f'\n\nfetch(headers="token {GITHUB_TOKEN}")\n',
        clean="nothing to see\n",
    )
    verdict = scan_for_secrets(PYTHON, root)
    assert verdict.failed
    assert {"code:3: GitHub Token", "settings:2: Discord Bot Token"} <= set(verdict.found)
    assert not [line for line in verdict.found if line.startswith("clean")]
    assert DISCORD_TOKEN not in str(verdict)
    assert GITHUB_TOKEN not in str(verdict)


@needs_git
@pytest.mark.slow
def test_what_git_does_not_keep_and_what_is_nobodys_is_no_secret(
    project: Callable[..., Path],
) -> None:
    root = project(
        beside={".env": f"DISCORD_TOKEN={DISCORD_TOKEN}\n"},
        example="# postgresql://USER:PASSWORD@HOST/NAME\n",
        code='API_KEY = "b25b959554ed76058ac220b7b2e0a026"\n',
    )
    assert scan_for_secrets(PYTHON, root) == Verdict(failed=False, summary="clean, 2 files")


@needs_git
@pytest.mark.slow
def test_a_value_that_only_contains_a_harmless_one_is_a_secret(
    project: Callable[..., Path],
) -> None:
    root = project(code="postgresql:/" + "/me:PASSWORD7@10.1.2.3/x\n")
    assert scan_for_secrets(PYTHON, root).found == ("code:1: Basic Auth Credentials",)


def test_without_a_git_repository_the_scan_is_a_skip_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    verdict = scan_for_secrets(PYTHON, tmp_path)
    assert verdict == Verdict(failed=False, summary="skipped: this is no git repository")
