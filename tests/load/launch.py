"""Run the bot like ``python -m bot``, at a local Discord, and watch it from outside its code.

    python -m tests.load.launch --rest URL --gateway URL --times FILE [--profile FILE]

Writes, when the bot ends, when each interaction arrived and when its first response left. With
``--profile`` also where the processor's time went, from the first interaction on, to be read with
``pstats``.
"""

from __future__ import annotations

import argparse
import json
import runpy
import sys
from dataclasses import asdict
from pathlib import Path

from tests.discord_double.routing import route_to
from tests.load.profiling import Profiling
from tests.load.watching import HandlerWatch


def main() -> None:
    """Route discord.py, watch it, then become the bot."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.launch", description=__doc__)
    parser.add_argument("--rest", required=True, help="address of the REST interface")
    parser.add_argument("--gateway", required=True, help="address of the gateway websocket")
    parser.add_argument("--times", type=Path, required=True, help="where to write the times")
    parser.add_argument("--profile", type=Path, help="where to write the profile")
    given = parser.parse_args()
    route_to(given.rest, given.gateway)
    profiling = None if given.profile is None else Profiling(given.profile)
    watch = HandlerWatch(began=None if profiling is None else profiling.begin)
    watch.install()
    sys.argv = ["bot"]
    try:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
    finally:
        given.times.write_text(json.dumps(asdict(watch.times())), "utf-8")
        if profiling is not None:
            profiling.write()


if __name__ == "__main__":
    main()
