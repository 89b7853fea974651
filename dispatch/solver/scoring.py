"""The one scorer. Every plan, whoever made it, is timed and judged here; this page says what a good plan is.

Sets and numbers (`problem` has the fields; times in whole seconds from now). People p in P, tasks i in T; F the free
tasks, L_p those locked to p, B_p the pinned of them. t_m(a, b, x) seconds of way by mode m for who leaves at x.
Variables: for every p a sequence r_p of tasks. `timing` makes of it leave, begin_i and end_i, and the time back_p when
p is back where the route ends (end of the last task where it is open): as early as windows, breaks, rest, appointments
and ties allow. S_p seconds of service of r_p, k_p seconds worked before.

    cost =  sum over served i         weight_i * max(0, begin_i - target_i)             late
          + sum over served i         done_weight_i * max(0, end_i - done_target_i)     done
          + sum over ways             seconds on the road, also home                    road
          + sum over served i in F    cost_per_task of p                                people
                                      + extra_i(p)                                      extra
                                      + hop_i where p is not holder_i                   hops
          + sum over p                overtime_cost_p * max(0, back_p - end of the last window of p)   overtime
                                      + floor(fairness * ((k_p + S_p)^2 - k_p^2) / 3,600,000)          fairness
          + sum over areas a          cost_a * max(0, least_a - people of a on duty without a task)    standby
          + sum over i in F left out  unserved_i                                        lost

    subject to  every task is on one route at most; L_p on r_p, B_p first and in its order
                i on r_p only if p is able: has windows, every skill at its level, is not barred, and ways lead there
                end_i <= every certificate of p that i needs; way and work inside one window of p (the last: + overtime)
                begin_i inside an appointment of i; breaks begin between earliest and latest; rest between windows
                |r_p| <= max_tasks, S_p <= max_work, demands <= capacity, or what L_p needs of each where that is more
                a crew: all its free tasks or none, by different people, at one moment, with all of `between` among them
                (good until the work of who holds it ends); i in F with all of after_i or not at all, begun after them
                end_i <= the later of p's last window (+ overtime) and the end of L_p scheduled without other work
                promises broken (free, holder able, served by another or left out) <= most_changes, or as many as
                `kept` rows break already
    Locked work that fits no window is done all the same, work begun heeds no ties: without free work every plan holds.

The weights, by example (1 = one second on the road by somebody who is paid; an administrator edits them):
    weight 8, 10 minutes late: 4,800, as much as 80 minutes of road. A life in danger has 8, a broken lamp 1.
    done_weight 1: closed 30 minutes after its time costs 1,800.
    unserved 480,000 (weight 8 x 1,000 minutes): worth 1,000 minutes of being late before it is left out.
    cost_per_task 600 for volunteers: called when they save ten minutes; overtime_cost 2 and 20 minutes past the shift:
    2,400, so a volunteer is dearer than a free worker and cheaper than overtime.
    extra 300: who is not of this cell is sent when five minutes are saved.
    hop 600: what was promised moves to another only for ten minutes; accepted work is locked instead.
    fairness 100: the first hour of work costs 360, the one after three hours 2,520: the next case goes to the rested.
    standby cost 3,600: the last free person of an area is sent only for an hour's gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept
from dispatch.solver.problem import NO_WAY, Problem, Stop
from dispatch.solver.rules import broken, holds
from dispatch.solver.timing import schedule, walk

HOUR_PARTS = 3600 * 1000  #: fairness is in thousandths, and squares of seconds count by hours

type Timetable = tuple[Stop, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    """Cost and its parts, weighted seconds; `unserved`, `late_tasks` and `changes` count tasks."""

    cost: int
    late: int = 0
    done: int = 0
    road: int = 0
    people: int = 0
    extra: int = 0
    hops: int = 0
    overtime: int = 0
    fairness: int = 0
    standby: int = 0
    lost: int = 0
    unserved: int = 0
    late_tasks: int = 0
    changes: int = 0


PARTS = ("late", "done", "road", "people", "extra", "hops", "overtime", "fairness", "standby", "lost")  #: of the cost


def score(problem: Problem, routes: Sequence[Sequence[int]]) -> Score:
    """Judge routes, one for each person, as tasks in order. Raises ValueError where a hard rule is broken."""
    return judge(Ground(problem), routes)


def judge(ground: Ground, routes: Sequence[Sequence[int]]) -> Score:
    """`score` on a problem that is laid out already."""
    check(ground, routes)
    timed = timetables(ground, routes)
    if timed is None:
        raise ValueError(f"the route of {_culprit(ground, routes)} breaks a window, or no way leads along it")
    _check_between(ground, timed)
    return tally(ground, timed)


def tally(ground: Ground, timed: Sequence[Sequence[Stop]]) -> Score:
    """The parts of the cost of routes that hold."""
    tasks, left = ground.problem.tasks, _left(ground, timed)
    parts = dict.fromkeys(PARTS, 0)
    for who, stops in enumerate(timed):
        for name, cost in route_parts(ground, who, stops).items():
            parts[name] += cost
    parts["standby"] = standby_cost(ground, timed)
    parts["lost"] = sum(tasks[i].unserved for i in left)
    late = sum(tasks[s.task].weight > 0 and s.begin > tasks[s.task].target for stops in timed for s in stops)
    changed = changes(ground, [[s.task for s in stops] for stops in timed])
    return Score(cost=sum(parts.values()), unserved=len(left), late_tasks=late, changes=changed, **parts)


def route_cost(ground: Ground, who: int, stops: Sequence[Stop]) -> int:
    """What one timed route adds to the cost; standby apart, which asks who is left."""
    return sum(route_parts(ground, who, stops).values())


def route_parts(ground: Ground, who: int, stops: Sequence[Stop]) -> dict[str, int]:
    """The parts of `route_cost` by name."""
    if not stops:
        return {}
    person, tasks = ground.problem.people[who], ground.problem.tasks
    late = done = road = people = extra = hops = 0
    for stop in stops:
        task = tasks[stop.task]
        late += task.weight * max(0, stop.begin - task.target)
        done += task.done_weight * max(0, stop.end - task.done_target)
        road += stop.travel
        if task.locked is None:
            people += person.cost_per_task
            extra += task.extra.get(who, 0)
            hops += task.hop if task.holder not in (None, who) else 0
    home = way_home(ground, who, stops)
    over = max(0, stops[-1].end + home - person.windows[-1][1]) if person.windows else 0
    parts = {"late": late, "done": done, "road": road + home, "people": people, "extra": extra, "hops": hops}
    return parts | {"overtime": person.overtime_cost * over, "fairness": _unfair(ground, who, stops)}


def timetable(ground: Ground, who: int, route: Sequence[int]) -> Timetable | None:
    """When the person does what, by themselves; None where the route breaks a hard rule of time or place."""
    stops = walk(ground, who, route)
    return tuple(stops) if stops is not None and through(ground, who, stops) else None


def timetables(ground: Ground, routes: Sequence[Sequence[int]]) -> tuple[Timetable, ...] | None:
    """When everybody does what, crews and precedence heeded; None where the routes break a rule of time or place."""
    timed = schedule(ground, routes)
    if timed is None or not all(through(ground, who, stops) for who, stops in enumerate(timed)):
        return None
    return tuple(map(tuple, timed))


def way_home(ground: Ground, who: int, stops: Sequence[Stop]) -> int:
    """Seconds from the last task to where the route ends; 0 for an open or empty one."""
    return ground.way_home(who, ground.people + stops[-1].task, stops[-1].end) if stops else 0


def keeps_promises(ground: Ground, routes: Sequence[Sequence[int]]) -> bool:
    """Whether no more promises are broken than may be, or than the standing rows break already."""
    most = ground.problem.most_changes
    return most is None or changes(ground, routes) <= max(most, changes(ground, kept(ground)))


def check(ground: Ground, routes: Sequence[Sequence[int]]) -> None:
    """Raise ValueError unless every rule holds that is not about time."""
    fault = broken(ground, routes)
    if fault:
        raise ValueError(fault)
    if not keeps_promises(ground, routes):
        raise ValueError(f"more than {ground.problem.most_changes} promises are broken")


def changes(ground: Ground, routes: Sequence[Sequence[int]]) -> int:
    """How many free tasks that are promised to somebody able are served by another, or left out."""
    promised = [(i, who) for i in ground.free if (who := ground.problem.tasks[i].holder) is not None]
    if not promised:
        return 0
    whose = {i: who for who, route in enumerate(routes) for i in route}
    return sum(bool(ground.able[who, i]) and whose.get(i) != who for i, who in promised)


def standby_cost(ground: Ground, routes: Sequence[Sequence[object]]) -> int:
    """What it costs that too few people are left without a task, area by area."""
    areas = ground.problem.standby
    if not areas:
        return 0
    left = [0] * len(areas)
    for person, route in zip(ground.problem.people, routes, strict=True):
        if person.area is not None and person.windows and not route:
            left[person.area] += 1
    return sum(area.cost * max(0, area.least - there) for area, there in zip(areas, left, strict=True))


def through(ground: Ground, who: int, stops: Sequence[Stop]) -> bool:
    """Whether the person is through, and back, by when they have to be."""
    if not stops:
        return True
    home, limit = way_home(ground, who, stops), ground.limits[who]
    return home < NO_WAY and stops[-1].end <= limit and stops[-1].end + home <= ground.home[who]


def _check_between(ground: Ground, timed: Sequence[Sequence[Stop]]) -> None:
    """The certificates that a crew holds between them last until the work is done."""
    if not any(crew.between for crew in ground.problem.crews):
        return
    when = {s.task: (ground.problem.people[who], s.end) for who, stops in enumerate(timed) for s in stops}
    for crew in ground.problem.crews:
        free = [i for i in crew.tasks if ground.problem.tasks[i].locked is None and i in when]
        there = [when[i] for i in crew.tasks if i in when] if free else []
        for skill, level in crew.between.items() if free else ():
            if not any(holds(person, skill, level, end) for person, end in there):
                raise ValueError("a certificate that a crew needs runs out before its work ends")


def _unfair(ground: Ground, who: int, stops: Sequence[Stop]) -> int:
    fairness = ground.problem.fairness
    if not fairness:
        return 0
    worked, work = ground.problem.people[who].worked, sum(ground.problem.tasks[s.task].service for s in stops)
    return fairness * ((worked + work) ** 2 - worked**2) // HOUR_PARTS


def _left(ground: Ground, timed: Sequence[Sequence[Stop]]) -> set[int]:
    served = {s.task for stops in timed for s in stops}
    return {i for i in ground.free if i not in served}


def _culprit(ground: Ground, routes: Sequence[Sequence[int]]) -> int | str:
    """Who is late already when everybody works for themselves."""
    alone = (who for who, route in enumerate(routes) if timetable(ground, who, route) is None)
    return next(alone, "a crew")
