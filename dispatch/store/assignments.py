"""Who is on what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select

from dispatch.errors import Unknown
from dispatch.model import LIVE, Assignment, AssignmentId, AssignmentState, IncidentId, Purpose, ResponderId
from dispatch.store.rows import guarded, interval_in, window
from dispatch.tables import assignment as t
from gis.database import Transaction
from gis.model import DistrictId

_COLUMNS = [f.name for f in fields(Assignment) if f.name not in ("id", "during")]


def assignment(tx: Transaction, key: AssignmentId, *, lock: bool = False) -> Assignment:
    """The assignment; Unknown if there is none."""
    found = _all(tx, t.c.id == key, lock=lock)
    if not found:
        raise Unknown(what="assignment", id=key)
    return found[0]


def live_assignment(tx: Transaction, incident: IncidentId, *, lock: bool = False) -> Assignment | None:
    """Who leads this case now; there is never more than one."""
    found = _all(tx, t.c.incident == incident, t.c.part == 0, t.c.state.in_(LIVE), lock=lock)
    return found[0] if found else None


def live_crew(tx: Transaction, incident: IncidentId, *, lock: bool = False) -> list[Assignment]:
    """Everybody who is on this case now, who leads first."""
    found = _all(tx, t.c.incident == incident, t.c.state.in_(LIVE), lock=lock)
    return sorted(found, key=lambda a: a.part)


def live_assignments(tx: Transaction, responder: ResponderId, *, lock: bool = False) -> list[Assignment]:
    """What binds this responder now or later, earliest first."""
    found = _all(tx, t.c.responder == responder, t.c.state.in_(LIVE), lock=lock)
    return sorted(found, key=lambda a: (a.during.start, a.seq))


def live_in_district(tx: Transaction, district: DistrictId) -> list[Assignment]:
    """What binds anybody, by id."""
    return _all(tx, t.c.district == district, t.c.state.in_(LIVE))


def all_assignments(tx: Transaction) -> list[Assignment]:
    """Every assignment there is, by id: for checks and exports."""
    return _all(tx)


def live_since(tx: Transaction, responder: ResponderId, since: datetime) -> list[Assignment]:
    """What binds this responder, and what they ended since, by id."""
    return _all(tx, t.c.responder == responder, or_(t.c.state.in_(LIVE), t.c.ended_at >= since))


def offers(tx: Transaction, district: DistrictId, *, before: datetime) -> list[Assignment]:
    """What the engine offered before that moment and nobody has answered yet, by id."""
    return _all(
        tx,
        t.c.district == district,
        t.c.state == AssignmentState.OFFERED,
        t.c.placed_by.is_(None),
        t.c.offered_at < before,
    )


def assignments_of(tx: Transaction, incidents: Collection[IncidentId]) -> list[Assignment]:
    """Everybody who ever was on these cases, by id."""
    return _all(tx, t.c.incident.in_(incidents)) if incidents else []


def add_assignment(tx: Transaction, a: Assignment) -> AssignmentId:
    """Store a new one; its `id` is ignored. A responder bound at that time shows at commit: Taken there."""
    return int(tx.execute(insert(t).values(**_values(a)).returning(t.c.id)).scalar_one())


def save_assignment(tx: Transaction, before: Assignment, after: Assignment) -> None:
    """Replace `before` by `after`; Stale if somebody else changed it meanwhile."""
    guarded(tx, t, "assignment", before.id, before.version, _values(after))


def _all(tx: Transaction, *where: ColumnElement[bool], lock: bool = False) -> list[Assignment]:
    question = select(t).where(*where).order_by(t.c.id)
    return [_assignment(row) for row in tx.execute(question.with_for_update() if lock else question).mappings()]


def _values(a: Assignment) -> dict[str, Any]:
    return {name: getattr(a, name) for name in _COLUMNS} | {"during": window(a.during)}


def _assignment(row: RowMapping) -> Assignment:
    known = {name: row[name] for name in _COLUMNS}
    known |= {"purpose": Purpose(row["purpose"]), "state": AssignmentState(row["state"])}
    return Assignment(id=row["id"], during=interval_in(row["during"]), **known)


def seconds_worked(tx: Transaction, district: DistrictId, since: datetime) -> dict[ResponderId, int]:
    """Seconds of work on the spot that everybody has done since, by person; those with none are left out."""
    begun = func.greatest(t.c.arrived_at, since)
    ended = func.coalesce(t.c.ended_at, func.clock_timestamp())
    seconds = func.sum(func.greatest(0, func.extract("epoch", ended - begun)))
    done = t.c.state.in_((AssignmentState.DONE, AssignmentState.ON_SCENE))
    mine = (t.c.district == district, t.c.arrived_at.is_not(None), ended > since, done)
    rows = tx.execute(select(t.c.responder, seconds).where(*mine).group_by(t.c.responder))
    return {who: round(worked) for who, worked in rows if worked}


def last_ended(tx: Transaction, district: DistrictId, since: datetime) -> dict[ResponderId, datetime]:
    """When everybody's last work ended, where that was since."""
    mine = (t.c.district == district, t.c.state == AssignmentState.DONE, t.c.ended_at > since)
    rows = tx.execute(select(t.c.responder, func.max(t.c.ended_at).label("at")).where(*mine).group_by(t.c.responder))
    return {row.responder: row.at for row in rows}


def next_seq(tx: Transaction, responder: ResponderId) -> int:
    """The place at the end of this responder's row of tasks."""
    last = tx.scalar(select(func.max(t.c.seq)).where(t.c.responder == responder, t.c.state.in_(LIVE)))
    return 1 + (last or 0)
