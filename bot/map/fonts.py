"""The letters of the map: a font of this machine, or the one that comes with Pillow."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import CrossfadeError

# Pillow is imported late: a bot that is never asked for a map does without its memory.
if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_INSTALLED = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "arial.ttf", "Arial.ttf")
# Latin, Greek, Cyrillic and punctuation: letters that stand side by side without being shaped.
_TRIED = (range(0x20, 0x530), range(0x1E00, 0x1F00), range(0x2010, 0x2123))
_NOBODYS_LETTER = "\U0010fffe"


@cache
def font(size: int) -> FreeTypeFont:
    """The font of the map, ``size`` pixels high; Pillow's own knows hardly more than ASCII.

    Raises:
        CrossfadeError: this Pillow can draw no such font.
    """
    from PIL import ImageFont

    for name in (*_INSTALLED, *_beside_training()):
        try:
            return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    own = ImageFont.load_default(size)
    if isinstance(own, ImageFont.FreeTypeFont):
        return own
    raise CrossfadeError("is built without FreeType", where="Pillow", mend="install its own wheel")


@cache
def drawable() -> frozenset[int]:
    """The code points that the font has; what it lacks would be drawn as a box."""
    box = _drawn(_NOBODYS_LETTER)
    return frozenset(
        code
        for codes in _TRIED
        for code in codes
        if chr(code).isspace() or _drawn(chr(code)) != box
    )


def _drawn(letter: str) -> bytes:
    """The pixels of a letter."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (24, 24))
    ImageDraw.Draw(picture).text((2, 2), letter, fill=255, font=font(16))
    return picture.tobytes()


def _beside_training() -> tuple[str, ...]:
    """A good font that is there wherever models are trained; nothing is imported for it."""
    library = find_spec("matplotlib")
    if library is None or library.origin is None:
        return ()
    return (str(Path(library.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"),)
