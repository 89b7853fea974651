"""A case as the solver's tasks: one for each person that it needs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.candidates import rules
from dispatch.model import (
    UNDER_WAY,
    Assignment,
    AssignmentState,
    CrewRole,
    Incident,
    IncidentId,
    Priority,
    Purpose,
    ResponderId,
    Stage,
)
from dispatch.planning.people import Numbers, between
from dispatch.planning.snapshot import Snapshot
from dispatch.solver import Crew, Task

AT_LEAST = 60  #: seconds that work on the spot still takes when it overruns
NAMES = {Priority.LIFE: "life", Priority.URGENT: "urgent", Priority.NORMAL: "normal", Priority.LOW: "low"}
TO_COME = frozenset({Stage.COLLECTED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING})

#: rule that keeps somebody out -> the reason for which a case waits
REASONS = {
    "volunteers": "class_not_for_volunteers",
    "someone_else": "needs_somebody_else",
    "declined": "declined",
    "radius": "out_of_radius",
    "width": "too_wide",
}
ON_IT = "on_it"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One task: a case, and which part of its crew."""

    case: Incident
    part: int
    role: CrewRole

    @property
    def key(self) -> tuple[IncidentId, int]:
        return self.case.id, self.part


def items(seen: Snapshot, cases: Sequence[Incident]) -> tuple[Item, ...]:
    """Every part of every case, in order."""
    return tuple(Item(case=c, part=k, role=role) for c in cases for k, role in enumerate(seen.roles(c)))


def blocked(seen: Snapshot, cases: Sequence[Incident]) -> frozenset[IncidentId]:
    """Cases that come after one to which nobody can be sent yet."""
    there = {c.id for c in cases}
    found: set[IncidentId] = set()
    while more := {
        c.id
        for c in cases
        if c.id not in found and c.id not in seen.live
        for before in to_come(seen, c)
        if before not in there or before in found
    }:
        found |= more
    return frozenset(found)


def to_come(seen: Snapshot, case: Incident) -> tuple[IncidentId, ...]:
    """The cases whose work has to end before this one's begins, and has not ended yet."""
    return tuple(key for key in case.after if key in seen.cases and seen.cases[key].stage in TO_COME)


def task(seen: Snapshot, item: Item, node: int, number: Mapping[ResponderId, int], numbers: Numbers) -> Task:
    """One part of one case; what it comes after is tied later."""
    case, purpose = item.case, seen.purpose(item.case)
    live = seen.held(*item.key)
    weight, target = weight_of(seen, case, purpose), _planned_with(seen, case, purpose)
    locked = live is not None and live.locked
    done = weight * seen.weights["done_late"] // 1000 if purpose is Purpose.HANDLE and case.due_handle_at else 0
    return Task(
        node=node,
        service=_service(case, purpose, live, seen.now),
        weight=weight,
        target=target,
        unserved=weight * (seen.weights["left_out"] + max(0, -target)),
        done_target=between(seen.now, case.due_handle_at) if done and case.due_handle_at else 0,
        done_weight=done,
        needs={} if item.role.skill is None else {numbers.skills.index(item.role.skill): item.role.level},
        windows=_appointment(seen, case),
        demand=_demand(seen, item, purpose, numbers.goods),
        barred=_barred(seen, item, purpose, number),
        extra=_extra(seen, case, number),
        locked=number[live.responder] if live and locked else None,
        pinned=live is not None and live.state in UNDER_WAY,
        holder=number[live.responder] if live and not locked else None,
        hop=seen.weights["hop"] if live and not locked else 0,
    )


def crews(all_items: Sequence[Item], tasks: Sequence[Task]) -> tuple[Crew, ...]:
    """Who has to be there together: the parts of a case that nobody has begun; one that waits alone is no crew."""
    parts: dict[IncidentId, list[int]] = {}
    for k, item in enumerate(all_items):
        if tasks[k].locked is None:
            parts.setdefault(item.case.id, []).append(k)
    return tuple(Crew(tasks=tuple(mine)) for mine in parts.values() if len(mine) > 1)


def weight_of(seen: Snapshot, case: Incident, purpose: Purpose) -> int:
    """Cost of a second of lateness."""
    return seen.weights["late_verify" if purpose is Purpose.VERIFY else f"late_{NAMES[case.priority]}"]


def due(seen: Snapshot, item: Item) -> int:
    """When somebody ought to be there, in seconds from now: what people are shown and lateness is counted by."""
    return between(seen.now, _target(seen, item.case, seen.purpose(item.case)))


def _planned_with(seen: Snapshot, case: Incident, purpose: Purpose) -> int:
    """An earlier target, of which the engine knows: a plan that uses up every target is late whenever work overruns."""
    target, begun = _target(seen, case, purpose), _asked_at(case, purpose)
    return between(seen.now, begun + max(timedelta(), target - begun) * (seen.weights["target_share"] / 1000))


def _asked_at(case: Incident, purpose: Purpose) -> datetime:
    """When somebody could have gone first."""
    if purpose is Purpose.VERIFY:
        return case.fed_back_at or case.reported_at
    if purpose is Purpose.HANDLE and case.appointment_to is not None:
        return case.appointment_from or case.appointment_to
    return case.filed_at or case.reported_at


def _target(seen: Snapshot, case: Incident, purpose: Purpose) -> datetime:
    """When somebody ought to be there."""
    if purpose is Purpose.VERIFY:
        return _asked_at(case, purpose) + timedelta(seconds=seen.weights["within_verify"])
    if purpose is Purpose.HANDLE and case.appointment_to is not None:
        return case.appointment_to
    if purpose is Purpose.HANDLE and case.due_arrive_at is not None:
        return case.due_arrive_at
    within = seen.weights[f"within_{NAMES[case.priority]}"]
    return (case.filed_at or case.reported_at) + timedelta(seconds=within)


def _service(case: Incident, purpose: Purpose, live: Assignment | None, now: datetime) -> int:
    """Seconds of work that remain."""
    whole = max(1, rules.service(case, purpose))
    if live is None or live.state is not AssignmentState.ON_SCENE:
        return whole
    return max(AT_LEAST, whole - between(live.arrived_at or now, now))


def _appointment(seen: Snapshot, case: Incident) -> tuple[tuple[int, int], ...]:
    """When the work may begin. An appointment that was missed binds nobody any more: it is late."""
    if case.appointment_from is None or case.appointment_to is None or case.appointment_to <= seen.now:
        return ()
    return ((max(0, between(seen.now, case.appointment_from)), between(seen.now, case.appointment_to)),)


def _demand(seen: Snapshot, item: Item, purpose: Purpose, goods: Sequence[str]) -> tuple[int, ...]:
    """What the one who leads has to bring."""
    if purpose is not Purpose.HANDLE or item.part > 0:
        return (0,) * len(goods)
    needs = seen.kind(item.case).needs
    return tuple(needs.get(name, 0) for name in goods)


def _barred(seen: Snapshot, item: Item, purpose: Purpose, number: Mapping[ResponderId, int]) -> dict[int, str]:
    case, barred = item.case, {}
    kind, before = seen.kind(case), seen.before.get(case.id, ())
    odd = seen.odd | {a.responder for a in before} | {case.handled_by}
    for one in (seen.people[key] for key in sorted(number.keys() & odd)):  # no rule is against anybody else
        failed = [r.code for r in rules.standing(one, case, kind, purpose, before, seen.now) if not r.passed]
        if failed:
            barred[number[one.id]] = REASONS[failed[0]]
    for part in range(len(seen.roles(case))):
        other = seen.held(case.id, part) if part != item.part else None
        if other is not None and other.locked and other.responder in number:
            barred.setdefault(number[other.responder], ON_IT)
    return barred


def _extra(seen: Snapshot, case: Incident, number: Mapping[ResponderId, int]) -> dict[int, int]:
    """What it costs to send somebody who does not answer for the cell."""
    cost, owner = seen.weights["other_cell"], seen.duties.get(case.cell) if case.cell else None
    if not cost or case.cell is None:
        return {}
    at_home = {key for key, p in seen.people.items() if key == owner or (owner is None and p.home_cell == case.cell)}
    return {number[key]: cost for key in seen.people if key not in at_home} if at_home else {}
