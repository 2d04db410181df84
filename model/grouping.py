"""Rows of like length put together, so that one dense operation solves many of them."""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.objective import Problem

# Floats gathered at once by one group: 4 MiB, few enough to stay in a processor's cache.
_GROUP_FLOATS = 2**20
# With less a group waits for the next width: to start an operation takes as long as this many.
_LEAST_FLOATS = 2**17
# From one width to the next. Few widths, because whatever TensorFlow compiles for the shape of a
# group it keeps: with a width for every group that is a third of a large training's memory.
_WIDENING = 1.3


@dataclass(frozen=True)
class Group:
    """Rows of similar length, padded to the longest.

    Attributes:
        rows: int64 [b], which rows they are.
        width: n, the length of the longest.
        columns: int32 [b, n], the other side's rows, 0 where padded.
        root: float32 [b, n], the square roots of the weights, 0 where padded.
        wanted: float32 [b, n], root times target; ``root`` itself where all targets are 1.
        l2: float32 [b, 1], lambda.
        gravity: float32 [b, 1], h of each row.
    """

    rows: NDArray[np.int64]
    width: int
    columns: tf.Tensor
    root: tf.Tensor
    wanted: tf.Tensor
    l2: tf.Tensor
    gravity: tf.Tensor


@dataclass(frozen=True)
class Side:
    """One side's rows in groups.

    Attributes:
        groups: together all rows that have observed pairs.
        places: int32 [rows], where each row comes in the order of the groups; behind them all for a
            row without pairs.
        fixed_gravity: float32 [other side's rows], h of the rows that stay fixed.
    """

    groups: tuple[Group, ...]
    places: tf.Tensor
    fixed_gravity: NDArray[np.float32]


def sides(of: Problem, dimension: int) -> tuple[Side, Side]:
    """The listeners' side (side rows below) and the artists', for embeddings of length d."""
    in_order = np.arange(of.rows.size, dtype=np.int32)
    rows = _side(
        _Pairs(of, np.bincount(of.rows, minlength=of.row_scale.size), in_order, of.artists),
        l2=of.listener_l2 * of.row_scale,
        gravity=of.row_gravity,
        fixed_gravity=of.gravity_scale,
        dimension=dimension,
    )
    by_artist = np.argsort(of.artists, kind="stable").astype(np.int32)
    artists = _side(
        _Pairs(of, np.bincount(of.artists, minlength=of.artist_scale.size), by_artist, of.rows),
        l2=of.artist_l2 * of.artist_scale,
        gravity=of.gravity_scale,
        fixed_gravity=of.row_gravity,
        dimension=dimension,
    )
    return rows, artists


class _Pairs(NamedTuple):
    """The observed pairs seen from one side.

    Attributes:
        of: the objective.
        counts: int64 [rows], how many pairs each row has.
        order: int32 [P], the positions of the pairs, row after row.
        columns: int32 [P], the other side's row of each pair, in the objective's order.
    """

    of: Problem
    counts: NDArray[np.int64]
    order: NDArray[np.int32]
    columns: NDArray[np.int32]


def _side(
    pairs: _Pairs,
    *,
    l2: NDArray[np.float32],
    gravity: NDArray[np.float32],
    fixed_gravity: NDArray[np.float32],
    dimension: int,
) -> Side:
    """One side with its rows that have pairs grouped by how many they have."""
    counts = pairs.counts
    starts = np.cumsum(counts) - counts
    by_length = np.argsort(counts, kind="stable")
    by_length = by_length[counts[by_length] > 0]
    lengths = counts[by_length]
    all_one = bool((pairs.of.targets == 1).all())
    groups: list[Group] = []
    for first, last, width in _cuts(lengths, dimension):
        members = by_length[first:last]
        inside = np.arange(width) < counts[members][:, None]
        at = pairs.order[np.where(inside, starts[members][:, None] + np.arange(width), 0)]
        root = np.where(inside, np.sqrt(pairs.of.weights[at]), 0)
        roots = tf.constant(root)
        groups.append(
            Group(
                rows=members,
                width=width,
                columns=tf.constant(np.where(inside, pairs.columns[at], 0)),
                root=roots,
                wanted=roots if all_one else tf.constant(root * pairs.of.targets[at]),
                l2=tf.constant(l2[members][:, None]),
                gravity=tf.constant(gravity[members][:, None]),
            )
        )
    places = np.full(counts.size, by_length.size, np.int32)
    places[by_length] = np.arange(by_length.size)
    return Side(tuple(groups), tf.constant(places), fixed_gravity)


def _cuts(lengths: NDArray[np.int64], dimension: int) -> Iterator[tuple[int, int, int]]:
    """(first, last, width) of each group of rows whose lengths are sorted ascending.

    Rows shorter than d never share a group with longer ones, for they are solved differently.
    """
    first = 0
    for width in _widths(int(lengths[-1]) if lengths.size else 0, dimension):
        end = int(np.searchsorted(lengths, width, side="right"))
        if first == end:
            continue
        longest = int(lengths[end - 1])
        few = (end - first) * longest * dimension < _LEAST_FLOATS
        if few and width != dimension and end < lengths.size:
            continue
        room = max(1, _GROUP_FLOATS // (longest * dimension))
        for start in range(first, end, room):
            yield start, min(start + room, end), longest
        first = end


def _widths(longest: int, dimension: int) -> Iterator[int]:
    width = 1
    while width < longest:
        yield width
        wider = max(width + 1, int(width * _WIDENING))
        width = dimension if width < dimension < wider else wider
    yield longest
