"""The six tables that every data source delivers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Tables:
    """Listening data as read, before any choice of weighting.

    Ids are the source's own positive integers. All number columns are int64, all text is ``str``.

    Attributes:
        name: the data source, ``lastfm-hetrec-2011`` or ``demo``.
        fingerprint: SHA-256 (hex) of the content, equal for equal data wherever it was read from.
        artists: ``id, name, url, picture_url``, one row an artist.
        tags: ``id, name``, one row a tag.
        plays: ``listener, artist, plays``, one row a pair; plays count tracks listened to.
        taggings: ``listener, artist, tag, day, month, year``, one row a tag assignment.
        tagging_times: ``listener, artist, tag, timestamp_ms``, milliseconds since 1970.
        friends: ``listener, friend``, each friendship in both directions.
        dropped: how many rows of a table were left out, by reason.
    """

    name: str
    fingerprint: str
    artists: pd.DataFrame
    tags: pd.DataFrame
    plays: pd.DataFrame
    taggings: pd.DataFrame
    tagging_times: pd.DataFrame
    friends: pd.DataFrame
    dropped: Mapping[str, int] = field(default_factory=dict[str, int])
