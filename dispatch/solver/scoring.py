"""The one scorer. Every plan, whoever made it, is timed and judged here.

    cost =  sum over served tasks i of   weight_i * max(0, begin_i - target_i)        weighted lateness
          + sum over legs                travel seconds                               time on the road
          + sum over served free i       cost_per_task of the person                  who is the second choice
          + sum over served free i       hop_i  if i is held by somebody else         stability
          + sum over tasks left out      unserved_i

Locked tasks are always served by whom they are locked to. `begin` is the arrival, or `earliest` where that is later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.solver.ground import Ground, step
from dispatch.solver.problem import NO_WAY, Problem, Stop


@dataclass(frozen=True, kw_only=True)
class Score:
    """Cost and its parts, weighted seconds; `unserved` and `late_tasks` count tasks."""

    cost: int
    late: int
    road: int
    people: int
    hops: int
    lost: int
    unserved: int
    late_tasks: int


def timetable(ground: Ground, who: int, route: Sequence[int]) -> tuple[Stop, ...] | None:
    """When the person does what; None where the route breaks a hard rule of time or place."""
    person, first = ground.problem.people[who], ground.people
    travel, now, row = ground.travel[person.mode], 0, who
    stops = []
    for i in route:
        leg = int(travel[row, first + i])
        leave, begin, end = step(ground.problem.tasks[i], person.windows, now, leg)
        if leg >= NO_WAY or end > ground.limits[who]:
            return None
        stops.append(Stop(task=i, leave=leave, travel=leg, begin=begin, end=end))
        now, row = end, first + i
    return tuple(stops)


def route_cost(ground: Ground, who: int, stops: Sequence[Stop]) -> int:
    """What one timed route adds to the cost."""
    return sum(_late(ground, s) + s.travel + sum(_extras(ground, who, s.task)) for s in stops)


def score(problem: Problem, routes: Sequence[Sequence[int]]) -> Score:
    """Judge routes, one for each person, as tasks in order. Raises ValueError where a hard rule is broken."""
    return judge(Ground(problem), routes)


def judge(ground: Ground, routes: Sequence[Sequence[int]]) -> Score:
    """`score` on a problem that is laid out already."""
    check(ground, routes)
    timed = []
    for who, route in enumerate(routes):
        stops = timetable(ground, who, route)
        if stops is None:
            raise ValueError(f"the route of {who} breaks a window, or no way leads along it")
        timed.append(stops)
    left = set(ground.free).difference(*routes)
    lost = sum(ground.problem.tasks[i].unserved for i in left)
    late = [_late(ground, s) for stops in timed for s in stops]
    road = sum(s.travel for stops in timed for s in stops)
    extras = [_extras(ground, who, s.task) for who, stops in enumerate(timed) for s in stops]
    people, hops = sum(p for p, _ in extras), sum(h for _, h in extras)
    return Score(
        cost=sum(late) + road + people + hops + lost,
        late=sum(late),
        road=road,
        people=people,
        hops=hops,
        lost=lost,
        unserved=len(left),
        late_tasks=sum(x > 0 for x in late),
    )


def check(ground: Ground, routes: Sequence[Sequence[int]]) -> None:
    """Raise ValueError unless every rule holds that is not about time."""
    if len(routes) != ground.people:
        raise ValueError(f"{len(routes)} routes for {ground.people} people")
    served = [i for route in routes for i in route]
    if len(set(served)) != len(served):
        raise ValueError("a task is served twice")
    for who, route in enumerate(routes):
        if any(not ground.able[who, i] for i in route):
            raise ValueError(f"{who} is given work that is not for them")
        if not set(ground.locked[who]) <= set(route):
            raise ValueError(f"locked work was taken from {who}")
        pinned = ground.pinned[who]
        if tuple(route[:pinned]) != ground.locked[who][:pinned]:
            raise ValueError(f"begun work of {who} was overtaken")
        if len(route) > max(ground.problem.people[who].max_tasks, len(ground.locked[who])):
            raise ValueError(f"{who} has too many tasks")


def _late(ground: Ground, stop: Stop) -> int:
    task = ground.problem.tasks[stop.task]
    return task.weight * max(0, stop.begin - task.target)


def _extras(ground: Ground, who: int, i: int) -> tuple[int, int]:
    """Cost for the kind of person, and for taking it from whom it was offered to."""
    task = ground.problem.tasks[i]
    if task.locked is not None:
        return 0, 0
    return ground.problem.people[who].cost_per_task, task.hop if task.holder not in (None, who) else 0
