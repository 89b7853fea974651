"""Speeds by the hour, as somebody set them or took them over from what was learned."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gis.database import Transaction
from gis.model import DistrictId, Mode
from gis.tables import road_state as s
from gis.tables import speed as t
from gis.travel.speeds import Day, HourTable, Speed


def speeds(tx: Transaction, district: DistrictId) -> dict[Mode, HourTable]:
    """What counts, by mode; a mode of which nothing is said is missing."""
    rows = tx.execute(select(t).where(t.c.district == district)).mappings()
    hours: dict[Mode, dict[tuple[Day, int], Speed]] = {}
    for row in rows:
        said = Speed(permille=row["permille"], source=row["source"], samples=row["samples"])
        hours.setdefault(Mode(row["mode"]), {})[Day(row["day"]), row["hour"]] = said
    return {mode: HourTable(hours=found) for mode, found in hours.items()}


def version(tx: Transaction, district: DistrictId, *, lock: bool = False) -> int:
    """The version of the district's table."""
    if lock:
        tx.execute(upsert(s).values(district=district).on_conflict_do_nothing())
    question = select(s.c.speeds_version).where(s.c.district == district)
    return tx.scalar(question.with_for_update() if lock else question) or 1


def put(tx: Transaction, district: DistrictId, mode: Mode, day: Day, hour: int, speed: Speed | None) -> None:
    """Set one hour; None: back to what the engine says."""
    if speed is None:
        where = (t.c.district == district, t.c.mode == mode, t.c.day == day, t.c.hour == hour)
        tx.execute(delete(t).where(*where))
        return
    values = {"source": speed.source, "permille": speed.permille, "samples": speed.samples}
    row = upsert(t).values(district=district, mode=mode, day=day, hour=hour, **values)
    tx.execute(row.on_conflict_do_update(index_elements=["district", "mode", "day", "hour"], set_=values))


def next_version(tx: Transaction, district: DistrictId) -> None:
    """The table has changed. Call `version` with a lock before."""
    tx.execute(update(s).where(s.c.district == district).values(speeds_version=s.c.speeds_version + 1))
