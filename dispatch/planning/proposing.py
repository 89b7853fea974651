"""Re-plans that break promises, where a district wants to be asked: proposed, applied, rejected.

A proposal stands on what it was made from: who is on what, in which state. Times may shift under it; when a person or
a case that it touches has changed, it cannot be applied any more, and the answer says what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.errors import NotNow, Stale
from dispatch.model import (
    Deed,
    Event,
    IncidentId,
    PlanSummary,
    Proposal,
    ProposalState,
    ResponderId,
    User,
)
from dispatch.once import begin, once
from dispatch.planning import differing, promises, saving, timing
from dispatch.planning.differing import Diff
from dispatch.planning.posing import Posed, pose
from dispatch.planning.snapshot import Snapshot, read
from dispatch.planning.solving import solved
from dispatch.planning.summing import summary
from dispatch.solver import Plan
from dispatch.store import plans, proposals
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.model import DistrictId
from gis.travel.engine import TravelEngine

SEARCH = 0.2  #: seconds, to put what is new since into the rows that are applied

type Key = tuple[IncidentId, int]
type Json = dict[str, Any]


def propose(engine: Engine, seen: Snapshot, posed: Posed, plan: Plan) -> Proposal | None:
    """Keep `plan` as a proposal, in place of the open one, where it breaks promises and gains enough by it.

    What was rejected last is not proposed again while it says the same; one that is open and the same stays.
    """
    found = _worth_asking(seen, posed, plan)
    with begin(engine) as tx:
        plans.wait_for_turn(tx, seen.district)
        standing, last = (
            proposals.open_proposal(tx, seen.district, lock=True),
            proposals.latest_decided(tx, seen.district),
        )
        wanted = _moves(found) if found else []
        if standing and found and standing.diff["moves"] == wanted:
            return standing
        if standing:
            proposals.decide(tx, standing, ProposalState.SUPERSEDED, by=None, at=seen.now, reason=None)
        if found is None or (last and last.state is ProposalState.REJECTED and last.diff["moves"] == wanted):
            return None
        new = proposals.add_proposal(tx, _proposal(seen, posed, plan, found, wanted))
        _announce(tx, "plan.proposed", new, None)
        return new


def apply(
    engine: Engine, travel: TravelEngine, *, who: User, proposal: int, epoch: int | None, reason: str | None, key: str
) -> tuple[Proposal, PlanSummary]:
    """Make the promises that a proposal makes. Raises Stale with what changed; NotNow when it is decided already."""
    with begin(engine) as tx:
        known = proposals.proposal(tx, proposal)
    policy.require(who, Deed.PLAN, known.district)
    seen = read(engine, known.district)
    posed = pose(seen, travel)
    rows = _rows(posed, known)
    wanted = promises.rearranged(posed.problem, rows)
    found = solved(wanted, seed=0, seconds=SEARCH)

    def deed(tx: Transaction) -> list[Any]:
        now = proposals.proposal(tx, proposal, lock=True)
        _require_open(now, epoch)
        if changes := _changes(seen, known) or _unkept(posed, promises.changed(wanted, found.plan.tasks())):
            raise Stale("work.stale", what="proposal", id=proposal, version=epoch, current=None, changed=changes)
        slots = timing.rows(seen, posed, found.plan)
        made = summary(seen, posed, found)
        saved = saving.save(tx, seen, slots, made, asked_by=who.id, applied_by=who.id, reason=reason)
        if saved.skipped:
            raise Stale(what="proposal", id=proposal, version=epoch, current=None)
        done = proposals.decide(tx, now, ProposalState.APPLIED, by=who.id, at=clock(tx), reason=reason)
        _announce(tx, "plan.applied", done, who.id, plan=saved.summary)
        return [done.id, saved.summary.id]

    asked = {"proposal": proposal, "epoch": epoch, "reason": reason or ""}
    _, plan = once(engine, list, deed, name="apply_plan", key=key, who=who, asked=asked)
    with begin(engine) as tx:
        return proposals.proposal(tx, proposal), plans.plan_by_id(tx, plan)


def reject(engine: Engine, *, who: User, proposal: int, reason: str | None, key: str) -> Proposal:
    """Leave things as they are. NotNow when it is decided already."""

    def deed(tx: Transaction) -> int:
        now = proposals.proposal(tx, proposal, lock=True)
        policy.require(who, Deed.PLAN, now.district)
        _require_open(now, None)
        done = proposals.decide(tx, now, ProposalState.REJECTED, by=who.id, at=clock(tx), reason=reason)
        _announce(tx, "plan.rejected", done, who.id)
        return done.id

    asked = {"proposal": proposal, "reason": reason or ""}
    once(engine, int, deed, name="reject_plan", key=key, who=who, asked=asked)
    with begin(engine) as tx:
        return proposals.proposal(tx, proposal)


def diff_json(found: Diff) -> Json:
    """A difference as it is kept and shown; the sentences are made at the door."""
    before, after = found.before, found.after
    return {
        "cost": {
            "before": before.score.cost,
            "after": after.score.cost,
            "parts": differing.parts(before.score, after.score),
        },
        "late": {
            "before_minutes": round(before.late_seconds / 60, 1),
            "after_minutes": round(after.late_seconds / 60, 1),
            "before_cases": before.late,
            "after_cases": after.late,
        },
        "people": [
            {
                "responder": p.responder,
                "name": p.name,
                "gains": [{**_case(c.item), "from": c.before} for c in p.gains],
                "loses": [{**_case(c.item), "to": c.after} for c in p.loses],
                "moves": [{**_case(s.item), "seconds": s.seconds} for s in p.moves],
            }
            for p in found.people
        ],
    }


def _worth_asking(seen: Snapshot, posed: Posed, plan: Plan) -> Diff | None:
    """The difference that a plan makes, where it breaks promises that could hold and gains enough by it."""
    problem, rows = posed.problem, plan.tasks()
    if not promises.breakable(problem, rows):
        return None
    try:
        stands = solved(promises.keeping(problem), seed=0, seconds=0.0).plan.tasks()
        before, after = (differing.side(problem, each, posed.due) for each in (stands, rows))
    except ValueError:
        return None
    if before.score.cost - after.score.cost < seen.weights["propose"]:
        return None
    return differing.diff(posed, before, after)


def _proposal(seen: Snapshot, posed: Posed, plan: Plan, found: Diff, wanted: list[list[int | None]]) -> Proposal:
    touched = {p.responder for p in found.people}
    rows = {
        posed.people[who].id: tuple(posed.items[task].key for task in row)
        for who, row in enumerate(plan.tasks())
        if posed.people[who].id in touched
    }
    return Proposal(
        id=0,
        district=seen.district,
        made_at=seen.now,
        epoch=seen.epoch,
        engine=plan.found_by,
        state=ProposalState.OPEN,
        rows=rows,
        seen=_stands_on(seen, touched, rows.values()),
        diff={**diff_json(found), "changes": len(wanted), "moves": wanted},
    )


def _stands_on(
    seen: Snapshot, people: Iterable[ResponderId], rows: Iterable[Sequence[Key]]
) -> dict[str, dict[int, str]]:
    """What must be as it was when the proposal is applied: duty of people, stage of cases, who is on what."""
    keys = {key for row in rows for key in row}
    live = [a for a in seen.all_live() if (a.incident, a.part) in keys]
    return {
        "responder": {who: str(seen.people[who].duty) for who in people},
        "incident": {case: str(seen.cases[case].stage) for case, _ in keys},
        "assignment": {a.id: str(a.state) for a in live},
    }


def _changes(seen: Snapshot, known: Proposal) -> list[Json]:
    """What is not as it was."""
    people = {key: str(p.duty) for key, p in seen.people.items()}
    cases = {key: str(c.stage) for key, c in seen.cases.items()}
    live = {a.id: str(a.state) for a in seen.all_live()}
    now: Mapping[str, Mapping[int, str]] = {"responder": people, "incident": cases, "assignment": live}
    return [
        {"what": what, "id": key, "before": said, "now": now[what].get(key), **_called(known, what, key)}
        for what, stood in known.seen.items()
        for key, said in stood.items()
        if now[what].get(key) != said
    ]


def _called(known: Proposal, what: str, key: int) -> Json:
    """The number of a case, the name of a person, as the proposal shows them."""
    if what == "responder":
        return {"person": next((p["name"] for p in known.diff["people"] if p["responder"] == key), "")}
    rows = [row for p in known.diff["people"] for kind in ("gains", "loses", "moves") for row in p[kind]]
    return {"number": next((row["number"] for row in rows if row["incident"] == key), "")}


def _unkept(posed: Posed, tasks: Sequence[int]) -> list[Json]:
    """Promises that do not fit into the day any more."""
    cases = [posed.items[k].case for k in tasks]
    return [{"what": "incident", "id": c.id, "number": c.number, "before": "fits", "now": None} for c in cases]


def _rows(posed: Posed, known: Proposal) -> list[list[int]]:
    """Everybody's row as the proposal has it; what they were given since stands behind."""
    number = {item.key: k for k, item in enumerate(posed.items)}
    moved = {number[key] for row in known.rows.values() for key in row if key in number}
    rows = []
    for who, person in enumerate(posed.people):
        planned = [number[key] for key in known.rows.get(person.id, ()) if key in number]
        rows.append([*planned, *(k for k in posed.problem.standing[who] if k not in moved)])
    return rows


def _moves(found: Diff) -> list[list[int | None]]:
    """[case, part, to whom] of everything that changes hands, for telling one proposal from another."""
    changes = [c for p in found.people for c in (*p.loses, *(c for c in p.gains if c.before is None))]
    return sorted(([c.item.case.id, c.item.part, c.after] for c in changes), key=lambda row: (row[0] or 0, row[1] or 0))


def _case(item: Any) -> Json:
    return {"incident": item.case.id, "part": item.part, "number": item.case.number, "title": item.case.title}


def _require_open(now: Proposal, epoch: int | None) -> None:
    if now.state is not ProposalState.OPEN:
        raise NotNow("work.not_now.proposal", deed=Deed.PLAN, stage=now.state)
    if epoch is not None and epoch != now.epoch:
        raise Stale(what="proposal", id=now.id, version=epoch, current=now.epoch)


def _announce(
    tx: Transaction, kind: str, told: Proposal, actor: int | None, *, plan: PlanSummary | None = None
) -> None:
    cost = told.diff["cost"]
    said: Json = {
        "id": told.id,
        "state": str(told.state),
        "changes": told.diff["changes"],
        "cost_before": cost["before"],
        "cost_after": cost["after"],
    }
    body = store.changes(plan=plan, proposal=said)
    store.record(tx, Event(kind=kind, district=told.district, actor=actor, reason=told.reason, body=body))


def standing(tx: Transaction, district: DistrictId) -> Proposal | None:
    """The proposal that waits."""
    return proposals.open_proposal(tx, district)
