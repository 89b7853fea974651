"""One round of mending: everything that is asked for, at once, on one patchwork."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Lines
from gis.grid.footprints import Clumps
from gis.grid.given import Fault, Given, How, Kind, Mend
from gis.grid.laying import EDGE, THIN, Laid, Shapes, lay, narrow
from gis.grid.mending.closing import outlined
from gis.grid.mending.settling import Settling
from gis.grid.mending.snapping import snapped
from gis.grid.patchwork import Patchwork, clumps_of, patchwork
from gis.grid.rebuilding import rebuilt

AT_EDGE = (Kind.GAP, Kind.SLIVER, Kind.SPILL, Kind.TWO_COMMUNITIES, Kind.STRAY)  #: what an outline may run through


def once(given: Given, faults: Sequence[Fault], how: How | None, *, snap: bool = False) -> tuple[Given, list[Mend]]:
    """`given` with `faults` mended as far as one look leads, and what was done; `snap`: vertices brought together."""
    given, mends = outlined(given, faults)
    laid = lay(given)
    asked = [fault for fault in faults if fault.kind not in (Kind.INVALID, Kind.UNCLOSED)]
    if not asked:
        return given, mends
    slivers = [fault for fault in asked if snap and How.SNAP in fault.mends]
    polygons = snapped(laid.polygons, laid.grounds, _places(slivers), THIN) if slivers else laid.polygons
    cut = {fault.building for fault in asked if fault.kind is Kind.BUILDING_CUT}
    clumps = clumps_of(laid, arrangement.edges(polygons), {i for i in cut if i is not None}) if cut else None
    work = patchwork(laid, polygons, _outlines(laid, asked), clumps=clumps)
    settling = Settling(laid=laid, work=work, keys=set(laid.keys))
    before = [frozenset(cells) for cells in work.held]
    mends += _settled(settling, asked, how, clumps, snap=snap)
    changed = _changed(settling, before) | set(np.flatnonzero(~_same(polygons, laid.polygons)).tolist())
    return rebuilt(given, laid, work, settling.fresh, coded=True, only=changed).given, mends


def _places(faults: Sequence[Fault]) -> Shapes:
    """Where faults are, in millimetres."""
    shapes = np.array([fault.geometry for fault in faults], dtype=object)
    return np.asarray(shapely.transform(shapes, lambda xy: xy * UNIT), dtype=object)


def _outlines(laid: Laid, faults: Sequence[Fault]) -> Lines:
    """The outlines of communities where one of the faults is at them."""
    places = _places([fault for fault in faults if fault.kind in AT_EDGE and fault.geometry is not None])
    if not len(places) or not len(laid.grounds):
        return np.empty(0, dtype=object)
    edges = arrangement.segments(arrangement.edges(laid.grounds))[0]
    near = shapely.STRtree(places).query(edges, predicate="dwithin", distance=4 * EDGE)[0]
    chosen: Lines = edges[np.unique(near)]
    return chosen


def _settled(s: Settling, faults: Sequence[Fault], how: How | None, clumps: Clumps | None, *, snap: bool) -> list[Mend]:
    """Every face gets its holder; says by whom and how."""
    before = [frozenset(cells) for cells in s.work.held]
    places = _faces_at(s.work, faults)
    for fault, faces in zip(faults, places, strict=True):
        _take(s, fault, faces)
    for fault, faces in zip(faults, places, strict=True):
        _decide(s, fault, faces, how)
    if clumps is not None:
        _whole(s, clumps)
    _tidy(s, before)
    s.finish()
    return [_listed(s, fault, faces, before, how, snap) for fault, faces in zip(faults, places, strict=True)]


def _faces_at(work: Patchwork, faults: Sequence[Fault]) -> list[list[int]]:
    """The faces of each fault: those inside it, and crumbs that snapping left of a sliver."""
    inner = np.array(shapely.point_on_surface(work.faces), dtype=object)
    tree = shapely.STRtree(inner)
    thin = narrow(work.faces, THIN)
    found = []
    for fault, place in zip(faults, _places(faults), strict=True):
        at = set(tree.query(place, predicate="dwithin", distance=1.0).tolist())
        if fault.kind is Kind.SLIVER:
            near = tree.query(place, predicate="dwithin", distance=THIN).tolist()
            at |= {face for face in near if thin[face] and len(work.held[face]) != 1}
        if fault.kind is Kind.STRAY:
            at |= set(shapely.STRtree(work.faces).query(place, predicate="dwithin", distance=1.0).tolist())
        found.append(sorted(at))
    return found


def _take(s: Settling, fault: Fault, faces: list[int]) -> None:
    """What is not theirs is taken from cells."""
    number = {key: i for i, key in enumerate(s.laid.keys)}
    cells = [number[key] for key in fault.cells if key in number]
    if fault.kind in (Kind.SPILL, Kind.TWO_COMMUNITIES):
        for cell in cells:
            s.remove(cell, [face for face in faces if s.work.ground[face] != s.laid.home[cell]])
    elif fault.kind is Kind.SLIVER and len(cells) == 1 and How.SNAP not in fault.mends:
        mine = s.work.of(cells[0])
        nowhere = all(s.work.ground[face] < 0 for face in mine)
        if nowhere or s.work.beside(mine):
            s.remove(cells[0], mine)
            s.fill(mine, own=False)


def _decide(s: Settling, fault: Fault, faces: list[int], how: How | None) -> None:
    s.trim(faces)
    if fault.kind in (Kind.GAP, Kind.STRAY):
        s.fill(faces, own={How.ASSIGN: True, How.FILL: False}.get(how) if how else None)
    elif fault.kind is Kind.SLIVER:
        s.fill(faces, own=False)
    elif fault.kind is Kind.TWO_COMMUNITIES:
        like = fault.cells[0] if fault.cells else None
        s.fill(faces, own=True if how is How.SPLIT else None, like=like)
    elif fault.kind is Kind.IN_PIECES:
        number = {key: i for i, key in enumerate(s.laid.keys)}
        s.pieces(number[fault.cells[0]], own={How.SPLIT: True, How.FILL: False}.get(how) if how else None)


def _whole(s: Settling, clumps: Clumps) -> None:
    """Each building goes to the cell that has most of it, where one community has it all."""
    for clump in np.unique(clumps.number).tolist():
        faces = np.flatnonzero(s.work.clump == clump).tolist()
        if len({int(s.work.ground[face]) for face in faces}) != 1:
            continue
        for part in s.work.components(faces):
            share: dict[int, float] = {}
            for face in part:
                for cell in s.work.held[face]:
                    share[cell] = share.get(cell, 0.0) + float(s.work.area[face])
            if share:
                s.give(part, max(sorted(share), key=lambda cell: share[cell]))


def _tidy(s: Settling, before: Sequence[frozenset[int]]) -> None:
    """Cells that lost ground stay in one piece."""
    for cell in sorted(_changed(s, before)):
        s.pieces(cell)


def _changed(s: Settling, before: Sequence[frozenset[int]]) -> set[int]:
    """The cells that won or lost ground."""
    pairs = ((cells, s.work.held[face]) for face, cells in enumerate(before))
    return {cell for old, new in pairs for cell in old ^ new if cell < len(s.laid.cells)}


def _same(one: Shapes, other: Shapes) -> NDArray[np.bool_]:
    return np.asarray(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other)), dtype=bool)


def _listed(
    s: Settling, fault: Fault, faces: list[int], before: Sequence[frozenset[int]], how: How | None, snap: bool
) -> Mend:
    moved = [face for face in faces if s.work.held[face] != before[face]]
    now = {cell for face in moved for cell in s.work.held[face]}
    fresh = {f.number: f.key for f in s.fresh}
    keys = [s.laid.cells[cell].key if cell < len(s.laid.cells) else fresh[cell] for cell in sorted(now)]
    area = sum(float(s.work.area[face]) for face in moved)
    done = how if how in fault.mends and how is not None else _way(fault, bool(now & set(fresh)), snap)
    return Mend(
        fault=fault.key,
        kind=fault.kind,
        how=done,
        cells=tuple(dict.fromkeys([*fault.cells, *keys])),
        area_m2=round(area if done is not How.SNAP else fault.area_m2 or 0.0, 6),
    )


def _way(fault: Fault, fresh: bool, snap: bool) -> How:
    """How a fault was mended, as it turned out."""
    if fault.kind in (Kind.GAP, Kind.STRAY):
        return How.ASSIGN if fresh else How.FILL
    if fault.kind is Kind.TWO_COMMUNITIES:
        return How.SPLIT if fresh else How.TRIM
    if fault.kind is Kind.IN_PIECES:
        return How.SPLIT if fresh else How.FILL
    return fault.mends[0] if snap or How.SNAP not in fault.mends else fault.mends[-1]
