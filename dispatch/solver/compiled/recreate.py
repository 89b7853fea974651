"""What was taken out is put back: one by one in some order, each at its cheapest place, or left out."""

from __future__ import annotations

from dispatch.solver.compiled.columns import ABSENT, IMPOSSIBLE, POOL, TARGET, UNSERVED
from dispatch.solver.compiled.dice import below, chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import inner
from dispatch.solver.compiled.moves import put
from dispatch.solver.compiled.places import price
from dispatch.solver.compiled.rows import Rows

RANDOM, DEAR, DUE, FAR, NEAR, TIGHT, SCARCE = range(7)  #: orders in which the pool is put back
ABSENTS = 40  #: of those left out before, at most, that are tried again each time


@inner
def recreate(x: Given, y: Rows, blink: float, order: int) -> bool:
    """Put the pool back, and some of what was left out before. False where the clock contradicts a price."""
    _recall(y)
    _sort(x, y, order)
    for m in range(y.fact[POOL]):
        i = y.pool[m]
        p, cost = cheapest(x, y, i, blink)
        if p >= 0 and cost <= x.task[i, UNSERVED] and not put(x, y, p, i, y.price[i, p, 2]):
            return False
    return True


@inner
def cheapest(x: Given, y: Rows, i: int, blink: float) -> tuple[int, int]:
    """The person to whom task `i` costs least, -1 for nobody, and the price. Now and then somebody is overlooked."""
    best, who = IMPOSSIBLE, -1
    first, last = x.first[i], x.first[i + 1]
    for a in range(first, last):
        p = x.able[a]
        cost = price(x, y, p, i)
        if cost < best and (blink == 0.0 or chance(y.dice) >= blink):
            best, who = cost, p
    return who, best


@inner
def _recall(y: Rows) -> None:
    """Some of the absent join the pool."""
    n = y.fact[ABSENT]
    start = below(y.dice, n) if n > ABSENTS else 0
    for m in range(min(n, ABSENTS)):
        i = y.absent[(start + m) % n]
        y.pool[y.fact[POOL]] = i
        y.fact[POOL] += 1


@inner
def _sort(x: Given, y: Rows, order: int) -> None:
    n = y.fact[POOL]
    for m in range(n):
        i = y.pool[m]
        if order == RANDOM:
            y.key[m] = chance(y.dice)
        elif order == DEAR:
            y.key[m] = -x.task[i, UNSERVED]
        elif order == DUE:
            y.key[m] = x.task[i, TARGET]
        elif order == FAR:
            y.key[m] = -x.ways[0, x.task.shape[0], i]
        elif order == NEAR:
            y.key[m] = x.ways[0, x.task.shape[0], i]
        elif order == TIGHT:
            y.key[m] = y.bound[i, 1] - y.bound[i, 0]
        else:
            y.key[m] = x.first[i + 1] - x.first[i]
    for m in range(1, n):
        i, key = y.pool[m], y.key[m]
        j = m
        while j > 0 and y.key[j - 1] > key:
            y.pool[j], y.key[j] = y.pool[j - 1], y.key[j - 1]
            j -= 1
        y.pool[j], y.key[j] = i, key
