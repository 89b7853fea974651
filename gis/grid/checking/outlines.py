"""Cells by themselves: crossing outlines, lines that are not closed, cells in pieces, cells too thin to be one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.grid.checking.faults import fault
from gis.grid.given import Fault, How, Kind
from gis.grid.laying import AREAL, THIN, Laid, narrow, width


def outline_faults(laid: Laid) -> Iterator[Fault]:
    """Cells that are no sound single surface."""
    kind = shapely.get_type_id(laid.shapes)
    for i in np.flatnonzero(~np.isin(kind, AREAL)).tolist():
        yield fault(Kind.UNCLOSED, [laid.cells[i].key], laid.shapes[i], mends=(How.CLOSE,))
    yield from _invalid(laid)
    yield from _pieces(laid)
    yield from _thin(laid)


def _invalid(laid: Laid) -> Iterator[Fault]:
    """What is invalid as it is given; what only rounding makes so is none, and no cell either where nothing is left."""
    areal = np.isin(shapely.get_type_id(laid.shapes), AREAL)
    finite = np.isfinite(shapely.bounds(laid.shapes)).all(axis=1)
    bad = areal & ~(finite & shapely.is_valid(laid.shapes) & ~shapely.is_empty(laid.polygons))
    for i in np.flatnonzero(bad).tolist():
        reason = shapely.is_valid_reason(laid.shapes[i]).split("[")[0]
        mends = (How.DROP,) if laid.polygons[i].is_empty else (How.MAKE_VALID,)
        place = laid.shapes[i] if finite[i] else None
        yield fault(Kind.INVALID, [laid.cells[i].key], place, detail=reason, mends=mends)


def _pieces(laid: Laid) -> Iterator[Fault]:
    many = shapely.get_num_geometries(laid.polygons) > 1
    for i in np.flatnonzero(many).tolist():
        yield fault(Kind.IN_PIECES, [laid.cells[i].key], laid.polygons[i], mends=(How.SPLIT, How.FILL))


def _thin(laid: Laid) -> Iterator[Fault]:
    solid = np.flatnonzero(~shapely.is_empty(laid.polygons))
    for i in solid[narrow(laid.polygons[solid], THIN)].tolist():
        shape = laid.polygons[i]
        yield fault(Kind.SLIVER, [laid.cells[i].key], shape, metres=width(shape), mends=(How.FILL,))
