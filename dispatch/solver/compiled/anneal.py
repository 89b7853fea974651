"""The search: ruin, recreate, and keep what is better, or a little worse while it is hot."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled.columns import BEST, COST, COUNT, POOL, STEPS, TASK, TOTAL, UNSERVED
from dispatch.solver.compiled.dice import chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import inner
from dispatch.solver.compiled.moves import keep, load, remember, restamp, touch, undo
from dispatch.solver.compiled.recreate import recreate
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.ruin import ruin
from dispatch.solver.compiled.timing import retime

type Shares = npt.NDArray[np.float64]


@inner
def begin(x: Given, y: Rows) -> bool:
    """Time the routes as they stand and accept them. False where one does not hold."""
    y.fact[TOTAL] = 0
    sound = True
    for p in range(y.route.shape[0]):
        for j in range(1, y.route[p, COUNT] + 1):
            load(x, y, p, y.stop[p, j, TASK], 1)
        sound = retime(x, y, p, 1) == 0 and sound
        y.fact[TOTAL] += y.route[p, COST]
        restamp(y, p)
        touch(y, p)
    for i in range(x.task.shape[0]):
        if y.who[i] < 0:
            y.fact[TOTAL] += x.task[i, UNSERVED]
    keep(x, y)
    remember(y)
    return sound


@inner
def anneal(
    x: Given, y: Rows, steps: int, hot: float, cold: float, mean: float, blink: float, orders: Shares, ruins: Shares
) -> None:
    """So many steps from one temperature to the other."""
    temperature, factor = hot, math.exp(math.log(cold / hot) / steps)
    for _ in range(steps):
        temperature *= factor
        before = y.fact[TOTAL]
        ok = ruin(x, y, mean, _draw(y, ruins)) and recreate(x, y, blink, _draw(y, orders))
        y.fact[STEPS] += 1
        if not ok or y.fact[TOTAL] >= before - temperature * math.log(1.0 - chance(y.dice)):
            _back(y, before)
            continue
        keep(x, y)
        if y.fact[TOTAL] < y.fact[BEST]:
            remember(y)


@inner
def _draw(y: Rows, shares: Shares) -> int:
    """Which of several ways, each with its share of one."""
    u = chance(y.dice)
    for k in range(shares.shape[0]):
        u -= shares[k]
        if u < 0:
            return k
    return 0


@inner
def _back(y: Rows, before: int) -> None:
    """As if the step had not been."""
    for m in range(y.fact[POOL]):
        y.who[y.pool[m]] = -1
    undo(y)
    y.fact[TOTAL] = before
