"""The one exception tree of Crossfade.

::

    CrossfadeError                  a problem a person can act on, said in one line
    ├── DataError                   an input file is missing, broken or contradicts itself
    ├── DownloadError               the published data could not be fetched or verified
    ├── ConfigurationError          an option or a preset makes no sense
    ├── TrainingError               training cannot start, or its numbers stopped being numbers
    └── ArtifactError               a store or a version folder cannot be used
        ├── ArtifactMissingError    nothing has been trained yet
        ├── ArtifactDamagedError    a file is torn, changed or foreign
        ├── ArtifactFormatError     written by a newer or an unsupported older release
        └── StoreBusyError          another training is writing to the same store

``bot.errors`` grows the same tree for what goes wrong in front of members.
"""


class CrossfadeError(Exception):
    """A problem that a person can act on.

    Args:
        problem: what is wrong, as a clause without a full stop.
        where: the file, line, setting or service concerned; empty when there is none.
        mend: what to do about it, as a clause; empty when nothing helps.

    ``str(error)`` is always a single line: ``where: problem; mend``.
    """

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem = problem
        self.where = where
        self.mend = mend
        line = f"{where}: {problem}" if where else problem
        line = f"{line}; {mend}" if mend else line
        super().__init__(" ".join(line.split()))


class DataError(CrossfadeError):
    """An input file is missing, broken or contradicts itself."""


class DownloadError(CrossfadeError):
    """The published data could not be fetched or failed its checksum."""


class ConfigurationError(CrossfadeError):
    """An option or a preset makes no sense."""


class TrainingError(CrossfadeError):
    """Training cannot start, or its numbers stopped being numbers."""


class ArtifactError(CrossfadeError):
    """A store or a version folder cannot be used."""


class ArtifactMissingError(ArtifactError):
    """Nothing has been trained yet."""


class ArtifactDamagedError(ArtifactError):
    """A file of an artifact is torn, changed or foreign."""


class ArtifactFormatError(ArtifactError):
    """The artifact was written by a newer or an unsupported older release."""


class StoreBusyError(ArtifactError):
    """Another training is writing to the same store."""
