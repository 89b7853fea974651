"""What most dispatch rooms do, and the last resort: by priority, the nearest suitable person."""

from __future__ import annotations

from dispatch.solver.ground import Ground, step
from dispatch.solver.problem import NO_WAY, Routes


def nearest(ground: Ground) -> Routes:
    """Every open task, most costly to leave out first, to the person with the shortest way who still has the time.

    Appends only; no search, no arrays: it answers when nothing else does.
    """
    routes = [list(mine) for mine in ground.locked]
    ends = [_end(ground, who, route) for who, route in enumerate(routes)]
    tasks = ground.problem.tasks
    for i in sorted(ground.free, key=lambda i: (-tasks[i].unserved, tasks[i].target, i)):
        offers = [
            (leg, who) for who in range(ground.people) if (leg := _leg(ground, who, routes[who], ends[who], i)) < NO_WAY
        ]
        if offers:
            _, who = min(offers)
            routes[who].append(i)
            ends[who] = _end(ground, who, routes[who])
    return tuple(tuple(route) for route in routes)


def _leg(ground: Ground, who: int, route: list[int], now: int, i: int) -> int:
    """Seconds of way to task `i` after the route, NO_WAY where the person may or can not."""
    person = ground.problem.people[who]
    if not ground.able[who, i] or len(route) >= person.max_tasks:
        return NO_WAY
    row = ground.people + route[-1] if route else who
    leg = int(ground.travel[person.mode][row, ground.people + i])
    _, _, end = step(ground.problem.tasks[i], person.windows, now, leg)
    return leg if end <= ground.limits[who] else NO_WAY


def _end(ground: Ground, who: int, route: list[int]) -> int:
    person, now, row = ground.problem.people[who], 0, who
    for i in route:
        leg = int(ground.travel[person.mode][row, ground.people + i])
        _, _, now = step(ground.problem.tasks[i], person.windows, now, leg)
        row = ground.people + i
    return now
