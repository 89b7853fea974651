"""Cheapest insertion: of everything that is still open the most urgent choice, again and again."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABLE,
    ABSENT,
    IMPOSSIBLE,
    KEY,
    OUT,
    POOLED,
    UNSERVED,
    WHO,
)
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.moves import keep, put, remember
from dispatch.solver.compiled.places import offer, place
from dispatch.solver.compiled.rows import Rows

HEAVIEST, SCARCEST, CHEAPEST = range(3)


@apart
def fill(x: Given, y: Rows, choice: int, most: int) -> int:
    """Insert at most `most` of the absent tasks, the heaviest, the scarcest or the cheapest first. How many were."""
    done = _fill(x, y, choice, most)
    keep(x, y)
    remember(x, y)
    return done


@inner
def _fill(x: Given, y: Rows, choice: int, most: int) -> int:
    n = y.fact[ABSENT]
    for m in range(n):
        y.task[m, POOLED] = -2
    for done in range(most):
        at, value = -1, IMPOSSIBLE
        for m in range(n):
            i = y.task[m, OUT]
            if y.task[i, WHO] < 0:
                if y.task[m, POOLED] == -2:
                    y.task[m, POOLED], y.task[m, KEY] = _offer(x, y, i, choice)
                if y.task[m, POOLED] >= 0 and y.task[m, KEY] < value:
                    at, value = m, y.task[m, KEY]
        if at < 0:
            return done
        i, p = y.task[at, OUT], y.task[at, POOLED]
        put(x, y, p, i, place(y, p, i))
        for m in range(n):
            if y.task[y.task[m, OUT], WHO] < 0:
                _again(x, y, m, p, choice)
    return most


@apart
def _offer(x: Given, y: Rows, i: int, choice: int) -> tuple[int, int]:
    """Whom task `i` costs least, and how much it should be chosen: the less the sooner."""
    best, second, who = IMPOSSIBLE, IMPOSSIBLE, -1
    a = x.task[i, ABLE]
    while x.lists[a] >= 0:
        p = x.lists[a]
        a += 1
        cost = offer(x, y, p, i, IMPOSSIBLE)
        if cost < best:
            best, second, who = cost, best, p
        elif cost < second:
            second = cost
    if who < 0 or best > x.task[i, UNSERVED]:
        return -1, 0
    if choice == HEAVIEST:
        return who, best - x.task[i, UNSERVED]
    if choice == SCARCEST:
        return who, best - min(second, best + x.task[i, UNSERVED])
    return who, best


@inner
def _again(x: Given, y: Rows, m: int, p: int, choice: int) -> None:
    """Route `p` has changed: whether that matters to one open task."""
    i = y.task[m, OUT]
    if x.fixed[i, p] < 0:
        return
    if y.task[m, POOLED] == p or choice == SCARCEST:
        y.task[m, POOLED] = -2
    elif y.task[m, POOLED] >= 0:
        cost = offer(x, y, p, i, IMPOSSIBLE)
        value = cost - x.task[i, UNSERVED] if choice == HEAVIEST else cost
        if value < y.task[m, KEY]:
            y.task[m, POOLED], y.task[m, KEY] = p, value
