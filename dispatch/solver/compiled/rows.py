"""The routes under work: what the search writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dispatch.solver.compiled import columns as c
from dispatch.solver.compiled.dice import dice
from dispatch.solver.compiled.given import Given, Small, Whole
from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes, Stop

SPARE = 3  #: stops of a route that are no tasks, and room to insert one


class Rows(NamedTuple):
    """The state of one search. L stops at most on a route; rows P + p are those of p that were accepted last."""

    stop: Whole  #: (2 P, L, STOP_COLUMNS)
    flat: Whole  #: (2 P, L * STOP_COLUMNS) the same memory: a route is copied in one go
    route: Whole  #: (2 P, LOADS + goods)
    best: Small  #: (P, L) tasks of the best routes, -1 after the last
    task: Whole  #: (T, ROW_COLUMNS)
    price: Whole  #: (T, P, 2) what the cheapest insertion costs, or costs at least, and when and where: `places.price`
    fact: Whole  #: sums, counts and the dice


def rest(x: Given, locked: Routes, seed: int) -> Rows:
    """Room for a search; nothing is done yet. `locked`: what stays with everybody."""
    (tasks, people), room = x.fixed.shape, _room(x, locked)
    stop = np.zeros((2 * people, room, c.STOP_COLUMNS), dtype=np.int64)
    y = Rows(
        stop=stop,
        flat=stop.reshape(2 * people, room * c.STOP_COLUMNS),
        route=np.zeros((2 * people, c.LOADS + int(x.whole[c.GOODS])), dtype=np.int64),
        best=np.full((people, room), -1, dtype=np.int32),
        task=np.zeros((tasks, c.ROW_COLUMNS), dtype=np.int64),
        price=np.zeros((tasks, people, 2), dtype=np.int64),
        fact=np.zeros(int(x.whole[c.DUTY] + x.whole[c.COVERS]), dtype=np.int64),
    )
    y.fact[c.DICE] = dice(seed)
    return y


def empty(y: Rows, x: Given, routes: Routes) -> None:
    """Set the rows to `routes`; they are not timed yet."""
    people = len(x.person)
    y.stop[:people, :, c.TASK], y.best[:] = -1, -1
    y.route[:people, : c.STAMP], y.route[:people, c.STAMP + 1 :] = 0, 0
    y.task[:, c.WHO], y.task[:, c.TAGGED] = -1, 0
    y.task[:, c.LOW], y.task[:, c.HIGH] = x.task[:, c.LO], x.task[:, c.HI]
    y.fact[c.TOUCHED], y.fact[c.FACTS :] = 0, 0
    for who, route in enumerate(routes):
        y.stop[who, 1 : len(route) + 1, c.TASK] = route
        y.route[who, c.COUNT] = len(route)
        y.task[list(route), c.WHO] = who


def tie(y: Rows, ground: Ground, timed: Sequence[Sequence[Stop]]) -> None:
    """Bounds as they follow from a timetable: crews begin when they do, what waits has the middle of its waiting."""
    tasks = ground.problem.tasks
    when = {s.task: s for stops in timed for s in stops}
    for i, stop in when.items():
        before = [when[j].end for j in tasks[i].after if j in when]
        if tasks[i].pinned:
            continue
        if i in ground.crew and any(j in when for j in ground.problem.crews[ground.crew[i]].tasks if j != i):
            y.task[i, [c.LOW, c.HIGH]] = stop.begin
        elif tasks[i].after:
            y.task[i, c.LOW] = stop.begin if tasks[i].locked is not None else (max(before) + stop.begin) // 2
    for i in when:
        for j in tasks[i].after if not tasks[i].pinned else ():
            if j in when and not tasks[j].pinned:
                y.task[j, c.HIGH] = min(y.task[j, c.HIGH], y.task[i, c.LOW] - tasks[j].service)


def routes(y: Rows) -> Routes:
    """The best routes found."""
    return tuple(tuple(int(i) for i in row if i >= 0) for row in y.best)


def _room(x: Given, locked: Routes) -> int:
    """The longest route that time allows anybody, from the shortest works and the shortest ways to them."""
    tasks = len(x.task)
    if not tasks or not len(x.person):
        return SPARE
    shortest = np.full(tasks, np.iinfo(np.int64).max, dtype=np.int64)
    for back in x.ways[:, :tasks, :, 1]:
        for i, row in enumerate(back):
            shortest[i] = min(shortest[i], int(row[:i].min(initial=c.OPEN)), int(row[i + 1 :].min(initial=c.OPEN)))
    each = np.sort(x.task[:, c.SERVICE] + shortest)
    longest = x.person[:, c.LAST_END] - x.person[:, c.FIRST_START] + x.person[:, c.OVERTIME]
    most = int(np.searchsorted(np.cumsum(each), max(0, int(longest.max())), side="right"))
    return min(tasks, most + max([0, *map(len, locked)])) + SPARE
