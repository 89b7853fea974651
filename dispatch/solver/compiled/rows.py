"""The routes under work: what the search writes. One more copy holds the last accepted routes, one the best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled import columns as c
from dispatch.solver.compiled.dice import dice
from dispatch.solver.compiled.given import Given, Small, Whole
from dispatch.solver.problem import Routes

SPARE = 3  #: stops of a route that are no tasks, and room to insert one


class Rows(NamedTuple):
    """The state of one search. L stops at most on a route."""

    stop: Whole  #: (P, L, STOP_COLUMNS)
    route: Whole  #: (P, ROUTE_COLUMNS)
    load: Whole  #: (P, G)
    kept_stop: Whole
    kept_route: Whole
    kept_load: Whole
    best: Small  #: (P, L) tasks of the best routes, -1 after the last
    who: Small  #: (T,) person, -1: left out
    bound: Whole  #: (T, 2) as in Given; narrower while others wait
    price: Whole  #: (T, P, 3) stamp, price, place: what the cheapest insertion cost when the route had this stamp
    touched: Small  #: (P,) routes changed since the last decision
    mark: npt.NDArray[np.int8]  #: (P,) whether a route is in `touched`
    tagged: npt.NDArray[np.int8]  #: (T,) whether a task is being taken out
    pool: Small  #: (T,) tasks to put back
    key: npt.NDArray[np.float64]  #: (T,) order of the pool
    absent: Small  #: (T,) tasks left out
    idle: Whole  #: (A,) people of each area that have no task
    fact: Whole  #: (FACTS,)
    dice: npt.NDArray[np.uint64]


def rest(x: Given, locked: Routes, seed: int) -> Rows:
    """Room for a search; nothing is done yet. `locked`: what stays with everybody."""
    people, tasks = x.fixed.shape[1], x.fixed.shape[0]
    room = _room(x, locked)
    return Rows(
        stop=np.zeros((people, room, c.STOP_COLUMNS), dtype=np.int64),
        route=np.zeros((people, c.ROUTE_COLUMNS), dtype=np.int64),
        load=np.zeros_like(x.capacity),
        kept_stop=np.zeros((people, room, c.STOP_COLUMNS), dtype=np.int64),
        kept_route=np.zeros((people, c.ROUTE_COLUMNS), dtype=np.int64),
        kept_load=np.zeros_like(x.capacity),
        best=np.full((people, room), -1, dtype=np.int32),
        who=np.full(tasks, -1, dtype=np.int32),
        bound=x.bound.copy(),
        price=np.zeros((tasks, people, 3), dtype=np.int64),
        touched=np.zeros(people, dtype=np.int32),
        mark=np.zeros(people, dtype=np.int8),
        tagged=np.zeros(tasks, dtype=np.int8),
        pool=np.zeros(tasks, dtype=np.int32),
        key=np.zeros(tasks, dtype=np.float64),
        absent=np.zeros(tasks, dtype=np.int32),
        idle=np.zeros(len(x.area), dtype=np.int64),
        fact=np.zeros(c.FACTS, dtype=np.int64),
        dice=dice(seed),
    )


def empty(y: Rows, x: Given, routes: Routes) -> None:
    """Set the rows to `routes`; they are not timed yet."""
    y.stop[:, :, c.TASK] = -1
    y.route[:, : c.STAMP], y.route[:, c.WORK :] = 0, 0
    y.load[:], y.best[:], y.who[:], y.bound[:] = 0, -1, -1, x.bound
    y.mark[:], y.tagged[:], y.fact[c.TOUCHED] = 0, 0, 0
    for who, route in enumerate(routes):
        y.stop[who, 1 : len(route) + 1, c.TASK] = route
        y.route[who, c.COUNT] = len(route)
        y.who[list(route)] = who


def routes(y: Rows) -> Routes:
    """The best routes found."""
    return tuple(tuple(int(i) for i in row if i >= 0) for row in y.best)


def _room(x: Given, routes: Routes) -> int:
    """The longest route that time allows anybody, from the shortest works and the shortest ways to them."""
    tasks = len(x.task)
    if not tasks or not len(x.person):
        return SPARE
    ways = x.back[:, :tasks].copy()
    ways[:, np.arange(tasks), np.arange(tasks)] = np.iinfo(np.int32).max
    each = np.sort(x.task[:, c.SERVICE] + ways.min(axis=(0, 2)))
    longest = x.person[:, c.LAST_END] - x.person[:, c.FIRST_START] + x.person[:, c.OVERTIME]
    most = int(np.searchsorted(np.cumsum(each), max(0, int(longest.max())), side="right"))
    return min(tasks, most + max([0, *map(len, routes)])) + SPARE
