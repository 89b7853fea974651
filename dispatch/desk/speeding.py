"""Speeds by the hour: what the team's own ways say is shown, and counts once an administrator takes it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dispatch import policy, store
from dispatch.desk.room import Desk
from dispatch.errors import Invalid, Stale
from dispatch.model import Deed, Event, User
from dispatch.store.keys import clock
from dispatch.store.places import code_and_zone
from dispatch.store.ways import CHANGED, ways_since
from gis.database import Transaction
from gis.model import DistrictId, Mode
from gis.store import speeds
from gis.travel.speeds import KINDS, LEAST, MOST, Day, HourTable, Learned, Speed, learn

LEARNED_FROM: Final = timedelta(days=90)

type Found = Mapping[tuple[Mode, Day, int], Learned]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One hour as somebody wants it: a value, what was learned, or neither: as the engine says."""

    mode: Mode
    day: Day
    hour: int
    permille: int | None = None
    learned: bool = False


@dataclass(frozen=True, kw_only=True)
class SpeedsSeen:
    """What counts, and what was learned."""

    district: DistrictId
    time_zone: str
    version: int
    tables: Mapping[Mode, HourTable]
    learned: Found


def speeds_seen(desk: Desk, user: User, district: DistrictId) -> SpeedsSeen:
    """What counts now, and what could. Raises Forbidden, Unknown."""
    policy.require(user, Deed.SEE_COVERAGE, district)
    with desk.begin() as tx:
        return _seen(tx, district)


def set_speeds(
    desk: Desk, *, who: User, district: DistrictId, version: int, rows: Sequence[Setting], key: str
) -> SpeedsSeen:
    """Set hours. Raises Stale, Invalid, Forbidden."""
    policy.require(who, Deed.SET_SPEEDS, district)

    def deed(tx: Transaction) -> int:
        current = speeds.version(tx, district, lock=True)
        if current != version:
            raise Stale(what="speeds", id=district, version=version, current=current)
        found = _learned(tx, district) if any(row.learned for row in rows) else {}
        told = []
        for n, row in enumerate(rows):
            speed = _speed(n, row, found)
            speeds.put(tx, district, row.mode, row.day, row.hour, speed)
            permille = None if speed is None else speed.permille
            told.append({"mode": row.mode, "day": row.day, "hour": row.hour, "permille": permille})
        speeds.next_version(tx, district)
        body = {"version": current + 1, "rows": told}  # what was learned later is judged by these
        store.record(tx, Event(kind=CHANGED, district=district, actor=who.id, body=body))
        return district

    asked = {"district": district, "version": version, "rows": [vars(row) for row in rows]}
    desk.once(int, deed, name="speeds.set", key=key, who=who, asked=asked)
    return speeds_seen(desk, who, district)


def _seen(tx: Transaction, district: DistrictId) -> SpeedsSeen:
    _, zone = code_and_zone(tx, district)
    return SpeedsSeen(
        district=district,
        time_zone=zone.key,
        version=speeds.version(tx, district),
        tables=speeds.speeds(tx, district),
        learned=_learned(tx, district),
    )


def _learned(tx: Transaction, district: DistrictId) -> Found:
    _, zone = code_and_zone(tx, district)
    return learn(ways_since(tx, district, clock(tx) - LEARNED_FROM, zone), zone)


def _speed(n: int, row: Setting, found: Found) -> Speed | None:
    if row.learned:
        known = found.get((row.mode, row.day, row.hour)) if row.day in KINDS else None
        if known is None:
            raise Invalid(field=f"rows.{n}.learned", value=True, allowed="learned_there")
        return Speed(permille=known.permille, source="learned", samples=known.samples)
    if row.permille is None:
        return None
    if not LEAST <= row.permille <= MOST:
        raise Invalid(field=f"rows.{n}.permille", value=row.permille, allowed=f"{LEAST}–{MOST}")
    return Speed(permille=row.permille, source="table")
