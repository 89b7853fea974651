"""Cells that reach outside their community."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.grid.arrangement import UNIT
from gis.grid.checking.faults import fault
from gis.grid.given import Fault, How, Kind
from gis.grid.laying import EDGE, Laid, narrow, surface

ASTRAY = 1.0 * UNIT  #: what is wider than this in another community is more than a border drawn badly


def belonging_faults(laid: Laid) -> Iterator[Fault]:
    """Spills, and cells of two communities."""
    if not len(laid.grounds):
        return
    there = np.flatnonzero((laid.home >= 0) & ~shapely.is_empty(laid.polygons))
    own = laid.grounds[laid.home[there]]
    shapely.prepare(laid.grounds)
    out = there[~shapely.covers(own, laid.polygons[there])]
    for i in out.tolist():
        yield from _outside(laid, i)
    for i in np.flatnonzero((laid.home < 0) & ~shapely.is_empty(laid.polygons)).tolist():
        yield fault(Kind.SPILL, [laid.cells[i].key], laid.polygons[i], mends=(How.DROP,))


def _outside(laid: Laid, i: int) -> Iterator[Fault]:
    polygon, home = laid.polygons[i], int(laid.home[i])
    frame = shapely.box(*shapely.buffer(shapely.box(*polygon.bounds), UNIT).bounds)
    if laid.window is not None:
        polygon = surface(shapely.intersection(polygon, laid.window))
    near = shapely.intersection(laid.grounds[home], frame)
    beyond = shapely.get_parts(shapely.difference(polygon, near))
    beyond = beyond[(shapely.get_type_id(beyond) == 3) & ~shapely.is_empty(beyond)]
    beyond = beyond[~narrow(beyond, EDGE)]
    key, code = laid.cells[i].key, laid.communities[home].code
    for part in beyond:
        others = [j for j in np.sort(shapely.STRtree(laid.grounds).query(part)).tolist() if j != home]
        across = [(j, surface(shapely.intersection(part, laid.grounds[j]))) for j in others]
        across = [(j, shape) for j, shape in across if not narrow(np.array([shape], dtype=object), ASTRAY)[0]]
        for j, shape in across:
            where = laid.communities[j].code
            yield fault(Kind.TWO_COMMUNITIES, [key], shape, community=where, mends=(How.SPLIT, How.TRIM))
        if not across:
            yield fault(Kind.SPILL, [key], part, community=code, mends=(How.TRIM,))
