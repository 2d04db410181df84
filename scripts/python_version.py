"""The Python versions that Crossfade supports.

This file, ``quickstart.py`` and ``check.py`` keep to the syntax of Python 3.6, so that an older
interpreter can read them far enough to be refused in one clear line.
"""

import sys

OLDEST = (3, 11)
NEWEST = (3, 13)  # the newest for which every library in constraints.txt has a ready-made build


def refusal(version: tuple, executable: str, script: str) -> str:
    """Say why an interpreter cannot run Crossfade; empty when it can.

    Args:
        version: major, minor, micro.
        executable: the interpreter's path.
        script: what the person started, for the command to try instead.
    """
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    oldest, newest, this = (".".join(map(str, v)) for v in (OLDEST, NEWEST, version[:3]))
    launcher = "py -3.12" if sys.platform == "win32" else "python3.12"
    return (
        f"Crossfade needs Python {oldest} to {newest}; this is {this} ({executable}). "
        f"Install a supported one and run for example: {launcher} {script}"
    )


def refuse_unsupported_python(script: str) -> None:
    """End the process with one line and exit code 2 on an unsupported interpreter."""
    line = refusal(sys.version_info, sys.executable, script)
    if line:
        sys.stderr.write(line + "\n")
        sys.exit(2)
