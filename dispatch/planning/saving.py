"""Write what a plan changed: one transaction, nothing that somebody touched since the snapshot.

A case whose version is another, a person whose work or duty changed: they are left as they are, with everybody who
hangs on them by a move, and the caller plans again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch import lifecycle, store
from dispatch.errors import Stale
from dispatch.lifecycle import Work
from dispatch.model import (
    LIVE,
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Event,
    Incident,
    IncidentId,
    PlanSummary,
    Responder,
    ResponderId,
    UserId,
    Waiting,
)
from dispatch.planning.snapshot import Snapshot
from dispatch.planning.timing import Slot
from dispatch.store import plans
from dispatch.store.keys import clock
from gis.database import Transaction

REPLANNED = "replanned"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One case: taken from whom it is offered to (if anybody), given to another (if anybody)."""

    case: Incident
    part: int = 0
    taken: Assignment | None
    given: Slot | None

    def people(self) -> set[ResponderId]:
        return {x.responder for x in (self.taken, self.given) if x is not None}


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What was written. `skipped`: something stood in the way, and a new plan is worth the while; `again`: it is."""

    summary: PlanSummary
    changed: int
    skipped: int
    again: bool = False


def moves(seen: Snapshot, rows: Mapping[ResponderId, Sequence[Slot]]) -> list[Move]:
    """What has to change hands, by case and part."""
    given = {(s.case.id, s.part): s for row in rows.values() for s in row if s.held is None}
    served = {(s.case.id, s.part) for row in rows.values() for s in row}
    taken = {
        (a.incident, a.part): a
        for a in seen.all_live()
        if not a.locked
        and a.responder in rows
        and ((a.incident, a.part) in given or (a.incident, a.part) not in served)
    }
    return [
        Move(case=seen.cases[key[0]], part=key[1], taken=taken.get(key), given=given.get(key))
        for key in sorted({*given, *taken})
    ]


def save(
    tx: Transaction,
    seen: Snapshot,
    rows: Mapping[ResponderId, Sequence[Slot]],
    summary: PlanSummary,
    *,
    asked_by: UserId | None,
    applied_by: UserId | None = None,
    reason: str | None = None,
) -> Saved:
    """One guarded transaction. Raises Stale when a plan from a later sight stands; Taken shows at commit."""
    plans.wait_for_turn(tx, seen.district)
    if plans.newest_epoch(tx, seen.district) > seen.epoch:
        raise Stale(what="plan", id=seen.district, version=seen.epoch, current=None)
    wanted = moves(seen, rows)
    shifts = [slot for row in rows.values() for slot in row if slot.shifted]
    cases, people = _touched(tx, seen, wanted)
    free = [m for m in wanted if m.case.id not in cases and not m.people() & people]
    movable = [s for s in shifts if s.responder not in people]
    if not free and not movable and asked_by is None and _same_reasons(tx, seen, summary, cases):
        last = plans.latest_plan(tx, seen.district)
        return Saved(summary=replace(summary, id=last.id if last else 0), changed=0, skipped=len(wanted) - len(free))
    said = replace(
        summary,
        placed=sum(m.given is not None and m.taken is None for m in free),
        moved=sum(m.given is not None and m.taken is not None for m in free),
        changes=sum(m.taken is not None for m in free),
    )
    by = {"asked_by": asked_by, "applied_by": applied_by}
    said = replace(said, id=plans.add_plan(tx, said, **by, reason=reason, epoch=seen.epoch))
    at = clock(tx)
    undo = [_move(tx, move, said.id, at) for move in free]
    plans.keep_undo(tx, said.id, [one for one in undo if one["before"] is not None])
    for slot in movable:
        _shift(tx, slot, said.id)
    plans.put_waiting(tx, seen.district, _still_waiting(summary, cases))
    store.record(tx, Event(kind="plan.made", district=seen.district, actor=asked_by, body=store.changes(plan=said)))
    return Saved(summary=said, changed=len(free) + len(movable), skipped=len(wanted) - len(free))


def _touched(tx: Transaction, seen: Snapshot, wanted: Sequence[Move]) -> tuple[set[IncidentId], set[ResponderId]]:
    """Cases and people to leave alone: changed since the snapshot, and whoever hangs on them by a move."""
    held = plans.held_versions(
        tx, [m.case.id for m in wanted]
    )  # an offer to check or verify saves no case: no guard there
    current = {c.id: c.version for c in store.incidents_in_scope(tx, seen.district, None)} | held
    cases = {key for key, case in seen.cases.items() if current.get(key) != case.version}
    live = {a.id: a for a in store.live_in_district(tx, seen.district)}
    known = {a.id: a for a in seen.live.values()}
    different = [*_different(live, known), *_different(known, live)]
    cases |= {a.incident for a in different}
    people = {a.responder for a in different} | _changed(seen, store.responders(tx, seen.district))
    while caught := [m for m in wanted if _caught(m, cases, people)]:
        cases |= {m.case.id for m in caught}
        people |= {who for m in caught for who in m.people()}
    return cases, people


def _caught(move: Move, cases: set[IncidentId], people: set[ResponderId]) -> bool:
    """Whether one end of a move must stay and the other does not yet: a half move would leave two rows at odds."""
    ends = [move.case.id in cases, *(who in people for who in move.people())]
    return any(ends) and not all(ends)


def _different(these: Mapping[int, Assignment], those: Mapping[int, Assignment]) -> Iterable[Assignment]:
    return (a for key, a in these.items() if key not in those or those[key].version != a.version)


def _changed(seen: Snapshot, people: Sequence[Responder]) -> set[ResponderId]:
    """Who has another version now, is new, or has left."""
    current = {p.id: p.version for p in people}
    return {key for key, p in seen.people.items() if current.get(key) != p.version}


def _move(tx: Transaction, move: Move, plan: int, at: datetime) -> dict[str, int | None]:
    """Take and give; who had it and who has it now, as assignments."""
    case = move.case
    if move.taken is not None:
        case = _take(tx, case, move.taken, at)
    given = _give(tx, case, move.given, plan, at) if move.given is not None else None
    before = move.taken.id if move.taken else None
    return {"incident": case.id, "part": move.part, "before": before, "after": given}


def _take(tx: Transaction, case: Incident, held: Assignment, at: datetime) -> Incident:
    after = lifecycle.withdraw(Work(incident=case, assignment=held), reason=REPLANNED, at=at)
    if after.incident != case:
        store.save_incident(tx, case, after.incident)
    store.save_assignment(tx, held, after.assignment)
    told = after.incident if held.part == 0 else None
    _announce(tx, "assignment.withdrawn", told, after.assignment, reason=REPLANNED, area=case.area)
    return after.incident


def _give(tx: Transaction, case: Incident, slot: Slot, plan: int, at: datetime) -> int:
    after = lifecycle.offer(case, purpose=slot.purpose, at=at) if slot.part == 0 else case
    lifecycle.check_responder(case, slot.purpose, slot.responder)
    if after != case:
        store.save_incident(tx, case, after)
    offered = _offered(slot, plan, at)
    offered = replace(offered, id=store.add_assignment(tx, offered))
    _announce(tx, "assignment.offered", after if slot.part == 0 else None, offered, area=case.area)
    return offered.id


def _offered(slot: Slot, plan: int, at: datetime) -> Assignment:
    return Assignment(
        id=0,
        incident=slot.case.id,
        district=slot.case.district,
        responder=slot.responder,
        part=slot.part,
        purpose=slot.purpose,
        during=slot.during,
        state=AssignmentState.OFFERED,
        version=1,
        placed_by=None,
        seq=slot.seq,
        travel_seconds=slot.travel_seconds,
        travel_metres=slot.travel_metres,
        estimated=slot.estimated,
        eta=slot.eta,
        offered_at=at,
        accepted_at=None,
        departed_at=None,
        arrived_at=None,
        ended_at=None,
        reason=None,
        plan=plan,
    )


def _shift(tx: Transaction, slot: Slot, plan: int) -> None:
    """Another time or place in the row; who and what stay. Under way, only the end is a plan."""
    held = slot.held
    if held is None or held.state not in LIVE:
        return
    after = replace(held, during=slot.during, seq=slot.seq, eta=slot.eta, version=held.version + 1)
    if held.state not in UNDER_WAY:
        after = replace(
            after,
            travel_seconds=slot.travel_seconds,
            travel_metres=slot.travel_metres,
            estimated=slot.estimated,
            plan=plan,
        )
    store.save_assignment(tx, held, after)
    _announce(tx, "assignment.shifted", None, after, area=slot.case.area)


def _announce(
    tx: Transaction,
    kind: str,
    case: Incident | None,
    a: Assignment,
    *,
    reason: str | None = None,
    area: int | None = None,
) -> None:
    store.record(
        tx,
        Event(
            kind=kind,
            district=a.district,
            area=case.area if case else area,
            incident=a.incident,
            assignment=a.id,
            responder=a.responder,
            reason=reason,
            body=store.changes(incident=case, assignment=a),
        ),
    )


def _still_waiting(summary: PlanSummary, touched: set[IncidentId]) -> list[Waiting]:
    return [w for w in summary.unassigned if w.incident not in touched]


def _same_reasons(tx: Transaction, seen: Snapshot, summary: PlanSummary, touched: set[IncidentId]) -> bool:
    standing = {key: w.reason for key, w in plans.waiting(tx, seen.district).items()}
    return standing == {w.incident: w.reason for w in _still_waiting(summary, touched)}
