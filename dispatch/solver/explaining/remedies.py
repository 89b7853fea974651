"""What would get a task served that nobody has: each one tried on the row where it would help, before it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median_low

from dispatch.solver.explaining.pricing import Row, alone
from dispatch.solver.ground import Ground
from dispatch.solver.problem import FOREVER, NO_WAY, Held, Person, Routes, Stop, Task
from dispatch.solver.reasons import hurdle, scarcest
from dispatch.solver.rules import overloaded
from dispatch.solver.scoring import Score, tally, timetables, way_home

#: codes, from the least to ask for to the most
REMEDIES = (
    "serve_first",  #: task
    "move_task",  #: task, person who has it, to whom
    "lift_radius",  #: person
    "one_task_more",  #: person, tasks they may then have
    "more_work",  #: person, seconds more
    "longer_shift",  #: person, seconds more, until
    "renew_certificate",  #: person, skill, until
    "widen_appointment",  #: person who would come, last moment
    "one_more",  #: skill, level, until
    "one_more_anybody",  #: until
    "one_more_in_crew",  #: until, skill and level if one is asked for
)
ASKED = 8  #: people for whom a remedy is tried, those with the shortest way first
MOVES = 12  #: changes of place that are tried, at most
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One thing that would do, as a code of REMEDIES with its parameters: indices, and seconds from now."""

    code: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """A plan without one task, which is free."""

    ground: Ground
    routes: Routes
    task: int
    bounds: Mapping[int, int]

    @cached_property
    def before(self) -> Score | None:
        """What the plan costs; None where its rows do not hold."""
        timed = timetables(self.ground, self.routes)
        return None if timed is None else tally(self.ground, timed)

    def try_row(self, who: int, person: Person, task: Task, without: int | None = None) -> tuple[Stop, ...] | None:
        """The stops of this row with the task at its cheapest place, if person and task were like that."""
        problem, kept = self.ground.problem, [i for i in self.routes[who] if i != without]
        jobs = [problem.tasks[i] for i in kept] + [task]
        bounds = {k: self.bounds.get(i, 0) for k, i in enumerate((*kept, self.task))}
        ground = alone(problem, person, who, jobs, bounds)
        new = len(jobs) - 1
        if not ground.able[0, new] or overloaded(ground, 0, range(len(jobs))):
            return None
        places = Row(ground, 0, range(new), {}).places(new)
        return places[0].stops if places else None


type Try = Callable[[Standing, Sequence[int]], Remedy | None]


def remedies(
    standing: Standing, hurdles: Sequence[str | None], reason: str, params: Mapping[str, int]
) -> tuple[Remedy, ...]:
    """What would help, by codes in the order of REMEDIES. `hurdles`: for every person what stops them."""
    if reason == "waits_for_another":
        return (Remedy(code="serve_first", params={"task": params["task"]}),)
    near = sorted(range(len(hurdles)), key=lambda who: _way(standing.ground, who, standing.task))
    found = (trial(standing, [p for p in near if hurdles[p] in stopped][:ASKED]) for trial, stopped in _TRIALS)
    order = [one for one in found if one is not None]
    if reason == "crew_incomplete":
        order = [replace(one, code="one_more_in_crew") for one in order if one.code.startswith("one_more")]
    return tuple(sorted(order, key=lambda one: REMEDIES.index(one.code)))


def _longer_shift(standing: Standing, people: Sequence[int]) -> Remedy | None:
    """The person whose shift has to last least longer."""
    found = []
    for who in people:
        person = standing.ground.problem.people[who]
        close = person.windows[-1][1]
        stops = standing.try_row(who, _until(person, FOREVER // 2), standing.ground.problem.tasks[standing.task])
        if stops is None:
            continue
        end = stops[-1].end + _home(standing, who, stops)
        more = -(-(end - close - person.overtime) // MINUTE) * MINUTE
        longer = _until(person, close + more)
        if more > 0 and standing.try_row(who, longer, standing.ground.problem.tasks[standing.task]):
            found.append((more, who, close + more))
    if not found:
        return None
    more, who, until = min(found)
    return Remedy(code="longer_shift", params={"person": who, "seconds": more, "until": until})


def _home(standing: Standing, who: int, stops: Sequence[Stop]) -> int:
    last = (*standing.routes[who], standing.task)
    return way_home(standing.ground, who, [replace(stops[-1], task=last[stops[-1].task])])


def _until(person: Person, close: int) -> Person:
    return replace(person, windows=(*person.windows[:-1], (person.windows[-1][0], close)))


def _renewed(standing: Standing, people: Sequence[int]) -> Remedy | None:
    """The first whose certificate alone is in the way."""
    task = standing.ground.problem.tasks[standing.task]
    for who in people:
        person = standing.ground.problem.people[who]
        if not any(k in task.needs and h.until < FOREVER for k, h in person.skills.items()):
            continue
        good = {k: replace(h, until=FOREVER) if k in task.needs else h for k, h in person.skills.items()}
        stops = standing.try_row(who, replace(person, skills=good), task)
        if stops:
            end = max(s.end for s in stops if s.task == len(standing.routes[who]))
            late = min(
                (k for k in task.needs if person.skills[k].until < end),
                default=scarcest(standing.ground, standing.task),
            )
            return Remedy(code="renew_certificate", params={"person": who, "skill": late, "until": end})
    return None


def _widened(standing: Standing, people: Sequence[int]) -> Remedy | None:
    """The earliest moment at which anybody could begin, whatever was agreed."""
    task = standing.ground.problem.tasks[standing.task]
    if not task.windows:
        return None
    found = []
    for who in people:
        stops = standing.try_row(who, standing.ground.problem.people[who], replace(task, windows=()))
        begin = next((s.begin for s in stops or () if s.task == len(standing.routes[who])), None)
        if begin is not None:
            found.append((begin, who))
    if not found:
        return None
    begin, who = min(found)
    return Remedy(code="widen_appointment", params={"person": who, "last": begin})


def _lifted(standing: Standing, people: Sequence[int]) -> Remedy | None:
    """Who could, but for being too far away."""
    task = standing.ground.problem.tasks[standing.task]
    for who in people:
        if standing.try_row(who, standing.ground.problem.people[who], replace(task, barred={})):
            return Remedy(code="lift_radius", params={"person": who})
    return None


def _one_task_more(standing: Standing, people: Sequence[int]) -> Remedy | None:
    for who in people:
        person, count = standing.ground.problem.people[who], len(standing.routes[who]) + 1
        if count <= person.max_tasks:
            continue
        if standing.try_row(who, replace(person, max_tasks=count), standing.ground.problem.tasks[standing.task]):
            return Remedy(code="one_task_more", params={"person": who, "tasks": count})
    return None


def _more_work(standing: Standing, people: Sequence[int]) -> Remedy | None:
    found = []
    for who in people:
        problem, person = standing.ground.problem, standing.ground.problem.people[who]
        need = sum(problem.tasks[i].service for i in (*standing.routes[who], standing.task))
        if need > person.max_work and standing.try_row(
            who, replace(person, max_work=need), problem.tasks[standing.task]
        ):
            found.append((need - person.max_work, who))
    if not found:
        return None
    more, who = min(found)
    return Remedy(code="more_work", params={"person": who, "seconds": more})


def _moved(standing: Standing, people: Sequence[int]) -> Remedy | None:
    """One task of a busy person that somebody else has room for."""
    ground, task = standing.ground, standing.ground.problem.tasks[standing.task]
    rows: dict[int, Row] = {}
    for who, other in list(_movable(standing, people))[:MOVES]:
        if standing.try_row(who, ground.problem.people[who], task, without=other) is None:
            continue
        for to in _takers(ground, other, who):
            row = rows.setdefault(to, Row(ground, to, standing.routes[to], standing.bounds))
            if hurdle(ground, to, other, standing.routes[to]) is None and row.fits(other):
                return Remedy(code="move_task", params={"task": other, "person": who, "to": to})
    return None


def _movable(standing: Standing, people: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Free work that nothing is tied to."""
    ground, waited = standing.ground, {j for t in standing.ground.problem.tasks for j in t.after}
    for who in people:
        for i in standing.routes[who]:
            task = ground.problem.tasks[i]
            if task.locked is None and i not in ground.crew and not task.after and i not in waited:
                yield who, i


def _takers(ground: Ground, task: int, but: int) -> list[int]:
    fit = [who for who in range(ground.people) if who != but and ground.able[who, task]]
    return sorted(fit, key=lambda who: _way(ground, who, task))[:ASKED]


def _way(ground: Ground, who: int, task: int) -> int:
    return ground.way(who, who, ground.people + task, 0)


def _one_more(standing: Standing, _: Sequence[int]) -> Remedy | None:
    """Somebody new who knows what is needed, as far away as people are as a rule."""
    ground, task = standing.ground, standing.ground.problem.tasks[standing.task]
    ways = {who: _way(ground, who, standing.task) for who in range(ground.people)}
    reached = {who: way for who, way in ways.items() if way < NO_WAY}
    if not reached:
        return None
    usual = median_low(reached.values())
    like = ground.problem.people[next(who for who, way in reached.items() if way == usual)]
    skills = {skill: Held(level=level) for skill, level in task.needs.items()}
    new = Person(node=like.node, mode=like.mode, windows=((0, FOREVER // 2),), skills=skills)
    stops = Row(alone(ground.problem, new, ground.people, [replace(task, barred={})]), 0, (), {}).places(0)
    if not stops:
        return None
    params = {"until": stops[0].stops[0].end}
    if task.needs:
        skill = scarcest(ground, standing.task)
        params |= {"skill": skill, "level": task.needs[skill]}
    return Remedy(code="one_more" if task.needs else "one_more_anybody", params=params)


_TRIALS: tuple[tuple[Try, tuple[str, ...]], ...] = (
    (_moved, ("too_busy", "work_limit", "over_capacity")),
    (_lifted, ("out_of_radius",)),
    (_one_task_more, ("too_busy",)),
    (_more_work, ("work_limit",)),
    (_longer_shift, ("shift_over", "too_busy")),
    (_renewed, ("certificate_expired", "too_busy")),
    (_widened, ("appointment_missed", "too_busy")),
    (_one_more, ()),
)
