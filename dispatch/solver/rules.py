"""The hard rules of a plan that are not about time, each one with the words for who breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Person


def broken(ground: Ground, routes: Sequence[Sequence[int]]) -> str | None:
    """What the first broken rule says, for people who read programs; None where all hold."""
    if len(routes) != ground.people:
        return f"{len(routes)} routes for {ground.people} people"
    served = [i for route in routes for i in route]
    if len(set(served)) != len(served):
        return "a task is served twice"
    for who, route in enumerate(routes):
        fault = _broken_alone(ground, who, route)
        if fault:
            return fault
    return broken_tie(ground, routes) if ground.tied else None


def overloaded(ground: Ground, who: int, route: Sequence[int]) -> str | None:
    """Which bound of one person's day is passed: max_tasks, max_work or capacity. Locked work may pass it by itself."""
    person, locked, tasks = ground.problem.people[who], ground.locked[who], ground.problem.tasks
    if len(route) > max(person.max_tasks, len(locked)):
        return "max_tasks"
    if sum(tasks[i].service for i in route) > max(person.max_work, sum(tasks[i].service for i in locked)):
        return "max_work"
    for good, most in enumerate(person.capacity):
        if _load(ground, route, good) > max(most, _load(ground, locked, good)):
            return "capacity"
    return None


def broken_tie(ground: Ground, routes: Sequence[Sequence[int]]) -> str | None:
    """A crew that is not whole, or work without what it comes after. Only free work is bound by it."""
    whose = {i: who for who, route in enumerate(routes) for i in route}
    for k in range(len(ground.problem.crews)):
        if not whole(ground, k, whose):
            return f"crew {k} is not whole"
    for i in ground.free:
        if i in whose and any(j not in whose for j in ground.problem.tasks[i].after):
            return f"task {i} is served without what it comes after"
    return None


def whole(ground: Ground, crew: int, whose: Mapping[int, int]) -> bool:
    """Whether the free work of a crew is left out, or all of it is served by different people who know enough.

    `whose`: task -> person.
    """
    tied = ground.problem.crews[crew]
    free = [i for i in tied.tasks if ground.problem.tasks[i].locked is None]
    there = [whose[i] for i in tied.tasks if i in whose]
    if all(i not in whose for i in free):
        return True
    if len(there) < len(tied.tasks) or len(set(there)) < len(there):
        return False
    people = [ground.problem.people[who] for who in there]
    return all(any(holds(p, skill, level) for p in people) for skill, level in tied.between.items())


def holds(person: Person, skill: int, level: int, end: int = 0) -> bool:
    """Whether the person has the skill at this level, with a certificate that is good until `end`."""
    held = person.skills.get(skill)
    return held is not None and held.level >= level and held.until >= end


def _broken_alone(ground: Ground, who: int, route: Sequence[int]) -> str | None:
    if any(not ground.able[who, i] for i in route):
        return f"{who} is given work that is not for them"
    if not set(ground.locked[who]) <= set(route):
        return f"locked work was taken from {who}"
    pinned = ground.pinned[who]
    if tuple(route[:pinned]) != ground.locked[who][:pinned]:
        return f"begun work of {who} was overtaken"
    bound = overloaded(ground, who, route)
    return f"{who} has too much: {bound}" if bound else None


def _load(ground: Ground, route: Sequence[int], good: int) -> int:
    demands = (ground.problem.tasks[i].demand for i in route)
    return sum(demand[good] for demand in demands if demand)
