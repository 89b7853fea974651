"""Cells outside the bounds that are asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Floats, Ints
from gis.grid.checking.faults import fault
from gis.grid.given import Fault, Kind
from gis.grid.laying import Laid
from gis.grid.model import Measure, Targets


def size_faults(laid: Laid, targets: Targets | None, incidents: tuple[shapely.Point, ...]) -> Iterator[Fault]:
    """Cells under `least` and over `most`."""
    if targets is None or (targets.least is None and targets.most is None):
        return
    held = amounts(laid, targets.measure, incidents)
    for i, amount in enumerate(held.tolist()):
        cell, shape = laid.cells[i], laid.polygons[i]
        said = f"{amount:.0f} {targets.measure.value}"
        if targets.least is not None and amount < targets.least:
            yield fault(Kind.TOO_SMALL, [cell.key], shape, detail=said)
        if targets.most is not None and amount > targets.most:
            yield fault(Kind.TOO_BIG, [cell.key], shape, detail=said)


def amounts(laid: Laid, measure: Measure, incidents: tuple[shapely.Point, ...]) -> Floats:
    """What each cell has of `measure`."""
    if measure is Measure.AREA:
        return np.asarray(shapely.area(laid.polygons) / UNIT**2, dtype=float)
    if measure is Measure.INCIDENTS:
        at = arrangement.holder(laid.polygons, arrangement.to_units(np.array(incidents, dtype=object)))
        return _sums(np.ones(len(at)), at, len(laid.cells))
    people = measure is Measure.PEOPLE
    weight = np.array([b.people if people else b.households for b in laid.buildings], dtype=float)
    return _sums(weight, laid.cell_of_building(), len(laid.cells))


def _sums(weight: Floats, cell: Ints, count: int) -> Floats:
    inside = cell >= 0
    return np.bincount(cell[inside], weights=weight[inside], minlength=count)
