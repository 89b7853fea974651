"""The one announcer, and what it told. The event table is timeline, audit trail and resume buffer at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, Text, cast, insert, select

from dispatch import shape
from dispatch.model import Assignment, Event, Incident, IncidentId, PlanSummary, Responder, StoredEvent
from dispatch.tables import event as t
from gis.database import Transaction


def record(tx: Transaction, event: Event) -> int:
    """Announce `event` with this transaction's commit. Its seq."""
    values = {
        "kind": event.kind,
        "district": event.district,
        "area": event.area,
        "incident": event.incident,
        "assignment": event.assignment,
        "responder": event.responder,
        "actor": event.actor,
        "reason": event.reason,
        "body": dict(event.body),
    }
    return int(tx.execute(insert(t).values(**values).returning(t.c.seq)).scalar_one())


def changes(
    *,
    incident: Incident | None = None,
    assignment: Assignment | None = None,
    assignments: Sequence[Assignment] = (),
    responder: Responder | None = None,
    plan: PlanSummary | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The body of an event: every changed thing whole, in the shape that screens put in place of theirs.

    `assignment` is what the event is about, `assignments` are others that moved with it; `more` are plain values.
    """
    body: dict[str, Any] = dict(more)
    if incident is not None:
        body["incident"] = shape.incident(incident)
    if assignment is not None:
        body["assignment"] = shape.assignment(assignment)
    if assignments:
        body["assignments"] = [shape.assignment(a) for a in assignments]
    if responder is not None:
        body["responder"] = shape.responder(responder)
    if plan is not None:
        body["plan"] = shape.plan(plan)
    return body


def timeline(tx: Transaction, incident: IncidentId) -> list[StoredEvent]:
    """Everything that happened to this case, in order."""
    return [stored(row) for row in tx.execute(selected().where(t.c.incident == incident).order_by(t.c.seq)).mappings()]


def selected() -> Select[Any]:
    """All columns of the event table; `txid` as text, which drivers can read."""
    return select(*(cast(c, Text).label("txid") if c.name == "txid" else c for c in t.c))


def stored(row: RowMapping) -> StoredEvent:
    """One row of `selected`."""
    event = Event(
        kind=row["kind"],
        district=row["district"],
        area=row["area"],
        incident=row["incident"],
        assignment=row["assignment"],
        responder=row["responder"],
        actor=row["actor"],
        reason=row["reason"],
        body=row["body"],
        at=row["at"],
    )
    return StoredEvent(txid=int(row["txid"]), seq=row["seq"], at=row["at"], event=event)
