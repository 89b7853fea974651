"""Steps that several use cases share, each inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dispatch import lifecycle, store
from dispatch.lifecycle import Work
from dispatch.model import Assignment, Event, Incident, UserId
from gis.database import Transaction

RELEASED = "crew_released"  #: who leads the crew is done, or has left


def withdraw(tx: Transaction, work: Work, *, by: UserId | None, reason: str, at: datetime) -> Work:
    """Take work back from whoever has it, and from who would have helped them: one transition, one event each."""
    after = lifecycle.withdraw(work, reason=reason, at=at)
    save_work(tx, work, after)
    announce(tx, "assignment.withdrawn", after, actor=by, reason=reason)
    release(tx, after, by=by, at=at)
    return after


def release(tx: Transaction, work: Work, *, by: UserId | None, at: datetime) -> None:
    """Who leads is gone or done: whoever was to help, goes home."""
    if not work.assignment.moves_case:
        return
    for one in store.live_crew(tx, work.incident.id, lock=True):
        if one.part > 0:
            after = lifecycle.withdraw(Work(incident=work.incident, assignment=one), reason=RELEASED, at=at)
            store.save_assignment(tx, one, after.assignment)
            announce(tx, "assignment.withdrawn", after, actor=by, reason=RELEASED)


def alone(tx: Transaction, case: Incident, *, by: UserId | None, reason: str, at: datetime) -> Incident:
    """The case with nobody on it any more."""
    live = store.live_assignment(tx, case.id, lock=True)
    if live is None:
        return case
    return withdraw(tx, Work(incident=case, assignment=live), by=by, reason=reason, at=at).incident


def push_back(
    tx: Transaction, live: Sequence[Assignment], *, mine: Assignment | None, now: datetime
) -> list[Assignment]:
    """Re-chain one person's live windows, `mine` as it will be; the others that moved, saved."""
    others = [a for a in live if mine is None or a.id != mine.id]
    chained = lifecycle.rechain([*others, *([] if mine is None else [mine])], now=now)
    before = {a.id: a for a in others}
    moved = [a for a in chained if a.id in before and a != before[a.id]]
    for a in moved:
        store.save_assignment(tx, before[a.id], a)
    return moved


def save_work(tx: Transaction, before: Work, after: Work) -> None:
    """Save what changed, the case first: everybody locks in that order."""
    if after.incident is not before.incident:
        store.save_incident(tx, before.incident, after.incident)
    if after.assignment is not before.assignment:
        store.save_assignment(tx, before.assignment, after.assignment)


def announce(
    tx: Transaction,
    kind: str,
    work: Work,
    *,
    actor: UserId | None,
    reason: str | None = None,
    moved: Sequence[Assignment] = (),
    **more: Any,
) -> None:
    """One event about one assignment, with its case."""
    case, a = work.incident, work.assignment
    event = Event(
        kind=kind,
        district=case.district,
        area=case.area,
        incident=case.id,
        assignment=a.id,
        responder=a.responder,
        actor=actor,
        reason=reason,
        body=store.changes(incident=case, assignment=a, assignments=moved, purpose=str(a.purpose), **more),
    )
    store.record(tx, event)
