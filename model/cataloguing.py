"""Builds the artist table of an artifact from the six tables."""

import re
from urllib.parse import unquote

import numpy as np

from model.catalogue import TOP_TAGS, Catalogue, TextColumn
from model.dataset import Interactions
from model.tables import Tables

# A percent sign that was itself encoded: "%2526" for "%26".
_ENCODED_TWICE = re.compile(r"%25[0-9A-Fa-f]{2}")


def build_catalogue(tables: Tables, interactions: Interactions) -> Catalogue:
    """The artists of ``interactions`` in row order, with listeners and their most applied tags."""
    artists = tables.artists.set_index("id").loc[interactions.artist_ids]
    tag_names = tables.tags.set_index("id").loc[interactions.taggings.tag_ids, "name"]
    return Catalogue(
        ids=interactions.artist_ids,
        listeners=interactions.listeners_per_artist(),
        names=TextColumn.of(artists["name"].tolist()),
        source_ids=TextColumn.of([str(key) for key in interactions.artist_ids.tolist()]),
        urls=TextColumn.of([_page(url) for url in artists["url"].tolist()]),
        tag_names=TextColumn.of([str(name) for name in tag_names.tolist()]),
        top_tags=_top_tags(interactions),
    )


def _top_tags(interactions: Interactions) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """int32 [M, TOP_TAGS]: the tags that most listeners put on each artist, -1 where none."""
    tags, artists, counts = interactions.taggings.counts()
    order = np.lexsort((tags, -counts, artists))
    artists, tags = artists[order], tags[order]
    first = np.searchsorted(artists, artists)
    rank = np.arange(artists.size) - first
    kept = rank < TOP_TAGS
    top = np.full((interactions.artist_ids.size, TOP_TAGS), -1, np.int32)
    top[artists[kept], rank[kept]] = tags[kept]
    return top


def _page(url: str) -> str:
    """The artist's page as it is today: over https, and not encoded twice."""
    once = unquote(url) if _ENCODED_TWICE.search(url) else url
    return once.replace("http://www.last.fm/", "https://www.last.fm/", 1)
