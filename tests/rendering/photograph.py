"""Photographs of an HTML page with headless Chromium, as in Debian's ``chromium`` package."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_S = 60
# Taller than any page; what the page leaves of it is cut off.
_HEIGHT = 6000


class NoBrowserError(RuntimeError):
    """There is no Chromium to take the photograph."""


def photograph(page: str, to: Path, *, width: int = 580) -> None:
    """Write what a browser shows of ``page`` to ``to`` as PNG, at one and a half times its size.

    Raises:
        NoBrowserError: Chromium is not installed.
        RuntimeError: it failed.
    """
    browser = next(filter(None, map(shutil.which, _NAMES)), None)
    if browser is None:
        raise NoBrowserError("no chromium on PATH; install it, for example: apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page, "utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1.5",
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{_HEIGHT}",
            f"--screenshot={to}",
            source.as_uri(),
        ]
        done = subprocess.run(  # noqa: S603  our own arguments
            command, capture_output=True, timeout=_PATIENCE_S, check=False
        )
    if done.returncode or not to.exists():
        raise RuntimeError(f"{browser} failed: {done.stderr.decode(errors='replace')[-500:]}")
    _cut_off_the_rest(to)


def _cut_off_the_rest(picture: Path) -> None:
    with Image.open(picture) as opened:
        shown = opened.convert("RGB")
    corner = shown.getpixel((0, shown.height - 1))
    box = ImageChops.difference(shown, Image.new("RGB", shown.size, corner)).getbbox()
    bottom = min(shown.height, box[3] + 24) if box else shown.height
    shown.crop((0, 0, shown.width, bottom)).quantize(colors=128).save(picture, optimize=True)
