"""A version folder: what one training left behind for the bot.

::

    manifest.json               format, configuration, dataset, metrics, timings, checksums, also
                                its own
    artists.safetensors         artist_ids i64 [M], artist_embeddings f32 [M, d],
                                gravity_scale f32 [M]
    catalogue.safetensors       the artist table as columns (model.catalogue)
    similarity.safetensors      tag profiles and co-listening counts (model.tag_profiles,
                                model.co_listening)
    listeners.safetensors       listener_ids i64 [N], listener_embeddings f32 [N, d]; personal,
                                never opened by the bot
    curve.png                   the loss along the training

Nothing is pickled, so opening a foreign artifact runs no code.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from model.catalogue import Catalogue
from model.co_listening import CoListening
from model.columns import Columns, StoredColumns, float_column
from model.manifest import MANIFEST, Manifest, damaged, load_manifest, sha256
from model.tag_profiles import TagProfiles

ARTISTS = "artists.safetensors"
CATALOGUE = "catalogue.safetensors"
SIMILARITY = "similarity.safetensors"
LISTENERS = "listeners.safetensors"
CURVE = "curve.png"
READ_BY_THE_BOT = (ARTISTS, CATALOGUE, SIMILARITY)


@dataclass(frozen=True)
class Artifact:
    """The part of a version folder that answers questions.

    Attributes:
        manifest: what the artifact says about itself.
        catalogue: the artist table, M rows.
        artist_embeddings: float32 [M, d], column by column in memory.
        gravity_scale: float32 [M], how strongly each artist's unobserved pairs pull to zero.
        profiles: what M artists are called.
        together: who shares listeners.
    """

    manifest: Manifest
    catalogue: Catalogue
    artist_embeddings: NDArray[np.float32]
    gravity_scale: NDArray[np.float32]
    profiles: TagProfiles
    together: CoListening


def load_artifact(folder: Path) -> Artifact:
    """Open a version folder and check every file that is read.

    Raises:
        ArtifactMissingError: the folder holds no manifest.
        ArtifactFormatError: a newer release wrote it, or an older one that is no longer read.
        ArtifactDamagedError: a file is missing, torn, changed or foreign; names the file.
    """
    manifest = load_manifest(folder)
    artists = _tensors(folder / ARTISTS, manifest)
    catalogue = Catalogue.from_columns(
        _tensors(folder / CATALOGUE, manifest), str(folder / CATALOGUE)
    )
    if not _describes(manifest, catalogue):
        raise damaged(folder / MANIFEST, "does not describe the catalogue beside it")
    rows = len(catalogue)
    with _fitting(folder / ARTISTS):
        embeddings = float_column(artists, "artist_embeddings", (rows, None))
        scale = float_column(artists, "gravity_scale", (rows,))
        if embeddings.size == 0 or not np.array_equal(artists["artist_ids"], catalogue.ids):
            raise ValueError("does not belong to the catalogue beside it")
    # Column by column, which makes a product with one vector three times as fast.
    embeddings = np.asfortranarray(embeddings)
    del artists
    similarity = _tensors(folder / SIMILARITY, manifest)
    with _fitting(folder / SIMILARITY):
        profiles = TagProfiles.from_columns(similarity, rows, len(catalogue.tag_names))
        together = CoListening.from_columns(similarity, catalogue.listeners)
    return Artifact(manifest, catalogue, embeddings, scale, profiles, together)


@contextmanager
def _fitting(path: Path) -> Generator[None]:
    """Whatever does not fit in a file becomes the one error that names it."""
    try:
        yield
    except KeyError as error:
        raise damaged(path, f"holds no {error}") from error
    except ValueError as error:
        raise damaged(path, str(error)) from error


def _describes(manifest: Manifest, catalogue: Catalogue) -> bool:
    """Whether what the bot says and computes with is there and fits the artists."""
    dataset, configuration = manifest.dataset, manifest.configuration
    texts = (dataset.get("name"), configuration.get("preset"))
    counts = (dataset.get("listeners"), dataset.get("plays"), configuration.get("dimension"))
    return (
        all(isinstance(text, str) for text in texts)
        and all(type(count) is int and 0 < count < 2**63 for count in counts)
        and dataset.get("artists") == len(catalogue)
        and int(catalogue.listeners.max(initial=1)) <= dataset["listeners"]
    )


def _tensors(path: Path, manifest: Manifest) -> Columns:
    """A safetensors file whose checksum is the manifest's."""
    try:
        if sha256(path) != manifest.files.get(path.name):
            raise damaged(path, "is not the file that the training wrote (its checksum differs)")
        return StoredColumns(path)
    except FileNotFoundError:
        raise damaged(path, "is missing") from None
    except OSError as error:
        raise damaged(path, f"cannot be read ({error.strerror})") from error
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        # A TypeError is a number type that numpy does not have.
        raise damaged(path, "is no safetensors file") from error
