"""Fetch the published Last.fm data into data/, where scripts/quickstart.py looks for it."""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console

from bot.settings import load_settings
from model.download import LICENCE, download_dataset
from model.errors import CrossfadeError

DESTINATION = Path(__file__).resolve().parent.parent / "data" / "hetrec2011-lastfm-2k.zip"


def main() -> int:
    """Run the script: 0 the data is there, 2 a fault named in one line, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="download.py", description=__doc__)
    parser.add_argument("--url", help="where to get the zip; DATASET_URL when left out")
    parser.add_argument(
        "--to",
        metavar="FILE",
        type=Path,
        default=DESTINATION,
        help="the file to make, or its folder",
    )
    arguments = parser.parse_args()
    destination = Path(os.path.expanduser(arguments.to))  # noqa: PTH111  (leaves ~nobody as it is)
    if destination.is_dir():
        destination /= DESTINATION.name
    console = Console(stderr=True)
    try:
        url = arguments.url or load_settings().dataset_url
        console.print(LICENCE, style="dim", highlight=False)
        print(download_dataset(url, destination, console=console))
    except CrossfadeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
