"""Check Crossfade as a developer or CI does: lint, format, types, tests.

For CI (``--ci``, or with ``CI`` in the environment) the libraries are looked up in an index of
advisories, where one answers, and the project's files are searched for secrets.

Needs nothing but Python; what it installs goes into ``.venv``. Every step runs even when an earlier
one fails; the tests come last, so their closing line ends the output.
"""

from python_version import refuse_unsupported_python

refuse_unsupported_python("scripts/check.py")

import argparse  # noqa: E402  (what follows is read only by a Python that was not refused)
import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

from auditing import Verdict, audit_libraries, scan_for_secrets  # noqa: E402
from bootstrap import ROOT, SetupError, prepare  # noqa: E402
from children import INTERRUPTED, run_child, stop_unwinds  # noqa: E402

LINT_AND_TYPES = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("basedpyright",)),
)
_NO = frozenset({"", "0", "false", "no", "off"})


def _say(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="check.py", description="Lint, format check, types and tests, each with its result."
    )
    parser.add_argument("--fast", action="store_true", help="leave out the tests marked slow")
    parser.add_argument(
        "--ci",
        action="store_true",
        default=os.environ.get("CI", "").strip().lower() not in _NO,
        help="look for advisories about the libraries and for secrets, too; so it does where CI "
        "is set in the environment",
    )
    parser.add_argument(
        "pytest", nargs="*", metavar="-- ARGUMENT", help="arguments for pytest, after --"
    )
    return parser


def run_step(python: Path, name: str, module: tuple[str, ...]) -> int:
    """Run one tool, name its result and duration, and return its exit code."""
    _say(f"== {name}: {' '.join(module)}")
    start = time.monotonic()
    code = run_child([python, "-m", *module], cwd=ROOT, own_input=False)
    result = "clean" if code == 0 else f"FAILED (exit code {code})"
    _say(f"== {name}: {result}, {time.monotonic() - start:.1f} s\n")
    return code


def run_search(name: str, what: str, search: Callable[[], Verdict]) -> int:
    """Run one search of CI, show what it found, and return its exit code."""
    _say(f"== {name}: {what}")
    start = time.monotonic()
    with stop_unwinds():
        verdict = search()
    for line in verdict.found:
        _say(line)
    _say(f"== {name}: {verdict.summary}, {time.monotonic() - start:.1f} s\n")
    return 1 if verdict.failed else 0


def _searches(python: Path) -> list[str]:
    """What CI looks for beside lint and types; the names of the searches that found something."""
    pinned = ROOT / "constraints.txt"
    steps = (
        ("libraries", "pip-audit constraints.txt", lambda: audit_libraries(python, pinned)),
        ("secrets", "detect-secrets scan", lambda: scan_for_secrets(python, ROOT)),
    )
    return [name for name, what, search in steps if run_search(name, what, search)]


def main() -> int:
    """Run the script: 0 all clean, 1 something found, 2 the set-up failed, 130 interrupted."""
    arguments = _parser().parse_args()
    try:
        python = prepare(["train", "dev"])
    except SetupError as fault:
        print(fault, file=sys.stderr)
        return 2
    failed: list[str] = []
    for name, module in LINT_AND_TYPES:
        code = run_step(python, name, module)
        if code == INTERRUPTED:
            return code
        if code:
            failed.append(name)
    if arguments.ci:
        failed += _searches(python)
    if failed:
        _say(f"== FAILED so far: {', '.join(failed)} (see above); the tests still run\n")
    fast = ("-m", "not slow") if arguments.fast else ()
    _say("== tests: pytest")
    tests = [python, "-m", "pytest", "--numprocesses=auto", *fast, *arguments.pytest]
    code = run_child(tests, cwd=ROOT, own_input=False)
    if code == INTERRUPTED:
        return code
    return 1 if code or failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
