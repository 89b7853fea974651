"""Cheapest insertion: of everything that is still open the most urgent choice, again and again."""

from __future__ import annotations

from dispatch.solver.compiled.columns import ABSENT, IMPOSSIBLE, UNSERVED
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import inner
from dispatch.solver.compiled.moves import keep, put, remember
from dispatch.solver.compiled.places import price
from dispatch.solver.compiled.rows import Rows

HEAVIEST, SCARCEST, CHEAPEST = range(3)


@inner
def fill(x: Given, y: Rows, choice: int, most: int) -> int:
    """Insert at most `most` of the absent tasks, the heaviest, the scarcest or the cheapest first. How many were."""
    done = _fill(x, y, choice, most)
    keep(x, y)
    remember(y)
    return done


@inner
def _fill(x: Given, y: Rows, choice: int, most: int) -> int:
    n = y.fact[ABSENT]
    for m in range(n):
        y.pool[m] = -2
    for done in range(most):
        at, value = -1, float(IMPOSSIBLE)
        for m in range(n):
            i = y.absent[m]
            if y.who[i] < 0:
                if y.pool[m] == -2:
                    y.pool[m], y.key[m] = _offer(x, y, i, choice)
                if y.pool[m] >= 0 and y.key[m] < value:
                    at, value = m, y.key[m]
        if at < 0:
            return done
        i, p = y.absent[at], y.pool[at]
        put(x, y, p, i, y.price[i, p, 2])
        for m in range(n):
            if y.who[y.absent[m]] < 0:
                _again(x, y, m, p, choice)
    return most


@inner
def _offer(x: Given, y: Rows, i: int, choice: int) -> tuple[int, float]:
    """Whom task `i` costs least, and how much it should be chosen: the less the sooner."""
    best, second, who = IMPOSSIBLE, IMPOSSIBLE, -1
    for a in range(x.first[i], x.first[i + 1]):
        cost = price(x, y, x.able[a], i)
        if cost < best:
            best, second, who = cost, best, x.able[a]
        elif cost < second:
            second = cost
    if who < 0 or best > x.task[i, UNSERVED]:
        return -1, 0.0
    if choice == HEAVIEST:
        return who, float(best - x.task[i, UNSERVED])
    if choice == SCARCEST:
        return who, float(best - min(second, best + x.task[i, UNSERVED]))
    return who, float(best)


@inner
def _again(x: Given, y: Rows, m: int, p: int, choice: int) -> None:
    """Route `p` has changed: whether that matters to one open task."""
    i = y.absent[m]
    if x.fixed[i, p] < 0:
        return
    if y.pool[m] == p or choice == SCARCEST:
        y.pool[m] = -2
    elif y.pool[m] >= 0:
        cost = price(x, y, p, i)
        value = float(cost - x.task[i, UNSERVED]) if choice == HEAVIEST else float(cost)
        if value < y.key[m]:
            y.pool[m], y.key[m] = p, value
