"""Borders as sums of directed edges between whole millimetres: what is left when neighbours cancel.

Every outline is walked with its ground on the left. Two neighbours walk their common border in opposite directions, so
it cancels; what does not cancel separates ground that a different number of outlines enclose. Integers throughout:
where nothing is left but the outline of the place, there is no gap and no overlap, proved without a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grid.arrangement import Ints, Lines


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Edges (x0, y0, x1, y1; mm) from the lesser end to the greater, and how often more forth than back."""

    ends: Ints
    times: Ints

    def lines(self) -> Lines:
        """Each edge once."""
        if not len(self.ends):
            return np.empty(0, dtype=object)
        return np.asarray(shapely.linestrings(self.ends.reshape(-1, 2, 2).astype(float)), dtype=object)

    def corners(self) -> Ints:
        """The ends of the edges, each once."""
        return np.unique(self.ends.reshape(-1, 2), axis=0)

    def around(self, points: NDArray[np.object_]) -> Ints:
        """How many outlines enclose each point: what crosses the way east of it, upwards counted up, downwards down."""
        result = np.zeros(len(points), dtype=np.int64)
        if not len(self.ends) or not len(points):
            return result
        x, y = shapely.get_coordinates(points).T
        east = float(self.ends[:, [0, 2]].max()) + 1
        rays = shapely.linestrings(
            np.stack([np.column_stack([x, y]), np.column_stack([np.maximum(x, east), y])], axis=1)
        )
        at, edge = shapely.STRtree(self.lines()).query(rays, predicate="intersects")
        low, high = self.ends[edge, 1], self.ends[edge, 3]
        crosses = (low <= y[at]) != (high <= y[at])
        np.add.at(result, at[crosses], np.where(high > low, self.times[edge], -self.times[edge])[crosses])
        return result


def left_over(polygons: NDArray[np.object_]) -> Chain:
    """What of the outlines of `polygons` (whole mm, valid) does not cancel, collinear pieces of edges compared too."""
    chain = _summed(*_edges(polygons))
    return _summed(*_split(chain)) if len(chain.ends) else chain


def _edges(polygons: NDArray[np.object_]) -> tuple[Ints, Ints]:
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(polygons)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.rint(np.hstack([xy[:-1], xy[1:]])[same]).astype(np.int64)
    return ends, np.ones(len(ends), dtype=np.int64)


def _summed(ends: Ints, times: Ints) -> Chain:
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends, times = ends.copy(), np.where(turned, -times, times)
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T)
    ends, times = ends[order], times[order]
    first = np.ones(len(ends), dtype=bool)
    first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    total = np.add.reduceat(times, starts) if len(starts) else times
    kept = (total != 0) & (ends[starts, :2] != ends[starts, 2:]).any(axis=1)
    return Chain(ends=ends[starts][kept], times=total[kept])


def _split(chain: Chain) -> tuple[Ints, Ints]:
    """The edges cut at the corners of others that lie exactly on them."""
    corners = chain.corners()
    tree = shapely.STRtree(chain.lines())
    at, edge = tree.query(shapely.points(corners.astype(float)), predicate="dwithin", distance=0.5)
    a, b, p = chain.ends[edge, :2], chain.ends[edge, 2:], corners[at]
    way, off = b - a, p - a
    on = way[:, 0] * off[:, 1] == way[:, 1] * off[:, 0]
    along = (way * off).sum(axis=1)
    on &= (along > 0) & (along < (way * way).sum(axis=1))
    if not on.any():
        return chain.ends, chain.times
    cut = np.unique(edge[on])
    rows, times = [np.delete(chain.ends, cut, axis=0)], [np.delete(chain.times, cut)]
    for e in cut.tolist():
        mine = on & (edge == e)
        stops = np.vstack([chain.ends[e, :2], p[mine][np.argsort(along[mine])], chain.ends[e, 2:]])
        rows.append(np.hstack([stops[:-1], stops[1:]]))
        times.append(np.full(len(stops) - 1, chain.times[e]))
    return np.vstack(rows), np.concatenate(times)
