"""Start the bot: ``python -m bot``, or ``python -m bot --console`` for the terminal."""

import argparse
import sys
from collections.abc import Sequence

from model.errors import CrossfadeError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 2 wrong settings or artifact."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Crossfade, the bot.")
    parser.add_argument(
        "--console", action="store_true", help="answer in this terminal instead of Discord"
    )
    options = parser.parse_args(arguments)
    try:
        # Late, because these imports are most of the start and Ctrl-C may come during them.
        from bot.front_ends import run

        run(console=options.console)
    except CrossfadeError as error:
        print(f"crossfade: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
