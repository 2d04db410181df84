"""A small stand-in for the six Last.fm files: same form, invented content.

``rows`` invents the records, ``encode`` writes them the way the published files are written
(tab-separated, one header line, no quoting; ``artists.dat`` UTF-8 with LF, the others CRLF,
``tags.dat`` Latin-1), ``write`` puts them into a folder or a zip. Nothing is square: there are more
artists than listeners, ids have gaps, and one artist has no plays.
"""

import datetime
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Rows = dict[str, list[tuple[Any, ...]]]

HEADERS = {
    "artists.dat": "id\tname\turl\tpictureURL",
    "tags.dat": "tagID\ttagValue",
    "user_artists.dat": "userID\tartistID\tweight",
    "user_friends.dat": "userID\tfriendID",
    "user_taggedartists.dat": "userID\tartistID\ttagID\tday\tmonth\tyear",
    "user_taggedartists-timestamps.dat": "userID\tartistID\ttagID\ttimestamp",
}
ENCODINGS = {"tags.dat": "latin-1"}
LINE_ENDS = {"artists.dat": "\n"}

TASTES = 3
UNKNOWN_ARTISTS = (4001, 4002)
"""Artist ids of three of the tag rows; ``artists.dat`` lacks them, as it does in the real data."""

_STRANGE_NAMES = (
    'The "Paper" Lanterns',
    '"',
    'Half "Quoted',
    "Sigur Öræfi",
    "夜の灯台",
    "NA",
    "null",
    "Salt & Ember",
    "O'Dell’s Ferry",
    "  Two Spaces  ",
    "1999",
)
_TAG_NAMES = ("rock", "chanson française", "60's", '"live"', "NaN", "müde", "slow ", "½ time", "x")


def rows(*, listeners: int = 13, artists: int = 31, seed: int = 5) -> Rows:
    """Records of every file, in file order.

    Listeners and artists belong to ``TASTES`` tastes in turn; most plays stay within the taste and
    earlier artists are more popular. The last artist is played by nobody.
    """
    rng = np.random.default_rng(seed)
    listener_ids = [2 + 3 * i + i // 4 for i in range(listeners)]
    artist_ids = [1 + 2 * j + j // 5 for j in range(artists)]
    plays = _plays(rng, listener_ids, artist_ids)
    taggings = _taggings(rng, plays)
    last = max(listener_ids)
    taggings[-2:-2] = [(last, artist, 7, 1, 2, 2003) for artist in UNKNOWN_ARTISTS]
    taggings[-1:-1] = [(last, UNKNOWN_ARTISTS[0], 10, 3, 2, 2003)]
    return {
        "artists.dat": [_artist(artist, row) for row, artist in enumerate(artist_ids)],
        "tags.dat": [(7 + 3 * row, name) for row, name in enumerate(_TAG_NAMES)],
        "user_artists.dat": plays,
        "user_friends.dat": _friends(listener_ids),
        "user_taggedartists.dat": taggings,
        "user_taggedartists-timestamps.dat": [
            (*row[:3], _milliseconds(year=row[5], month=row[4], day=row[3])) for row in taggings
        ],
    }


def encode(records: Rows) -> dict[str, bytes]:
    """The records as the bytes of the six files."""
    return {name: file_bytes(name, lines(records[name])) for name in HEADERS}


def lines(records: list[tuple[Any, ...]]) -> list[str]:
    """Each record as one line without its end."""
    return ["\t".join(str(value) for value in record) for record in records]


def file_bytes(name: str, body: list[str], *, header: str | None = None) -> bytes:
    """One file from its lines, with the encoding and line ends that its name asks for."""
    end = LINE_ENDS.get(name, "\r\n")
    text = end.join([HEADERS[name] if header is None else header, *body, ""])
    return text.encode(ENCODINGS.get(name, "utf-8"))


def write(path: Path, contents: Mapping[str, bytes] | None = None, *, under: str = "") -> Path:
    """Write the files into the folder ``path``, or into a zip when its name ends in ``.zip``.

    Args:
        path: the folder or the zip to make.
        contents: bytes by file name; the default records when left out.
        under: a folder inside ``path`` that holds the files.
    """
    contents = encode(rows()) if contents is None else contents
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(f"{under}/{name}" if under else name, content)
        return path
    folder = path / under
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return path


def _artist(artist: int, row: int) -> tuple[int, str, str, str]:
    name = _STRANGE_NAMES[row] if row < len(_STRANGE_NAMES) else f"Invented Band {row}"
    picture = f"http://pictures.example/{artist}.jpg" if row % 4 else ""
    return artist, name, f"http://music.example/{artist}", picture


def _plays(
    rng: np.random.Generator, listener_ids: list[int], artist_ids: list[int]
) -> list[tuple[Any, ...]]:
    taste = np.arange(len(artist_ids)) % TASTES
    popularity = 1 / np.arange(2, len(artist_ids) + 2)
    popularity[-1] = 0
    pairs: list[tuple[Any, ...]] = []
    for row, listener in enumerate(listener_ids):
        weight = popularity * np.where(taste == row % TASTES, 12, 1)
        size = min(5 + row % 4, len(artist_ids) - 1)
        chosen = rng.choice(len(artist_ids), size, replace=False, p=weight / weight.sum())
        counts = np.sort(rng.geometric(0.004, chosen.size))[::-1]
        pairs += [
            (listener, artist_ids[artist], int(n)) for artist, n in zip(chosen, counts, strict=True)
        ]
    return pairs


def _taggings(rng: np.random.Generator, plays: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    tagged: list[tuple[Any, ...]] = []
    for listener, artist, _ in plays[::3]:
        for tag in sorted(rng.choice(len(_TAG_NAMES), 2, replace=False)):
            day, month, year = (int(rng.integers(*r)) for r in ((1, 29), (1, 13), (2005, 2012)))
            tagged.append((listener, artist, 7 + 3 * int(tag), day, month, year))
    return tagged


def _friends(listener_ids: list[int]) -> list[tuple[Any, ...]]:
    pairs = list(zip(listener_ids, listener_ids[2:], strict=False))
    return sorted(pairs + [(friend, listener) for listener, friend in pairs])


def _milliseconds(*, year: int, month: int, day: int) -> int:
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days * 86_400_000
