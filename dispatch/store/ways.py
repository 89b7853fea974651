"""Ways that people of the team went, for what can be learned from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from dispatch.tables import assignment as a
from dispatch.tables import event as e
from dispatch.tables import responder as r
from gis.database import Transaction
from gis.model import DistrictId, Mode
from gis.travel.speeds import Day, HourTable, Speed, Way, now

LONGEST = 4 * 3600  #: seconds; a way that took longer was forgotten on the phone
CHANGED = "speeds.changed"

type Hours = dict[Mode, dict[tuple[Day, int], Speed]]
type Change = tuple[datetime | None, list[Mapping[str, Any]]]

OVER: Change = (None, [])


def ways_since(tx: Transaction, district: DistrictId, moment: datetime, zone: ZoneInfo) -> list[Way]:
    """Every way by road that began after `moment` and came to its end; what was estimated says nothing of roads."""
    took = func.extract("epoch", a.c.arrived_at - a.c.departed_at)
    question = (
        select(r.c.mode, a.c.departed_at, a.c.travel_seconds, took.label("took"))
        .join(r, r.c.id == a.c.responder)
        .where(a.c.district == district, a.c.departed_at > moment, a.c.arrived_at > a.c.departed_at)
        .where(a.c.estimated.is_(False), took < LONGEST)
        .order_by(a.c.departed_at)
    )
    changes = _changes(tx, district)
    hours: Hours = {}
    at, rows = next(changes, OVER)
    found = []
    for row in tx.execute(question):
        while at is not None and at <= row.departed_at:
            _apply(hours, rows)
            at, rows = next(changes, OVER)
        mode = Mode(row.mode)
        counted = now({mode: HourTable(hours=hours.get(mode, {}))}, mode, row.departed_at, zone)
        took_s = float(row.took)
        found.append(
            Way(mode=mode, departed=row.departed_at, planned=row.travel_seconds, actual=took_s, permille=counted)
        )
    return found


def _changes(tx: Transaction, district: DistrictId) -> Iterator[Change]:
    """Every change of the speeds by the hour, as it was announced, the oldest first."""
    told = select(e.c.at, e.c.body).where(e.c.district == district, e.c.kind == CHANGED).order_by(e.c.seq)
    return ((row.at, row.body.get("rows", [])) for row in tx.execute(told).all())


def _apply(hours: Hours, rows: list[Mapping[str, Any]]) -> None:
    for row in rows:
        table = hours.setdefault(Mode(row["mode"]), {})
        key = (Day(row["day"]), int(row["hour"]))
        if row["permille"] is None:
            table.pop(key, None)
        else:
            table[key] = Speed(permille=row["permille"])
