"""Which tag an artist is coloured by on the map."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def main_tags(
    top_tags: NDArray[np.int32], tag_names: Sequence[str], known: NDArray[np.bool_], *, most: int
) -> list[str]:
    """Each artist's main tag out of at most ``most`` tags that together describe the most artists.

    The tags are chosen greedily: each time the one among the top tags of the most known artists
    that have no chosen tag yet. Simply the tags that come first most often would leave three
    artists in five of the Last.fm data without a colour, all of metal among them, because fine
    tags (death metal, metalcore) come first there.

    Args:
        top_tags: int32 [M, K], positions in ``tag_names``, most applied first, -1 where none.
        tag_names: T texts.
        known: bool [M], the artists that the choice is to suit.
        most: how many tags to choose.

    Returns:
        M texts: the artist's most applied chosen tag, empty where it has none of them.
    """
    chosen: list[int] = []
    left = top_tags[known]
    while len(chosen) < most and (left >= 0).any():
        # Ties go to the tag that comes first in ``tag_names``.
        tag = int(np.bincount(left[left >= 0]).argmax())
        chosen.append(tag)
        left = left[~(left == tag).any(axis=1)]
    fits = np.isin(top_tags, chosen)
    first = top_tags[np.arange(top_tags.shape[0]), fits.argmax(axis=1)]
    main = np.where(fits.any(axis=1), first, -1)
    return [tag_names[int(tag)] if tag >= 0 else "" for tag in main]
