"""What counts how much when artists are compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shares:
    """What each part counts beside the fold-in, which counts 1; 0 leaves it out.

    Attributes:
        latent_tags: the cosine of the tag profiles in their latent space.
        tags: the cosine of the tag profiles themselves.
        co_listening: the shrunk cosine of the artists' listeners.
    """

    latent_tags: float = 0.0
    tags: float = 0.0
    co_listening: float = 0.0
