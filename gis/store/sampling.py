"""Some of what is there, drawn by a seed: the same seed, the same draw."""

from __future__ import annotations

from sqlalchemy import String, cast, func, select

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId, Found, Place, Point


def some_addresses(tx: Transaction, district: DistrictId, *, seed: int, limit: int) -> list[Place]:
    """At most `limit` addresses with a street and a cell, in an order that depends on `seed` alone."""
    a = tables.address.c
    order = func.md5(cast(a.osm_id, String) + ":" + cast(seed, String))
    rows = tx.execute(
        select(a.label, func.ST_X(a.point).label("lon"), func.ST_Y(a.point).label("lat"), a.cell)
        .where(a.district == district, a.street.is_not(None), a.cell.is_not(None))
        .order_by(order)
        .limit(limit)
    )
    return [
        Place(
            point=Point(row.lon, row.lat), label=row.label, found=Found.EXACT, score=1.0, accuracy_m=10.0, cell=row.cell
        )
        for row in rows
    ]
