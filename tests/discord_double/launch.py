"""Run a module, like ``python -m``, with its discord.py talking to a local Discord.

    python -m tests.discord_double.launch --rest URL --gateway URL -- MODULE [ARGUMENT ...]

So a bot is exercised as the process it will be, with no hook for tests in it.
"""

from __future__ import annotations

import argparse
import runpy
import sys

from tests.discord_double.routing import route_to


def main() -> None:
    """Route discord.py, then become the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord_double.launch")
    parser.add_argument("--rest", required=True, help="address of the REST interface")
    parser.add_argument("--gateway", required=True, help="address of the gateway websocket")
    parser.add_argument("module", help="the module to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the module is given")
    given = parser.parse_args()
    route_to(given.rest, given.gateway)
    sys.argv = [given.module, *given.arguments]
    runpy.run_module(given.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
