"""What can be heard."""

from dataclasses import dataclass

from bot.language import lazy_gettext

CREDIT = lazy_gettext("Preview by Deezer")


@dataclass(frozen=True, slots=True)
class Preview:
    """Thirty seconds of an artist's best-known track that has any.

    Attributes:
        title: of the track; cleaned, escape before showing.
        artist: who plays it, in the source's spelling; cleaned, escape before showing.
        url: the sound, an https address that stops working within the hour: show it at once.
        link: the track's page.
        expires: the second since 1970 from which ``url`` no longer works, where it is known.
        credit: the line that names the source, to be spoken.
    """

    title: str
    artist: str
    url: str
    link: str
    expires: float | None = None
    credit: str = CREDIT
