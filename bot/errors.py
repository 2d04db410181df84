"""What goes wrong in front of members and admins.

::

    model.errors.CrossfadeError
    ├── SettingsError               a setting is missing or mistyped: one line to the admin
    ├── StorageError                the database cannot be used
    └── MemberError                 the message is meant for the member who asked
        ├── NotYoursError           a button that serves somebody else was pressed
        ├── CooldownError           too much at once, by a member or in a server
        ├── LyricsError             no provider could be asked, whatever the song
        │   ├── ProviderBlockedError        the provider refuses this machine (403, Cloudflare)
        │   ├── ProviderRateLimitedError    too many requests; carries when to come back
        │   └── ProviderUnavailableError    down, too slow, or talking nonsense
        └── NeighbourError          no source of neighbours could be asked, whoever the artist
            ├── SourceBlockedError          the source refuses this machine or its key
            ├── SourceRateLimitedError      too many requests; carries when to come back
            ├── SourceUnavailableError      down, too slow, or talking nonsense
            └── SourceBusyError             not asked: too many look-ups wait for their turn
"""

from bot.language import spoken
from model.errors import CrossfadeError


class SettingsError(CrossfadeError):
    """A setting is missing or mistyped."""


class StorageError(CrossfadeError):
    """The database cannot be reached, read or written."""


class MemberError(CrossfadeError):
    """A problem whose message is shown to the member as it is.

    Its texts are phrases (``bot.language``), because a member's language is known only when it is
    shown, and the log is English: ``str(error)`` is the English line.
    """

    def spoken(self) -> str:
        """The line in the current language."""
        line = CrossfadeError(spoken(self.problem), where=self.where, mend=spoken(self.mend))
        return str(line)


class NotYoursError(MemberError):
    """A button that serves somebody else was pressed."""


class CooldownError(MemberError):
    """A member, or all members of a server together, did too much at once."""


class LyricsError(MemberError):
    """No provider could be asked; says nothing about whether the song exists."""


class ProviderBlockedError(LyricsError):
    """The provider refuses this machine, for example by a Cloudflare 403."""


class ProviderRateLimitedError(LyricsError):
    """Too many requests.

    Attributes:
        retry_after: seconds until the provider may be asked again, when it said so.
    """

    def __init__(
        self, problem: str, *, where: str = "", mend: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(problem, where=where, mend=mend)
        self.retry_after = retry_after


class ProviderUnavailableError(LyricsError):
    """The provider is down, too slow, or answers something that cannot be read."""


class NeighbourError(MemberError):
    """No source of neighbours could be asked; says nothing about whether the artist exists."""


class SourceBlockedError(NeighbourError):
    """The source refuses this machine, or the key or token it was given."""


class SourceRateLimitedError(NeighbourError):
    """Too many requests.

    Attributes:
        retry_after: seconds until the source may be asked again, when it said so.
    """

    def __init__(
        self, problem: str, *, where: str = "", mend: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(problem, where=where, mend=mend)
        self.retry_after = retry_after


class SourceUnavailableError(NeighbourError):
    """The source is down, too slow, or answers something that cannot be read."""


class SourceBusyError(NeighbourError):
    """The source was not asked: its rate allows no further look-up for the moment."""
