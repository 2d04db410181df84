"""Builds, while training, what is blended beside the factorisation."""

# scipy's published stubs are partial here.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from model.co_listening import CoListening
from model.dataset import Interactions
from model.tag_profiles import TagProfiles

_TINY = float(np.finfo(np.float32).tiny)


def tag_profiles(interactions: Interactions, *, dimension: int = 128, seed: int = 0) -> TagProfiles:
    """The tag profiles of all artists; tags on a single artist connect nothing and are left out.

    Args:
        interactions: the taggings are what counts.
        dimension: r, cut to what the profiles have.
        seed: of the singular vectors' iteration.
    """
    m = interactions.artist_ids.size
    tags, artists, counts = interactions.taggings.counts()
    spread = np.bincount(tags, minlength=interactions.taggings.tag_ids.size)
    kept = spread[tags] >= 2
    weights = (np.log1p(counts[kept]) * np.log(m / spread[tags[kept]])).astype(np.float32)
    shape = (m, interactions.taggings.tag_ids.size)
    profiles = sparse.csr_array((weights, (artists[kept], tags[kept])), shape=shape)
    profiles.eliminate_zeros()
    profiles.sort_indices()
    lengths = np.sqrt(np.asarray(profiles.multiply(profiles).sum(axis=1), np.float64))
    row = np.repeat(np.arange(m), np.diff(profiles.indptr))
    profiles.data /= np.maximum(lengths, _TINY)[row].astype(np.float32)
    return TagProfiles(
        offsets=profiles.indptr.astype(np.int64),
        tags=profiles.indices.astype(np.int32),
        weights=profiles.data.astype(np.float32),
        latent=_latent(profiles, dimension, seed),
    )


def _latent(profiles: sparse.csr_array, dimension: int, seed: int) -> NDArray[np.float32]:
    """The rows in the space of the leading singular vectors, each of length 1 or zero."""
    rank = min(dimension, min(profiles.shape) - 1)
    if rank < 1 or profiles.nnz == 0:
        return np.zeros((profiles.shape[0], 1), np.float32)
    start = np.random.default_rng(seed).normal(size=min(profiles.shape))
    left, values, _ = svds(profiles, k=rank, v0=start.astype(np.float32))
    scaled = np.asarray(left * values, np.float64)
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    # What is left of an artist outside this space is noise, and must not be blown up to length 1.
    within = lengths > 1e-4
    unit = np.where(within, scaled / np.maximum(lengths, _TINY), 0)
    # ARPACK answers by columns, and safetensors stores the bytes as they lie.
    return np.ascontiguousarray(unit, np.float32)


def co_listening(interactions: Interactions, *, neighbours: int = 100) -> CoListening:
    """Each artist's neighbours: those that share most listeners, at most ``neighbours`` of them.

    Ties go to the artist with fewer listeners, for whom sharing them means more, then by row.
    """
    ones = np.ones(interactions.plays.size, np.int32)
    pairs = (ones, (interactions.listeners, interactions.artists))
    matrix = sparse.csr_array(pairs, shape=interactions.shape)
    together = sparse.csr_array(matrix.T @ matrix)
    together.setdiag(0)
    together.eliminate_zeros()
    listeners = interactions.listeners_per_artist()
    row = np.repeat(np.arange(listeners.size), np.diff(together.indptr))
    order = np.lexsort((together.indices, listeners[together.indices], -together.data, row))
    rank = np.arange(row.size) - together.indptr[row]
    kept = np.sort(order[rank < neighbours])
    kept = kept[np.lexsort((together.indices[kept], row[kept]))]
    sizes = np.bincount(row[kept], minlength=listeners.size)
    return CoListening(
        offsets=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        neighbours=together.indices[kept].astype(np.int32),
        shared=together.data[kept].astype(np.int32),
        listeners=listeners,
    )
