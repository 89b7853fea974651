"""One search from Python: laid out once, started from any routes, run a little at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dispatch.solver.budget import Budget
from dispatch.solver.compiled import columns as c
from dispatch.solver.compiled import entries
from dispatch.solver.compiled.fill import CHEAPEST, HEAVIEST, SCARCEST
from dispatch.solver.compiled.given import Given, given
from dispatch.solver.compiled.recreate import DEAR, DUE, SCARCE
from dispatch.solver.compiled.rows import Rows, empty, rest, routes, tie
from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes
from dispatch.solver.scoring import timetables

CHOICES = (HEAVIEST, SCARCEST, CHEAPEST)
ORDERS = {HEAVIEST: DEAR, SCARCEST: SCARCE, CHEAPEST: DUE}  #: instead, one by one, where tasks are tied


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """How the search goes about it. Temperatures are in parts of the mean cost of a served task."""

    hot: float = 4.0
    cold: float = 0.04
    mean: float = 10.0  #: tasks taken out at a time
    blink: float = 0.03  #: how often the cheapest person is overlooked
    orders: tuple[float, ...] = (0.4, 0.2, 0.1, 0.1, 0.1, 0.0, 0.1)  #: RANDOM, DEAR, DUE, FAR, NEAR, TIGHT, SCARCE
    ruins: tuple[float, ...] = (0.4, 0.2, 0.4)  #: STRINGS, LOOSE, MEANWHILE


TUNING = Tuning()
CHUNK = 0.01  #: seconds between two looks at the clock, about
FEWEST, MOST = 20, 100_000  #: steps between them
EVEN = 500  #: steps in a part where the clock has no say

type Watch = Callable[[float, int], bool]


class Search:
    """The state of one search, and what it has found."""

    def __init__(self, ground: Ground, seed: int, x: Given | None = None) -> None:
        self.ground = ground
        self.x = given(ground) if x is None else x
        self.y: Rows = rest(self.x, ground.locked, seed)

    def start(self, routes: Routes) -> bool:
        """Begin anew from these routes. False where the clock of the search does not let them hold."""
        empty(self.y, self.x, routes)
        if self.ground.tied:
            timed = timetables(self.ground, routes)
            if timed is None:
                return False
            tie(self.y, self.ground, timed)
        return bool(entries.begin(self.x, self.y))

    def fill(self, choice: int) -> Routes:
        """What is left out is inserted where it costs least; the heaviest, the scarcest or the cheapest first."""
        if self.ground.tied:
            entries.greedy(self.x, self.y, ORDERS[choice])
        else:
            entries.fill(self.x, self.y, choice, self.ground.tasks)
        return self.routes

    @property
    def cost(self) -> int:
        return int(self.y.fact[c.BEST])

    @property
    def steps(self) -> int:
        return int(self.y.fact[c.STEPS])

    @property
    def routes(self) -> Routes:
        """The best so far."""
        return routes(self.y)

    def scale(self) -> float:
        """The mean cost of a served task."""
        served = max(1, int((self.y.task[:, c.WHO] >= 0).sum()))
        lost = int(self.x.task[self.y.task[:, c.WHO] < 0, c.UNSERVED].sum())
        return max(1.0, (self.cost - lost) / served)

    def run(self, budget: Budget, until: float, watch: Watch | None = None, tuning: Tuning = TUNING) -> None:
        """Anneal until the budget has spent `until` seconds.

        `watch` is told which part of the time is over, and the best cost; False stops.
        """
        first, scale, steps, share = budget.spent, self.scale(), FEWEST, 0.0
        done, before = 0.0, first
        while done < 1.0 and (watch is None or watch(done, self.cost)):
            self._anneal(steps, done, min(1.0, done + share), scale, tuning)
            now = budget.spent
            took, before = max(now - before, 1e-6), now
            steps = max(FEWEST, min(MOST, int(steps * min(4.0, CHUNK / took))))
            done, share = (now - first) / max(until - first, 1e-9), CHUNK / max(until - first, 1e-9)

    def run_steps(self, steps: int, watch: Watch | None = None, tuning: Tuning = TUNING) -> None:
        """Anneal for so many steps, whatever the time: the same seed finds the same plan."""
        scale, parts = self.scale(), max(1, steps // EVEN)
        for part in range(parts):
            if watch is not None and not watch(part / parts, self.cost):
                return
            self._anneal(max(1, steps // parts), part / parts, (part + 1) / parts, scale, tuning)

    def _anneal(self, steps: int, done: float, then: float, scale: float, tuning: Tuning) -> None:
        hot, cold = scale * _heat(tuning, done), scale * _heat(tuning, then)
        orders, ruins = np.array(tuning.orders), np.array(tuning.ruins)
        entries.anneal(self.x, self.y, steps, hot, cold, tuning.mean, tuning.blink, orders, ruins)


def _heat(tuning: Tuning, done: float) -> float:
    """The temperature when this part of the time is over."""
    return tuning.hot * (tuning.cold / tuning.hot) ** done
