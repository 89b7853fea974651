"""What still holds of the rows that people look at: where a plan starts from, and the promises that can be kept."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes
from dispatch.solver.rules import broken_tie, overloaded, whole
from dispatch.solver.timing import State, schedule, work

type Rows = list[tuple[int, ...]]


def kept(ground: Ground) -> Routes:
    """What still holds of the standing rows, a plan that breaks no rule: what is not allowed any more, comes too late
    or lost its crew or what it comes after, is out."""
    if not ground.problem.standing:
        return ground.locked
    rows = [sound(ground, who, _allowed(ground, who)) for who in range(ground.people)]
    return tuple(_untied(ground, rows) if ground.tied else rows)


def sound(ground: Ground, who: int, route: Sequence[int]) -> tuple[int, ...]:
    """The longest part of a route, from the front, that holds by itself; the locked work in any case."""
    state, held = State(who), list[int]()
    for i in route:
        found = work(ground, who, i, state)
        if found is None or found[0].end > ground.limits[who]:
            continue
        end, row = found[0].end, found[1].row
        if end + ground.way_home(who, row, end) <= ground.home[who]:
            held.append(i)
            state = found[1]
    return tuple(held) if set(ground.locked[who]) <= set(held) else ground.locked[who]


def in_time(ground: Ground, routes: Sequence[Sequence[int]]) -> bool:
    """Whether all routes together hold: windows, ties, limits and ways home."""
    timed = schedule(ground, routes)
    return timed is not None and all(
        not stops
        or (
            max(s.end for s in stops) <= ground.limits[who]
            and stops[-1].end + ground.way_home(who, ground.people + stops[-1].task, stops[-1].end) <= ground.home[who]
        )
        for who, stops in enumerate(timed)
    )


def _allowed(ground: Ground, who: int) -> list[int]:
    """The standing row with begun work in front and all that is locked, without what the rules forbid by now."""
    begun, locked = ground.locked[who][: ground.pinned[who]], set(ground.locked[who])
    rest = [i for i in ground.problem.standing[who] if i not in begun and ground.able[who, i]]
    rest += [i for i in ground.locked[who] if i not in begun and i not in rest]
    row = [*begun, *(i for i in rest if i in locked)]
    taken = set(row)
    for i in rest:
        if i not in taken and overloaded(ground, who, [*row, i]) is None:
            row.append(i)
    taken = set(row)
    return [*begun, *(i for i in rest if i in taken)]


def _untied(ground: Ground, rows: Rows) -> Rows:
    """Without crews that are not whole any more, then without tied work, the last first, until the rest is in time."""
    rows = _complete(ground, rows)
    for group in reversed(_tied(ground)):
        if in_time(ground, rows):
            return rows
        rows = _complete(ground, _without(ground, rows, group))
    return rows if in_time(ground, rows) and broken_tie(ground, rows) is None else list(ground.locked)


def _tied(ground: Ground) -> list[tuple[int, ...]]:
    tasks = ground.problem.tasks
    waited = {j for t in tasks for j in t.after}
    return [g for g in ground.problem.groups if len(g) > 1 or any(tasks[i].after or i in waited for i in g)]


def _complete(ground: Ground, rows: Rows) -> Rows:
    """Without free work that has lost its crew or what it comes after, and what that takes along."""
    while True:
        whose = {i: who for who, row in enumerate(rows) for i in row}
        lost = [k for k in range(len(ground.problem.crews)) if not whole(ground, k, whose)]
        gone = {i for k in lost for i in ground.problem.crews[k].tasks}
        gone |= {i for i in whose if any(j not in whose for j in ground.problem.tasks[i].after)}
        fewer = _without(ground, rows, gone)
        if fewer == rows:
            return rows
        rows = fewer


def _without(ground: Ground, rows: Rows, gone: Sequence[int] | set[int]) -> Rows:
    out = {i for i in gone if ground.problem.tasks[i].locked is None}
    return [tuple(i for i in row if i not in out) for row in rows]
