"""What was taken out is put back: one by one in some order, each at its cheapest place, or left out."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABLES,
    ABSENT,
    CREW,
    HIGH,
    KEY,
    LEAD,
    LOW,
    OPEN,
    OUT,
    POOL,
    POOLED,
    TAGGED,
    TARGET,
    TIE,
    TIED,
    TOTAL,
    UNSERVED,
)
from dispatch.solver.compiled.dice import below
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.ties import TRIED, crew, link, ready, single

RANDOM, DEAR, DUE, FAR, NEAR, TIGHT, SCARCE = range(7)  #: orders in which the pool is put back
ABSENTS = 40  #: of those left out before, at most, that are tried again each time


@apart
def recreate(x: Given, y: Rows, blink: float, order: int, absents: int, most: float) -> bool:
    """Put the pool back, and some of what was left out before.

    False where the clock contradicts a price, or where what is back costs `most` or more already.
    """
    _recall(y, absents)
    lost = _sort(x, y, order)
    if x.whole[TIED] == 1:
        return _tied(x, y, blink)
    for m in range(y.fact[POOL]):
        i = y.task[m, POOLED]
        lost -= x.task[i, UNSERVED]
        if not single(x, y, i, blink) or y.fact[TOTAL] - lost >= most:
            return False
    return True


@apart
def _tied(x: Given, y: Rows, blink: float) -> bool:
    """What waits for others comes after them, crews come whole; once round for every link of the longest chain."""
    sound, moving = True, True
    while moving and sound:
        moving = False
        for m in range(y.fact[POOL]):
            i = y.task[m, POOLED]
            if y.task[i, TAGGED] == TRIED or x.task[i, LEAD] != i or not ready(x, y, i):
                continue
            y.task[i, TAGGED], moving = TRIED, True
            if x.task[i, CREW] >= 0:
                sound = crew(x, y, i, blink)
            elif x.task[i, TIE] == 1:
                sound = link(x, y, i, blink)
            else:
                sound = single(x, y, i, blink)
            if not sound:
                break
    for m in range(y.fact[POOL]):
        y.task[y.task[m, POOLED], TAGGED] = 0
    return sound


@inner
def _recall(y: Rows, most: int) -> None:
    """Some of the absent join the pool."""
    n = y.fact[ABSENT]
    start = below(y.fact, n) if n > most else 0
    for m in range(min(n, most)):
        i = y.task[(start + m) % n, OUT]
        y.task[y.fact[POOL], POOLED] = i
        y.fact[POOL] += 1


@apart
def _sort(x: Given, y: Rows, order: int) -> int:
    """The pool in this order; what it costs to leave all of it out."""
    n, lost = y.fact[POOL], 0
    for m in range(n):
        i = y.task[m, POOLED]
        lost += x.task[i, UNSERVED]
        if order == RANDOM:
            y.task[m, KEY] = below(y.fact, OPEN)
        elif order == DEAR:
            y.task[m, KEY] = -x.task[i, UNSERVED]
        elif order == DUE:
            y.task[m, KEY] = x.task[i, TARGET]
        elif order == FAR:
            y.task[m, KEY] = -x.ways[0, i, x.task.shape[0], 1]
        elif order == NEAR:
            y.task[m, KEY] = x.ways[0, i, x.task.shape[0], 1]
        elif order == TIGHT:
            y.task[m, KEY] = y.task[i, HIGH] - y.task[i, LOW]
        else:
            y.task[m, KEY] = x.task[i, ABLES]
    for m in range(1, n):
        i, key = y.task[m, POOLED], y.task[m, KEY]
        j = m
        while j > 0 and y.task[j - 1, KEY] > key:
            y.task[j, POOLED], y.task[j, KEY] = y.task[j - 1, POOLED], y.task[j - 1, KEY]
            j -= 1
        y.task[j, POOLED], y.task[j, KEY] = i, key
    return lost
