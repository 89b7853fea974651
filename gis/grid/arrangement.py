"""Linework to faces and their borders, on whole millimetres.

Everything that bounds a cell goes through `faces` once and together. Its noder rounds to the unit and splits every line
wherever another one touches it, so that two faces either share a whole segment or none of it: what is glued from faces
afterwards fits by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

type Lines = NDArray[np.object_]  #: LineStrings, millimetres
type Polygons = NDArray[np.object_]  #: Polygons, millimetres
type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

UNIT = 1000.0  #: millimetres in a metre
LOOKS = 4  #: at most
NEAR = 5.0  #: millimetres that rounding may have moved a segment off its line


@dataclass(frozen=True, kw_only=True)
class Borders:
    """Shared segments of faces: `a` < `b` are faces, `mm` the length, `x`, `y` the middle. One row per segment."""

    a: Ints
    b: Ints
    mm: Floats
    x: Floats
    y: Floats


def to_units(geometry: Sequence[BaseGeometry] | NDArray[np.object_]) -> NDArray[np.object_]:
    """Metres to millimetres, rounded to whole ones."""
    flat = np.array(geometry, dtype=object)
    return np.asarray(shapely.transform(flat, lambda xy: np.rint(xy * UNIT)), dtype=object)


def to_metres(polygons: Polygons) -> Polygons:
    """Back to metres."""
    return np.asarray(shapely.transform(polygons, lambda xy: xy / UNIT), dtype=object)


def rounded(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Millimetres to whole ones."""
    return np.asarray(shapely.transform(geometry, np.rint), dtype=object)


def edges(polygons: NDArray[np.object_]) -> Lines:
    """The rings of `polygons` as lines."""
    return parts(shapely.boundary(polygons))[0]


def parts(geometry: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    """The single parts of `geometry`, and what each is a part of."""
    found, index = shapely.get_parts(geometry, return_index=True)
    return found, index.astype(np.int64)


def faces(lines: Lines, *, settled: bool = False) -> Polygons:
    """The faces of the plane that `lines` cut out, in an order that does not depend on that of the lines.

    `settled`: noding what comes out would change nothing. Rounding moves a line by up to a millimetre, perhaps onto a
    vertex that it passed before, so this takes a second look, seldom a third.
    """
    if not len(lines):
        return np.empty(0, dtype=object)
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=1.0))
    for _ in range(LOOKS if settled else 0):
        before = shapely.get_num_coordinates(noded).sum()
        noded = shapely.get_parts(shapely.union_all(noded, grid_size=1.0))
        if shapely.get_num_coordinates(noded).sum() == before:
            break
    found = shapely.get_parts(shapely.polygonize(noded[shapely.get_type_id(noded) == 1]))
    if not len(found):
        return found
    bounds = shapely.bounds(found)
    return shapely.normalize(found[np.lexsort((shapely.area(found), *bounds.T))])


def borders(polygons: Polygons) -> Borders:
    """Every segment that two of the faces share."""
    rings, face = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.rint(np.hstack([xy[:-1], xy[1:]])[same]).astype(np.int64)
    owner = face[ring[:-1][same]]
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T)
    ends, owner = ends[order], owner[order]
    twin = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1))
    start, stop = ends[twin, :2], ends[twin, 2:]
    middle = (start + stop) / 2
    pair = np.sort(np.column_stack([owner[twin], owner[twin + 1]]), axis=1)
    length = np.hypot(*(stop - start).T.astype(float))
    return Borders(a=pair[:, 0], b=pair[:, 1], mm=length, x=middle[:, 0], y=middle[:, 1])


def ranks(shared: Borders, lines: Lines, rank: Ints) -> Ints:
    """The strongest of `rank` among the `lines` that each shared segment lies on; -1 where it lies on none."""
    result = np.full(len(shared.a), -1, dtype=np.int64)
    pieces, line = segments(lines)
    if not len(pieces) or not len(result):
        return result
    tree = shapely.STRtree(pieces)
    at, on = tree.query(shapely.points(shared.x, shared.y), predicate="dwithin", distance=NEAR)
    np.maximum.at(result, at, rank[line[on]])
    return result


def segments(lines: Lines) -> tuple[Lines, Ints]:
    """`lines` cut at their vertices, and which line each piece is from."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    ends = np.stack([xy[:-1][same], xy[1:][same]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object), line[:-1][same]


def holder(polygons: Polygons, points: NDArray[np.object_]) -> Ints:
    """For each point the first polygon that covers it; -1 for none."""
    nobody = len(polygons)
    result = np.full(len(points), nobody, dtype=np.int64)
    if nobody and len(points):
        at, on = shapely.STRtree(polygons).query(points, predicate="intersects")
        np.minimum.at(result, at, on)
    return np.where(result == nobody, -1, result)
