"""How the engine is set in a district: mode, bounds, weights, people on standby."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from dispatch.errors import Stale
from dispatch.model import PlanMode, Setting, SetWeight, UserId
from dispatch.tables import engine_setting, engine_weight, standby
from gis.database import Transaction
from gis.model import AreaId, DistrictId, Point
from gis.tables import area

LOCK = 0x73657473  #: "sets": whoever changes weights of a district waits for whoever does


def setting(tx: Transaction, district: DistrictId) -> Setting:
    """How plans are made here; the defaults where nobody said."""
    row = tx.execute(select(engine_setting).where(engine_setting.c.district == district)).mappings().one_or_none()
    if row is None:
        return Setting(district=district)
    return Setting(**{**row, "plan_mode": PlanMode(row["plan_mode"])})


def save_setting(tx: Transaction, before: Setting, after: Setting) -> None:
    """Replace `before` by `after`; Stale if somebody else changed it meanwhile."""
    values = {
        name: getattr(after, name)
        for name in ("district", "plan_mode", "most_changes", "version", "changed_by", "changed_at")
    }
    t = engine_setting
    row = upsert(t).values(**values)
    done = tx.execute(
        row.on_conflict_do_update(index_elements=[t.c.district], set_=values, where=t.c.version == before.version)
    )
    if done.rowcount != 1:
        current = setting(tx, before.district).version
        raise Stale(what="setting", id=before.district, version=before.version, current=current)


def set_weights(tx: Transaction, district: DistrictId) -> dict[str, SetWeight]:
    """The weights that somebody set here, by code."""
    rows = tx.execute(select(engine_weight).where(engine_weight.c.district == district)).mappings()
    return {
        row["code"]: SetWeight(
            value=row["value"], version=row["version"], changed_by=row["changed_by"], changed_at=row["changed_at"]
        )
        for row in rows
    }


def put_weights(
    tx: Transaction, district: DistrictId, given: Mapping[str, int], *, version: int, by: UserId, at: datetime
) -> None:
    """Set these; Stale unless the table stands at `version`."""
    tx.execute(select(func.pg_advisory_xact_lock(literal(LOCK), literal(district))))
    t = engine_weight
    current = int(tx.scalar(select(func.max(t.c.version)).where(t.c.district == district)) or 0)
    if current != version:
        raise Stale(what="weights", id=district, version=version, current=current)
    for code, value in given.items():
        new = {"value": value, "version": version + 1, "changed_by": by, "changed_at": at}
        row = upsert(t).values(district=district, code=code, **new)
        tx.execute(row.on_conflict_do_update(index_elements=[t.c.district, t.c.code], set_=new))


def wanted_on_standby(tx: Transaction, district: DistrictId) -> dict[AreaId, int]:
    """How many people without a task are wanted where."""
    rows = tx.execute(select(standby.c.area, standby.c.least).where(standby.c.district == district))
    return {row.area: row.least for row in rows.all()}


def replace_standby(tx: Transaction, district: DistrictId, wanted: Mapping[AreaId, int]) -> None:
    """These and no others."""
    tx.execute(delete(standby).where(standby.c.district == district))
    rows = [{"area": key, "district": district, "least": least} for key, least in sorted(wanted.items())]
    if rows:
        tx.execute(insert(standby), rows)


def areas_below(tx: Transaction, district: DistrictId) -> dict[AreaId, frozenset[AreaId]]:
    """Every area of the district with itself and all that lies below."""
    parents = {
        row.id: row.parent for row in tx.execute(select(area.c.id, area.c.parent).where(area.c.district == district))
    }
    found: dict[AreaId, set[AreaId]] = {key: set() for key in parents}
    for key in parents:
        above: AreaId | None = key
        while above is not None:
            found[above].add(key)
            above = parents.get(above)
    return {key: frozenset(below) for key, below in found.items()}


def waiting_places(tx: Transaction, areas: Collection[AreaId]) -> dict[AreaId, Point]:
    """A position inside every area."""
    inside = func.ST_PointOnSurface(area.c.geom)
    rows = tx.execute(
        select(area.c.id, func.ST_X(inside).label("lon"), func.ST_Y(inside).label("lat")).where(area.c.id.in_(areas))
    )
    return {row.id: Point(row.lon, row.lat) for row in rows}
