"""What is taken out: strings of neighbouring work (Christiaens and Vanden Berghe 2020), and a few other ideas."""

from __future__ import annotations

from dispatch.solver.compiled.columns import BEGUN, COUNT, LOCKED, POOL, TASK
from dispatch.solver.compiled.dice import below, chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import inner
from dispatch.solver.compiled.moves import take, touch
from dispatch.solver.compiled.rows import Rows

MEAN = 10.0  #: tasks taken out at a time, in the mean
LONGEST = 10  #: of one route in a row
SPLIT = 0.5  #: how often a string leaves some of its tasks where they are


@inner
def ruin(x: Given, y: Rows, mean: float, mode: int) -> bool:
    """Take some tasks out into the pool. False where a route does not hold without them."""
    y.fact[POOL] = 0
    if mode == 0:
        _strings(x, y, mean)
    elif mode == 1:
        _scattered(x, y, mean)
    else:
        _around(x, y, mean)
    sound = True
    for m in range(y.fact[POOL]):
        i = y.pool[m]
        p = y.who[i]
        if p >= 0:
            sound = take(x, y, p) and sound
    for m in range(y.fact[POOL]):
        y.tagged[y.pool[m]] = 0
    return sound


@inner
def _tag(x: Given, y: Rows, i: int) -> None:
    if y.who[i] < 0 or y.tagged[i] or x.task[i, LOCKED] >= 0:
        return
    y.tagged[i] = 1
    y.pool[y.fact[POOL]] = i
    y.fact[POOL] += 1
    touch(y, y.who[i])


@inner
def _strings(x: Given, y: Rows, mean: float) -> None:
    tasks = x.task.shape[0]
    served, used = 0, 0
    for p in range(y.route.shape[0]):
        if y.route[p, COUNT] > 0:
            served += y.route[p, COUNT]
            used += 1
    if used == 0:
        return
    longest = min(float(LONGEST), max(1.0, served / used))
    most = 4.0 * mean / (1.0 + longest) - 1.0
    strings = int(chance(y.dice) * most + 1.0)
    seed = below(y.dice, tasks)
    for m in range(x.near.shape[1]):
        if strings <= 0:
            return
        i = x.near[seed, m]
        p = y.who[i]
        if p < 0 or y.mark[p] or x.task[i, LOCKED] >= 0:
            continue
        begun, n = x.person[p, BEGUN], y.route[p, COUNT]
        at = 1
        while y.stop[p, at, TASK] != i:
            at += 1
        length = int(chance(y.dice) * min(longest, float(n - begun)) + 1.0)
        length = min(length, n - begun)
        _string(x, y, p, at, length, begun, n)
        strings -= 1


@inner
def _string(x: Given, y: Rows, p: int, at: int, length: int, begun: int, n: int) -> None:
    """`length` tasks in a row around stop `at`; a split string leaves some inside it alone."""
    spared = 0
    if length > 1 and length < n - begun and chance(y.dice) < SPLIT:
        while length + spared < n - begun and chance(y.dice) > 0.5:
            spared += 1
    span = length + spared
    low = max(begun + 1, at - span + 1)
    high = min(at, n - span + 1)
    first = low + below(y.dice, high - low + 1)
    skip = first + below(y.dice, length) if spared else n + 1
    for j in range(first, first + span):
        if skip <= j < skip + spared:
            continue
        _tag(x, y, y.stop[p, j, TASK])


@inner
def _scattered(x: Given, y: Rows, mean: float) -> None:
    count = 1 + below(y.dice, int(mean))
    for _ in range(count):
        _tag(x, y, below(y.dice, x.task.shape[0]))


@inner
def _around(x: Given, y: Rows, mean: float) -> None:
    """One by one out of the neighbourhood of a seed, the nearer the likelier."""
    seed = below(y.dice, x.task.shape[0])
    count = 1 + below(y.dice, int(mean))
    for m in range(x.near.shape[1]):
        if y.fact[POOL] >= count:
            return
        if chance(y.dice) < 0.5:
            _tag(x, y, x.near[seed, m])
