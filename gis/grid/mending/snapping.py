"""Vertices that are nearly the same become the same.

Only loose vertices move: ends of borders that do not cancel. They go to a corner of a community, to a vertex that
cells share already, or to each other; and where one ends up beside a border it becomes a vertex of that border.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.grid.arrangement import Floats, Ints
from gis.grid.chains import left_over
from gis.grid.laying import Shapes, sound

type Marks = NDArray[np.bool_]


def snapped(polygons: Shapes, grounds: Shapes, where: Shapes, mm: float) -> Shapes:
    """`polygons` with the loose vertices within `mm` of the slivers `where` brought together."""
    loose = _near(left_over(polygons).corners(), where, mm)
    if not len(loose):
        return polygons
    moved = _moved(polygons, _targets(loose, _anchors(polygons, grounds, loose), mm))
    corners = _near(left_over(moved).corners(), where, 2 * mm)
    return sound(_threaded(moved, corners, mm)) if len(corners) else moved


def _near(corners: Ints, where: Shapes, mm: float) -> Ints:
    points = np.array(shapely.points(corners.astype(float)), dtype=object)
    at = shapely.STRtree(where).query(points, predicate="dwithin", distance=mm)[0]
    chosen: Ints = corners[np.unique(at)]
    return chosen


def _anchors(polygons: Shapes, grounds: Shapes, loose: Ints) -> Ints:
    """Corners of communities first, then vertices that are not loose."""
    corners = shapely.get_coordinates(grounds) if len(grounds) else np.empty((0, 2))
    fixed = np.unique(np.rint(shapely.get_coordinates(polygons)).astype(np.int64), axis=0)
    known = {(x, y) for x, y in loose.tolist()}
    kept = np.array([(x, y) not in known for x, y in fixed.tolist()], dtype=bool)
    return np.vstack([np.rint(corners).astype(np.int64), fixed[kept]])


def _targets(loose: Ints, anchors: Ints, mm: float) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each loose vertex goes: to the nearest anchor, else to the first loose one near by, which stays."""
    result: dict[tuple[int, int], tuple[int, int]] = {}
    far: Floats = np.full(len(loose), np.inf)
    nearest = np.zeros(len(loose), dtype=np.int64)
    if len(anchors):
        far, nearest = cKDTree(anchors).query(loose, distance_upper_bound=mm)
    free = np.flatnonzero(~np.isfinite(far))
    for i in np.flatnonzero(np.isfinite(far)).tolist():
        result[_pair(loose[i])] = _pair(anchors[nearest[i]])
    tree = cKDTree(loose[free]) if len(free) else None
    for i in free.tolist():
        if tree is None or _pair(loose[i]) in result:
            continue
        result[_pair(loose[i])] = _pair(loose[i])
        for j in sorted(tree.query_ball_point(loose[i], mm)):
            result.setdefault(_pair(loose[free[j]]), _pair(loose[i]))
    return result


def _pair(xy: Ints) -> tuple[int, int]:
    return (int(xy[0]), int(xy[1]))


def _moved(polygons: Shapes, to: dict[tuple[int, int], tuple[int, int]]) -> Shapes:
    def move(xy: Floats) -> Floats:
        rows = [to.get((round(x), round(y)), (x, y)) for x, y in xy.tolist()]
        return np.array(rows, dtype=float).reshape(-1, 2)

    return sound(np.asarray(shapely.transform(polygons, move), dtype=object))


def _threaded(polygons: Shapes, corners: Ints, mm: float) -> Shapes:
    """Every one of `corners` within `mm` of an edge becomes a vertex of it."""
    points = np.array(shapely.points(corners.astype(float)), dtype=object)
    tree = shapely.STRtree(points)
    hit = np.unique(shapely.STRtree(polygons).query(points, predicate="dwithin", distance=mm)[1])
    result = np.array(polygons)
    for i in hit.tolist():
        result[i] = _through(polygons[i], tree, corners, mm)
    return result


def _through(shape: shapely.Geometry, tree: shapely.STRtree, corners: Ints, mm: float) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(shape):
        rings = [_ring(np.asarray(ring.coords), tree, corners, mm) for ring in (part.exterior, *part.interiors)]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _ring(xy: Floats, tree: shapely.STRtree, corners: Ints, mm: float) -> Floats:
    """A ring with the corners near its edges between their ends, in order."""
    own = {(round(x), round(y)) for x, y in xy.tolist()}
    edges = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    edge, corner = tree.query(edges, predicate="dwithin", distance=mm)
    rows: list[list[tuple[float, float, float]]] = [[] for _ in range(len(xy) - 1)]
    for e, c in zip(edge.tolist(), corner.tolist(), strict=True):
        x, y = corners[c].tolist()
        along = float(np.dot(corners[c] - xy[e], xy[e + 1] - xy[e]) / max(float(((xy[e + 1] - xy[e]) ** 2).sum()), 1.0))
        if (x, y) not in own and 0 < along < 1:
            rows[e].append((along, x, y))
    result = []
    for e, found in enumerate(rows):
        result.append(tuple(xy[e]))
        result += [(x, y) for _, x, y in sorted(found)]
    return np.array([*result, tuple(xy[-1])], dtype=float)
