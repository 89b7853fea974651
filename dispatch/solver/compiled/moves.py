"""The two deeds that change a route, and how a step of the search is kept or taken back."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABSENT,
    BEST,
    BETTER,
    COST,
    COUNT,
    LAST_STAMP,
    ODD,
    ODDS,
    SERVICE,
    STALE,
    STAMP,
    TASK,
    TOTAL,
    TOUCHED,
    UNSERVED,
    WORK,
)
from dispatch.solver.compiled.given import Given, Whole
from dispatch.solver.compiled.jit import inner
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.timing import retime


@inner
def touch(y: Rows, p: int) -> None:
    """Remember that a route is not what was accepted last."""
    if y.mark[p] == 0:
        y.mark[p] = 1
        y.touched[y.fact[TOUCHED]] = p
        y.fact[TOUCHED] += 1


@inner
def restamp(y: Rows, p: int) -> None:
    """A route with new content: what was priced on the old one does not hold. Empty routes are all alike."""
    y.fact[LAST_STAMP] += 1
    y.route[p, STAMP] = y.fact[LAST_STAMP]


@inner
def put(x: Given, y: Rows, p: int, i: int, place: int) -> bool:
    """Insert task `i` after stop `place`. False where the clock says no after all."""
    touch(y, p)
    stop, n = y.stop[p], y.route[p, COUNT]
    y.fact[TOTAL] -= y.route[p, COST] + x.task[i, UNSERVED]
    for j in range(n, place, -1):
        stop[j + 1, TASK] = stop[j, TASK]
    stop[place + 1, TASK] = i
    y.route[p, COUNT] = n + 1
    load(x, y, p, i, 1)
    y.who[i] = p
    sound = retime(x, y, p, place + 1) == 0
    y.fact[TOTAL] += y.route[p, COST]
    restamp(y, p)
    return sound


@inner
def load(x: Given, y: Rows, p: int, i: int, sign: int) -> None:
    """What a task adds to the sums of a route, whenever it is done."""
    y.route[p, WORK] += sign * x.task[i, SERVICE]
    y.route[p, ODDS] += sign * x.task[i, ODD]
    for g in range(x.demand.shape[1]):
        y.load[p, g] += sign * x.demand[i, g]


@inner
def take(x: Given, y: Rows, p: int) -> bool:
    """Take every tagged task out of route `p`. False where what stays does not hold (ways that are no metric)."""
    stop, n, kept, first = y.stop[p], y.route[p, COUNT], 0, 0
    for j in range(1, n + 1):
        i = stop[j, TASK]
        if y.tagged[i]:
            load(x, y, p, i, -1)
            y.fact[TOTAL] += x.task[i, UNSERVED]
            y.who[i] = -1
            if first == 0:
                first = j
        else:
            kept += 1
            stop[kept, TASK] = i
    if first == 0:
        return True
    y.fact[TOTAL] -= y.route[p, COST]
    y.route[p, COUNT] = kept
    sound = retime(x, y, p, first) == 0
    y.fact[TOTAL] += y.route[p, COST]
    restamp(y, p)
    return sound


@inner
def keep(x: Given, y: Rows) -> None:
    """Accept every touched route, and write down who is left out."""
    for m in range(y.fact[TOUCHED]):
        p = y.touched[m]
        y.mark[p] = 0
        y.route[p, STALE] = 1
        _copy(y.stop, y.route, y.load, y.kept_stop, y.kept_route, y.kept_load, p)
    y.fact[TOUCHED], y.fact[ABSENT] = 0, 0
    for i in range(x.task.shape[0]):
        if y.who[i] < 0:
            y.absent[y.fact[ABSENT]] = i
            y.fact[ABSENT] += 1


@inner
def undo(y: Rows) -> None:
    """Take every touched route back to what was accepted last."""
    for m in range(y.fact[TOUCHED]):
        p = y.touched[m]
        y.mark[p] = 0
        _copy(y.kept_stop, y.kept_route, y.kept_load, y.stop, y.route, y.load, p)
        for j in range(1, y.route[p, COUNT] + 1):
            y.who[y.stop[p, j, TASK]] = p
    y.fact[TOUCHED] = 0


@inner
def _copy(
    stop: Whole, route: Whole, load: Whole, other_stop: Whole, other_route: Whole, other_load: Whole, p: int
) -> None:
    for j in range(route[p, COUNT] + 2):
        for f in range(stop.shape[2]):
            other_stop[p, j, f] = stop[p, j, f]
    for f in range(route.shape[1]):
        other_route[p, f] = route[p, f]
    for g in range(load.shape[1]):
        other_load[p, g] = load[p, g]


@inner
def remember(y: Rows) -> None:
    """The accepted routes are the best so far."""
    y.fact[BEST] = y.fact[TOTAL]
    y.fact[BETTER] += 1
    for p in range(y.route.shape[0]):
        if y.route[p, STALE] == 1:
            y.route[p, STALE] = 0
            y.kept_route[p, STALE] = 0
            n = y.route[p, COUNT]
            for j in range(n):
                y.best[p, j] = y.stop[p, j + 1, TASK]
            for j in range(n, y.best.shape[1]):
                if y.best[p, j] < 0:
                    break
                y.best[p, j] = -1
