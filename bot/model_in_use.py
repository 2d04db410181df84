"""The one place that knows which trained model answers at the moment."""

from model.recommender import Recommender


class ModelInUse:
    """Holds the recommender that answers now; a newly published one takes its place.

    An answer takes ``recommender`` once and keeps it to its end, so it is of one model even when
    the model is replaced meanwhile; the old one is freed with the last answer that uses it.

    Args:
        recommender: the one to begin with.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender

    @property
    def recommender(self) -> Recommender:
        """What answers now."""
        return self._recommender

    @property
    def version(self) -> str:
        """The name of the artifact's version folder."""
        return self._recommender.manifest.version

    def replace(self, recommender: Recommender) -> None:
        """Let ``recommender`` answer from now on."""
        self._recommender = recommender
