"""What CI looks for beside the code's own faults: known ones of its libraries, and secrets."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AUDIT_S = 45.0
"""Within which the advisories of all libraries must have come."""
_ANSWER_S = 10
_MOST_SAID = 5

# What pip-audit says when its index cannot be asked; whatever else ends it is a fault of ours.
_NO_ANSWER = re.compile(r"requests\.exceptions\.|ConnectionError|ServiceError|vulnerability feed")

# Each is nobody's: what the documents put in a secret's place, the tests' own, and checksums.
_HARMLESS = (
    "PASSWORD",
    "secret",
    "pass",
    r"create one at https://\S+",
    "b25b959554ed76058ac220b7b2e0a026",  # the example of Last.fm's documents
    "6738f48195667ff03caaab4d32ca9a3133d8cc026b7c3cdaf6ce1010e913c59c",  # of the published data
    "c247f29199269b235c9e17ad99980443d4f143a8a4629a87a2f63dc31b1787b0",  # of the demo catalogue
)
# The name of a test that holds what GitHub's tokens begin with.
_HARMLESS_LINE = "^def test_a_pair_weighs_by_its_place_among_"


@dataclass(frozen=True)
class Verdict:
    """What came out of a search.

    Attributes:
        failed: whether something was found, or the search itself did not work.
        summary: the result in a few words.
        found: one line each.
    """

    failed: bool
    summary: str
    found: tuple[str, ...] = ()


def audit_libraries(
    python: Path,
    requirements: Path,
    *,
    service: Sequence[str] = (),
    seconds: float = AUDIT_S,
) -> Verdict:
    """Ask an index for advisories about the pinned libraries.

    An index that does not answer, or knows none of them, is no failure.

    Args:
        python: an interpreter that has pip-audit.
        requirements: a line for each library, with its exact version.
        service: pip-audit's options that say whom to ask; PyPI when left out.
        seconds: for the whole.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(python, "-m", "pip_audit", "--requirement", requirements),
            *("--no-deps", "--disable-pip"),  # all is pinned, so nothing needs to be resolved
            *("--format", "json", "--output", report, "--progress-spinner", "off"),
            *("--timeout", str(_ANSWER_S), *service),
        ]
        try:
            done = _run(command, seconds=seconds)
        except subprocess.TimeoutExpired:
            return Verdict(False, f"skipped: no index answers within {seconds:g} s")
        if report.exists():
            return _of_report(json.loads(report.read_text("utf-8")))
    if _NO_ANSWER.search(done.stderr):
        return Verdict(False, "skipped: no index answers")
    return _broken("pip-audit", done)


def scan_for_secrets(python: Path, root: Path) -> Verdict:
    """Look for tokens, keys and passwords in every file of ``root`` that git keeps.

    Args:
        python: an interpreter that has detect-secrets.
        root: the folder of the project.
    """
    git = shutil.which("git")
    listed = None if git is None else _run([git, "-C", root, "ls-files", "-z"])
    if listed is None or listed.returncode:
        return Verdict(False, "skipped: this is no git repository")
    allowed = [part for value in _HARMLESS for part in ("--exclude-secrets", f"^(?:{value})$")]
    allowed += ("--exclude-lines", _HARMLESS_LINE)
    # Unverified, for that would send what is found to whose secret it seems to be.
    done = _run([python, "-m", "detect_secrets", "-C", root, "scan", "--no-verify", *allowed])
    if done.returncode:
        return _broken("detect-secrets", done)
    found = tuple(_secrets(json.loads(done.stdout)["results"]))
    if found:
        return Verdict(True, f"FAILED ({_count(len(found), 'secret')})", found)
    return Verdict(False, f"clean, {_count(listed.stdout.count(chr(0)), 'file')}")


def _run(
    command: Sequence[str | Path], *, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own command)
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )


def _of_report(report: dict[str, Any]) -> Verdict:
    libraries = report["dependencies"]
    known = [one for one in libraries if "skip_reason" not in one]
    if not known:
        return Verdict(False, f"skipped: no index answers ({len(libraries)} libraries unknown)")
    found = tuple(_advisories(known))
    if found:
        return Verdict(True, f"FAILED ({_count(len(found), 'advisory', 'advisories')})", found)
    unknown = len(libraries) - len(known)
    rest = f", {unknown} unknown to the index" if unknown else ""
    return Verdict(False, f"clean, {_count(len(known), 'library', 'libraries')}{rest}")


def _advisories(libraries: Sequence[dict[str, Any]]) -> Iterator[str]:
    for library in libraries:
        for advisory in library["vulns"]:
            mended = ", ".join(advisory["fix_versions"]) or "no version"
            name = f"{library['name']} {library['version']}"
            yield f"{name}: {advisory['id']}, mended in {mended}"


def _secrets(results: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for file in sorted(results):
        for secret in results[file]:
            yield f"{file}:{secret['line_number']}: {secret['type']}"


def _broken(tool: str, done: subprocess.CompletedProcess[str]) -> Verdict:
    said = tuple(done.stderr.strip().splitlines()[-_MOST_SAID:])
    return Verdict(True, f"FAILED ({tool} ended with exit code {done.returncode})", said)


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
