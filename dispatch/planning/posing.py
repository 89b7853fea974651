"""A snapshot as a problem in integers: seconds from now, people and tasks by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.candidates import rules
from dispatch.model import UNDER_WAY, AssignmentState, Incident, IncidentId, Responder, ResponderId
from dispatch.planning import people as posing_people
from dispatch.planning import tasks as posing_tasks
from dispatch.planning.people import Numbers
from dispatch.planning.snapshot import Snapshot
from dispatch.planning.tasks import Item
from dispatch.solver import NO_WAY, Problem, Speeds, Task
from gis.model import Mode, Point
from gis.travel.engine import Floats, TravelEngine
from gis.travel.speeds import permille

HOUR, AHEAD = 3600, 36  #: seconds, and so many hours from now

type Matrices = tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], ...]


@dataclass(frozen=True, kw_only=True)
class Posed:
    """The problem, and who and what its numbers mean."""

    problem: Problem
    people: tuple[Responder, ...]
    items: tuple[Item, ...]  #: for every task the case and the part
    skills: tuple[str, ...]
    metres: Mapping[int, Floats]  #: mode -> (people + tasks, people + tasks)
    estimated: Mapping[int, bool]
    moved: Mapping[int, frozenset[int]]  #: mode -> people and tasks on a closed road: their ways are from the next one
    due: tuple[int, ...]  #: for every task when somebody ought to be there; the problem has an earlier target
    unlocated: tuple[Incident, ...]  #: cases that nobody can be sent to yet
    blocked: tuple[Incident, ...] = ()  #: cases that come after one that cannot be done yet

    @property
    def cases(self) -> tuple[Incident, ...]:
        """For every task the case."""
        return tuple(item.case for item in self.items)

    def keys(self) -> tuple[tuple[IncidentId, int], ...]:
        """For every task the case and the part."""
        return tuple(item.key for item in self.items)

    def named(self, params: Mapping[str, int]) -> dict[str, object]:
        """Parameters of the solver: skills by their code, people by name, tasks by the number of their case."""
        named: dict[str, object] = dict(params)
        if "skill" in params:
            named["skill"] = self.skills[params["skill"]]
        for name in ("person", "to"):
            if name in params:
                named |= {name: self.people[params[name]].name, f"{name}_id": self.people[params[name]].id}
        if "task" in params:
            case = self.items[params["task"]].case
            named |= {"incident": case.id, "number": case.number}
        return named

    def guessed(self, who: int, before: int | None, task: int) -> bool:
        """Whether a way is not known as it is: no road engine answered, or one of its ends is on a closed road."""
        mode, people = self.problem.people[who].mode, len(self.people)
        ends = {who if before is None else people + before, people + task}
        return self.estimated[mode] or not ends.isdisjoint(self.moved[mode])

    def leg(self, who: int, before: int | None, task: int) -> float:
        """Metres of one way, 0 where none is known."""
        row = who if before is None else len(self.people) + before
        metres = float(self.metres[self.problem.people[who].mode][row, len(self.people) + task])
        return metres if np.isfinite(metres) else 0.0


def pose(seen: Snapshot, travel: TravelEngine) -> Posed:
    """The problem of now. Asks for one matrix a mode: no transaction may be open."""
    people = tuple(seen.people.values())
    number = {p.id: k for k, p in enumerate(people)}
    mine = [c for c in seen.cases.values() if _ours(seen, c, number)]
    there = [c for c in mine if c.point is not None or c.id in seen.live]
    held_up = posing_tasks.blocked(seen, there)
    cases = [c for c in there if c.id not in held_up]
    items = posing_tasks.items(seen, cases)
    numbers = _numbers(seen, people, items)
    starts = [_start(seen, p) for p in people]
    places = [i.case.point or starts[number[seen.live[i.case.id].responder]] for i in items]
    seconds, metres, estimated, moved = _ways(travel, numbers.modes, people, starts, places)
    tasks = [posing_tasks.task(seen, item, k + len(people), number, numbers) for k, item in enumerate(items)]
    return Posed(
        problem=Problem(
            people=tuple(posing_people.person(seen, p, k, numbers) for k, p in enumerate(people)),
            tasks=_tied(seen, items, tasks),
            travel=seconds,
            crews=posing_tasks.crews(items, tasks),
            standby=posing_people.standby(seen, numbers.areas),
            fairness=seen.weights["fairness"],
            speeds=_speeds(seen, numbers.modes),
            standing=_standing(seen, people, items),
            patience=seen.weights["patience"],
            most_changes=seen.setting.most_changes,
        ),
        people=people,
        items=items,
        skills=numbers.skills,
        metres=metres,
        estimated=estimated,
        moved=moved,
        due=tuple(posing_tasks.due(seen, item) for item in items),
        unlocated=tuple(c for c in mine if c.point is None and c.id not in seen.live),
        blocked=tuple(c for c in there if c.id in held_up),
    )


def _ours(seen: Snapshot, case: Incident, number: Mapping[ResponderId, int]) -> bool:
    """Whether everybody who is on the case is somebody we plan for."""
    on_it = [seen.held(case.id, part) for part in range(len(seen.roles(case)))]
    return all(a is None or a.responder in number for a in on_it)


def _numbers(seen: Snapshot, people: Sequence[Responder], items: Sequence[Item]) -> Numbers:
    asked = {i.role.skill for i in items if i.role.skill}
    return Numbers(
        modes=tuple(sorted({p.mode for p in people})) or (Mode.WALK,),  # a place without a crew has its reasons too
        skills=tuple(sorted(asked | {s for p in people for s in p.skills})),
        goods=posing_people.goods([seen.kind(i.case).needs for i in items]),
        areas=posing_people.standby_areas(seen),
    )


def _tied(seen: Snapshot, items: Sequence[Item], tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The tasks with what they come after; work that is locked is not held up by anything."""
    lead: dict[IncidentId, int] = {i.case.id: k for k, i in enumerate(items) if i.part == 0}
    tied = []
    for item, task in zip(items, tasks, strict=True):
        before = tuple(lead[key] for key in posing_tasks.to_come(seen, item.case) if key in lead)
        tied.append(replace(task, after=before) if before and task.locked is None else task)
    return tuple(tied)


def _speeds(seen: Snapshot, modes: Sequence[Mode]) -> tuple[Speeds | None, ...]:
    """What ways take by the hour, from the full hour in which we are; none at all where every hour is alike."""
    if not any(mode in seen.speeds for mode in modes):
        return ()
    begun = seen.now.minute * 60 + seen.now.second
    return tuple(
        Speeds(start=-begun, slot=HOUR, permille=permille(seen.speeds[mode], seen.now, AHEAD, seen.zone))
        if mode in seen.speeds
        else None
        for mode in modes
    )


def _standing(seen: Snapshot, people: Sequence[Responder], items: Sequence[Item]) -> tuple[tuple[int, ...], ...]:
    """Everybody's row as they see it: what is under way, then by place."""
    number = {item.key: k for k, item in enumerate(items)}
    rows: dict[ResponderId, list[int]] = {p.id: [] for p in people}
    for a in sorted(seen.all_live(), key=lambda a: (a.state not in UNDER_WAY, a.seq, a.during.start)):
        if a.responder in rows and (a.incident, a.part) in number:
            rows[a.responder].append(number[a.incident, a.part])
    return tuple(tuple(rows[p.id]) for p in people)


def _start(seen: Snapshot, person: Responder) -> Point:
    """Where the next way begins: the scene of somebody who is on one."""
    for a in seen.all_live():
        if a.responder == person.id and a.state is AssignmentState.ON_SCENE:
            case = seen.cases.get(a.incident)
            return (case.point if case else None) or rules.whereabouts(person, seen.now)
    return rules.whereabouts(person, seen.now)


def _ways(
    travel: TravelEngine, modes: Sequence[Mode], people: Sequence[Responder], starts: list[Point], places: list[Point]
) -> tuple[Matrices, dict[int, Floats], dict[int, bool], dict[int, frozenset[int]]]:
    """Per mode the ways from its people and from all places to all places."""
    size = len(starts) + len(places)
    seconds, metres, estimated, moved = [], {}, {}, {}
    for k, mode in enumerate(modes):
        own = [i for i, p in enumerate(people) if p.mode is mode]
        rows = [*own, *range(len(starts), size)]
        whole, length = np.full((size, size), NO_WAY, dtype=np.int64), np.full((size, size), np.inf)
        estimated[k], moved[k] = False, frozenset[int]()
        if places:
            found = travel.matrix(mode, [*(starts[i] for i in own), *places], places)
            known = np.where(np.isfinite(found.seconds), found.seconds, NO_WAY)
            whole[rows, len(starts) :] = np.minimum(np.rint(known), NO_WAY).astype(np.int64)
            length[rows, len(starts) :] = found.metres
            estimated[k] = found.estimated
            moved[k] = frozenset(row for row in rows if [*starts, *places][row] in found.moved)
        seconds.append(whole)
        metres[k] = length
    return tuple(seconds), metres, estimated, moved
