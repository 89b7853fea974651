"""An applied plan taken back: every promise that it broke is made again, where that is still legal.

What is restored is a person's word from then on, and the engine does not move it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from dispatch import lifecycle, policy, steps, store
from dispatch.candidates import rules
from dispatch.desk.assigning import Travel, offer
from dispatch.errors import NotNow
from dispatch.lifecycle import Work
from dispatch.lifecycle.case import PURPOSES
from dispatch.model import (
    LIVE,
    OPEN_STAGES,
    Assignment,
    AssignmentState,
    Deed,
    Event,
    Incident,
    IncidentId,
    ResponderId,
    User,
)
from dispatch.once import once
from dispatch.store import plans
from dispatch.store.classes import class_of
from dispatch.store.keys import clock
from dispatch.store.plans import Broken, PlanLine
from gis.database import Transaction

UNDONE = "undone"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A promise made again."""

    incident: IncidentId
    number: str
    responder: ResponderId
    name: str


@dataclass(frozen=True, kw_only=True)
class NotRestored:
    """A promise that cannot be made again, and the code of the reason."""

    incident: IncidentId
    number: str
    code: str
    name: str  #: who had it before


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What became of an undoing."""

    plan: int
    restored: tuple[Restored, ...]
    could_not: tuple[NotRestored, ...]


def undo(engine: Engine, *, who: User, plan: int, reason: str | None, key: str) -> Undone:
    """Take back the newest plan that broke promises. NotNow when it is another, or was taken back already."""

    def deed(tx: Transaction) -> Undone:
        line = plans.plan_line(tx, plan)
        policy.require(who, Deed.PLAN, line.district)
        plans.wait_for_turn(tx, line.district)
        newest = plans.undoable(tx, line.district)
        if newest is None or newest.id != plan:
            raise NotNow("work.not_now.undo", deed=Deed.PLAN, stage="")
        plans.held_versions(tx, [one.incident for one in line.broken])  # cases first, as everywhere
        at = clock(tx)
        found = [_restore(tx, who, one, reason, at) for one in line.broken]
        plans.mark_undone(tx, plan, by=who.id, at=at, reason=reason)
        done = Undone(
            plan=plan,
            restored=tuple(one for one in found if isinstance(one, Restored)),
            could_not=tuple(one for one in found if isinstance(one, NotRestored)),
        )
        _announce(tx, line, who, reason, done)
        return done

    return once(engine, Undone, deed, name="undo_plan", key=key, who=who, asked={"plan": plan, "reason": reason or ""})


def _restore(tx: Transaction, who: User, one: Broken, reason: str | None, at: datetime) -> Restored | NotRestored:
    case, before = store.incident(tx, one.incident), store.assignment(tx, one.before)
    person = store.responder(tx, before.responder, lock=True)
    live = next((a for a in store.live_crew(tx, case.id, lock=True) if a.part == one.part), None)
    if code := _hurdle(tx, case, before, live, one, at):
        return NotRestored(incident=case.id, number=case.number, code=code, name=person.name)
    if live is not None:
        work = lifecycle.withdraw(Work(incident=case, assignment=live), reason=UNDONE, at=at)
        steps.save_work(tx, Work(incident=case, assignment=live), work)
        steps.announce(tx, "assignment.withdrawn", work, actor=who.id, reason=UNDONE)
        case = work.incident
    way = Travel(seconds=before.travel_seconds, metres=before.travel_metres, estimated=before.estimated)
    offer(tx, who, case, before.purpose, person.id, way, reason=reason or UNDONE, at=at, part=one.part)
    return Restored(incident=case.id, number=case.number, responder=person.id, name=person.name)


def _hurdle(
    tx: Transaction, case: Incident, before: Assignment, live: Assignment | None, one: Broken, at: datetime
) -> str | None:
    """Why a promise cannot be made again; None when it can."""
    person = store.responder(tx, before.responder)
    if case.stage not in OPEN_STAGES or PURPOSES[case.stage] is not before.purpose:
        return "moved_on"
    if live is not None and (live.id != one.after or live.state is not AssignmentState.OFFERED):
        return "begun" if live.id == one.after and live.state in LIVE else "somebody_else"
    if person.gone or not rules.available(person).passed or not any(s.start <= at < s.end for s in person.shifts):
        return "not_there"
    if len(store.live_assignments(tx, person.id)) >= person.max_tasks:
        return "too_many"
    kind, ever = class_of(tx, case.class_code, case.class_version), store.assignments_of(tx, [case.id])
    allowed = rules.standing(person, case, kind, before.purpose, ever, at)
    return None if all(rule.passed for rule in allowed) else "not_allowed"


def _announce(tx: Transaction, line: PlanLine, who: User, reason: str | None, done: Undone) -> None:
    said = {
        "id": line.id,
        "restored": [one.incident for one in done.restored],
        "could_not": [one.incident for one in done.could_not],
    }
    event = Event(kind="plan.undone", district=line.district, actor=who.id, reason=reason, body={"undone": said})
    store.record(tx, event)
