"""Buildings that a border runs through, and buildings in no cell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid import arrangement
from gis.grid.arrangement import UNIT
from gis.grid.checking.faults import fault
from gis.grid.footprints import SKIN
from gis.grid.given import Fault, How, Kind
from gis.grid.laying import Laid
from gis.grid.model import CutReason


def standing_faults(laid: Laid) -> Iterator[Fault]:
    """Cut buildings and strays."""
    if len(laid.buildings) and len(laid.cells):
        yield from _cut(laid)
    yield from _strays(laid)


def _cut(laid: Laid) -> Iterator[Fault]:
    shapes = arrangement.to_units([building.polygon for building in laid.buildings])
    borders = arrangement.segments(arrangement.edges(laid.polygons))[0]
    near = np.unique(shapely.STRtree(shapes).query(borders, predicate="intersects")[1])
    bad = near[~shapely.is_valid(shapes[near])]
    shapes[bad] = shapely.make_valid(shapes[bad])
    cores = shapely.buffer(shapes[near], -SKIN)
    line, core = shapely.STRtree(borders).query(cores, predicate="intersects")[::-1]
    for n in np.unique(core).tolist():
        lines = shapely.intersection(borders[line[core == n]], cores[n])
        yield _building(laid, int(near[n]), cores[n], float(shapely.length(shapely.union_all(lines))) / UNIT)


def _building(laid: Laid, i: int, core: BaseGeometry, metres: float) -> Fault:
    cells = np.sort(shapely.STRtree(laid.polygons).query(core, predicate="intersects")).tolist()
    reason = _reason(laid, core, cells)
    return fault(
        Kind.BUILDING_CUT,
        [laid.cells[c].key for c in cells],
        core,
        metres=round(metres, 3),
        building=int(laid.which[i]),
        detail=reason.value,
        mends=(How.REROUTE,) if reason is CutReason.PARTS else (),
    )


def _reason(laid: Laid, core: BaseGeometry, cells: list[int]) -> CutReason:
    """PARTS where the border could go round it."""
    grounds = np.sort(shapely.STRtree(laid.grounds).query(core, predicate="intersects")).tolist()
    if len(grounds) > 1 or len({int(laid.home[c]) for c in cells}) > 1:
        return CutReason.COMMUNITY
    if grounds and laid.grounds[grounds[0]].covers(core):
        return CutReason.PARTS
    return CutReason.EDGE if grounds or not _covered(laid, core, cells) else CutReason.PARTS


def _covered(laid: Laid, core: BaseGeometry, cells: list[int]) -> bool:
    inside = float(shapely.area(shapely.union_all(shapely.intersection(laid.polygons[cells], core))))
    return inside >= core.area * (1 - 1e-9)


def _strays(laid: Laid) -> Iterator[Fault]:
    lost = np.flatnonzero(laid.cell_of_building() < 0)
    if len(laid.grounds) and len(lost):
        lost = lost[arrangement.holder(laid.grounds, laid.points[lost]) >= 0]
    if laid.window is not None:
        lost = lost[shapely.intersects(laid.points[lost], laid.window)]
    for i in lost.tolist():
        mends = (How.FILL,) if len(laid.cells) else ()
        yield fault(Kind.STRAY, [], laid.points[i], building=int(laid.which[i]), mends=mends)
