"""What stands in a place and in a cell of it: counts, facilities, outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.sql import FromClause

from gis import tables
from gis.database import Transaction
from gis.errors import NotFound
from gis.model import CellId, DistrictId, Facility, Point


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a place has."""

    buildings: int
    addresses: int
    streets: int
    cells: int
    areas: int
    people: float  #: an estimate
    facilities: Mapping[str, int]  #: by kind
    imported_at: datetime
    source_file: str


def totals(tx: Transaction, district: DistrictId) -> Totals:
    """Counts of one place. Raises NotFound."""
    d = tables.district.c
    made = tx.execute(select(d.imported_at, d.source_file).where(d.id == district)).one_or_none()
    if made is None:
        raise NotFound(what="district", id=district)
    here = tables.building.c.district == district
    people = tx.scalar(select(func.coalesce(func.sum(tables.building.c.people), 0)).where(here))
    current = select(func.count()).where(tables.cell.c.version == func.current_grid(district))
    return Totals(
        buildings=_count(tx, tables.building, district),
        addresses=_count(tx, tables.address, district),
        streets=_count(tx, tables.street, district),
        cells=int(tx.scalar(current) or 0),
        areas=_count(tx, tables.area, district),
        people=float(people or 0),
        facilities=facility_counts(tx, district),
        imported_at=made.imported_at,
        source_file=made.source_file,
    )


def facility_counts(tx: Transaction, district: DistrictId) -> dict[str, int]:
    """How many facilities of each kind."""
    f = tables.facility.c
    rows = tx.execute(select(f.kind, func.count()).where(f.district == district).group_by(f.kind).order_by(f.kind))
    return {str(kind): int(n) for kind, n in rows}


def facilities_in(tx: Transaction, cell: CellId, district: DistrictId) -> list[Facility]:
    """The facilities of one cell, by kind."""
    f = tables.facility.c
    asked = _facilities().where(f.district == district, f.cell == cell).order_by(f.kind, f.id)
    return [_facility(row) for row in tx.execute(asked).mappings()]


def outline(tx: Transaction, cell: CellId) -> shapely.Polygon:
    """The outline of one cell, WGS 84. Raises NotFound."""
    wkb = tx.scalar(select(func.ST_AsBinary(tables.cell.c.geom)).where(tables.cell.c.id == cell))
    if wkb is None:
        raise NotFound(what="cell", id=cell)
    shape = shapely.from_wkb(bytes(wkb))
    assert isinstance(shape, shapely.Polygon)  # noqa: S101  the column holds nothing else
    return shape


def _count(tx: Transaction, table: FromClause, district: DistrictId) -> int:
    return int(tx.scalar(select(func.count()).select_from(table).where(table.c.district == district)) or 0)


def _facilities() -> Select[Any]:
    f = tables.facility.c
    position = (func.ST_X(f.point).label("lon"), func.ST_Y(f.point).label("lat"))
    return select(f.id, f.kind, f.name, f.names, f.cell, *position)


def _facility(row: RowMapping) -> Facility:
    known = {name: row[name] for name in ("id", "kind", "name", "names", "cell")}
    return Facility(**known, point=Point(row["lon"], row["lat"]))
