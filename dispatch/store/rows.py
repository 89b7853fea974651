"""Between columns and values: positions, windows, and the guard that every save passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, Label, RowMapping, Table, func, null, select, type_coerce, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.errors import Stale, Unknown
from dispatch.model import Interval
from gis.database import Transaction
from gis.model import Point


def position_of(table: Table, column: str = "point") -> tuple[Label[Any], Label[Any]]:
    """A position column as two numbers: `<column>_lon`, `<column>_lat`."""
    geom = type_coerce(table.c[column], Geometry)
    return func.ST_X(geom).label(f"{column}_lon"), func.ST_Y(geom).label(f"{column}_lat")


def plain(table: Table, *without: str) -> list[ColumnElement[Any]]:
    """All columns but those."""
    return [c for c in table.c if c.name not in without]


def point_in(row: RowMapping, column: str = "point") -> Point | None:
    """The position that `position_of` selected."""
    lon, lat = row[f"{column}_lon"], row[f"{column}_lat"]
    return None if lon is None else Point(lon, lat)


def geometry(point: Point | None) -> ColumnElement[Any]:
    """A position as an SQL value."""
    return null() if point is None else func.ST_SetSRID(func.ST_MakePoint(point.lon, point.lat), 4326)


def window(interval: Interval) -> Range[Any]:
    """[start, end) as a range."""
    return Range(interval.start, interval.end, bounds="[)")


def interval_in(value: Any) -> Interval:
    """A range as [start, end)."""
    return Interval(start=value.lower, end=value.upper)


def guarded(tx: Transaction, table: Table, what: str, key: int, version: int, values: Mapping[str, Any]) -> None:
    """Write `values` over exactly `version`; Stale if somebody else was there meanwhile, Unknown if it is gone."""
    changed = tx.execute(update(table).where(table.c.id == key, table.c.version == version).values(**values))
    if changed.rowcount == 1:
        return
    current = tx.scalar(select(table.c.version).where(table.c.id == key))
    if current is None:
        raise Unknown(what=what, id=key)
    raise Stale(what=what, id=key, version=version, current=current)
