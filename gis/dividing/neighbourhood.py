"""As much of a draft as an edit needs, on the sheet of metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gis.database import Transaction
from gis.errors import EditRefused
from gis.grid import Plane
from gis.grid.editing import AROUND
from gis.grid.given import Given, GivenCell
from gis.model import AreaId, Division, DraftCell
from gis.store import drafts, surroundings
from gis.store.blocks import plane_of


@dataclass(frozen=True, kw_only=True)
class Neighbourhood:
    """Cells, communities and buildings within a box; what a key and a code stand for."""

    given: Given
    plane: Plane
    rows: Mapping[str, DraftCell]
    areas: Mapping[str, AreaId]  #: by code of the community

    def row(self, cell: GivenCell) -> DraftCell:
        """The cell as it is kept, without its totals; the row that it was where nothing but a corner is new."""
        shape = self.plane.to_degrees(cell.polygon)
        area = self.areas.get(cell.community or "")
        return DraftCell(key=cell.key, code=cell.code, area=area, area_m2=float(cell.polygon.area), geom=shape)


def around(tx: Transaction, division: Division, keys: Sequence[str], face: BaseGeometry | None = None) -> Neighbourhood:
    """What lies round some cells and, where there is one, a shape in degrees. Raises EditRefused, NotFound."""
    plane = plane_of(tx, division.district)
    named = drafts.cells(tx, division.id, list(keys))
    missing = sorted(set(keys) - {row.key for row in named})
    if missing:
        raise EditRefused(field="cell", value=missing[0], allowed="cells", reason="unknown_cell", cell=missing[0])
    shapes = [plane.to_metres(one) for one in (*(row.geom for row in named), *([face] if face is not None else []))]
    box = shapely.box(*shapely.total_bounds(shapes)).buffer(AROUND, join_style="mitre")
    return _read(tx, division, plane, plane.to_degrees(box).bounds)


def everything(tx: Transaction, division: Division) -> Neighbourhood:
    """The whole draft."""
    return _read(tx, division, plane_of(tx, division.district), None)


def _read(tx: Transaction, division: Division, plane: Plane, box: surroundings.Box | None) -> Neighbourhood:
    found = drafts.cells(tx, division.id) if box is None else drafts.around(tx, division.id, box)
    communities, areas = surroundings.communities(tx, division.district, plane, box)
    names = {number: code for code, number in areas.items()}
    shapes = [plane.to_metres(row.geom) for row in found]
    given = Given(
        cells=tuple(
            GivenCell(key=row.key, polygon=shape, code=row.code, community=names.get(row.area or 0))
            for row, shape in zip(found, shapes, strict=True)
        ),
        communities=communities,
        buildings=surroundings.buildings(tx, division.district, plane, box),
        plane=plane,
    )
    return Neighbourhood(given=given, plane=plane, rows={row.key: row for row in found}, areas=areas)
