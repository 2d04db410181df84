"""An artifact of thirteen artists, and the fold-in as plainly as its formula is written."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact
from model.catalogue import Catalogue, TextColumn
from model.co_listening import CoListening
from model.confidence import Calibration
from model.manifest import FORMAT, FoldIn, Manifest
from model.shares import Shares
from model.tag_profiles import TagProfiles

NAMES = (
    "Ada Brook",
    "Various Artists",
    "Two Clocks",
    "Two Clocks feat. Ada Brook",
    "Hollow Pines",
    "www.pines.example",
    "Ember",
    "Ferry",
    "Tin Parade",
    "[unknown]",
    "Little Known",
    "Long Road",
    "Paper Kite",
)
NO_ARTIST = {1, 3, 5, 9}
LISTENERS = (90, 300, 60, 4, 50, 2, 49, 5, 7, 200, 4, 1, 120)
TAGS = ("rock", "folk", "indie", "rare", "solo")
TOP_TAGS = (
    (0, 1, 2, -1, -1),
    (0, -1, -1, -1, -1),
    (0, 2, -1, -1, -1),
    (0, -1, -1, -1, -1),
    (0, 3, 1, -1, -1),
    (-1, -1, -1, -1, -1),
    (3, -1, -1, -1, -1),
    (1, 0, -1, -1, -1),
    (-1, -1, -1, -1, -1),
    (0, -1, -1, -1, -1),
    (2, 0, -1, -1, -1),
    (4, -1, -1, -1, -1),
    (0, -1, -1, -1, -1),
)
M, D = len(NAMES), 4
LISTENER_COUNT = 400
_FOLD_IN = FoldIn(unobserved_weight=0.07, listener_l2=0.013, frequency_exponent=0.8)
_CHANCE = np.random.default_rng(4)
EMBEDDINGS = _CHANCE.normal(0, 0.6, (M, D)).astype(np.float32)
_GRAVITY_SCALE = _CHANCE.uniform(0.5, 1.5, M).astype(np.float32)
_SHARES = Shares(latent_tags=0.6, tags=0.3, co_listening=0.2)
# Every artist has the tags above, the first the heaviest; Paper Kite shares listeners with two.
_TAG_COUNTS = [sum(tag >= 0 for tag in tags) for tags in TOP_TAGS]
_LENGTHS = np.sqrt([sum(1 / (1 + k) ** 2 for k in range(count)) for count in _TAG_COUNTS])
PROFILES = TagProfiles(
    offsets=np.cumsum([0, *_TAG_COUNTS]),
    tags=np.array([tag for tags in TOP_TAGS for tag in tags if tag >= 0], np.int32),
    weights=np.array(
        [
            1 / (1 + k) / length
            for count, length in zip(_TAG_COUNTS, _LENGTHS, strict=True)
            for k in range(count)
        ],
        np.float32,
    ),
    latent=_CHANCE.normal(0, 1, (M, 2)).astype(np.float32),
)
TOGETHER = CoListening(
    offsets=np.array([0, 1, *[1] * (M - 2), 3]),
    neighbours=np.array([12, 0, 2], np.int32),
    shared=np.array([40, 40, 3], np.int32),
    listeners=np.array(LISTENERS, np.int64),
)


def artifact_by_hand(
    *,
    fold_in: FoldIn = _FOLD_IN,
    embeddings: NDArray[np.float32] = EMBEDDINGS,
    shares: Shares = _SHARES,
) -> Artifact:
    """M artists in d dimensions; rows of ``NO_ARTIST`` are placeholders and the like."""
    catalogue = Catalogue(
        ids=np.arange(M, dtype=np.int64) * 3 + 10,
        listeners=np.array(LISTENERS, np.int64),
        names=TextColumn.of(NAMES),
        source_ids=TextColumn.of([str(row) for row in range(M)]),
        urls=TextColumn.of([""] * M),
        tag_names=TextColumn.of(TAGS),
        top_tags=np.array(TOP_TAGS, np.int32),
    )
    manifest = Manifest(
        format=FORMAT,
        version="by hand",
        created="",
        configuration={"preset": "by hand", "dimension": D},
        dataset={"name": "by hand", "listeners": LISTENER_COUNT, "artists": M, "plays": 900},
        metrics={},
        timings={},
        fold_in=fold_in,
        similarity=shares,
        calibration=Calibration(),
        files={},
    )
    return Artifact(manifest, catalogue, embeddings, _GRAVITY_SCALE, PROFILES, TOGETHER)


def folded_in(artifact: Artifact, history: Sequence[int]) -> NDArray[np.float64]:
    """The score of every artist for a listener who played exactly ``history``: float64 [M]."""
    constants = artifact.manifest.fold_in
    v = artifact.artist_embeddings.astype(np.float64)
    m, d = v.shape
    weight = (len(history) + constants.unobserved_weight * m) ** constants.frequency_exponent
    system = constants.listener_l2 * weight * np.eye(d)
    wanted = np.zeros(d)
    for row in range(m):
        gravity = constants.unobserved_weight * float(artifact.gravity_scale[row])
        system += gravity * np.outer(v[row], v[row])
    for row in history:
        system += np.outer(v[row], v[row])
        wanted += v[row]
    return v @ np.linalg.inv(system) @ wanted
