"""A snapshot as a problem in integers: seconds from now, people and tasks by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from dispatch.candidates import rules
from dispatch.model import (
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Duty,
    Incident,
    Priority,
    Purpose,
    Responder,
    ResponderId,
    ResponderKind,
)
from dispatch.planning.snapshot import Snapshot
from dispatch.solver import NO_WAY, Held, Person, Problem, Task
from gis.model import Mode, Point
from gis.travel.engine import Floats, TravelEngine

WEIGHT = {Priority.LIFE: 8, Priority.URGENT: 4, Priority.NORMAL: 2, Priority.LOW: 1}
LEFT_OUT = 48 * 3600  #: leaving a case out costs as much as being this late with it: what can be served, is
ON_SITE_WITHIN = {Priority.LIFE: 600, Priority.URGENT: 1800, Priority.NORMAL: 7200, Priority.LOW: 14_400}
VERIFIED_WITHIN = 4 * 3600
LOOK_AHEAD = timedelta(hours=1)  #: people whose shift begins by then count as there
SECOND_CHOICE = 120  #: seconds of way that a volunteer may be nearer before being asked instead of a worker
HOP = 300  #: weighted seconds that a change must gain before an offer goes to somebody else
PATIENCE = 600  #: weighted seconds that a change of order must gain before a row that people look at changes
AT_LEAST = 60  #: seconds that work on the spot still takes when it overruns

#: rule that keeps somebody out -> the reason for which a case waits
REASONS = {
    "volunteers": "class_not_for_volunteers",
    "someone_else": "needs_somebody_else",
    "declined": "declined",
    "radius": "out_of_radius",
}


@dataclass(frozen=True, kw_only=True)
class Posed:
    """The problem, and who and what its numbers mean."""

    problem: Problem
    people: tuple[Responder, ...]
    cases: tuple[Incident, ...]
    skills: tuple[str, ...]
    metres: Mapping[int, Floats]  #: mode -> (people + tasks, people + tasks)
    estimated: Mapping[int, bool]
    unlocated: tuple[Incident, ...]  #: cases that nobody can be sent to yet

    def leg(self, who: int, before: int | None, task: int) -> float:
        """Metres of one way, 0 where none is known."""
        row = who if before is None else len(self.people) + before
        metres = float(self.metres[self.problem.people[who].mode][row, len(self.people) + task])
        return metres if np.isfinite(metres) else 0.0


def pose(seen: Snapshot, travel: TravelEngine) -> Posed:
    """The problem of now. Asks for one matrix a mode: no transaction may be open."""
    people = tuple(seen.people.values())
    number = {p.id: k for k, p in enumerate(people)}
    mine = [c for c in seen.cases.values() if c.id not in seen.live or seen.live[c.id].responder in number]
    cases = tuple(c for c in mine if c.point is not None or c.id in seen.live)
    skills = tuple(sorted({c.skill for c in cases if c.skill} | {s for p in people for s in p.skills}))
    modes = tuple(sorted({p.mode for p in people})) or (Mode.WALK,)  # a place without a crew has its reasons too
    starts = [_start(seen, p) for p in people]
    places = [c.point or starts[number[seen.live[c.id].responder]] for c in cases]
    seconds, metres, estimated = _ways(travel, modes, people, starts, places)
    return Posed(
        problem=Problem(
            people=tuple(_person(seen, p, k, modes, skills) for k, p in enumerate(people)),
            tasks=tuple(_task(seen, c, k + len(people), number, skills) for k, c in enumerate(cases)),
            travel=seconds,
            standing=_standing(seen, people, cases),
            patience=PATIENCE,
        ),
        people=people,
        cases=cases,
        skills=skills,
        metres=metres,
        estimated=estimated,
        unlocated=tuple(c for c in mine if c.point is None and c.id not in seen.live),
    )


def _standing(seen: Snapshot, people: Sequence[Responder], cases: Sequence[Incident]) -> tuple[tuple[int, ...], ...]:
    """Everybody's row as they see it: what is under way, then by place."""
    number = {c.id: k for k, c in enumerate(cases)}
    rows: dict[ResponderId, list[int]] = {p.id: [] for p in people}
    for a in sorted(seen.live.values(), key=lambda a: (a.state not in UNDER_WAY, a.seq, a.during.start)):
        if a.responder in rows and a.incident in number:
            rows[a.responder].append(number[a.incident])
    return tuple(tuple(rows[p.id]) for p in people)


def _start(seen: Snapshot, person: Responder) -> Point:
    """Where the next way begins: the scene of somebody who is on one."""
    for a in seen.live.values():
        if a.responder == person.id and a.state is AssignmentState.ON_SCENE:
            case = seen.cases.get(a.incident)
            return (case.point if case else None) or rules.whereabouts(person, seen.now)
    return rules.whereabouts(person, seen.now)


def _ways(
    travel: TravelEngine, modes: Sequence[Mode], people: Sequence[Responder], starts: list[Point], places: list[Point]
) -> tuple[tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], ...], dict[int, Floats], dict[int, bool]]:
    """Per mode the ways from its people and from all places to all places."""
    size = len(starts) + len(places)
    seconds, metres, estimated = [], {}, {}
    for k, mode in enumerate(modes):
        own = [i for i, p in enumerate(people) if p.mode is mode]
        rows = [*own, *range(len(starts), size)]
        whole, length = np.full((size, size), NO_WAY, dtype=np.int64), np.full((size, size), np.inf)
        estimated[k] = False
        if places:
            found = travel.matrix(mode, [*(starts[i] for i in own), *places], places)
            known = np.where(np.isfinite(found.seconds), found.seconds, NO_WAY)
            whole[rows, len(starts) :] = np.minimum(np.rint(known), NO_WAY).astype(np.int64)
            length[rows, len(starts) :] = found.metres
            estimated[k] = found.estimated
        seconds.append(whole)
        metres[k] = length
    return tuple(seconds), metres, estimated


def _person(seen: Snapshot, person: Responder, node: int, modes: Sequence[Mode], skills: Sequence[str]) -> Person:
    return Person(
        node=node,
        mode=modes.index(person.mode),
        windows=_windows(person, seen.now) if person.duty is Duty.AVAILABLE else (),
        skills={skills.index(s): Held() for s in person.skills},
        cost_per_task=SECOND_CHOICE if person.kind is ResponderKind.VOLUNTEER else 0,
        max_tasks=person.max_tasks,
    )


def _windows(person: Responder, now: datetime) -> tuple[tuple[int, int], ...]:
    """The shifts that hold now or begin soon; what adjoins is one."""
    joined: list[tuple[int, int]] = []
    for shift in sorted(person.shifts, key=lambda s: s.start):
        start, end = max(0, seconds_between(now, shift.start)), seconds_between(now, shift.end)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start and shift.start <= now + LOOK_AHEAD:
            joined.append((start, end))
    return tuple(joined)


def _task(seen: Snapshot, case: Incident, node: int, number: Mapping[ResponderId, int], skills: Sequence[str]) -> Task:
    purpose, live = seen.purpose(case), seen.live.get(case.id)
    weight = 1 if purpose is Purpose.VERIFY else WEIGHT[case.priority]
    target = seconds_between(seen.now, _target(case, purpose))
    skill = case.skill if purpose is Purpose.HANDLE else None
    locked = live is not None and live.locked
    return Task(
        node=node,
        service=_service(case, purpose, live, seen.now),
        weight=weight,
        target=target,
        unserved=weight * (LEFT_OUT + max(0, -target)),
        needs={} if skill is None else {skills.index(skill): 1},
        barred=_barred(seen, case, purpose, number),
        locked=number[live.responder] if live and locked else None,
        pinned=live is not None and live.state in UNDER_WAY,
        holder=number[live.responder] if live and not locked else None,
        hop=HOP if live and not locked else 0,
    )


def _target(case: Incident, purpose: Purpose) -> datetime:
    """When somebody ought to be there."""
    match purpose:
        case Purpose.VERIFY:
            return (case.fed_back_at or case.reported_at) + timedelta(seconds=VERIFIED_WITHIN)
        case Purpose.HANDLE if case.due_arrive_at is not None:
            return case.due_arrive_at
        case _:
            return (case.filed_at or case.reported_at) + timedelta(seconds=ON_SITE_WITHIN[case.priority])


def _service(case: Incident, purpose: Purpose, live: Assignment | None, now: datetime) -> int:
    """Seconds of work that remain."""
    whole = max(1, rules.service(case, purpose))
    if live is None or live.state is not AssignmentState.ON_SCENE:
        return whole
    return max(AT_LEAST, whole - seconds_between(live.arrived_at or now, now))


def _barred(seen: Snapshot, case: Incident, purpose: Purpose, number: Mapping[ResponderId, int]) -> dict[int, str]:
    kind, before = seen.kind(case), seen.before.get(case.id, ())
    barred = {}
    for person in seen.people.values():
        failed = [r.code for r in rules.standing(person, case, kind, purpose, before, seen.now) if not r.passed]
        if failed:
            barred[number[person.id]] = REASONS[failed[0]]
    return barred


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds, negative when `end` is earlier."""
    return round((end - start).total_seconds())
