"""What a cell is judged by: the communities and the buildings round it, on the sheet of metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, func, select, true

from gis import tables
from gis.database import Transaction
from gis.grid import Building, Community, Plane
from gis.model import AreaId, DistrictId

SRID = 4326

type Box = tuple[float, float, float, float]  #: west, south, east, north


def communities(
    tx: Transaction, district: DistrictId, plane: Plane, box: Box | None = None
) -> tuple[tuple[Community, ...], Mapping[str, AreaId]]:
    """The communities that meet a box (None: all), whole, and their numbers by code."""
    area, above, place = tables.area, tables.area.alias("above"), tables.district
    rows = tx.execute(
        select(area.c.id, area.c.code, func.coalesce(above.c.code, ""), place.c.code, _wkb(area.c.geom))
        .select_from(area.join(place, place.c.id == area.c.district))
        .outerjoin(above, (above.c.id == area.c.parent) & (above.c.level == "street"))
        .where(area.c.district == district, area.c.level == "community", _meets(area.c.geom, box))
        .order_by(area.c.id)
    ).all()
    shapes = plane.to_metres(shapely.from_wkb(np.array([bytes(row[4]) for row in rows], dtype=object)))
    found = tuple(
        Community(
            code=row[1],
            polygon=shape,
            fields={"community": row[1], "street": row[2], "district": row[3], "county": row[3]},
        )
        for row, shape in zip(rows, shapes, strict=True)
    )
    return found, {row[1]: int(row[0]) for row in rows}


def buildings(tx: Transaction, district: DistrictId, plane: Plane, box: Box | None = None) -> tuple[Building, ...]:
    """The buildings that meet a box (None: all), in the order of their ids."""
    b = tables.building.c
    question = select(b.people, b.households, func.ST_AsBinary(b.point), _wkb(b.geom))
    rows = tx.execute(question.where(b.district == district, _meets(b.geom, box)).order_by(b.id)).all()
    points, shapes = (
        plane.to_metres(shapely.from_wkb(np.array([bytes(row[k]) for row in rows], dtype=object))) for k in (2, 3)
    )
    return tuple(
        Building(polygon=shape, people=float(row[0]), households=float(row[1] or 0), point=point)
        for row, point, shape in zip(rows, points, shapes, strict=True)
    )


def codes_used(tx: Transaction, district: DistrictId) -> frozenset[str]:
    """Every code that is or was in force."""
    return frozenset(tx.scalars(select(tables.cell.c.code).where(tables.cell.c.district == district)))


def _meets(column: ColumnElement[Any], box: Box | None) -> ColumnElement[bool]:
    return true() if box is None else column.bool_op("&&")(func.ST_MakeEnvelope(*box, SRID))


def _wkb(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.ST_AsBinary(column)
