"""Where to hear an artist: addresses of the artist's page and of searches by name."""

import re
from urllib.parse import quote, quote_plus

from bot.text import clean
from model.catalogue import Artist

# Discord allows 512 characters in the address of a button; a character takes up to twelve here.
_SEARCHED = 36
_ADDRESS = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/|$)", re.IGNORECASE)
_LONGEST = 512


def page(artist: Artist) -> str | None:
    """The artist's own page, in ASCII; None when the data has no sane address."""
    # A page's address has its letters quoted already; what stands out must not break a button.
    address = quote(artist.url, safe="%/:?&=+#@,;~!$'()*-._", errors="replace")
    return address if _ADDRESS.match(address) and len(address) <= _LONGEST else None


def searches(artist: Artist) -> list[tuple[str, str]]:
    """(service, address of a search for the artist) of each service; none without a name."""
    name = clean(artist.name)[:_SEARCHED]
    if not name:
        return []
    return [
        ("Spotify", f"https://open.spotify.com/search/{quote(name, safe='')}"),
        ("YouTube", f"https://www.youtube.com/results?search_query={quote_plus(name)}"),
        ("Bandcamp", f"https://bandcamp.com/search?q={quote_plus(name)}&item_type=b"),
    ]


def listening(artist: Artist) -> list[tuple[str, str]]:
    """(label, address) of the artist's page and of the searches."""
    own = page(artist)
    return [*([("Last.fm", own)] if own else []), *searches(artist)]
