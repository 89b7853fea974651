"""What is taken out: strings of neighbouring work (Christiaens and Vanden Berghe 2020), and a few other ideas."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABLE,
    ABLES,
    BEGIN,
    BEGUN,
    COUNT,
    END,
    MARK,
    POOL,
    POOLED,
    TAGGED,
    TASK,
    TIED,
    WHO,
)
from dispatch.solver.compiled.dice import below, chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.moves import loose, tag, take
from dispatch.solver.compiled.places import position
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.ties import follow, slacken

STRINGS, LOOSE, MEANWHILE = range(3)  #: what is near a task, some of what is near, what others do at that time
SKIPPED = 0.3  #: of the neighbours, where the strings are loose
MEAN = 10.0  #: tasks taken out at a time, in the mean
LONGEST = 10  #: of one route in a row
SPLIT = 0.5  #: how often a string leaves some of its tasks where they are


@apart
def ruin(x: Given, y: Rows, mean: float, mode: int) -> bool:
    """Take some tasks out into the pool. False where a route does not hold without them."""
    y.fact[POOL] = 0
    seed = below(y.fact, x.task.shape[0])
    if mode == MEANWHILE:
        _meanwhile(x, y, mean, seed)
    else:
        _nearby(x, y, mean, seed, SKIPPED if mode == LOOSE else 0.0)
    if x.whole[TIED] == 1:
        follow(x, y)
    sound = True
    for m in range(y.fact[POOL]):
        i = y.task[m, POOLED]
        p = y.task[i, WHO]
        if p >= 0:
            sound = take(x, y, p) and sound
    for m in range(y.fact[POOL]):
        y.task[y.task[m, POOLED], TAGGED] = 0
    if sound and x.whole[TIED] == 1:
        for m in range(y.fact[POOL]):
            sound = slacken(x, y, y.task[m, POOLED]) and sound
    return sound


@inner
def _size(x: Given, y: Rows, mean: float) -> tuple[int, float]:
    """How many strings, and how long they are at most; 0 where nobody has anything."""
    served, used = 0, 0
    for p in range(x.person.shape[0]):
        if y.route[p, COUNT] > 0:
            served += y.route[p, COUNT]
            used += 1
    if used == 0:
        return 0, 0.0
    longest = min(float(LONGEST), max(1.0, served / used))
    most = 4.0 * mean / (1.0 + longest) - 1.0
    return int(chance(y.fact) * most + 1.0), longest


@inner
def _nearby(x: Given, y: Rows, mean: float, seed: int, skipped: float) -> None:
    """A string around the seed, and one around each of its neighbours on other routes, the nearest first."""
    strings, longest = _size(x, y, mean)
    for m in range(x.near.shape[1]):
        if strings <= 0:
            return
        i = x.near[seed, m]
        p = y.task[i, WHO]
        if p < 0 or y.route[p, MARK] or not loose(x, i) or (skipped > 0.0 and chance(y.fact) < skipped):
            continue
        _around(x, y, p, position(y, p, i), longest)
        strings -= 1


@inner
def _meanwhile(x: Given, y: Rows, mean: float, seed: int) -> None:
    """The seed's own string, and others of people who may do the seed, around the moment at which it begins."""
    strings, longest = _size(x, y, mean)
    q = y.task[seed, WHO]
    if strings <= 0 or q < 0 or not loose(x, seed) or x.task[seed, ABLES] == 0:
        return
    at = position(y, q, seed)
    moment, p = y.stop[q, at, BEGIN], q
    for _ in range(strings):
        if y.route[p, MARK] == 0 and y.route[p, COUNT] > x.person[p, BEGUN]:
            while p != q and at < y.route[p, COUNT] and y.stop[p, at, END] < moment:
                at += 1
            _around(x, y, p, at, longest)
        p = x.lists[x.task[seed, ABLE] + below(y.fact, x.task[seed, ABLES])]
        at = x.person[p, BEGUN] + 1


@inner
def _around(x: Given, y: Rows, p: int, at: int, longest: float) -> None:
    """A string of random length, stop `at` in it."""
    begun, n = x.person[p, BEGUN], y.route[p, COUNT]
    length = int(chance(y.fact) * min(longest, float(n - begun)) + 1.0)
    _string(x, y, p, at, min(length, n - begun), begun, n)


@inner
def _string(x: Given, y: Rows, p: int, at: int, length: int, begun: int, n: int) -> None:
    """`length` tasks in a row around stop `at`; a split string leaves some inside it alone."""
    spared = 0
    if length > 1 and length < n - begun and chance(y.fact) < SPLIT:
        while length + spared < n - begun and chance(y.fact) > 0.5:
            spared += 1
    span = length + spared
    low = max(begun + 1, at - span + 1)
    high = min(at, n - span + 1)
    first = low + below(y.fact, high - low + 1)
    skip = first + below(y.fact, length) if spared else n + 1
    for j in range(first, first + span):
        if skip <= j < skip + spared:
            continue
        tag(x, y, y.stop[p, j, TASK])
