"""Ground in no cell, and ground in two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import Ints, Lines
from gis.grid.chains import left_over
from gis.grid.checking.faults import fault
from gis.grid.checking.outlines import THIN
from gis.grid.given import Fault, How, Key, Kind
from gis.grid.groups import joined
from gis.grid.laying import EDGE, Laid, Shapes, narrow, width


def covering_faults(laid: Laid) -> Iterator[Fault]:
    """Gaps, overlaps and slivers: faces between borders that do not cancel, by how many cells cover them."""
    edge = left_over(laid.grounds).lines() if len(laid.grounds) else np.empty(0, dtype=object)
    found = _faces(np.concatenate([left_over(laid.polygons).lines(), edge]), laid)
    if not len(found):
        return
    inner = shapely.point_on_surface(found)
    holders = _holders(laid.polygons, inner)
    place = _inside(laid, found, inner)
    none = np.array([not held for held in holders], dtype=bool) & (place >= 0)
    yield from _gaps(laid, found[none], place[none], edge)
    twice = [n for n, held in enumerate(holders) if len(held) > 1]
    yield from _overlaps(laid, found[twice], [holders[n] for n in twice])


def _faces(lines: Lines, laid: Laid) -> Shapes:
    if laid.window is not None:
        lines = shapely.intersection(lines, laid.window)
        lines = np.concatenate([lines, shapely.get_parts(shapely.boundary(laid.window))])
    if not len(lines):
        return np.empty(0, dtype=object)
    noded = shapely.get_parts(shapely.union_all(lines))
    found = shapely.get_parts(shapely.polygonize(noded[shapely.get_type_id(noded) == 1]))
    return np.asarray(found[shapely.area(found) > 0], dtype=object)


def _holders(polygons: Shapes, points: NDArray[np.object_]) -> list[list[int]]:
    """The cells that cover each point, in order."""
    held: list[list[int]] = [[] for _ in points]
    at, on = shapely.STRtree(polygons).query(points, predicate="intersects")
    for n, cell in sorted(zip(at.tolist(), on.tolist(), strict=True)):
        held[n].append(cell)
    return held


def _inside(laid: Laid, found: Shapes, inner: NDArray[np.object_]) -> Ints:
    """The community that each face lies in; -1 outside. Without communities everything that is enclosed is inside."""
    if len(laid.grounds):
        result = np.full(len(inner), -1, dtype=np.int64)
        at, on = shapely.STRtree(laid.grounds).query(inner, predicate="intersects")
        result[at[::-1]] = on[::-1]
        return result
    if laid.window is None:
        return np.zeros(len(found), dtype=np.int64)
    rim = shapely.intersects(found, laid.window.boundary)
    return np.where(rim, -1, 0)


def _gaps(laid: Laid, faces: Shapes, place: Ints, edge: Lines) -> Iterator[Fault]:
    """Faces without a cell, those of one hole together; but for what is rounding at the edge of the place."""
    for hole, community in _holes(faces, place):
        if _rounding(hole, edge):
            continue
        code = laid.communities[community].code if len(laid.communities) else None
        beside = _beside(laid, hole)
        if narrow(np.array([hole], dtype=object), THIN)[0]:
            mends = (How.SNAP, How.FILL)
            yield fault(Kind.SLIVER, beside, hole, metres=width(hole), community=code, mends=mends)
        else:
            yield fault(Kind.GAP, beside, hole, community=code, mends=(How.FILL, How.ASSIGN))


def _holes(faces: Shapes, place: Ints) -> list[tuple[BaseGeometry, int]]:
    if not len(faces):
        return []
    a, b = shapely.STRtree(faces).query(faces, predicate="intersects")
    a, b = a[a < b], b[a < b]
    line = shapely.relate_pattern(faces[a], faces[b], "****1****") & (place[a] == place[b])
    group = joined(len(faces), a[line].astype(np.int64), b[line].astype(np.int64))
    return [(shapely.union_all(faces[group == g]), int(place[group == g][0])) for g in range(int(group.max()) + 1)]


def _rounding(hole: BaseGeometry, edge: Lines) -> bool:
    """Whether a gap is the difference between an outline and its cells, whose vertices are others."""
    if not len(edge) or not narrow(np.array([hole], dtype=object), 2 * EDGE)[0]:
        return False
    corners = np.array(shapely.points(shapely.get_coordinates(hole)), dtype=object)
    near = shapely.STRtree(edge).query(corners, predicate="dwithin", distance=EDGE)[0]
    return len(np.unique(near)) == len(corners)


def _beside(laid: Laid, hole: BaseGeometry) -> list[Key]:
    near = np.sort(shapely.STRtree(laid.polygons).query(hole, predicate="dwithin", distance=1.0))
    return [laid.cells[i].key for i in near.tolist()]


def _overlaps(laid: Laid, faces: Shapes, holders: list[list[int]]) -> Iterator[Fault]:
    """Ground in several cells, faces of the same cells together."""
    rows: dict[tuple[int, ...], list[int]] = {}
    for n, held in enumerate(holders):
        rows.setdefault(tuple(held), []).append(n)
    for cells, members in sorted(rows.items()):
        shape = shapely.union_all(faces[members])
        keys = [laid.cells[i].key for i in cells]
        for part in shapely.get_parts(shape):
            if narrow(np.array([part], dtype=object), THIN)[0]:
                mends = (How.SNAP, How.TRIM)
                yield fault(Kind.SLIVER, keys, part, metres=width(part), mends=mends)
            else:
                yield fault(Kind.OVERLAP, keys, part, mends=(How.TRIM,))
