"""What goes wrong in front of members and admins.

::

    model.errors.CrossfadeError
    ├── SettingsError               a setting is missing or mistyped: one line to the admin
    └── MemberError                 the message is meant for the member who asked
        ├── NotYoursError           a button that serves somebody else was pressed
        └── LyricsError             no provider could be asked, whatever the song
            ├── ProviderBlockedError        the provider refuses this machine (403, Cloudflare)
            ├── ProviderRateLimitedError    too many requests; carries when to come back
            └── ProviderUnavailableError    down, too slow, or talking nonsense
"""

from model.errors import CrossfadeError


class SettingsError(CrossfadeError):
    """A setting is missing or mistyped."""


class MemberError(CrossfadeError):
    """A problem whose message is shown to the member as it is."""


class NotYoursError(MemberError):
    """A button that serves somebody else was pressed."""


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
