"""What passes between the lyrics providers, the service and the presentation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LyricsQuery:
    """The song that a member asked for, cleaned but otherwise as typed."""

    artist: str
    title: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A song that a provider offers for a query.

    Attributes:
        artist: who performs it, with featured artists where the provider names them.
        title: its title as the provider writes it.
        source: the provider's name.
        url: a page about it that a member can open.
        key: what the provider needs to fetch it.
        words: its words as they were sent, when the search gave them along.
        instrumental: the provider says that there are no words.
    """

    artist: str
    title: str
    source: str
    url: str
    key: str
    words: str = ""
    instrumental: bool = False

    def with_text(self, text: str) -> "Lyrics":
        """The song with its words, clean already; none where it is instrumental."""
        return Lyrics(
            artist=self.artist,
            title=self.title,
            text=text,
            source=self.source,
            url=self.url,
            instrumental=self.instrumental,
        )


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The words of one song: clean plain text, stanzas apart by one empty line."""

    artist: str
    title: str
    text: str
    source: str
    url: str
    instrumental: bool = False


@dataclass(frozen=True, slots=True)
class LyricsFound:
    """An answer with words, or the knowledge that the song has none."""

    query: LyricsQuery
    lyrics: Lyrics


@dataclass(frozen=True, slots=True)
class LyricsMissing:
    """No such song.

    Attributes:
        query: what was asked.
        asked: the providers that answered, at least one; none of them has the song.
        unreachable: the providers that could not be asked; the song may be there.
    """

    query: LyricsQuery
    asked: tuple[str, ...]
    unreachable: tuple[str, ...] = ()
