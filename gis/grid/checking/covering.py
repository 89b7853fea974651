"""Ground in no cell, and ground in two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import UNIT, Ints, Lines
from gis.grid.chains import Chain, left_over
from gis.grid.checking.faults import fault
from gis.grid.given import Fault, How, Key, Kind
from gis.grid.groups import joined
from gis.grid.laying import EDGE, THIN, Laid, Shapes, narrow, surface, width


def covering_faults(laid: Laid) -> Iterator[Fault]:
    """Gaps, overlaps and slivers: faces between borders that do not cancel, by how many cells enclose them."""
    border, rim = left_over(laid.polygons), left_over(laid.grounds)
    edge = rim.lines()
    found = _faces(np.concatenate([border.lines(), edge]), laid)
    if not len(found):
        return
    inner = np.array(shapely.point_on_surface(found), dtype=object)
    times = border.around(inner)
    bare = np.flatnonzero(times <= 0)
    place = _inside(laid, rim, found[bare], inner[bare])
    yield from _gaps(laid, found[bare][place >= 0], place[place >= 0], edge)
    twice = found[times > 1]
    yield from _overlaps(laid, twice, _holders(laid.polygons, twice))


def _faces(lines: Lines, laid: Laid) -> Shapes:
    if laid.window is not None:
        lines = shapely.intersection(lines, laid.window)
        lines = np.concatenate([lines, shapely.get_parts(shapely.boundary(laid.window))])
    if not len(lines):
        return np.empty(0, dtype=object)
    noded = shapely.get_parts(shapely.union_all(lines))
    found = shapely.get_parts(shapely.polygonize(noded[shapely.get_type_id(noded) == 1]))
    return np.asarray(found[shapely.area(found) > 0], dtype=object)


def _holders(polygons: Shapes, faces: Shapes) -> list[list[int]]:
    """The cells with ground in each face, in order."""
    held: list[list[int]] = [[] for _ in faces]
    if len(faces):
        at, on = shapely.STRtree(polygons).query(faces, predicate="intersects")
        shared = shapely.area(shapely.intersection(faces[at], polygons[on]))
        real = shared > np.minimum(1.0, shapely.area(faces[at]) / 4)
        for n, cell in sorted(zip(at[real].tolist(), on[real].tolist(), strict=True)):
            held[n].append(cell)
    return held


def _inside(laid: Laid, rim: Chain, found: Shapes, inner: NDArray[np.object_]) -> Ints:
    """The community that each face lies in; -1 outside. Without communities everything that is enclosed is inside."""
    if len(laid.grounds):
        first = np.full(len(inner), len(laid.grounds), dtype=np.int64)
        at, on = shapely.STRtree(laid.grounds).query(inner, predicate="intersects")
        np.minimum.at(first, at, on)
        return np.where((rim.around(inner) > 0) & (first < len(laid.grounds)), first, -1)
    if laid.window is None:
        return np.zeros(len(found), dtype=np.int64)
    return np.where(shapely.intersects(found, laid.window.boundary), -1, 0)


def _gaps(laid: Laid, faces: Shapes, place: Ints, edge: Lines) -> Iterator[Fault]:
    """Faces without a cell, those of one hole together; but for what is rounding at the edge of the place."""
    for hole, community in _holes(faces, place):
        if not _rounding(hole, edge):
            yield from _gap(laid, hole, community)


def _gap(laid: Laid, hole: BaseGeometry, community: int) -> Iterator[Fault]:
    """A hole, once for each community that it lies in."""
    parts = [(community, hole)]
    if len(laid.grounds):
        near = np.sort(shapely.STRtree(laid.grounds).query(hole, predicate="intersects")).tolist()
        shares = [(n, surface(shapely.intersection(hole, laid.grounds[n]))) for n in near] if len(near) > 1 else []
        parts = [(n, share) for n, share in shares if not narrow(np.array([share], dtype=object), EDGE)[0]] or parts
    for number, part in parts:
        code = laid.communities[number].code if len(laid.communities) else None
        yield _hole(laid, part, code)


def _hole(laid: Laid, hole: BaseGeometry, code: str | None) -> Fault:
    beside = _beside(laid, hole)
    if narrow(np.array([hole], dtype=object), THIN)[0]:
        mends = (How.SNAP, How.FILL)
        return fault(Kind.SLIVER, beside, hole, metres=width(hole), community=code, mends=mends)
    return fault(Kind.GAP, beside, hole, community=code, mends=(How.FILL, How.ASSIGN))


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
    if not len(edge) or not narrow(np.array([hole], dtype=object), EDGE)[0]:
        return False
    corners = np.array(shapely.points(shapely.get_coordinates(shapely.segmentize(hole, UNIT))), dtype=object)
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
