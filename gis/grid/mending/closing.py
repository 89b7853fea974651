"""Outlines put right one by one: lines closed, crossings undone, nothings dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import UNIT
from gis.grid.given import Fault, Given, How, Kind, Mend
from gis.grid.laying import sound, surface


def outlined(given: Given, faults: Iterable[Fault]) -> tuple[Given, list[Mend]]:
    """`given` with what is invalid or not closed among `faults` drawn again; what encloses nothing is dropped."""
    by_key = {fault.cells[0]: fault for fault in faults if fault.kind in (Kind.INVALID, Kind.UNCLOSED)}
    cells, mends = [], []
    for cell in given.cells:
        fault = by_key.get(cell.key)
        if fault is None:
            cells.append(cell)
            continue
        shape = _closed(cell.polygon) if fault.kind is Kind.UNCLOSED else cell.polygon
        drawn = sound(_millimetres(shape))[0]
        how = How.DROP if drawn.is_empty else How.CLOSE if fault.kind is Kind.UNCLOSED else How.MAKE_VALID
        moved = drawn.area / UNIT**2 if how is How.CLOSE else abs(drawn.area / UNIT**2 - _area(cell.polygon))
        mends.append(Mend(fault=fault.key, kind=fault.kind, how=how, cells=(cell.key,), area_m2=round(moved, 6)))
        if how is not How.DROP:
            cells.append(replace(cell, polygon=shapely.transform(drawn, lambda xy: xy / UNIT)))
    return replace(given, cells=tuple(cells)), mends


def _closed(lines: BaseGeometry) -> BaseGeometry:
    """The surface that lines enclose, each closed by a straight edge where they do not."""
    joined = shapely.line_merge(shapely.union_all(shapely.get_parts(lines)))
    enclosed = surface(shapely.GeometryCollection([*shapely.get_parts(shapely.polygonize(shapely.get_parts(joined)))]))
    if not enclosed.is_empty:
        return enclosed
    rings = [part.coords for part in shapely.get_parts(joined) if shapely.get_type_id(part) == 1]
    drawn = [shapely.Polygon(ring) for ring in rings if len(ring) >= 3]
    return drawn[0] if len(drawn) == 1 else shapely.MultiPolygon(drawn)


def _millimetres(shape: BaseGeometry) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([shapely.transform(shapely.force_2d(shape), lambda xy: xy * UNIT)], dtype=object)


def _area(shape: BaseGeometry) -> float:
    area = float(shape.area)
    return area if np.isfinite(area) else 0.0
