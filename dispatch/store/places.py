"""What the work asks of the ground: a district's code and clock, the areas above and below."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.errors import Unknown
from gis.database import Transaction
from gis.model import DistrictId
from gis.tables import district


def code_and_zone(tx: Transaction, key: DistrictId) -> tuple[str, ZoneInfo]:
    """The short code that numbers begin with, and the local time; Unknown if there is no such district."""
    row = tx.execute(select(district.c.code, district.c.time_zone).where(district.c.id == key)).one_or_none()
    if row is None:
        raise Unknown(what="district", id=key)
    return row.code, ZoneInfo(row.time_zone)
