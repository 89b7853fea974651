"""Cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from dispatch.errors import Unknown
from dispatch.model import OPEN_STAGES, Incident, IncidentId, Priority, Source, Stage
from dispatch.store.rows import geometry, guarded, plain, point_in, position_of
from dispatch.tables import incident as t
from dispatch.tables import incident_number
from gis.database import Transaction
from gis.model import AreaId, DistrictId

_COLUMNS = [f.name for f in fields(Incident) if f.name not in ("id", "point")]


def incident(tx: Transaction, key: IncidentId, *, lock: bool = False) -> Incident:
    """The case; Unknown if there is none. With `lock`, nobody else changes it until the transaction ends."""
    question = _select().where(t.c.id == key)
    row = tx.execute(question.with_for_update() if lock else question).mappings().one_or_none()
    if row is None:
        raise Unknown(what="incident", id=key)
    return _incident(row)


def incident_by_key(tx: Transaction, source: Source, request_key: str) -> Incident | None:
    """The case that this report made."""
    row = tx.execute(_select().where(t.c.source == source, t.c.request_key == request_key)).mappings().one_or_none()
    return None if row is None else _incident(row)


def incident_by_tracking(tx: Transaction, token_sha256: bytes, *, lock: bool = False) -> Incident | None:
    """The case that a resident follows with this token."""
    question = _select().where(t.c.tracking_sha256 == token_sha256)
    row = tx.execute(question.with_for_update() if lock else question).mappings().one_or_none()
    return None if row is None else _incident(row)


def incidents_by_id(tx: Transaction, keys: Collection[IncidentId]) -> list[Incident]:
    """These cases, by id."""
    return _all(tx, t.c.id.in_(keys)) if keys else []


def incidents_in_scope(
    tx: Transaction, district: DistrictId, areas: Collection[AreaId] | None, *, closed_since: datetime | None = None
) -> list[Incident]:
    """Open cases of these areas (None: of all) and those closed since, by id. A case without an area is in all."""
    open_ = t.c.stage.in_(OPEN_STAGES)
    asked = open_ if closed_since is None else or_(open_, t.c.closed_at >= closed_since)
    where = [t.c.district == district, asked]
    if areas is not None:
        where.append(or_(t.c.area.is_(None), t.c.area.in_(areas)))
    return _all(tx, *where)


def all_incidents(tx: Transaction) -> list[Incident]:
    """Every case there is, by id: for checks and exports."""
    return _all(tx)


def unlocated(tx: Transaction, district: DistrictId) -> list[Incident]:
    """Open cases in no cell yet, oldest first: to be located again."""
    return _all(tx, t.c.district == district, t.c.stage.in_(OPEN_STAGES), t.c.cell.is_(None))


def add_incident(
    tx: Transaction, case: Incident, *, request_key: str, tracking_sha256: bytes | None = None
) -> IncidentId:
    """Store a new case; its `id` is ignored. One per (source, request_key): IntegrityError for a second."""
    values = _values(case) | {"request_key": request_key, "tracking_sha256": tracking_sha256}
    return int(tx.execute(insert(t).values(**values).returning(t.c.id)).scalar_one())


def save_incident(tx: Transaction, before: Incident, after: Incident) -> None:
    """Replace `before` by `after`; Stale if somebody else changed it meanwhile."""
    guarded(tx, t, "incident", before.id, before.version, _values(after))


def next_number(tx: Transaction, district: DistrictId, code: str, day: date) -> str:
    """The next number of the district's local day, such as HEL-261122-0042. A report that fails takes none."""
    n = incident_number
    counted = upsert(n).values(district=district, day=day, last=1)
    taken = counted.on_conflict_do_update(index_elements=[n.c.district, n.c.day], set_={"last": n.c.last + 1})
    last = tx.execute(taken.returning(n.c.last)).scalar_one()
    return f"{code}-{day:%y%m%d}-{last:04d}"


def _all(tx: Transaction, *where: ColumnElement[bool]) -> list[Incident]:
    return [_incident(row) for row in tx.execute(_select().where(*where).order_by(t.c.id)).mappings()]


def _select() -> Select[Any]:
    return select(*plain(t, "point", "request_key", "tracking_sha256"), *position_of(t))


def _values(case: Incident) -> dict[str, Any]:
    known = {name: getattr(case, name) for name in _COLUMNS}
    return known | {"point": geometry(case.point), "after": list(case.after)}


def _incident(row: RowMapping) -> Incident:
    known = {name: row[name] for name in _COLUMNS}
    known |= {
        "source": Source(row["source"]),
        "priority": Priority(row["priority"]),
        "stage": Stage(row["stage"]),
        "after": tuple(row["after"]),
    }
    return Incident(id=row["id"], point=point_in(row), **known)


def count_by_stage(tx: Transaction, district: DistrictId) -> dict[Stage, int]:
    """How many cases stand where."""
    rows = tx.execute(select(t.c.stage, func.count()).where(t.c.district == district).group_by(t.c.stage))
    return {Stage(stage): n for stage, n in rows}
