"""Everything that one training has to say, before it is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model.artifact import Artifact
from model.catalogue import Catalogue
from model.co_listening import CoListening
from model.confidence import Calibration
from model.configuration import Configuration
from model.dataset import Ints
from model.factors import Factors
from model.manifest import FORMAT, FoldIn, Manifest
from model.tag_profiles import TagProfiles


@dataclass(frozen=True)
class Training:
    """Everything that one training has to say.

    Attributes:
        configuration: how it was trained.
        dataset: ``name``, ``fingerprint``, ``listeners``, ``artists``, ``plays``.
        listener_ids: int64 [N].
        catalogue: M artists in the order of the embeddings.
        profiles: what the artists are called.
        together: who shares listeners.
        factors: the embeddings and the constants of folding in.
        metrics: quality on the holdout by model name.
        timings: seconds by phase, and ``peak_memory_mb``; see ``Manifest``.
        curve_png: the picture of the loss.
        calibration: how likely an answer is to hit.
    """

    configuration: Configuration
    dataset: Mapping[str, Any]
    listener_ids: Ints
    catalogue: Catalogue
    profiles: TagProfiles
    together: CoListening
    factors: Factors
    metrics: Mapping[str, Mapping[str, float]]
    timings: Mapping[str, float]
    curve_png: bytes
    calibration: Calibration = field(default_factory=Calibration)

    def manifest(self, *, version: str, created: str, files: Mapping[str, str]) -> Manifest:
        """What the artifact says about itself.

        Args:
            version: the name of the version folder.
            created: when the training finished, ISO 8601 in UTC.
            files: SHA-256 (hex) of every other file.
        """
        return Manifest(
            format=FORMAT,
            version=version,
            created=created,
            configuration=self.configuration.as_dict(),
            dataset=dict(self.dataset),
            metrics={name: dict(quality) for name, quality in self.metrics.items()},
            timings=dict(self.timings),
            fold_in=FoldIn(
                unobserved_weight=self.factors.unobserved_weight,
                listener_l2=self.factors.listener_l2,
                frequency_exponent=self.factors.frequency_exponent,
                question_ridge=self.configuration.question_ridge,
            ),
            similarity=self.configuration.similarity,
            calibration=self.calibration,
            files=dict(files),
        )

    def artifact(self) -> Artifact:
        """The artifact without a store, to answer questions at once."""
        return Artifact(
            manifest=self.manifest(version="unpublished", created="", files={}),
            catalogue=self.catalogue,
            artist_embeddings=self.factors.artist_embeddings,
            gravity_scale=self.factors.gravity_scale,
            profiles=self.profiles,
            together=self.together,
        )
