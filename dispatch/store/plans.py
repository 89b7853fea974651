"""What the engine did last, and why open cases wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Text, cast, delete, func, insert, select, text, tuple_, update

from dispatch.errors import Unknown
from dispatch.model import AssignmentId, Cursor, IncidentId, PlanSummary, StoredEvent, UserId, Waiting
from dispatch.store.events import selected, stored
from dispatch.tables import Xid8, event, incident, plan, unassigned
from gis.database import Transaction
from gis.model import DistrictId

TURN = 0x706C616E  #: "plan": the lock under which plans of one district are saved one after the other


_SUMMARY = (
    *("district", "made_at", "engine", "seconds", "cost", "estimated", "placed", "moved"),
    *("changes", "degraded"),
)


def epoch(tx: Transaction) -> int:
    """The age of what `tx` sees, in transactions: a plan from an older sight never replaces one from a newer."""
    return int(tx.scalar(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")) or 0)


def visible_after(tx: Transaction, cursor: Cursor) -> list[StoredEvent]:
    """Every committed event after the cursor, though older ones may still commit: who reads so keeps the cursor back.

    For whoever would rather act at once, and hear of something twice, than wait for the oldest transaction.
    """
    since = tuple_(event.c.txid, event.c.seq) > tuple_(cast(cast(cursor.txid, Text), Xid8()), cursor.seq)
    return [stored(row) for row in tx.execute(selected().where(since).order_by(event.c.txid, event.c.seq)).mappings()]


def planner_seen(tx: Transaction) -> datetime | None:
    """When a worker that plans last said that it lives; None while none does."""
    found: datetime | None = tx.scalar(text("SELECT max(last_heartbeat) FROM procrastinate_workers"))
    return found


def wait_for_turn(tx: Transaction, district: DistrictId) -> None:
    """Let nobody else save a plan of this district until `tx` ends."""
    tx.execute(text("SELECT pg_advisory_xact_lock(:turn, :district)"), {"turn": TURN, "district": district})


def newest_epoch(tx: Transaction, district: DistrictId) -> int:
    """The age of what the newest plan was made from; 0 before the first."""
    return int(tx.scalar(select(func.max(plan.c.epoch)).where(plan.c.district == district)) or 0)


def add_plan(
    tx: Transaction,
    summary: PlanSummary,
    *,
    asked_by: UserId | None,
    epoch: int,
    applied_by: UserId | None = None,
    reason: str | None = None,
) -> int:
    """Keep a plan; its `id` is ignored."""
    values: dict[str, Any] = {name: getattr(summary, name) for name in _SUMMARY}
    left = [{"incident": w.incident, "reason": w.reason, "params": dict(w.params)} for w in summary.unassigned]
    said = {"asked_by": asked_by, "applied_by": applied_by, "reason": reason, "epoch": epoch}
    row = insert(plan).values(**values, **said, unassigned=left)
    return int(tx.execute(row.returning(plan.c.id)).scalar_one())


def keep_undo(tx: Transaction, key: int, moves: Sequence[Mapping[str, int | None]]) -> None:
    """Remember who had what before this plan: assignments, case by case."""
    if moves:
        tx.execute(update(plan).where(plan.c.id == key).values(undo=[dict(one) for one in moves]))


def latest_plan(tx: Transaction, district: DistrictId) -> PlanSummary | None:
    """The last plan that changed something or was asked for."""
    question = select(plan).where(plan.c.district == district).order_by(plan.c.id.desc()).limit(1)
    row = tx.execute(question).mappings().one_or_none()
    return None if row is None else _summary(row)


def plan_by_id(tx: Transaction, key: int) -> PlanSummary:
    """One plan; Unknown if there is none."""
    row = tx.execute(select(plan).where(plan.c.id == key)).mappings().one_or_none()
    if row is None:
        raise Unknown(what="plan", id=key)
    return _summary(row)


def _summary(row: RowMapping) -> PlanSummary:
    left = tuple(Waiting(incident=w["incident"], reason=w["reason"], params=w["params"]) for w in row["unassigned"])
    return PlanSummary(id=row["id"], unassigned=left, **{name: row[name] for name in _SUMMARY})


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A promise that a plan broke: whose assignment ended, and whose began instead (None: nobody's)."""

    incident: IncidentId
    part: int
    before: AssignmentId
    after: AssignmentId | None


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One plan in the list of plans: who asked for it, applied it, took it back."""

    id: int
    district: DistrictId
    made_at: datetime
    engine: str
    cost: int
    seconds: float
    placed: int
    moved: int
    changes: int
    degraded: str | None
    asked_by: UserId | None
    applied_by: UserId | None
    undone_by: UserId | None
    undone_at: datetime | None
    reason: str | None
    broken: tuple[Broken, ...]


def plan_lines(tx: Transaction, district: DistrictId, *, limit: int) -> list[PlanLine]:
    """The newest plans, the newest first."""
    rows = tx.execute(select(plan).where(plan.c.district == district).order_by(plan.c.id.desc()).limit(limit))
    return [_line(row) for row in rows.mappings()]


def plan_line(tx: Transaction, key: int) -> PlanLine:
    """One plan with what it broke; Unknown if there is none."""
    row = tx.execute(select(plan).where(plan.c.id == key)).mappings().one_or_none()
    if row is None:
        raise Unknown(what="plan", id=key)
    return _line(row)


def undoable(tx: Transaction, district: DistrictId) -> PlanLine | None:
    """The newest plan that broke promises, where nobody has taken it back yet."""
    mine = (plan.c.district == district, plan.c.changes > 0)
    row = tx.execute(select(plan).where(*mine).order_by(plan.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None or row["undone_at"] is not None else _line(row)


def mark_undone(tx: Transaction, key: int, *, by: UserId, at: datetime, reason: str | None) -> None:
    """Who took a plan back, and when."""
    said = {"undone_by": by, "undone_at": at, "reason": func.coalesce(reason, plan.c.reason)}
    tx.execute(update(plan).where(plan.c.id == key).values(**said))


def _line(row: RowMapping) -> PlanLine:
    names = [f.name for f in fields(PlanLine) if f.name != "broken"]
    return PlanLine(**{name: row[name] for name in names}, broken=tuple(Broken(**one) for one in row["undo"]))


def held_versions(tx: Transaction, cases: Collection[IncidentId]) -> dict[IncidentId, int]:
    """The versions of these cases, which nobody changes until `tx` ends; locked in the order of their ids."""
    question = select(incident.c.id, incident.c.version).where(incident.c.id.in_(cases)).order_by(incident.c.id)
    return {row.id: row.version for row in tx.execute(question.with_for_update())} if cases else {}


def waiting(tx: Transaction, district: DistrictId) -> dict[IncidentId, Waiting]:
    """The standing reason of every case that waits."""
    question = select(unassigned).join(incident).where(incident.c.district == district)
    return {
        row["incident"]: Waiting(incident=row["incident"], reason=row["reason"], params=row["params"])
        for row in tx.execute(question).mappings()
    }


def put_waiting(tx: Transaction, district: DistrictId, reasons: Sequence[Waiting]) -> None:
    """These cases wait, for these reasons, and no others of the district."""
    here = select(incident.c.id).where(incident.c.district == district)
    tx.execute(delete(unassigned).where(unassigned.c.incident.in_(here)))
    if reasons:
        rows = [{"incident": w.incident, "reason": w.reason, "params": dict(w.params)} for w in reasons]
        tx.execute(insert(unassigned), rows)
