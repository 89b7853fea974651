"""The search: ruin, recreate, and keep what is better, or a little worse while it is hot."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled.columns import (
    AREA,
    AREA_COUNT,
    BEST,
    BROKEN,
    CHANGES,
    COST,
    COUNT,
    FACTS,
    HOLDER,
    MOST_CHANGES,
    POOL,
    POOLED,
    STEPS,
    TASK,
    TOTAL,
    UNSERVED,
    WHO,
)
from dispatch.solver.compiled.dice import chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.moves import accept, keep, load, remember, restamp, short, touch, undo
from dispatch.solver.compiled.recreate import ABSENTS, recreate
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.ruin import ruin
from dispatch.solver.compiled.ties import single
from dispatch.solver.compiled.timing import retime

type Shares = npt.NDArray[np.float64]


@apart
def begin(x: Given, y: Rows) -> bool:
    """Time the routes as they stand and accept them. False where one does not hold."""
    y.fact[TOTAL], y.fact[CHANGES] = 0, 0
    sound = True
    for p in range(x.person.shape[0]):
        for j in range(1, y.route[p, COUNT] + 1):
            load(x, y, p, y.stop[p, j, TASK], 1)
        sound = retime(x, y, p, 1) == 0 and sound
        y.fact[TOTAL] += y.route[p, COST]
        restamp(y, p)
        touch(y, p)
        if x.person[p, AREA] >= 0 and y.route[p, COUNT] == 0:
            y.fact[FACTS + x.person[p, AREA]] += 1
    for i in range(x.task.shape[0]):
        if y.task[i, WHO] < 0:
            y.fact[TOTAL] += x.task[i, UNSERVED]
        if x.task[i, HOLDER] >= 0 and x.task[i, HOLDER] != y.task[i, WHO]:
            y.fact[CHANGES] += 1
    y.fact[TOTAL] += BROKEN * max(0, y.fact[CHANGES] - x.whole[MOST_CHANGES])
    for area in range(x.whole[AREA_COUNT]):
        y.fact[TOTAL] += short(x, y, area)
    keep(x, y)
    remember(x, y)
    return sound


@apart
def greedy(x: Given, y: Rows, order: int) -> bool:
    """All that is left out, one after the other in some order, each where it costs least."""
    y.fact[POOL] = 0
    sound = recreate(x, y, 0.0, order, x.task.shape[0], math.inf)
    keep(x, y)
    remember(x, y)
    return sound


@apart
def insert(x: Given, y: Rows, i: int) -> int:
    """Insert one task that is tied to nothing where it costs least, for good. To whom; -1: it stays out."""
    single(x, y, i, 0.0)
    keep(x, y)
    remember(x, y)
    return y.task[i, WHO]


@apart
def anneal(
    x: Given, y: Rows, steps: int, hot: float, cold: float, mean: float, blink: float, orders: Shares, ruins: Shares
) -> None:
    """So many steps from one temperature to the other."""
    temperature, factor = hot, math.exp(math.log(cold / hot) / steps)
    for _ in range(steps):
        temperature *= factor
        before, changes = y.fact[TOTAL], y.fact[CHANGES]
        most = before - temperature * math.log(1.0 - chance(y.fact))
        ok = ruin(x, y, mean, _draw(y, ruins)) and recreate(x, y, blink, _draw(y, orders), ABSENTS, most)
        y.fact[STEPS] += 1
        if not ok or y.fact[TOTAL] >= most:
            for m in range(y.fact[POOL]):
                y.task[y.task[m, POOLED], WHO] = -1
            undo(x, y)
            y.fact[TOTAL], y.fact[CHANGES] = before, changes
            continue
        accept(x, y)
        if y.fact[TOTAL] < y.fact[BEST]:
            remember(x, y)


@inner
def _draw(y: Rows, shares: Shares) -> int:
    """Which of several ways, each with its share of one."""
    u = chance(y.fact)
    for k in range(shares.shape[0]):
        u -= shares[k]
        if u < 0:
            return k
    return 0
