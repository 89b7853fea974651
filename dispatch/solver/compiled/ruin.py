"""What is taken out: strings of neighbouring work (Christiaens and Vanden Berghe 2020), and a few other ideas."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    BEGUN,
    COUNT,
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
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.ties import follow, slacken

MEAN = 10.0  #: tasks taken out at a time, in the mean
LONGEST = 10  #: of one route in a row
SPLIT = 0.5  #: how often a string leaves some of its tasks where they are


@apart
def ruin(x: Given, y: Rows, mean: float, mode: int) -> bool:
    """Take some tasks out into the pool. False where a route does not hold without them."""
    y.fact[POOL] = 0
    if mode == 0:
        _strings(x, y, mean)
    elif mode == 1:
        _scattered(x, y, mean)
    else:
        _around(x, y, mean)
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
def _strings(x: Given, y: Rows, mean: float) -> None:
    tasks = x.task.shape[0]
    served, used = 0, 0
    for p in range(x.person.shape[0]):
        if y.route[p, COUNT] > 0:
            served += y.route[p, COUNT]
            used += 1
    if used == 0:
        return
    longest = min(float(LONGEST), max(1.0, served / used))
    most = 4.0 * mean / (1.0 + longest) - 1.0
    strings = int(chance(y.fact) * most + 1.0)
    seed = below(y.fact, tasks)
    for m in range(x.near.shape[1]):
        if strings <= 0:
            return
        i = x.near[seed, m]
        p = y.task[i, WHO]
        if p < 0 or y.route[p, MARK] or not loose(x, i):
            continue
        begun, n = x.person[p, BEGUN], y.route[p, COUNT]
        at = 1
        while y.stop[p, at, TASK] != i:
            at += 1
        length = int(chance(y.fact) * min(longest, float(n - begun)) + 1.0)
        length = min(length, n - begun)
        _string(x, y, p, at, length, begun, n)
        strings -= 1


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


@inner
def _scattered(x: Given, y: Rows, mean: float) -> None:
    count = 1 + below(y.fact, int(mean))
    for _ in range(count):
        tag(x, y, below(y.fact, x.task.shape[0]))


@inner
def _around(x: Given, y: Rows, mean: float) -> None:
    """One by one out of the neighbourhood of a seed, the nearer the likelier."""
    seed = below(y.fact, x.task.shape[0])
    count = 1 + below(y.fact, int(mean))
    for m in range(x.near.shape[1]):
        if y.fact[POOL] >= count:
            return
        if chance(y.fact) < 0.5:
            tag(x, y, x.near[seed, m])
